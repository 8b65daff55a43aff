using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The inverse of the standard normal distribution function, eight probabilities at a time.</summary>
/// <remarks>Algorithm AS 241 (PPND16) of M. J. Wichura, Applied Statistics 37 (1988): relative error about 1e-16. The
/// logarithm in the tails is this file's own, after Sun's fdlibm (e_log.c), so that only +, −, ×, ÷ and √ are used,
/// whose results IEEE 754 fixes: a quantile has the same bits on every machine.</remarks>
internal static class NormalQuantile
{
    /// <summary>Half the width of the middle part.</summary>
    private const double Middle = 0.425;

    /// <summary>Where the far tail begins, in √(−ln p).</summary>
    private const double Far = 5.0;

    /// <summary>x with Φ(x) = probability, for 0 &lt; probability &lt; 1.</summary>
    public static double Of(double probability) => Of(Vector512.Create(probability)).ToScalar();

    /// <summary>ln x for positive normal x.</summary>
    internal static double Log(double x) => Log(Vector512.Create(x)).ToScalar();

    /// <summary>x with Φ(x) = probability, for each 0 &lt; probability &lt; 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Of(Vector512<double> probability)
    {
        Vector512<double> q = probability - Vector512.Create(0.5);
        Vector512<double> inside = Vector512.LessThanOrEqual(Vector512.Abs(q), Vector512.Create(Middle));
        Vector512<double> central = q * Central(Vector512.Create(Middle * Middle) - q * q);
        Vector512<double> negative = Vector512.LessThan(q, Vector512<double>.Zero);
        Vector512<double> tail = Vector512.ConditionalSelect(
            negative,
            probability,
            Vector512<double>.One - probability
        );
        Vector512<double> root = Vector512.Sqrt(-Log(tail));
        Vector512<double> size = Near(root - Vector512.Create(1.6));
        Vector512<double> far = Vector512.GreaterThan(root, Vector512.Create(Far));
        if (far != Vector512<double>.Zero)
        {
            size = Vector512.ConditionalSelect(far, Beyond(root - Vector512.Create(Far)), size);
        }

        Vector512<double> outside = Vector512.ConditionalSelect(negative, -size, size);
        return Vector512.ConditionalSelect(inside, central, outside);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Log(Vector512<double> x)
    {
        Vector512<long> moved = x.AsInt64() + Vector512.Create(0x3FF0000000000000L - 0x3FE6A09E667F3BCDL);
        Vector512<double> k = Vector512.ConvertToDouble((moved >> 52) - Vector512.Create(1023L));
        Vector512<double> m = (
            (moved & Vector512.Create(0x000FFFFFFFFFFFFFL)) + Vector512.Create(0x3FE6A09E667F3BCDL)
        ).AsDouble();
        Vector512<double> f = m - Vector512<double>.One;
        Vector512<double> s = f / (Vector512.Create(2.0) + f);
        Vector512<double> z = s * s;
        Vector512<double> p = Polynomial(
            z,
            1.479819860511658591e-01,
            1.531383769920937332e-01,
            1.818357216161805012e-01,
            2.222219843214978396e-01,
            2.857142874366239149e-01,
            3.999999999940941908e-01,
            6.666666666666735130e-01
        );
        Vector512<double> half = Vector512.Create(0.5) * f * f;
        Vector512<double> low = s * (half + p * z) + k * Vector512.Create(1.90821492927058770002e-10);
        return k * Vector512.Create(6.93147180369123816490e-01) - ((half - low) - f);
    }

    /// <summary>Horner's rule, the highest power's coefficient first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Polynomial(
        Vector512<double> r,
        double c7,
        double c6,
        double c5,
        double c4,
        double c3,
        double c2,
        double c1,
        double c0
    ) => Polynomial(r, c7, c6, c5, c4, c3, c2, c1) * r + Vector512.Create(c0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Polynomial(
        Vector512<double> r,
        double c6,
        double c5,
        double c4,
        double c3,
        double c2,
        double c1,
        double c0
    )
    {
        Vector512<double> value = Vector512.Create(c6) * r + Vector512.Create(c5);
        value = value * r + Vector512.Create(c4);
        value = value * r + Vector512.Create(c3);
        value = value * r + Vector512.Create(c2);
        value = value * r + Vector512.Create(c1);
        return value * r + Vector512.Create(c0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Central(Vector512<double> r) =>
        Polynomial(
            r,
            2.5090809287301226727e+3,
            3.3430575583588128105e+4,
            6.7265770927008700853e+4,
            4.5921953931549871457e+4,
            1.3731693765509461125e+4,
            1.9715909503065514427e+3,
            1.3314166789178437745e+2,
            3.3871328727963666080e+0
        )
        / Polynomial(
            r,
            5.2264952788528545610e+3,
            2.8729085735721942674e+4,
            3.9307895800092710610e+4,
            2.1213794301586595867e+4,
            5.3941960214247511077e+3,
            6.8718700749205790830e+2,
            4.2313330701600911252e+1,
            1.0
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Near(Vector512<double> r) =>
        Polynomial(
            r,
            7.74545014278341407640e-4,
            2.27238449892691845833e-2,
            2.41780725177450611770e-1,
            1.27045825245236838258e+0,
            3.64784832476320460504e+0,
            5.76949722146069140550e+0,
            4.63033784615654529590e+0,
            1.42343711074968357734e+0
        )
        / Polynomial(
            r,
            1.05075007164441684324e-9,
            5.47593808499534494600e-4,
            1.51986665636164571966e-2,
            1.48103976427480074590e-1,
            6.89767334985100004550e-1,
            1.67638483018380384940e+0,
            2.05319162663775882187e+0,
            1.0
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Beyond(Vector512<double> r) =>
        Polynomial(
            r,
            2.01033439929228813265e-7,
            2.71155556874348757815e-5,
            1.24266094738807843860e-3,
            2.65321895265761230930e-2,
            2.96560571828504891230e-1,
            1.78482653991729133580e+0,
            5.46378491116411436990e+0,
            6.65790464350110377720e+0
        )
        / Polynomial(
            r,
            2.04426310338993978564e-15,
            1.42151175831644588870e-7,
            1.84631831751005468180e-5,
            7.86869131145613259100e-4,
            1.48753612908506148525e-2,
            1.36929880922735805310e-1,
            5.99832206555887937690e-1,
            1.0
        );
}
