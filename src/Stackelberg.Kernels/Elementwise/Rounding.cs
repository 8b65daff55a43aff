using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>The largest whole number that is not above a.</summary>
    public static readonly ElementKernel Floor = new UnaryKernel<FloorOperator<double>, FloorOperator<float>>(
        "floor"
    );

    /// <summary>The smallest whole number that is not below a.</summary>
    public static readonly ElementKernel Ceiling = new UnaryKernel<
        CeilingOperator<double>,
        CeilingOperator<float>
    >("ceiling");

    /// <summary>The whole number nearest to a; of two equally near ones the even one.</summary>
    public static readonly ElementKernel Round = new UnaryKernel<RoundOperator<double>, RoundOperator<float>>(
        "round"
    );

    private readonly struct FloorOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) =>
            typeof(T) == typeof(double)
                ? Vector512.Floor(a.AsDouble()).As<double, T>()
                : Vector512.Floor(a.AsSingle()).As<float, T>();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) =>
            typeof(T) == typeof(double)
                ? Vector256.Floor(a.AsDouble()).As<double, T>()
                : Vector256.Floor(a.AsSingle()).As<float, T>();
    }

    private readonly struct CeilingOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) =>
            typeof(T) == typeof(double)
                ? Vector512.Ceiling(a.AsDouble()).As<double, T>()
                : Vector512.Ceiling(a.AsSingle()).As<float, T>();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) =>
            typeof(T) == typeof(double)
                ? Vector256.Ceiling(a.AsDouble()).As<double, T>()
                : Vector256.Ceiling(a.AsSingle()).As<float, T>();
    }

    private readonly struct RoundOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) =>
            typeof(T) == typeof(double)
                ? Vector512.Round(a.AsDouble()).As<double, T>()
                : Vector512.Round(a.AsSingle()).As<float, T>();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) =>
            typeof(T) == typeof(double)
                ? Vector256.Round(a.AsDouble()).As<double, T>()
                : Vector256.Round(a.AsSingle()).As<float, T>();
    }
}
