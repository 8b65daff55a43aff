using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>sinh a.</summary>
    public static readonly ElementKernel Sinh = new ScalarUnaryKernel<SinhOperator>("sinh");

    /// <summary>cosh a.</summary>
    public static readonly ElementKernel Cosh = new ScalarUnaryKernel<CoshOperator>("cosh");

    /// <summary>tanh a, from t / (t + 2) with t = e²ˣ − 1 at x = |a|; for float within 2.61 units of the last place.</summary>
    public static readonly ElementKernel Tanh = new UnaryKernel<TanhOperator<double>, TanhOperator<float>>(
        "tanh",
        isLong: true
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
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T>
        {
            // Beyond 22 (float: 10) tanh rounds to 1, and t would overflow; as second operand a NaN stays.
            V size = V.MinNative(V.Constant(typeof(T) == typeof(double) ? 22.0 : 10.0), V.Abs(a));
            V t = VectorExp.Expm1Unclamped<V, T>(size + size);
            return V.CopySign(t / (t + (V.One + V.One)), a);
        }
    }
}
