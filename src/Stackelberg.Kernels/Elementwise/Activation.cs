using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>The logistic function 1 / (1 + e⁻ᵃ), without overflow for any a; for float within 2.41 units of the last
    /// place.</summary>
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
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a)
        {
            Vector512<T> small =
                typeof(T) == typeof(double)
                    ? VectorExp512.Exp(-Vector512.Abs(a))
                    : VectorExp512.ExpOfNegative(-Vector512.Abs(a.AsSingle())).As<float, T>();
            Vector512<T> below = Vector512.LessThan(a, Vector512<T>.Zero);
            return Vector512.ConditionalSelect(below, small, Vector512<T>.One) / (Vector512<T>.One + small);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a)
        {
            Vector256<T> small =
                typeof(T) == typeof(double)
                    ? VectorExp256.Exp(-Vector256.Abs(a))
                    : VectorExp256.ExpOfNegative(-Vector256.Abs(a.AsSingle())).As<float, T>();
            Vector256<T> below = Vector256.LessThan(a, Vector256<T>.Zero);
            return Vector256.ConditionalSelect(below, small, Vector256<T>.One) / (Vector256<T>.One + small);
        }
    }

    private readonly struct SoftplusOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) =>
            Vector512.Max(a, Vector512<T>.Zero)
            + VectorLog512.Log1pOfFraction(VectorExp512.Exp(-Vector512.Abs(a)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<T> Invoke(Vector256<T> a) =>
            Vector256.Max(a, Vector256<T>.Zero)
            + VectorLog256.Log1pOfFraction(VectorExp256.Exp(-Vector256.Abs(a)));
    }
}
