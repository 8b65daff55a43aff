namespace Stackelberg.Kernels;

/// <summary>The inverse of the standard normal distribution function.</summary>
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
    public static double Of(double probability)
    {
        double q = probability - 0.5;
        if (Math.Abs(q) <= Middle)
        {
            return q * Central(Middle * Middle - q * q);
        }

        double tail = q < 0.0 ? probability : 1.0 - probability;
        double root = Math.Sqrt(-Log(tail));
        double size = root <= Far ? Near(root - 1.6) : Beyond(root - Far);
        return q < 0.0 ? -size : size;
    }

    /// <summary>ln x for positive normal x.</summary>
    internal static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        long moved = bits + (0x3FF0000000000000L - 0x3FE6A09E667F3BCDL);
        double k = (moved >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble((moved & 0x000FFFFFFFFFFFFFL) + 0x3FE6A09E667F3BCDL);
        double f = m - 1.0;
        double s = f / (2.0 + f);
        double z = s * s;
        double p = 1.479819860511658591e-01;
        p = p * z + 1.531383769920937332e-01;
        p = p * z + 1.818357216161805012e-01;
        p = p * z + 2.222219843214978396e-01;
        p = p * z + 2.857142874366239149e-01;
        p = p * z + 3.999999999940941908e-01;
        p = p * z + 6.666666666666735130e-01;
        double half = 0.5 * f * f;
        double low = s * (half + p * z) + k * 1.90821492927058770002e-10;
        return k * 6.93147180369123816490e-01 - ((half - low) - f);
    }

    private static double Central(double r)
    {
        double above = 2.5090809287301226727e+3;
        above = above * r + 3.3430575583588128105e+4;
        above = above * r + 6.7265770927008700853e+4;
        above = above * r + 4.5921953931549871457e+4;
        above = above * r + 1.3731693765509461125e+4;
        above = above * r + 1.9715909503065514427e+3;
        above = above * r + 1.3314166789178437745e+2;
        above = above * r + 3.3871328727963666080e+0;
        double below = 5.2264952788528545610e+3;
        below = below * r + 2.8729085735721942674e+4;
        below = below * r + 3.9307895800092710610e+4;
        below = below * r + 2.1213794301586595867e+4;
        below = below * r + 5.3941960214247511077e+3;
        below = below * r + 6.8718700749205790830e+2;
        below = below * r + 4.2313330701600911252e+1;
        below = below * r + 1.0;
        return above / below;
    }

    private static double Near(double r)
    {
        double above = 7.74545014278341407640e-4;
        above = above * r + 2.27238449892691845833e-2;
        above = above * r + 2.41780725177450611770e-1;
        above = above * r + 1.27045825245236838258e+0;
        above = above * r + 3.64784832476320460504e+0;
        above = above * r + 5.76949722146069140550e+0;
        above = above * r + 4.63033784615654529590e+0;
        above = above * r + 1.42343711074968357734e+0;
        double below = 1.05075007164441684324e-9;
        below = below * r + 5.47593808499534494600e-4;
        below = below * r + 1.51986665636164571966e-2;
        below = below * r + 1.48103976427480074590e-1;
        below = below * r + 6.89767334985100004550e-1;
        below = below * r + 1.67638483018380384940e+0;
        below = below * r + 2.05319162663775882187e+0;
        below = below * r + 1.0;
        return above / below;
    }

    private static double Beyond(double r)
    {
        double above = 2.01033439929228813265e-7;
        above = above * r + 2.71155556874348757815e-5;
        above = above * r + 1.24266094738807843860e-3;
        above = above * r + 2.65321895265761230930e-2;
        above = above * r + 2.96560571828504891230e-1;
        above = above * r + 1.78482653991729133580e+0;
        above = above * r + 5.46378491116411436990e+0;
        above = above * r + 6.65790464350110377720e+0;
        double below = 2.04426310338993978564e-15;
        below = below * r + 1.42151175831644588870e-7;
        below = below * r + 1.84631831751005468180e-5;
        below = below * r + 7.86869131145613259100e-4;
        below = below * r + 1.48753612908506148525e-2;
        below = below * r + 1.36929880922735805310e-1;
        below = below * r + 5.99832206555887937690e-1;
        below = below * r + 1.0;
        return above / below;
    }
}
