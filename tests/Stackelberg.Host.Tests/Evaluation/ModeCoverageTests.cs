using Stackelberg.Data;
using Stackelberg.Evaluation;
using Stackelberg.Kernels;
using Xunit;

namespace Stackelberg.Tests;

public class ModeCoverageTests
{
    [Fact]
    public void Points_within_three_deviations_count_for_their_nearest_mode()
    {
        var two = new GaussianMixture("two", [(0, 0), (10, 0)], 1);
        var found = ModeCoverage.Of([0, 3, 9, 0, 7.5, 0, 5, 0, 0, 3.01, double.NaN, 0], two);
        Assert.Equal([1, 2], found.NearMode);
        Assert.Equal(2, found.Captured);
        Assert.Equal(0.5, found.ShareNear);
    }

    [Fact]
    public void The_mixtures_own_points_are_near_with_the_probability_of_a_plane_normal()
    {
        const int count = 20_000;
        var points = new double[2 * count];
        GaussianMixture.Circle.Sample(new Philox(2, 0), points);
        var found = ModeCoverage.Of(points, GaussianMixture.Circle);
        Assert.Equal(8, found.Captured);
        // P(r ≤ 3σ) = 1 − exp(−9/2), within five standard deviations of a share.
        var expected = 1 - Math.Exp(-4.5);
        Assert.Equal(expected, found.ShareNear, 5 * Math.Sqrt(expected * (1 - expected) / count));
    }

    [Fact]
    public void No_points_are_refused() =>
        Assert.Throws<ArgumentException>(() => ModeCoverage.Of([], GaussianMixture.Circle));
}
