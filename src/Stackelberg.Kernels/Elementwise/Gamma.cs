using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class ElementKernels
{
    /// <summary>The highest order of <see cref="Polygamma"/>: beyond it factorials overflow.</summary>
    public const int HighestPolygamma = 100;

    /// <summary>log |Γ(a)|; +∞ at 0 and the negative integers.</summary>
    public static readonly ElementKernel LogGamma = new ScalarUnaryKernel<LogGammaOperator>("lgamma");

    /// <summary>ψ(a) = Γ′(a) / Γ(a); NaN at 0 and the negative integers.</summary>
    public static readonly ElementKernel Digamma = new ScalarUnaryKernel<DigammaOperator>("digamma");

    /// <summary>The n-th derivative of the digamma function; NaN at the negative integers.</summary>
    /// <param name="n">The order, from 1 to <see cref="HighestPolygamma"/>.</param>
    /// <exception cref="ArgumentException">n is out of range.</exception>
    public static ElementKernel Polygamma(int n)
    {
        if (n is < 1 or > HighestPolygamma)
        {
            Check.Fail($"Polygamma: n is {n}, but must be from 1 to {HighestPolygamma}.", nameof(n));
        }

        return new PolygammaKernel(n);
    }

    private readonly struct LogGammaOperator : IScalarUnary
    {
        public static double Invoke(double a) => GammaFunctions.LogGamma(a);

        public static float Invoke(float a) => (float)GammaFunctions.LogGamma(a);
    }

    private readonly struct DigammaOperator : IScalarUnary
    {
        public static double Invoke(double a) => GammaFunctions.Digamma(a);

        public static float Invoke(float a) => (float)GammaFunctions.Digamma(a);
    }
}

/// <summary>ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! Σ 1 / (x + k)ⁿ⁺¹: terms one by one up to where the asymptotic series serves; for
/// negative x by reflection.</summary>
internal sealed class PolygammaKernel : ElementKernel
{
    private readonly int _n;
    private readonly double _sign;
    private readonly double _factorial;

    /// <summary>The asymptotic series' coefficients: (n − 1)!, n!/2, then B₂ₖ (2k + n − 1)! / (2k)!.</summary>
    private readonly double[] _series;

    /// <summary>dⁿ/dxⁿ π cot πx = πⁿ⁺¹ Σ c[j] cotʲ πx.</summary>
    private readonly double[] _cotangent;

    public PolygammaKernel(int n)
    {
        _n = n;
        _sign = n % 2 == 0 ? -1.0 : 1.0;
        _factorial = Product(1, n);
        _series =
        [
            Product(1, n - 1),
            _factorial / 2.0,
            .. Enumerable
                .Range(1, GammaFunctions.Bernoulli.Length)
                .Select(k => GammaFunctions.Bernoulli[k - 1] * Product(2 * k + 1, 2 * k + n - 1)),
        ];
        double[] powers = [0.0, 1.0];
        for (int order = 0; order < n; order++)
        {
            // d cot/dx = −π (1 + cot²).
            double[] next = new double[powers.Length + 1];
            for (int j = 1; j < powers.Length; j++)
            {
                next[j - 1] -= j * powers[j];
                next[j + 1] -= j * powers[j];
            }

            powers = next;
        }

        _cotangent = powers;
    }

    public override string Name => FormattableString.Invariant($"polygamma {_n}");

    public override int Arity => 1;

    public override void Run(ref double a, ref double b, ref double c, ref double result, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref result, i) = Value(Unsafe.Add(ref a, i));
        }
    }

    public override void Run(ref float a, ref float b, ref float c, ref float result, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref result, i) = (float)Value(Unsafe.Add(ref a, i));
        }
    }

    private double Value(double x)
    {
        if (x > 0.0)
        {
            return _sign * Positive(x);
        }

        if (x == 0.0)
        {
            return _n % 2 == 1 ? double.PositiveInfinity : double.NaN;
        }

        if (Math.Floor(x) == x)
        {
            return double.IsInfinity(x) || _n % 2 == 0 ? double.NaN : double.PositiveInfinity;
        }

        // ψ⁽ⁿ⁾(x) = (−1)ⁿ ψ⁽ⁿ⁾(1 − x) − dⁿ/dxⁿ π cot πx.
        double cotangent = 1.0 / double.TanPi(x);
        // From the first coefficient on: 0 times the cotangent of the tiniest numbers would be 0 · ∞.
        double sum = _cotangent[^1];
        for (int j = _cotangent.Length - 2; j >= 0; j--)
        {
            sum = sum * cotangent + _cotangent[j];
        }

        return -Positive(1.0 - x) - Math.Pow(Math.PI, _n + 1) * sum;
    }

    /// <summary>n! Σ 1 / (x + k)ⁿ⁺¹ for x &gt; 0.</summary>
    private double Positive(double x)
    {
        double sum = 0.0;
        double far = _n + 12.0;
        while (x < far)
        {
            sum += _factorial / Math.Pow(x, _n + 1);
            x += 1.0;
        }

        double inverse = 1.0 / x;
        double series = 0.0;
        for (int k = _series.Length - 1; k >= 2; k--)
        {
            series = (series + _series[k]) * inverse * inverse;
        }

        return sum + (_series[0] + _series[1] * inverse + series) * Math.Pow(inverse, _n);
    }

    /// <summary>from · (from + 1) ⋯ to, 1 for none.</summary>
    private static double Product(int from, int to)
    {
        double product = 1.0;
        for (int factor = from; factor <= to; factor++)
        {
            product *= factor;
        }

        return product;
    }
}
