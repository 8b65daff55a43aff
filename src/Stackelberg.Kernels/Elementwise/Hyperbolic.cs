using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>sinh a.</summary>
    public static readonly ElementKernel Sinh = new ScalarUnaryKernel<SinhOperator>("sinh");

    /// <summary>cosh a.</summary>
    public static readonly ElementKernel Cosh = new ScalarUnaryKernel<CoshOperator>("cosh");

    /// <summary>tanh a, from t / (t + 2) with t = e²ˣ − 1 at x = |a|; for float within 2.61 units of the last place.</summary>
    public static readonly ElementKernel Tanh = new UnaryKernel<TanhOperator<double>, TanhOperator<float>>(
        "tanh"
    );

    private readonly struct SinhOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Sinh(a);

        public static float Invoke(float a) => MathF.Sinh(a);
    }

    private readonly struct CoshOperator : IScalarUnary
    {
        public static double Invoke(double a) => Math.Cosh(a);

        public static float Invoke(float a) => MathF.Cosh(a);
    }

    private readonly struct TanhOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a)
        {
            // Beyond 22 (float: 10) tanh rounds to 1, and t would overflow; as second operand a NaN stays.
            Vector512<T> size = Vector512.MinNative(
                typeof(T) == typeof(double)
                    ? Vector512.Create(22.0).As<double, T>()
                    : Vector512.Create(10.0f).As<float, T>(),
                Vector512.Abs(a)
            );
            Vector512<T> t =
                typeof(T) == typeof(double)
                    ? VectorExp512.Expm1(size + size)
                    : VectorExp512.Expm1Unclamped((size + size).AsSingle()).As<float, T>();
            return Vector512.CopySign(t / (t + (Vector512<T>.One + Vector512<T>.One)), a);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a)
        {
            // Beyond 22 (float: 10) tanh rounds to 1, and t would overflow; as second operand a NaN stays.
            Vector256<T> size = Vector256.MinNative(
                typeof(T) == typeof(double)
                    ? Vector256.Create(22.0).As<double, T>()
                    : Vector256.Create(10.0f).As<float, T>(),
                Vector256.Abs(a)
            );
            Vector256<T> t =
                typeof(T) == typeof(double)
                    ? VectorExp256.Expm1(size + size)
                    : VectorExp256.Expm1Unclamped((size + size).AsSingle()).As<float, T>();
            return Vector256.CopySign(t / (t + (Vector256<T>.One + Vector256<T>.One)), a);
        }
    }
}
