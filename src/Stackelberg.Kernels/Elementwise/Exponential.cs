using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>eᵃ.</summary>
    public static readonly ElementKernel Exp = new UnaryKernel<ExpOperator<double>, ExpOperator<float>>(
        "exp"
    );

    /// <summary>ln a: −∞ at 0, NaN below.</summary>
    public static readonly ElementKernel Log = new UnaryKernel<LogOperator<double>, LogOperator<float>>(
        "log"
    );

    private readonly struct ExpOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) =>
            typeof(T) == typeof(double)
                ? Vector512.Exp(a.AsDouble()).As<double, T>()
                : Vector512.Exp(a.AsSingle()).As<float, T>();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) =>
            typeof(T) == typeof(double)
                ? Vector256.Exp(a.AsDouble()).As<double, T>()
                : Vector256.Exp(a.AsSingle()).As<float, T>();
    }

    private readonly struct LogOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) =>
            typeof(T) == typeof(double)
                ? Vector512.Log(a.AsDouble()).As<double, T>()
                : Vector512.Log(a.AsSingle()).As<float, T>();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) =>
            typeof(T) == typeof(double)
                ? Vector256.Log(a.AsDouble()).As<double, T>()
                : Vector256.Log(a.AsSingle()).As<float, T>();
    }
}
