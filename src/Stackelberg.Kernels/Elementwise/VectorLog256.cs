using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>ln x and ln(1 + x) for four doubles or eight floats: the text of <see cref="VectorLog512"/> with 256 for 512, because C# has no
/// generics over the width of a vector.</summary>
internal static class VectorLog256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Log<T>(Vector256<T> x) =>
        typeof(T) == typeof(double)
            ? Log(x.AsDouble(), Vector256<double>.Zero).As<double, T>()
            : Log(x.AsSingle(), Vector256<float>.Zero).As<float, T>();

    /// <summary>ln(1 + x), from u = fl(1 + x) and what rounding u lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Log1p<T>(Vector256<T> x)
    {
        Vector256<T> one = Vector256<T>.One;
        Vector256<T> u = one + x;
        Vector256<T> lost =
            Vector256.ConditionalSelect(Vector256.GreaterThan(x, one), one - (u - x), x - (u - one)) / u;
        // At x = −1 and at ∞ the quotient is NaN, and nothing was lost.
        lost = Vector256.ConditionalSelect(Vector256.Equals(lost, lost), lost, Vector256<T>.Zero);
        Vector256<T> value =
            typeof(T) == typeof(double)
                ? Log(u.AsDouble(), lost.AsDouble()).As<double, T>()
                : Log(u.AsSingle(), lost.AsSingle()).As<float, T>();
        // Keeps the sign of −0.
        return Vector256.ConditionalSelect(Vector256.Equals(x, Vector256<T>.Zero), x, value);
    }

    /// <summary>ln(1 + x) for 0 ≤ x ≤ 1 or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Log1pOfFraction<T>(Vector256<T> x)
    {
        Vector256<T> u = Vector256<T>.One + x;
        Vector256<T> lost = (x - (u - Vector256<T>.One)) / u;
        return typeof(T) == typeof(double)
            ? Log(u.AsDouble(), lost.AsDouble()).As<double, T>()
            : Log(u.AsSingle(), lost.AsSingle()).As<float, T>();
    }

    /// <summary>ln x + more, for small <paramref name="more"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Log(Vector256<double> x, Vector256<double> more)
    {
        Vector256<double> denormal = Vector256.LessThan(x, Vector256.Create(2.2250738585072014e-308));
        Vector256<long> bits = Vector256
            .ConditionalSelect(denormal, x * Vector256.Create(18014398509481984.0), x)
            .AsInt64();
        // Adding 1 − √½ in the exponent's units makes the exponent change at √2 instead of 2.
        Vector256<long> moved = bits + Vector256.Create(0x3FF0000000000000L - 0x3FE6A09E667F3BCDL);
        Vector256<double> k =
            Vector256.ConvertToDouble((moved >> 52) - Vector256.Create(1023L))
            - (denormal & Vector256.Create(54.0));
        Vector256<double> m = (
            (moved & Vector256.Create(0x000FFFFFFFFFFFFFL)) + Vector256.Create(0x3FE6A09E667F3BCDL)
        ).AsDouble();
        Vector256<double> f = m - Vector256<double>.One;
        Vector256<double> s = f / (Vector256.Create(2.0) + f);
        Vector256<double> z = s * s;
        Vector256<double> p = Vector256.Create(1.479819860511658591e-01);
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(1.531383769920937332e-01));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(1.818357216161805012e-01));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(2.222219843214978396e-01));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(2.857142874366239149e-01));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(3.999999999940941908e-01));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(6.666666666666735130e-01));
        Vector256<double> half = Vector256.Create(0.5) * f * f;
        Vector256<double> low = Vector256.FusedMultiplyAdd(
            s,
            Vector256.FusedMultiplyAdd(p, z, half),
            Vector256.FusedMultiplyAdd(k, Vector256.Create(1.90821492927058770002e-10), more)
        );
        Vector256<double> value = Vector256.FusedMultiplyAdd(
            k,
            Vector256.Create(6.93147180369123816490e-01),
            f - (half - low)
        );
        return Ends(x, value, Vector256.Create(double.NegativeInfinity), Vector256.Create(double.NaN));
    }

    /// <summary>As for double, with e_logf.c's polynomial.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Log(Vector256<float> x, Vector256<float> more)
    {
        Vector256<float> denormal = Vector256.LessThan(x, Vector256.Create(1.17549435e-38f));
        Vector256<int> bits = Vector256
            .ConditionalSelect(denormal, x * Vector256.Create(33554432.0f), x)
            .AsInt32();
        Vector256<int> moved = bits + Vector256.Create(0x3F800000 - 0x3F3504F3);
        Vector256<float> k =
            Vector256.ConvertToSingle((moved >> 23) - Vector256.Create(127))
            - (denormal & Vector256.Create(25.0f));
        Vector256<float> m = (
            (moved & Vector256.Create(0x007FFFFF)) + Vector256.Create(0x3F3504F3)
        ).AsSingle();
        Vector256<float> f = m - Vector256<float>.One;
        Vector256<float> s = f / (Vector256.Create(2.0f) + f);
        Vector256<float> z = s * s;
        Vector256<float> p = Vector256.Create(0.24279078841f);
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(0.28498786688f));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(0.40000972152f));
        p = Vector256.FusedMultiplyAdd(p, z, Vector256.Create(0.66666662693f));
        Vector256<float> half = Vector256.Create(0.5f) * f * f;
        Vector256<float> low = Vector256.FusedMultiplyAdd(
            s,
            Vector256.FusedMultiplyAdd(p, z, half),
            Vector256.FusedMultiplyAdd(k, Vector256.Create(9.0580006145e-06f), more)
        );
        Vector256<float> value = Vector256.FusedMultiplyAdd(
            k,
            Vector256.Create(6.9313812256e-01f),
            f - (half - low)
        );
        return Ends(x, value, Vector256.Create(float.NegativeInfinity), Vector256.Create(float.NaN));
    }

    /// <summary>−∞ at 0, NaN below, x itself where it is ∞ or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Ends<T>(
        Vector256<T> x,
        Vector256<T> value,
        Vector256<T> atZero,
        Vector256<T> below
    )
    {
        Vector256<T> finite = Vector256.LessThan(x, -atZero);
        value = Vector256.ConditionalSelect(finite, value, x);
        value = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<T>.Zero), below, value);
        return Vector256.ConditionalSelect(Vector256.Equals(x, Vector256<T>.Zero), atZero, value);
    }
}
