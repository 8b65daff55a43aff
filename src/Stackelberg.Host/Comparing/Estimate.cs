using MathNet.Numerics.Statistics;

namespace Stackelberg.Comparing;

/// <summary>A number over several seeds.</summary>
/// <param name="Count">How many finite values there are.</param>
/// <param name="NotFinite">How many others.</param>
/// <param name="Mean">The mean of the finite ones; not-a-number if there are none.</param>
/// <param name="StandardError">
/// The standard error of the mean, s/√n with s² = Σ(x − mean)²/(n − 1); not-a-number below two values.
/// </param>
/// <param name="Least">The least finite value.</param>
/// <param name="Greatest">The greatest.</param>
internal sealed record Estimate(
    int Count,
    int NotFinite,
    double Mean,
    double StandardError,
    double Least,
    double Greatest
)
{
    /// <summary>The estimate of some values.</summary>
    /// <example>Of 1, 2, 3, 4: mean 2.5, standard error √(5/3)/2 = 0.6455.</example>
    public static Estimate Of(IReadOnlyCollection<double> values)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var (mean, deviation) = finite.MeanStandardDeviation();
        return new(
            finite.Length,
            values.Count - finite.Length,
            mean,
            finite.Length > 1 ? deviation / Math.Sqrt(finite.Length) : double.NaN,
            finite.Minimum(),
            finite.Maximum()
        );
    }

    /// <summary>For instance <c>0.08 ± 0.025</c>, with what is not finite told apart.</summary>
    public string Words =>
        (
            Count == 0 ? "nan"
            : double.IsNaN(StandardError) ? $"{Mean:G6}"
            : $"{Mean:G6} ± {StandardError:G2}"
        ) + (NotFinite > 0 && Count > 0 ? $" ({NotFinite} not finite)" : "");
}
