using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>The logistic function 1 / (1 + e⁻ᵃ), without overflow for any a.</summary>
    public static readonly ElementKernel Sigmoid = new UnaryKernel<
        SigmoidOperator<double>,
        SigmoidOperator<float>
    >("sigmoid");

    /// <summary>ln(1 + eᵃ) = max(a, 0) + ln(1 + e⁻|ᵃ|), without overflow for any a.</summary>
    public static readonly ElementKernel Softplus = new UnaryKernel<
        SoftplusOperator<double>,
        SoftplusOperator<float>
    >("softplus");

    private readonly struct SigmoidOperator<T> : IUnary<T>
    {
        public static bool Wide => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a)
        {
            Vector512<T> small = VectorExp.Exp(-Vector512.Abs(a));
            Vector512<T> below = Vector512.LessThan(a, Vector512<T>.Zero);
            return Vector512.ConditionalSelect(below, small, Vector512<T>.One) / (Vector512<T>.One + small);
        }

        public static Vector256<T> Invoke(Vector256<T> a) => throw new UnreachableException();
    }

    private readonly struct SoftplusOperator<T> : IUnary<T>
    {
        public static bool Wide => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) =>
            Vector512.Max(a, Vector512<T>.Zero) + VectorLog.Log1pOfFraction(VectorExp.Exp(-Vector512.Abs(a)));

        public static Vector256<T> Invoke(Vector256<T> a) => throw new UnreachableException();
    }
}
