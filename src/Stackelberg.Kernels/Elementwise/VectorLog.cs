using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>ln x and ln(1 + x).</summary>
/// <remarks>The method of Sun's fdlibm (e_log.c, e_logf.c, s_log1p.c): x = 2ᵏ (1 + f) with 1 + f between √½ and √2,
/// s = f / (2 + f), and a polynomial in s². Right for NaN, ±∞, ±0, negative and denormal x.
/// Over all floats ln x is within 0.83 units of the last place.</remarks>
internal static class VectorLog
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged => Log<V, T>(x, V.Zero);

    /// <summary>ln(1 + x), from u = fl(1 + x) and what rounding u lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V one = V.One;
        V u = one + x;
        V lost = V.IfLess(one, x, one - (u - x), x - (u - one)) / u;
        // At x = −1 and at ∞ the quotient is NaN, and nothing was lost.
        lost = V.Equal(lost, lost) & lost;
        // Keeps the sign of −0.
        return V.IfEqual(x, V.Zero, x, Log<V, T>(u, lost));
    }

    /// <summary>ln(1 + x) for 0 ≤ x ≤ 1 or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1pOfFraction<V, T>(V x)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V u = V.One + x;
        return Log<V, T>(u, (x - (u - V.One)) / u);
    }

    /// <summary>ln x + more, for small <paramref name="more"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Log<V, T>(V x, V more)
        where V : struct, ISimd<V, T>
        where T : unmanaged =>
        typeof(T) == typeof(double) ? LogDouble<V, T>(x, more) : LogSingle<V, T>(x, more);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogDouble<V, T>(V x, V more)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V least = V.Constant(2.2250738585072014e-308);
        V bits = V.IfLess(x, least, x * V.Constant(18014398509481984.0), x);
        // Adding 1 − √½ in the exponent's units makes the exponent change at √2 instead of 2.
        V moved = V.AddBits(bits, V.Bits(0x3FF0000000000000L - 0x3FE6A09E667F3BCDL));
        V k =
            V.FromBits(V.SubtractBits(V.ShiftBitsRight(moved, 52), V.Bits(1023)))
            - (V.Less(x, least) & V.Constant(54.0));
        V m = V.AddBits(moved & V.Bits(0x000FFFFFFFFFFFFFL), V.Bits(0x3FE6A09E667F3BCDL));
        V f = m - V.One;
        V s = f / (V.Constant(2.0) + f);
        V z = s * s;
        V p = V.Constant(1.479819860511658591e-01);
        p = V.Fma(p, z, V.Constant(1.531383769920937332e-01));
        p = V.Fma(p, z, V.Constant(1.818357216161805012e-01));
        p = V.Fma(p, z, V.Constant(2.222219843214978396e-01));
        p = V.Fma(p, z, V.Constant(2.857142874366239149e-01));
        p = V.Fma(p, z, V.Constant(3.999999999940941908e-01));
        p = V.Fma(p, z, V.Constant(6.666666666666735130e-01));
        V half = V.Constant(0.5) * f * f;
        V low = V.Fma(s, V.Fma(p, z, half), V.Fma(k, V.Constant(1.90821492927058770002e-10), more));
        return Ends<V, T>(x, V.Fma(k, V.Constant(6.93147180369123816490e-01), f - (half - low)));
    }

    /// <summary>As for double, with e_logf.c's polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V LogSingle<V, T>(V x, V more)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        V least = V.Constant(1.17549435e-38f);
        V bits = V.IfLess(x, least, x * V.Constant(33554432.0f), x);
        V moved = V.AddBits(bits, V.Bits(0x3F800000 - 0x3F3504F3));
        V k =
            V.FromBits(V.SubtractBits(V.ShiftBitsRight(moved, 23), V.Bits(127)))
            - (V.Less(x, least) & V.Constant(25.0f));
        V m = V.AddBits(moved & V.Bits(0x007FFFFF), V.Bits(0x3F3504F3));
        V f = m - V.One;
        V s = f / (V.Constant(2.0f) + f);
        V z = s * s;
        V p = V.Constant(0.24279078841f);
        p = V.Fma(p, z, V.Constant(0.28498786688f));
        p = V.Fma(p, z, V.Constant(0.40000972152f));
        p = V.Fma(p, z, V.Constant(0.66666662693f));
        V half = V.Constant(0.5f) * f * f;
        V low = V.Fma(s, V.Fma(p, z, half), V.Fma(k, V.Constant(9.0580006145e-06f), more));
        return Ends<V, T>(x, V.Fma(k, V.Constant(6.9313812256e-01f), f - (half - low)));
    }

    /// <summary>−∞ at 0, NaN below, x itself where it is ∞ or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Ends<V, T>(V x, V value)
        where V : struct, ISimd<V, T>
        where T : unmanaged
    {
        value = V.IfLess(x, V.Constant(double.PositiveInfinity), value, x);
        value = V.IfLess(x, V.Zero, V.Constant(double.NaN), value);
        return V.IfEqual(x, V.Zero, V.Constant(double.NegativeInfinity), value);
    }
}
