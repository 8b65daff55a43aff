using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>The logistic function 1 / (1 + e⁻ᵃ), without overflow for any a; for float within 2.41 units of the last
    /// place.</summary>
    public static readonly ElementKernel Sigmoid = new UnaryKernel<
        SigmoidOperator<double>,
        SigmoidOperator<float>
    >("sigmoid", isLong: true);

    /// <summary>ln(1 + eᵃ) = max(a, 0) + ln(1 + e⁻|ᵃ|), without overflow for any a.</summary>
    public static readonly ElementKernel Softplus = new UnaryKernel<
        SoftplusOperator<double>,
        SoftplusOperator<float>
    >("softplus", isLong: true);

    private readonly struct SigmoidOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T>
        {
            V small = VectorExp.ExpOfNegative<V, T>(-V.Abs(a));
            return V.IfLess(a, V.Zero, small, V.One) / (V.One + small);
        }
    }

    private readonly struct SoftplusOperator<T> : IUnary<T>
        where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static V Invoke<V>(V a)
            where V : struct, ISimd<V, T> =>
            V.Max(a, V.Zero) + VectorLog.Log1pOfFraction<V, T>(VectorExp.Exp<V, T>(-V.Abs(a)));
    }
}
