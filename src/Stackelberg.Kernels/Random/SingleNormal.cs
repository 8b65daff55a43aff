using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>Standard normal floats from 32 random bits each, sixteen at a time.</summary>
/// <remarks>The normal quantile by way of M. Giles, Approximating the erfinv function (2010): polynomials in
/// −ln(4p(1 − p)), where p is the smaller tail's probability. Only +, −, ×, ÷ and √ are used, whose results IEEE 754
/// fixes: a number has the same bits on every machine.</remarks>
internal static class SingleNormal
{
    /// <summary>The sign is the lowest bit; the others are j, and the tail's probability is (j + ½) 2⁻³².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<uint> bits)
    {
        Vector512<int> tail = (bits >> 1).AsInt32();
        Vector512<int> centre = Vector512.Create(int.MaxValue) - tail;
        // The tail's probability, twice, and 1 less that: each without cancellation.
        Vector512<float> p =
            (Vector512.ConvertToSingle(tail) + Vector512.Create(0.5f)) * Vector512.Create(4.6566129e-10f);
        Vector512<float> x =
            (Vector512.ConvertToSingle(centre) + Vector512.Create(0.5f)) * Vector512.Create(4.6566129e-10f);
        Vector512<float> w = -Log(p * (Vector512<float>.One + x));
        Vector512<float> size = Central(w - Vector512.Create(2.5f));
        Vector512<float> far = Vector512.GreaterThanOrEqual(w, Vector512.Create(5.0f));
        if (far.AsInt32() != Vector512<int>.Zero)
        {
            size = Vector512.ConditionalSelect(far, Far(Vector512.Sqrt(w) - Vector512.Create(3.0f)), size);
        }

        Vector512<uint> sign = bits << 31;
        return ((size * (x * Vector512.Create(1.41421356f))).AsUInt32() ^ sign).AsSingle();
    }

    /// <summary>ln x for positive normal x, after Sun's fdlibm (e_logf.c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Log(Vector512<float> x)
    {
        Vector512<int> moved = x.AsInt32() + Vector512.Create(0x3F800000 - 0x3F3504F3);
        Vector512<float> k = Vector512.ConvertToSingle((moved >> 23) - Vector512.Create(127));
        Vector512<float> m = (
            (moved & Vector512.Create(0x007FFFFF)) + Vector512.Create(0x3F3504F3)
        ).AsSingle();
        Vector512<float> f = m - Vector512<float>.One;
        Vector512<float> s = f / (Vector512.Create(2.0f) + f);
        Vector512<float> z = s * s;
        Vector512<float> p = Vector512.Create(0.24279078841f) * z + Vector512.Create(0.28498786688f);
        p = p * z + Vector512.Create(0.40000972152f);
        p = p * z + Vector512.Create(0.66666662693f);
        Vector512<float> half = Vector512.Create(0.5f) * f * f;
        Vector512<float> low = s * (half + p * z) + k * Vector512.Create(9.0580006145e-06f);
        return k * Vector512.Create(6.9313812256e-01f) - ((half - low) - f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Central(Vector512<float> w)
    {
        Vector512<float> value = Vector512.Create(2.81022636e-08f) * w + Vector512.Create(3.43273939e-07f);
        value = value * w + Vector512.Create(-3.5233877e-06f);
        value = value * w + Vector512.Create(-4.39150654e-06f);
        value = value * w + Vector512.Create(0.00021858087f);
        value = value * w + Vector512.Create(-0.00125372503f);
        value = value * w + Vector512.Create(-0.00417768164f);
        value = value * w + Vector512.Create(0.246640727f);
        return value * w + Vector512.Create(1.50140941f);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Far(Vector512<float> w)
    {
        Vector512<float> value = Vector512.Create(-0.000200214257f) * w + Vector512.Create(0.000100950558f);
        value = value * w + Vector512.Create(0.00134934322f);
        value = value * w + Vector512.Create(-0.00367342844f);
        value = value * w + Vector512.Create(0.00573950773f);
        value = value * w + Vector512.Create(-0.0076224613f);
        value = value * w + Vector512.Create(0.00943887047f);
        value = value * w + Vector512.Create(1.00167406f);
        return value * w + Vector512.Create(2.83297682f);
    }
}
