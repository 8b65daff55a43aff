using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>ln x and ln(1 + x) for eight doubles or sixteen floats.</summary>
/// <remarks>The method of Sun's fdlibm (e_log.c, e_logf.c, s_log1p.c): x = 2ᵏ (1 + f) with 1 + f between √½ and √2,
/// s = f / (2 + f), and a polynomial in s². Right for NaN, ±∞, ±0, negative and denormal x.
/// Over all floats ln x is within 0.83 units of the last place.</remarks>
internal static class VectorLog512
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Log<T>(Vector512<T> x) =>
        typeof(T) == typeof(double)
            ? Log(x.AsDouble(), Vector512<double>.Zero).As<double, T>()
            : Log(x.AsSingle(), Vector512<float>.Zero).As<float, T>();

    /// <summary>ln(1 + x), from u = fl(1 + x) and what rounding u lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Log1p<T>(Vector512<T> x)
    {
        Vector512<T> one = Vector512<T>.One;
        Vector512<T> u = one + x;
        Vector512<T> lost =
            Vector512.ConditionalSelect(Vector512.GreaterThan(x, one), one - (u - x), x - (u - one)) / u;
        // At x = −1 and at ∞ the quotient is NaN, and nothing was lost.
        lost = Vector512.ConditionalSelect(Vector512.Equals(lost, lost), lost, Vector512<T>.Zero);
        Vector512<T> value =
            typeof(T) == typeof(double)
                ? Log(u.AsDouble(), lost.AsDouble()).As<double, T>()
                : Log(u.AsSingle(), lost.AsSingle()).As<float, T>();
        // Keeps the sign of −0.
        return Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<T>.Zero), x, value);
    }

    /// <summary>ln(1 + x) for 0 ≤ x ≤ 1 or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Log1pOfFraction<T>(Vector512<T> x)
    {
        Vector512<T> u = Vector512<T>.One + x;
        Vector512<T> lost = (x - (u - Vector512<T>.One)) / u;
        return typeof(T) == typeof(double)
            ? Log(u.AsDouble(), lost.AsDouble()).As<double, T>()
            : Log(u.AsSingle(), lost.AsSingle()).As<float, T>();
    }

    /// <summary>ln x + more, for small <paramref name="more"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Log(Vector512<double> x, Vector512<double> more)
    {
        Vector512<double> denormal = Vector512.LessThan(x, Vector512.Create(2.2250738585072014e-308));
        Vector512<long> bits = Vector512
            .ConditionalSelect(denormal, x * Vector512.Create(18014398509481984.0), x)
            .AsInt64();
        // Adding 1 − √½ in the exponent's units makes the exponent change at √2 instead of 2.
        Vector512<long> moved = bits + Vector512.Create(0x3FF0000000000000L - 0x3FE6A09E667F3BCDL);
        Vector512<double> k =
            Vector512.ConvertToDouble((moved >> 52) - Vector512.Create(1023L))
            - (denormal & Vector512.Create(54.0));
        Vector512<double> m = (
            (moved & Vector512.Create(0x000FFFFFFFFFFFFFL)) + Vector512.Create(0x3FE6A09E667F3BCDL)
        ).AsDouble();
        Vector512<double> f = m - Vector512<double>.One;
        Vector512<double> s = f / (Vector512.Create(2.0) + f);
        Vector512<double> z = s * s;
        Vector512<double> p = Vector512.Create(1.479819860511658591e-01);
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1.531383769920937332e-01));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(1.818357216161805012e-01));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.222219843214978396e-01));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(2.857142874366239149e-01));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(3.999999999940941908e-01));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(6.666666666666735130e-01));
        Vector512<double> half = Vector512.Create(0.5) * f * f;
        Vector512<double> low = Vector512.FusedMultiplyAdd(
            s,
            Vector512.FusedMultiplyAdd(p, z, half),
            Vector512.FusedMultiplyAdd(k, Vector512.Create(1.90821492927058770002e-10), more)
        );
        Vector512<double> value = Vector512.FusedMultiplyAdd(
            k,
            Vector512.Create(6.93147180369123816490e-01),
            f - (half - low)
        );
        return Ends(x, value, Vector512.Create(double.NegativeInfinity), Vector512.Create(double.NaN));
    }

    /// <summary>As for double, with e_logf.c's polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Log(Vector512<float> x, Vector512<float> more)
    {
        Vector512<float> denormal = Vector512.LessThan(x, Vector512.Create(1.17549435e-38f));
        Vector512<int> bits = Vector512
            .ConditionalSelect(denormal, x * Vector512.Create(33554432.0f), x)
            .AsInt32();
        Vector512<int> moved = bits + Vector512.Create(0x3F800000 - 0x3F3504F3);
        Vector512<float> k =
            Vector512.ConvertToSingle((moved >> 23) - Vector512.Create(127))
            - (denormal & Vector512.Create(25.0f));
        Vector512<float> m = (
            (moved & Vector512.Create(0x007FFFFF)) + Vector512.Create(0x3F3504F3)
        ).AsSingle();
        Vector512<float> f = m - Vector512<float>.One;
        Vector512<float> s = f / (Vector512.Create(2.0f) + f);
        Vector512<float> z = s * s;
        Vector512<float> p = Vector512.Create(0.24279078841f);
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.28498786688f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.40000972152f));
        p = Vector512.FusedMultiplyAdd(p, z, Vector512.Create(0.66666662693f));
        Vector512<float> half = Vector512.Create(0.5f) * f * f;
        Vector512<float> low = Vector512.FusedMultiplyAdd(
            s,
            Vector512.FusedMultiplyAdd(p, z, half),
            Vector512.FusedMultiplyAdd(k, Vector512.Create(9.0580006145e-06f), more)
        );
        Vector512<float> value = Vector512.FusedMultiplyAdd(
            k,
            Vector512.Create(6.9313812256e-01f),
            f - (half - low)
        );
        return Ends(x, value, Vector512.Create(float.NegativeInfinity), Vector512.Create(float.NaN));
    }

    /// <summary>−∞ at 0, NaN below, x itself where it is ∞ or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> Ends<T>(
        Vector512<T> x,
        Vector512<T> value,
        Vector512<T> atZero,
        Vector512<T> below
    )
    {
        Vector512<T> finite = Vector512.LessThan(x, -atZero);
        value = Vector512.ConditionalSelect(finite, value, x);
        value = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512<T>.Zero), below, value);
        return Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<T>.Zero), atZero, value);
    }
}
