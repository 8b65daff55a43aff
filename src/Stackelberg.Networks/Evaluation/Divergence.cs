using Stackelberg.Figures;

namespace Stackelberg.Evaluation;

/// <summary>How far one density is from another.</summary>
public static class Divergence
{
    /// <summary>KL(p ‖ q) = Σ pᵢ log(pᵢ / qᵢ) of two densities on the same grid, each divided by its sum there.</summary>
    /// <param name="p">The first density: of the generated points, in the sources.</param>
    /// <param name="q">The second density: of the real points.</param>
    /// <returns>0 or more, in nats; +∞ where p is above 0 and q is 0 at some place; NaN if a density is 0
    /// everywhere.</returns>
    /// <exception cref="ArgumentException">The grids have different places.</exception>
    /// <remarks>As <c>scipy.stats.entropy(pk, qk)</c>, with which the evaluation notebook of Fiez, Chasnov and Ratliff
    /// (2020) computes it. What lies outside the grid does not count.</remarks>
    public static double KullbackLeibler(Grid p, Grid q)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        if (
            (p.Rows, p.Columns, p.XMin, p.XMax, p.YMin, p.YMax)
            != (q.Rows, q.Columns, q.XMin, q.XMax, q.YMin, q.YMax)
        )
        {
            throw new ArgumentException(
                $"Divergence.KullbackLeibler: p has {p.Rows} × {p.Columns} places on [{p.XMin}, {p.XMax}] × [{p.YMin}, "
                    + $"{p.YMax}], but q {q.Rows} × {q.Columns} on [{q.XMin}, {q.XMax}] × [{q.YMin}, {q.YMax}]; they must "
                    + "be the same."
            );
        }

        return KullbackLeibler(p.Values.Cast<double>().ToArray(), q.Values.Cast<double>().ToArray());
    }

    /// <summary>KL(p ‖ q) = Σ pᵢ log(pᵢ / qᵢ) of two lists of weights, each divided by its sum.</summary>
    /// <param name="p">Weights of 0 or more.</param>
    /// <param name="q">As many.</param>
    /// <returns>As for grids.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double KullbackLeibler(ReadOnlySpan<double> p, ReadOnlySpan<double> q)
    {
        if (p.Length != q.Length)
        {
            throw new ArgumentException(
                $"Divergence.KullbackLeibler: p has {p.Length} weights, but q {q.Length}; they must be as many."
            );
        }

        var (sumP, sumQ) = (Sum(p), Sum(q));
        var divergence = 0.0;
        for (var i = 0; i < p.Length; i++)
        {
            var (here, there) = (p[i] / sumP, q[i] / sumQ);
            divergence +=
                here == 0 ? 0
                : there == 0 ? double.PositiveInfinity
                : here * Math.Log(here / there);
        }

        return divergence;
    }

    private static double Sum(ReadOnlySpan<double> numbers)
    {
        var sum = 0.0;
        foreach (var number in numbers)
        {
            sum += number;
        }

        return sum;
    }
}
