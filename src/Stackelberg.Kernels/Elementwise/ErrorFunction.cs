namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>erf a = 2/√π ∫₀ᵃ exp −t² dt.</summary>
    public static readonly ElementKernel Erf = new ScalarUnaryKernel<ErfOperator>("erf");

    /// <summary>erfc a = 1 − erf a, accurate in both tails.</summary>
    public static readonly ElementKernel Erfc = new ScalarUnaryKernel<ErfcOperator>("erfc");

    /// <summary>exp −a², accurate far out, where the square's rounding would show.</summary>
    public static readonly ElementKernel ExpMinusSquare = new ScalarUnaryKernel<ExpMinusSquareOperator>(
        "expMinusSquare"
    );

    private readonly struct ErfOperator : IScalarUnary
    {
        public static double Invoke(double a) => ErrorFunction.Erf(a);

        public static float Invoke(float a) => (float)ErrorFunction.Erf(a);
    }

    private readonly struct ErfcOperator : IScalarUnary
    {
        public static double Invoke(double a) => ErrorFunction.Erfc(a);

        public static float Invoke(float a) => (float)ErrorFunction.Erfc(a);
    }

    private readonly struct ExpMinusSquareOperator : IScalarUnary
    {
        public static double Invoke(double a) => ErrorFunction.ExpMinusSquare(a);

        public static float Invoke(float a) => (float)Math.Exp(-(double)a * a);
    }
}

/// <summary>The error function by its power series near 0, and by a Chebyshev series of exp(x²) erfc x elsewhere.</summary>
/// <remarks>Both within a few units of the last place. The base library has none; MathNet's loses up to x² units in the
/// tail of erfc.</remarks>
internal static class ErrorFunction
{
    /// <summary>The power series serves up to here.</summary>
    private const double Near = 0.65;

    /// <summary>erfc and exp −x² are 0 from here on.</summary>
    private const double Nothing = 27.3;

    /// <summary>The variable of the Chebyshev series is (x − Middle) / (x + Middle).</summary>
    private const double Middle = 3.75;

    public static double Erf(double x) =>
        Math.Abs(x) < Near ? Series(x)
        : x < 0.0 ? Tail(-x) - 1.0
        : 1.0 - Tail(x);

    public static double Erfc(double x) =>
        Math.Abs(x) < Near ? 1.0 - Series(x)
        : x < 0.0 ? 2.0 - Tail(-x)
        : Tail(x);

    public static double ExpMinusSquare(double x)
    {
        double square = x * x;
        // What the square lost in rounding is far below 1 wherever the result is not 0.
        return Math.Abs(x) < Nothing
            ? Math.Exp(-square) * (1.0 - Math.FusedMultiplyAdd(x, x, -square))
            : Math.Exp(-square);
    }

    private static double Series(double x)
    {
        double square = x * x;
        double sum = 0.0;
        for (int k = PowerSeries.Length - 1; k >= 0; k--)
        {
            sum = sum * square + PowerSeries[k];
        }

        return x * sum;
    }

    /// <summary>erfc x for x ≥ Near; NaN for NaN.</summary>
    private static double Tail(double x)
    {
        if (x > Nothing)
        {
            return 0.0;
        }

        double t = (x - Middle) / (x + Middle);
        double last = 0.0;
        double sum = 0.0;
        for (int k = Scaled.Length - 1; k > 0; k--)
        {
            (sum, last) = (2.0 * t * sum - last + Scaled[k], sum);
        }

        return (t * sum - last + Scaled[0]) / (1.0 + 2.0 * x) * ExpMinusSquare(x);
    }

    /// <summary>2/√π (−1)ᵏ / (k! (2 k + 1)): the coefficients of erf x / x in x², computed in 60 digits.</summary>
    private static ReadOnlySpan<double> PowerSeries =>
        [
            1.1283791670955126,
            -0.37612638903183754,
            0.11283791670955126,
            -0.026866170645131252,
            0.005223977625442188,
            -0.0008548327023450853,
            0.00012055332981789664,
            -1.492565035840625E-05,
            1.6462114365889248E-06,
            -1.6365844691234924E-07,
            1.4807192815879218E-08,
            -1.2290555301717928E-09,
            9.422759064650411E-11,
            -6.7113668551641105E-12,
            4.4632242632864775E-13,
        ];

    /// <summary>Chebyshev coefficients of (1 + 2 x) exp(x²) erfc x (the form of M. M. Shepherd and J. G. Laframboise, 1981), computed in 60 digits.</summary>
    private static ReadOnlySpan<double> Scaled =>
        [
            1.1775789345674017,
            -0.004590054580646478,
            -0.08424913336651792,
            0.05920993999819189,
            -0.026658668435305753,
            0.009074997670705265,
            -0.002413163540417608,
            0.0004907758365258086,
            -6.916973302501207E-05,
            4.13902798607301E-06,
            7.74038306619849E-07,
            -2.1886401049234397E-07,
            1.076499946567091E-08,
            4.521959811218287E-09,
            -7.754400208831351E-10,
            -6.318088340886684E-11,
            2.86879501093067E-11,
            1.9455868545777347E-13,
            -9.65469674843344E-13,
            3.25254814814874E-14,
            3.3478119482868056E-14,
            -1.864562880419313E-15,
            -1.2507950530688648E-15,
            7.418235256624044E-17,
            5.068148904796111E-17,
            -2.2370566594359995E-18,
        ];
}
