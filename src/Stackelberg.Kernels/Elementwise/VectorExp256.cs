using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>eˣ and eˣ − 1 for four doubles or eight floats: the text of <see cref="VectorExp512"/> with 256 for 512, because C# has no
/// generics over the width of a vector.</summary>
internal static class VectorExp256
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
    public static Vector256<T> Exp<T>(Vector256<T> x) =>
        typeof(T) == typeof(double) ? Exp(x.AsDouble()).As<double, T>() : Exp(x.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Expm1<T>(Vector256<T> x) =>
        typeof(T) == typeof(double)
            ? Expm1(x.AsDouble()).As<double, T>()
            : Expm1(x.AsSingle()).As<float, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Exp(Vector256<double> x)
    {
        Vector256<double> growth = Reduced(Clamp(x, -750.0, 710.0), out Vector256<long> k);
        Vector256<long> half = k >> 1;
        return Restore(x, (growth + Vector256<double>.One) * PowerOfTwo(half) * PowerOfTwo(k - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // As second operand a NaN stays.
        Vector256<float> clamped = Vector256.MinNative(
            Vector256.Create(89.0f),
            Vector256.MaxNative(Vector256.Create(-110.0f), x)
        );
        Vector256<float> growth = Reduced(clamped, out Vector256<float> whole);
        return Scale(growth + Vector256<float>.One, whole);
    }

    /// <summary>eˣ for x ≤ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> ExpOfNegative(Vector256<float> x)
    {
        Vector256<float> clamped = Vector256.MaxNative(Vector256.Create(-110.0f), x);
        Vector256<float> growth = Reduced(clamped, out Vector256<float> whole);
        return Scale(growth + Vector256<float>.One, whole);
    }

    /// <summary>eˣ − 1 = 2ᵏ (eʳ − 1) + (2ᵏ − 1), with 2ᵏ in two halves lest it overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Expm1(Vector256<double> x)
    {
        Vector256<double> growth = Reduced(Clamp(x, -60.0, 710.0), out Vector256<long> k);
        Vector256<long> half = k >> 1;
        Vector256<double> scale = PowerOfTwo(k - half);
        Vector256<double> value =
            Vector256.FusedMultiplyAdd(scale, growth, scale - PowerOfTwo(-half)) * PowerOfTwo(half);
        // The sum above loses the sign of −0 and the last bits of denormal x.
        Vector256<double> tiny = Vector256.LessThan(Vector256.Abs(x), Vector256.Create(1e-17));
        return Restore(x, Vector256.ConditionalSelect(tiny, x, value));
    }

    /// <summary>eˣ − 1 = 2ᵏ ((eʳ − 1) + (1 − 2⁻ᵏ)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Expm1(Vector256<float> x)
    {
        Vector256<float> clamped = Vector256.MinNative(
            Vector256.Create(89.0f),
            Vector256.MaxNative(Vector256.Create(-40.0f), x)
        );
        Vector256<float> value = Expm1Unclamped(clamped);
        // The sum above loses the sign of −0 and the last bits of denormal x.
        Vector256<float> tiny = Vector256.LessThan(Vector256.Abs(x), Vector256.Create(1e-9f));
        return Vector256.ConditionalSelect(tiny, x, value);
    }

    /// <summary>eʳ − 1 = r + r² (1/2! + r/3! + … + r¹¹/13!).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Reduced(Vector256<double> x, out Vector256<long> k)
    {
        Vector256<double> rounder = Vector256.Create(Rounder);
        Vector256<double> shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2E), rounder);
        k = shifted.AsInt64() - rounder.AsInt64();
        Vector256<double> whole = shifted - rounder;
        Vector256<double> r = Vector256.FusedMultiplyAdd(whole, Vector256.Create(-Ln2High), x);
        r = Vector256.FusedMultiplyAdd(whole, Vector256.Create(-Ln2Low), r);
        Vector256<double> p = Vector256.Create(1.0 / 6227020800.0);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 479001600.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 39916800.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 3628800.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 362880.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 40320.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 5040.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 720.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 120.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 24.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(1.0 / 6.0));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.5));
        return Vector256.FusedMultiplyAdd(p, r * r, r);
    }

    /// <summary>eˣ − 1 for x from 0, and not −0, to 89.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Expm1Unclamped(Vector256<float> x)
    {
        Vector256<float> growth = Reduced(x, out Vector256<float> whole);
        Vector256<float> rest = Vector256<float>.One - Scale(Vector256<float>.One, -whole);
        return Scale(growth + rest, whole);
    }

    /// <summary>eʳ − 1 = r + r² p(r), and k as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Reduced(Vector256<float> x, out Vector256<float> whole)
    {
        Vector256<float> rounder = Vector256.Create(Rounder32);
        whole = Vector256.FusedMultiplyAdd(x, Vector256.Create((float)Log2E), rounder) - rounder;
        Vector256<float> r = Vector256.FusedMultiplyAdd(whole, Vector256.Create(-Ln2High32), x);
        r = Vector256.FusedMultiplyAdd(whole, Vector256.Create(-Ln2Low32), r);
        Vector256<float> p = Vector256.Create(0.0013814599f);
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.0083687166f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.04166839f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.16666521f));
        p = Vector256.FusedMultiplyAdd(p, r, Vector256.Create(0.49999994f));
        return Vector256.FusedMultiplyAdd(p, r * r, r);
    }

    /// <summary>value · 2ᵏ, rounded once, for a whole number k between −160 and 160.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scale(Vector256<float> value, Vector256<float> k)
    {
        if (Avx512F.VL.IsSupported)
        {
            return Avx512F.VL.Scale(value, k);
        }

        // Two powers, since one alone may be no float; the first product is exact.
        Vector256<int> power = Vector256.ConvertToInt32(k);
        Vector256<int> half = power >> 1;
        return value * PowerOfTwo(half) * PowerOfTwo(power - half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Clamp<T>(Vector256<T> x, T least, T most) =>
        Vector256.MinNative(Vector256.MaxNative(x, Vector256.Create(least)), Vector256.Create(most));

    /// <summary>NaN where x is NaN; clamping may have lost it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Restore<T>(Vector256<T> x, Vector256<T> value) =>
        Vector256.ConditionalSelect(Vector256.Equals(x, x), value, x);

    /// <summary>2ᵏ for −1022 ≤ k ≤ 1023.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> PowerOfTwo(Vector256<long> k) =>
        ((k + Vector256.Create(1023L)) << 52).AsDouble();

    /// <summary>2ᵏ for −126 ≤ k ≤ 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<int> k) =>
        ((k + Vector256.Create(127)) << 23).AsSingle();
}
