using MathNet.Numerics.Statistics;

namespace Stackelberg.Evaluation;

/// <summary>A number over several seeds.</summary>
/// <param name="Count">How many seeds gave a finite number.</param>
/// <param name="Mean">Their mean; NaN for none.</param>
/// <param name="StandardError">The standard deviation (over n − 1) divided by √n; NaN for fewer than two.</param>
/// <param name="Ranked">All seeds from the least number to the greatest, those not finite last: rank 0 is the first.</param>
public sealed record SeedSummary(
    int Count,
    double Mean,
    double StandardError,
    IReadOnlyList<(ulong Seed, double Value)> Ranked
)
{
    /// <summary>Summarises.</summary>
    /// <param name="values">One number for each seed.</param>
    /// <param name="leastFirst">Whether the least number is the best, as a divergence; otherwise the greatest is, as a
    /// score, and comes first.</param>
    public static SeedSummary Of(IEnumerable<(ulong Seed, double Value)> values, bool leastFirst = true)
    {
        var all = values.ToArray();
        double[] finite = [.. all.Select(one => one.Value).Where(double.IsFinite)];
        return new(
            finite.Length,
            finite.Mean(),
            finite.StandardDeviation() / Math.Sqrt(finite.Length),
            [
                .. all.OrderBy(one => !double.IsFinite(one.Value))
                    .ThenBy(one => leastFirst ? one.Value : -one.Value)
                    .ThenBy(one => one.Seed),
            ]
        );
    }
}
