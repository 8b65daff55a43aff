namespace Stackelberg.Kernels;

/// <summary>The real Schur form [A, B; C, D] of a 2 × 2 matrix, and the rotation to it: either C = 0, or A = D and B C &lt; 0.</summary>
internal readonly record struct TwoByTwo(double A, double B, double C, double D, double Cosine, double Sine)
{
    /// <summary>The imaginary part of the first eigenvalue; 0 for two real ones.</summary>
    public double Imaginary => C == 0.0 ? 0.0 : Math.Sqrt(Math.Abs(B)) * Math.Sqrt(Math.Abs(C));

    /// <summary>Z. Bai and J. W. Demmel (1993); the case distinctions as in LAPACK's dlanv2.</summary>
    public static TwoByTwo Of(double a, double b, double c, double d)
    {
        if (c == 0.0)
        {
            return new TwoByTwo(a, b, c, d, 1.0, 0.0);
        }

        if (b == 0.0)
        {
            return new TwoByTwo(d, -c, 0.0, a, 0.0, 1.0);
        }

        if (a == d && double.IsNegative(b) != double.IsNegative(c))
        {
            return new TwoByTwo(a, b, c, d, 1.0, 0.0);
        }

        double apart = a - d;
        double half = 0.5 * apart;
        double large = Math.Max(Math.Abs(b), Math.Abs(c));
        double small = Math.Min(Math.Abs(b), Math.Abs(c)) * Math.Sign(b) * Math.Sign(c);
        double scale = Math.Max(Math.Abs(half), large);
        double discriminant = half / scale * half + large / scale * small;

        // Above four roundings the eigenvalues are surely real.
        if (discriminant >= 4.0 * (Math.BitIncrement(1.0) - 1.0) * scale)
        {
            double shift = half + Math.CopySign(Math.Sqrt(scale) * Math.Sqrt(discriminant), half);
            double length = double.Hypot(c, shift);
            return new TwoByTwo(d + shift, b - c, 0.0, d - large / shift * small, shift / length, c / length);
        }

        return Equalised(a, b, c, d, half);
    }

    /// <summary>Complex, or nearly equal real eigenvalues: the rotation that makes the diagonal equal, and then another one
    /// if they are real after all.</summary>
    private static TwoByTwo Equalised(double a, double b, double c, double d, double half)
    {
        double σ = b + c;
        double length = double.Hypot(σ, a - d);
        double cosine = Math.Sqrt(0.5 * (1.0 + Math.Abs(σ) / length));
        double sine = -(half / (length * cosine)) * Math.CopySign(1.0, σ);
        double aa = a * cosine + b * sine;
        double bb = -a * sine + b * cosine;
        double cc = c * cosine + d * sine;
        double dd = -c * sine + d * cosine;
        double upper = bb * cosine + dd * sine;
        double lower = -aa * sine + cc * cosine;
        double mean = 0.5 * (aa * cosine + cc * sine - bb * sine + dd * cosine);
        if (lower == 0.0)
        {
            return new TwoByTwo(mean, upper, 0.0, mean, cosine, sine);
        }

        if (upper == 0.0)
        {
            return new TwoByTwo(mean, -lower, 0.0, mean, -sine, cosine);
        }

        if (double.IsNegative(upper) != double.IsNegative(lower))
        {
            return new TwoByTwo(mean, upper, lower, mean, cosine, sine);
        }

        double rootOfUpper = Math.Sqrt(Math.Abs(upper));
        double rootOfLower = Math.Sqrt(Math.Abs(lower));
        double shift = Math.CopySign(rootOfUpper * rootOfLower, lower);
        double factor = 1.0 / Math.Sqrt(Math.Abs(upper + lower));
        double turn = rootOfUpper * factor;
        double tilt = rootOfLower * factor;
        return new TwoByTwo(
            mean + shift,
            upper - lower,
            0.0,
            mean - shift,
            cosine * turn - sine * tilt,
            cosine * tilt + sine * turn
        );
    }

    /// <summary>Puts the form in the place of rows k and k + 1 of the quasi-triangular t, [n, n], and rotates the rest of t and
    /// z, [n, n].</summary>
    public void Turn(double[] t, double[] z, int n, int k)
    {
        for (int j = k + 2; j < n; j++)
        {
            Rotate(ref t[k * n + j], ref t[(k + 1) * n + j]);
        }

        for (int i = 0; i < k; i++)
        {
            Rotate(ref t[i * n + k], ref t[i * n + k + 1]);
        }

        for (int i = 0; i < n; i++)
        {
            Rotate(ref z[i * n + k], ref z[i * n + k + 1]);
        }

        t[k * n + k] = A;
        t[k * n + k + 1] = B;
        t[(k + 1) * n + k] = C;
        t[(k + 1) * n + k + 1] = D;
    }

    private void Rotate(ref double x, ref double y)
    {
        double turned = Cosine * x + Sine * y;
        y = Cosine * y - Sine * x;
        x = turned;
    }
}
