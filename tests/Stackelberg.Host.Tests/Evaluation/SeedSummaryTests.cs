using Stackelberg.Evaluation;
using Xunit;

namespace Stackelberg.Tests;

public class SeedSummaryTests
{
    [Fact]
    public void Means_have_standard_errors_and_seeds_have_ranks()
    {
        var summary = SeedSummary.Of([(1, 3), (2, double.NaN), (3, 1), (4, 2), (5, 1)]);
        Assert.Equal(4, summary.Count);
        Assert.Equal(1.75, summary.Mean, 1e-15);
        // Squares of deviations 2.75 over 3, divided by 4.
        Assert.Equal(Math.Sqrt(2.75 / 3 / 4), summary.StandardError, 1e-15);
        Assert.Equal([3UL, 5, 4, 1, 2], summary.Ranked.Select(one => one.Seed));
        var scores = SeedSummary.Of([(1, 3), (2, double.NaN), (3, 1)], leastFirst: false);
        Assert.Equal([1UL, 3, 2], scores.Ranked.Select(one => one.Seed));
    }

    [Fact]
    public void One_seed_has_no_standard_error() =>
        Assert.Equal(double.NaN, SeedSummary.Of([(1, 3)]).StandardError);
}
