using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>Functions of 1 + x and of eˣ − 1 that keep their relative accuracy at small x. The base library has
/// none: its LogP1 and ExpM1 round 1 + x and eˣ first.</summary>
/// <remarks>Written for 512 bits; a machine with 256-bit vectors computes each in two halves.</remarks>
internal static class NearOne
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Exp<T>(Vector512<T> x) =>
        typeof(T) == typeof(double)
            ? Vector512.Exp(x.AsDouble()).As<double, T>()
            : Vector512.Exp(x.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Log<T>(Vector512<T> x) =>
        typeof(T) == typeof(double)
            ? Vector512.Log(x.AsDouble()).As<double, T>()
            : Vector512.Log(x.AsSingle()).As<float, T>();

    /// <summary>ln(1 + x) = ln u + (x − (u − 1)) / u with u = fl(1 + x): the second term is what rounding u lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Log1p<T>(Vector512<T> x)
    {
        Vector512<T> one = Vector512<T>.One;
        Vector512<T> u = one + x;
        Vector512<T> lost = Vector512.ConditionalSelect(
            Vector512.GreaterThan(x, one),
            one - (u - x),
            x - (u - one)
        );
        Vector512<T> log = Log(u);
        // Where 1 + x is exact the log stands alone: it is −∞ at x = −1 and ∞ at ∞, where the quotient is NaN.
        Vector512<T> exact = Vector512.Equals(lost, Vector512<T>.Zero) | ~Vector512.Equals(lost, lost);
        Vector512<T> value = Vector512.ConditionalSelect(exact, log, log + lost / u);
        return Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<T>.Zero), x, value);
    }

    /// <summary>eˣ − 1 = (u − 1) · x / ln u with u = fl(eˣ): the quotient undoes the rounding of u.</summary>
    /// <remarks>W. Kahan's device, see N. Higham, Accuracy and Stability of Numerical Algorithms, 1.14.1.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Expm1<T>(Vector512<T> x)
    {
        Vector512<T> one = Vector512<T>.One;
        Vector512<T> u = Exp(x);
        Vector512<T> difference = u - one;
        Vector512<T> value = Vector512.ConditionalSelect(
            Vector512.LessThan(Vector512.Abs(x), one),
            difference * (x / Log(u)),
            difference
        );
        return Vector512.ConditionalSelect(Vector512.Equals(u, one), x, value);
    }

    /// <summary>1 / (1 + e⁻ˣ), from e⁻|ˣ|, which cannot overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sigmoid<T>(Vector512<T> x)
    {
        Vector512<T> one = Vector512<T>.One;
        Vector512<T> small = Exp(-Vector512.Abs(x));
        Vector512<T> above = Vector512.ConditionalSelect(
            Vector512.LessThan(x, Vector512<T>.Zero),
            small,
            one
        );
        return above / (one + small);
    }

    /// <summary>ln(1 + eˣ) = max(x, 0) + ln(1 + e⁻|ˣ|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Softplus<T>(Vector512<T> x) =>
        Vector512.Max(x, Vector512<T>.Zero) + Log1p(Exp(-Vector512.Abs(x)));
}

public static partial class ElementKernels
{
    /// <summary>eᵃ − 1, with full relative accuracy at small a.</summary>
    public static readonly ElementKernel Expm1 = new UnaryKernel<Expm1Operator<double>, Expm1Operator<float>>(
        "expm1"
    );

    /// <summary>ln(1 + a), with full relative accuracy at small a: −∞ at −1, NaN below.</summary>
    public static readonly ElementKernel Log1p = new UnaryKernel<Log1pOperator<double>, Log1pOperator<float>>(
        "log1p"
    );

    /// <summary>The logistic function 1 / (1 + e⁻ᵃ), without overflow for any a.</summary>
    public static readonly ElementKernel Sigmoid = new UnaryKernel<
        SigmoidOperator<double>,
        SigmoidOperator<float>
    >("sigmoid");

    /// <summary>ln(1 + eᵃ), without overflow for any a.</summary>
    public static readonly ElementKernel Softplus = new UnaryKernel<
        SoftplusOperator<double>,
        SoftplusOperator<float>
    >("softplus");

    private readonly struct Expm1Operator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => NearOne.Expm1(a);

        public static Vector256<T> Invoke(Vector256<T> a) => NearOne.Expm1(Vector512.Create(a, a)).GetLower();
    }

    private readonly struct Log1pOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => NearOne.Log1p(a);

        public static Vector256<T> Invoke(Vector256<T> a) => NearOne.Log1p(Vector512.Create(a, a)).GetLower();
    }

    private readonly struct SigmoidOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => NearOne.Sigmoid(a);

        public static Vector256<T> Invoke(Vector256<T> a) =>
            NearOne.Sigmoid(Vector512.Create(a, a)).GetLower();
    }

    private readonly struct SoftplusOperator<T> : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<T> Invoke(Vector512<T> a) => NearOne.Softplus(a);

        public static Vector256<T> Invoke(Vector256<T> a) =>
            NearOne.Softplus(Vector512.Create(a, a)).GetLower();
    }
}
