using Stackelberg.Comparing;
using Stackelberg.Reports;
using Xunit;

namespace Stackelberg.Tests;

public class EstimateTests
{
    [Fact]
    public void The_published_mean_and_standard_error_are_found()
    {
        // The ten divergences of the diamond under Stackelberg play, as printed with the published code.
        var estimate = Estimate.Of([.04, .04, .05, .05, .05, .05, .06, .07, .09, .32]);

        // Printed are 0.0814 and 0.0254; the ten values above are rounded to 0.005, the means therefore too.
        Assert.Equal(0.0814, estimate.Mean, 0.005);
        Assert.Equal(0.0254, estimate.StandardError, 0.005);
        Assert.Equal((0.04, 0.32, 10), (estimate.Least, estimate.Greatest, estimate.Count));
    }

    [Theory]
    [InlineData("2.5 ± 0.65", 1.0, 2.0, 3.0, 4.0)]
    [InlineData("2", 2.0)]
    [InlineData("1 ± 0 (1 not finite)", 1.0, 1.0, double.PositiveInfinity)]
    [InlineData("nan", double.NaN)]
    [InlineData("nan")]
    public void An_estimate_in_words(string words, params double[] values) =>
        Assert.Equal(words, Estimate.Of(values).Words);

    [Fact]
    public void Ranks_count_from_the_least_and_equals_share_one() =>
        Assert.Equal(
            [2, 1, null, 2, 4, null],
            RunComparison.Ranks([
                Estimate.Of([2]),
                Estimate.Of([1]),
                null,
                Estimate.Of([1, 3]),
                Estimate.Of([5]),
                Estimate.Of([double.NaN]),
            ])
        );
}
