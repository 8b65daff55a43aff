using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>eˣ and eˣ − 1.</summary>
/// <remarks>x = k ln 2 + r with |r| ≤ ln 2 / 2. For double the Taylor polynomial of eʳ, whose first term left out is
/// below 2⁻⁵⁷; for float the polynomial of degree 6 of least relative error, 0.05 units of the last place. Over all
/// floats eˣ is within 1.01 units of the last place and eˣ − 1 within 1.46. Written here because the base library's
/// vector exponential leaves the vector form when one lane is out of range, so that a lane's bits depend on its
/// neighbours. Right for NaN, ±∞, overflow and denormal results.</remarks>
internal static class VectorExp
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
    public static V Exp<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            V growth = ReducedDouble<V, T>(Clamp<V, T>(x, -750.0, 710.0), out V k);
            V half = V.ShiftBitsRight(k, 1);
            V value = (growth + V.One) * PowerOfTwo<V, T>(half) * PowerOfTwo<V, T>(V.SubtractBits(k, half));
            return Restore<V, T>(x, value);
        }

        // As second operand a NaN stays.
        V clamped = V.MinNative(V.Constant(89.0f), V.MaxNative(V.Constant(-110.0f), x));
        V growth32 = ReducedSingle<V, T>(clamped, out V whole);
        return V.Scale(growth32 + V.One, whole);
    }

    /// <summary>eˣ for x ≤ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpOfNegative<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            return Exp<V, T>(x);
        }

        V growth = ReducedSingle<V, T>(V.MaxNative(V.Constant(-110.0f), x), out V whole);
        return V.Scale(growth + V.One, whole);
    }

    /// <summary>For double eˣ − 1 = 2ᵏ (eʳ − 1) + (2ᵏ − 1), with 2ᵏ in two halves lest it overflow; for float eˣ − 1 =
    /// 2ᵏ ((eʳ − 1) + (1 − 2⁻ᵏ)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            V growth = ReducedDouble<V, T>(Clamp<V, T>(x, -60.0, 710.0), out V k);
            V half = V.ShiftBitsRight(k, 1);
            V scale = PowerOfTwo<V, T>(V.SubtractBits(k, half));
            V lost = PowerOfTwo<V, T>(V.SubtractBits(V.Bits(0), half));
            V value = V.Fma(scale, growth, scale - lost) * PowerOfTwo<V, T>(half);
            // The sum above loses the sign of −0 and the last bits of denormal x.
            return Restore<V, T>(x, V.IfLess(V.Abs(x), V.Constant(1e-17), x, value));
        }

        V clamped = V.MinNative(V.Constant(89.0f), V.MaxNative(V.Constant(-40.0f), x));
        V value32 = Expm1Unclamped<V, T>(clamped);
        return V.IfLess(V.Abs(x), V.Constant(1e-9f), x, value32);
    }

    /// <summary>eˣ − 1 for x from 0, and not −0, to 89.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1Unclamped<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        if (typeof(T) == typeof(double))
        {
            return Expm1<V, T>(x);
        }

        V growth = ReducedSingle<V, T>(x, out V whole);
        V rest = V.One - V.Scale(V.One, -whole);
        return V.Scale(growth + rest, whole);
    }

    /// <summary>value · 2ᵏ in two powers, since one alone may be no float; the first product is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ScaleInTwo<V, T>(V value, V k)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V power = V.ToBits(k);
        V half = V.ShiftBitsRight(power, 1);
        return value * PowerOfTwo<V, T>(half) * PowerOfTwo<V, T>(V.SubtractBits(power, half));
    }

    /// <summary>eʳ − 1 = r + r² (1/2! + r/3! + … + r¹¹/13!).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReducedDouble<V, T>(V x, out V k)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V rounder = V.Constant(Rounder);
        V shifted = V.Fma(x, V.Constant(Log2E), rounder);
        k = V.SubtractBits(shifted, rounder);
        V whole = shifted - rounder;
        V r = V.Fma(whole, V.Constant(-Ln2High), x);
        r = V.Fma(whole, V.Constant(-Ln2Low), r);
        V p = V.Constant(1.0 / 6227020800.0);
        p = V.Fma(p, r, V.Constant(1.0 / 479001600.0));
        p = V.Fma(p, r, V.Constant(1.0 / 39916800.0));
        p = V.Fma(p, r, V.Constant(1.0 / 3628800.0));
        p = V.Fma(p, r, V.Constant(1.0 / 362880.0));
        p = V.Fma(p, r, V.Constant(1.0 / 40320.0));
        p = V.Fma(p, r, V.Constant(1.0 / 5040.0));
        p = V.Fma(p, r, V.Constant(1.0 / 720.0));
        p = V.Fma(p, r, V.Constant(1.0 / 120.0));
        p = V.Fma(p, r, V.Constant(1.0 / 24.0));
        p = V.Fma(p, r, V.Constant(1.0 / 6.0));
        p = V.Fma(p, r, V.Constant(0.5));
        return V.Fma(p, r * r, r);
    }

    /// <summary>eʳ − 1 = r + r² p(r), and k as a number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReducedSingle<V, T>(V x, out V whole)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V rounder = V.Constant(Rounder32);
        whole = V.Fma(x, V.Constant((float)Log2E), rounder) - rounder;
        V r = V.Fma(whole, V.Constant(-Ln2High32), x);
        r = V.Fma(whole, V.Constant(-Ln2Low32), r);
        V p = V.Constant(0.0013814599f);
        p = V.Fma(p, r, V.Constant(0.0083687166f));
        p = V.Fma(p, r, V.Constant(0.04166839f));
        p = V.Fma(p, r, V.Constant(0.16666521f));
        p = V.Fma(p, r, V.Constant(0.49999994f));
        return V.Fma(p, r * r, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Clamp<V, T>(V x, double least, double most)
        where V : struct, ISimd<V, T>
        where T : unmanaged => V.MinNative(V.MaxNative(x, V.Constant(least)), V.Constant(most));

    /// <summary>NaN where x is NaN; clamping may have lost it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Restore<V, T>(V x, V value)
        where V : struct, ISimd<V, T>
        where T : unmanaged => V.IfEqual(x, x, value, x);

    /// <summary>2ᵏ for −1022 ≤ k ≤ 1023; for float, −126 ≤ k ≤ 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PowerOfTwo<V, T>(V k)
        where V : struct, ISimd<V, T>
        where T : unmanaged =>
        typeof(T) == typeof(double)
            ? V.ShiftBitsLeft(V.AddBits(k, V.Bits(1023)), 52)
            : V.ShiftBitsLeft(V.AddBits(k, V.Bits(127)), 23);
}
