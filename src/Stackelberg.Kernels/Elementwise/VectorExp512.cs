using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>eˣ and eˣ − 1 for eight doubles or sixteen floats.</summary>
/// <remarks>x = k ln 2 + r with |r| ≤ ln 2 / 2. For double the Taylor polynomial of eʳ, whose first term left out is
/// below 2⁻⁵⁷; for float the polynomial of degree 6 of least relative error, 0.05 units of the last place. Over all
/// floats eˣ is within 1.01 units of the last place and eˣ − 1 within 1.46. Written here because the base library's
/// vector exponential leaves the vector form when one lane is out of range, so that a lane's bits depend on its
/// neighbours. Right for NaN, ±∞, overflow and denormal results.</remarks>
internal static class VectorExp512
{
    private const double Log2E = 1.4426950408889634;
    private const double Ln2High = 0.6931471805599453;
    private const double Ln2Low = 2.3190468138462996e-17;
    private const float Ln2High32 = 0.6931472f;
    private const float Ln2Low32 = -1.9046542e-9f;

    /// <summary>1.5 · 2⁵²: adding it rounds to a whole number, which then stands in the low bits.</summary>
    private const double Rounder = 6755399441055744.0;

    /// <summary>1.5 · 2²³.</summary>
    private const float Rounder32 = 12582912.0f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Exp<T>(Vector512<T> x) =>
        typeof(T) == typeof(double) ? Exp(x.AsDouble()).As<double, T>() : Exp(x.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Expm1<T>(Vector512<T> x) =>
        typeof(T) == typeof(double)
            ? Expm1(x.AsDouble()).As<double, T>()
            : Expm1(x.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x)
    {
        Vector512<double> growth = Reduced(Clamp(x, -750.0, 710.0), out Vector512<long> k);
        Vector512<long> half = k >> 1;
        return Restore(x, (growth + Vector512<double>.One) * PowerOfTwo(half) * PowerOfTwo(k - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // As second operand a NaN stays.
        Vector512<float> clamped = Vector512.MinNative(
            Vector512.Create(89.0f),
            Vector512.MaxNative(Vector512.Create(-110.0f), x)
        );
        Vector512<float> growth = Reduced(clamped, out Vector512<float> whole);
        return Scale(growth + Vector512<float>.One, whole);
    }

    /// <summary>eˣ for x ≤ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ExpOfNegative(Vector512<float> x)
    {
        Vector512<float> clamped = Vector512.MaxNative(Vector512.Create(-110.0f), x);
        Vector512<float> growth = Reduced(clamped, out Vector512<float> whole);
        return Scale(growth + Vector512<float>.One, whole);
    }

    /// <summary>eˣ − 1 = 2ᵏ (eʳ − 1) + (2ᵏ − 1), with 2ᵏ in two halves lest it overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Expm1(Vector512<double> x)
    {
        Vector512<double> growth = Reduced(Clamp(x, -60.0, 710.0), out Vector512<long> k);
        Vector512<long> half = k >> 1;
        Vector512<double> scale = PowerOfTwo(k - half);
        Vector512<double> value =
            Vector512.FusedMultiplyAdd(scale, growth, scale - PowerOfTwo(-half)) * PowerOfTwo(half);
        // The sum above loses the sign of −0 and the last bits of denormal x.
        Vector512<double> tiny = Vector512.LessThan(Vector512.Abs(x), Vector512.Create(1e-17));
        return Restore(x, Vector512.ConditionalSelect(tiny, x, value));
    }

    /// <summary>eˣ − 1 = 2ᵏ ((eʳ − 1) + (1 − 2⁻ᵏ)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Expm1(Vector512<float> x)
    {
        Vector512<float> clamped = Vector512.MinNative(
            Vector512.Create(89.0f),
            Vector512.MaxNative(Vector512.Create(-40.0f), x)
        );
        Vector512<float> value = Expm1Unclamped(clamped);
        // The sum above loses the sign of −0 and the last bits of denormal x.
        Vector512<float> tiny = Vector512.LessThan(Vector512.Abs(x), Vector512.Create(1e-9f));
        return Vector512.ConditionalSelect(tiny, x, value);
    }

    /// <summary>eʳ − 1 = r + r² (1/2! + r/3! + … + r¹¹/13!).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Reduced(Vector512<double> x, out Vector512<long> k)
    {
        Vector512<double> rounder = Vector512.Create(Rounder);
        Vector512<double> shifted = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), rounder);
        k = shifted.AsInt64() - rounder.AsInt64();
        Vector512<double> whole = shifted - rounder;
        Vector512<double> r = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-Ln2High), x);
        r = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-Ln2Low), r);
        Vector512<double> p = Vector512.Create(1.0 / 6227020800.0);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 479001600.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 39916800.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 3628800.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 362880.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 40320.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 5040.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 720.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 120.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 24.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1.0 / 6.0));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5));
        return Vector512.FusedMultiplyAdd(p, r * r, r);
    }

    /// <summary>eˣ − 1 for x from 0, and not −0, to 89.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Expm1Unclamped(Vector512<float> x)
    {
        Vector512<float> growth = Reduced(x, out Vector512<float> whole);
        Vector512<float> rest = Vector512<float>.One - Scale(Vector512<float>.One, -whole);
        return Scale(growth + rest, whole);
    }

    /// <summary>eʳ − 1 = r + r² p(r), and k as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Reduced(Vector512<float> x, out Vector512<float> whole)
    {
        Vector512<float> rounder = Vector512.Create(Rounder32);
        whole = Vector512.FusedMultiplyAdd(x, Vector512.Create((float)Log2E), rounder) - rounder;
        Vector512<float> r = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-Ln2High32), x);
        r = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-Ln2Low32), r);
        Vector512<float> p = Vector512.Create(0.0013814599f);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.0083687166f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.04166839f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.16666521f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.49999994f));
        return Vector512.FusedMultiplyAdd(p, r * r, r);
    }

    /// <summary>value · 2ᵏ, rounded once, for a whole number k between −160 and 160.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scale(Vector512<float> value, Vector512<float> k)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.Scale(value, k);
        }

        // Two powers, since one alone may be no float; the first product is exact.
        Vector512<int> power = Vector512.ConvertToInt32(k);
        Vector512<int> half = power >> 1;
        return value * PowerOfTwo(half) * PowerOfTwo(power - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Clamp<T>(Vector512<T> x, T least, T most) =>
        Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(least)), Vector512.Create(most));

    /// <summary>NaN where x is NaN; clamping may have lost it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Restore<T>(Vector512<T> x, Vector512<T> value) =>
        Vector512.ConditionalSelect(Vector512.Equals(x, x), value, x);

    /// <summary>2ᵏ for −1022 ≤ k ≤ 1023.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> PowerOfTwo(Vector512<long> k) =>
        ((k + Vector512.Create(1023L)) << 52).AsDouble();

    /// <summary>2ᵏ for −126 ≤ k ≤ 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> PowerOfTwo(Vector512<int> k) =>
        ((k + Vector512.Create(127)) << 23).AsSingle();
}
