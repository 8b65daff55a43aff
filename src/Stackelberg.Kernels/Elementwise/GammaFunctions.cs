namespace Stackelberg.Kernels;

/// <summary>log |Γ| and its derivatives.</summary>
/// <remarks>For positive arguments within a few units of the last place, at the zeros of log Γ (1 and 2) and of the
/// digamma function (1.4616…) too. For negative ones, by reflection, the error is that relative to the larger of the two
/// terms: beside the zeros between the poles it is absolute. MathNet's lose all relative accuracy at their zeros.</remarks>
internal static class GammaFunctions
{
    /// <summary>From here on the asymptotic series serve.</summary>
    private const double Far = 10.0;

    /// <summary>So far below 0 the series around the digamma function's zero serves for 1 + x.</summary>
    private const double NearZero = 0.04;

    /// <summary>The zero of the digamma function, in two parts.</summary>
    private const double Root = 1.4616321449683622;
    private const double RestOfRoot = 9.5499954299656977152E-17;

    /// <summary>½ log 2π − ½.</summary>
    private const double HalfLogOfTwoPi = 0.41893853320467274178;

    private const double LogOfPi = 1.1447298858494001741;

    /// <summary>log |Γ(x)|; +∞ at 0 and the negative integers.</summary>
    public static double LogGamma(double x)
    {
        if (double.IsInfinity(x))
        {
            return double.PositiveInfinity;
        }

        // |Γ(x)| = Γ(2 + x) / (|x| (1 + x)): without a sine, which of a tiny number has few places or none.
        if (Math.Abs(x) < 0.5)
        {
            return NearTwo(x) - Math.Log(Math.Abs(x)) - Log1p(x);
        }

        if (x < 0.0)
        {
            // Γ(x) Γ(−x) = −π / (x sin πx).
            return Math.Floor(x) == x
                ? double.PositiveInfinity
                : LogOfPi - Math.Log(Math.Abs(double.SinPi(x))) - Math.Log(-x) - LogGamma(-x);
        }

        if (x < 1.5)
        {
            return NearTwo(x - 1.0) - Log1p(x - 1.0);
        }

        if (x < Far)
        {
            double product = 1.0;
            while (x >= 2.5)
            {
                x -= 1.0;
                product *= x;
            }

            return NearTwo(x - 2.0) + Math.Log(product);
        }

        return (x - 0.5) * (Math.Log(x) - 1.0) + (HalfLogOfTwoPi + Stirling(x));
    }

    /// <summary>The digamma function ψ = (log Γ)′; NaN at 0 and the negative integers.</summary>
    public static double Digamma(double x)
    {
        if (double.IsInfinity(x))
        {
            return x > 0.0 ? x : double.NaN;
        }

        // Near 0 one term outweighs all others, with −1/x of a negative number too: ∞ − ∞ of the tiniest.
        if (x <= -NearZero || x == 0.0)
        {
            // ψ(1 − x) − ψ(x) = π cot πx, and ψ(1 − x) = ψ(−x) − 1/x.
            return Math.Floor(x) == x ? double.NaN : Digamma(-x) - 1.0 / x - Math.PI / double.TanPi(x);
        }

        if (x < 0.96)
        {
            return NearRoot(x + 1.0 - Root) - 1.0 / x;
        }

        if (x < Far)
        {
            double sum = 0.0;
            while (x >= 1.96)
            {
                x -= 1.0;
                sum += 1.0 / x;
            }

            return NearRoot(x - Root) + sum;
        }

        double inverse = 1.0 / (x * x);
        double series = 0.0;
        for (int k = 8; k >= 1; k--)
        {
            series = (series + Bernoulli[k - 1] / (2 * k)) * inverse;
        }

        return Math.Log(x) - (0.5 / x + series);
    }

    /// <summary>log Γ(2 + z) for |z| ≤ ½.</summary>
    private static double NearTwo(double z)
    {
        double sum = 0.0;
        for (int k = AroundTwo.Length - 1; k >= 0; k--)
        {
            sum = sum * z + AroundTwo[k];
        }

        return z * sum;
    }

    /// <summary>ψ(Root + d) for |d| ≤ 0.51.</summary>
    private static double NearRoot(double d)
    {
        d -= RestOfRoot;
        double sum = 0.0;
        for (int k = AroundRoot.Length - 1; k >= 0; k--)
        {
            sum = sum * d + AroundRoot[k];
        }

        return d * sum;
    }

    /// <summary>Σ B₂ₖ / (2k (2k − 1) x²ᵏ⁻¹).</summary>
    private static double Stirling(double x)
    {
        double inverse = 1.0 / (x * x);
        double series = 0.0;
        for (int k = 8; k >= 1; k--)
        {
            series = series * inverse + Bernoulli[k - 1] / (2 * k * (2 * k - 1));
        }

        return series / x;
    }

    /// <summary>log(1 + t): what rounding took from 1 + t is put back (W. Kahan).</summary>
    private static double Log1p(double t)
    {
        double sum = 1.0 + t;
        return sum == 1.0 ? t : Math.Log(sum) * (t / (sum - 1.0));
    }

    /// <summary>1 − γ, then (−1)ᵏ (ζ(k) − 1) / k: the coefficients of log Γ(2 + z) / z, computed in 60 digits.</summary>
    private static ReadOnlySpan<double> AroundTwo =>
        [
            0.42278433509846713,
            0.3224670334241132,
            -0.0673523010531981,
            0.020580808427784546,
            -0.007385551028673986,
            0.0028905103307415234,
            -0.001192753911703261,
            0.0005096695247430425,
            -0.00022315475845357939,
            9.945751278180853E-05,
            -4.492623673813314E-05,
            2.050721277567069E-05,
            -9.439488275268397E-06,
            4.374866789907488E-06,
            -2.039215753801366E-06,
            9.55141213040742E-07,
            -4.492469198764566E-07,
            2.1207184805554665E-07,
            -1.0043224823968099E-07,
            4.7698101693639804E-08,
            -2.2711094608943164E-08,
            1.0838659214896955E-08,
            -5.183475041970047E-09,
            2.4836745438024785E-09,
            -1.1921401405860912E-09,
            5.731367241678862E-10,
            -2.7595228851242334E-10,
            1.330476437424449E-10,
        ];

    /// <summary>ψ⁽ᵏ⁾(Root) / k! for k from 1: the coefficients of ψ(Root + d) / d, computed in 60 digits.</summary>
    private static ReadOnlySpan<double> AroundRoot =>
        [
            0.9676722454476212,
            -0.4427631689835921,
            0.258499760955651,
            -0.16394270544240652,
            0.10782405069126237,
            -0.07219956125645471,
            0.04880428816414311,
            -0.03316112647484736,
            0.022597648232218104,
            -0.01542476590494896,
            0.010538791616612175,
            -0.007204534386356869,
            0.004926781395729853,
            -0.003369801655439328,
            0.002305126326734928,
            -0.0015769367714301972,
            0.0010788252019162967,
            -0.0007380709389960052,
            0.000504953265834602,
            -0.0003454680251063077,
            0.00023635601564027053,
            -0.00016170622091974803,
            0.0001106337276874741,
            -7.569179582195066E-05,
            5.178575795222081E-05,
            -3.5430070947659604E-05,
            2.424006611860132E-05,
            -1.6584242271854135E-05,
            1.134638458466385E-05,
            -7.762817668462094E-06,
            5.3110609208898636E-06,
            -3.6336507898010456E-06,
            2.486022733129538E-06,
            -1.7008538854332607E-06,
            1.1636675363548843E-06,
            -7.96142543124197E-07,
        ];

    /// <summary>B₂, B₄, …</summary>
    internal static ReadOnlySpan<double> Bernoulli =>
        [
            1.0 / 6.0,
            -1.0 / 30.0,
            1.0 / 42.0,
            -1.0 / 30.0,
            5.0 / 66.0,
            -691.0 / 2730.0,
            7.0 / 6.0,
            -3617.0 / 510.0,
            43867.0 / 798.0,
            -174611.0 / 330.0,
        ];
}
