using Stackelberg.Data;
using Stackelberg.Kernels;
using Xunit;

namespace Stackelberg.Tests;

public class GaussianMixtureTests
{
    [Theory]
    [InlineData("circle", 8, 1, 0.0025)]
    [InlineData("circle-paper", 8, 1, 0.3)]
    [InlineData("diamond", 4, 1.2, 0.0225)]
    [InlineData("diamond-arxiv", 4, 1.5, 0.09)]
    [InlineData("diamond-paper", 4, 1.5, 0.15)]
    public void Rings_have_the_published_modes_and_variances(
        string name,
        int modes,
        double radius,
        double variance
    )
    {
        var mixture = GaussianMixture.ByName(name);
        Assert.Equal(modes, mixture.Modes.Count);
        Assert.Equal((0, radius), mixture.Modes[0]);
        Assert.All(
            mixture.Modes,
            mode => Assert.Equal(radius, Math.Sqrt(mode.X * mode.X + mode.Y * mode.Y), 1e-14)
        );
        Assert.Equal(variance, mixture.Deviation * mixture.Deviation, 1e-15);
    }

    [Fact]
    public void The_grid_has_nine_modes_three_apart()
    {
        Assert.Equal(9, GaussianMixture.Grid.Modes.Distinct().Count());
        Assert.All(GaussianMixture.Grid.Modes, mode => Assert.Contains(mode.X, new double[] { -3, 0, 3 }));
        Assert.Equal(0.01, GaussianMixture.Grid.Deviation);
    }

    [Fact]
    public void Samples_lie_around_all_modes_evenly_with_the_stated_deviation()
    {
        const int count = 40_000;
        var mixture = GaussianMixture.Diamond;
        var points = new double[2 * count];
        mixture.Sample(new Philox(4, 0), points);
        var counts = new int[4];
        var squares = 0.0;
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (points[2 * i], points[2 * i + 1]);
            double Distance(int k) =>
                Math.Pow(x - mixture.Modes[k].X, 2) + Math.Pow(y - mixture.Modes[k].Y, 2);
            // The modes are more than ten deviations apart.
            var nearest = Enumerable.Range(0, 4).MinBy(Distance);
            counts[nearest]++;
            squares += Distance(nearest);
        }

        // Five standard deviations of a count, √(n/4 · 3/4), and of a mean square, σ² √(2 / 2n).
        Assert.All(counts, found => Assert.Equal(count / 4.0, found, 5 * Math.Sqrt(count * 3.0 / 16)));
        Assert.Equal(0.0225, squares / (2 * count), 5 * 0.0225 / Math.Sqrt(count));
    }

    [Fact]
    public void The_density_integrates_to_one()
    {
        // Midpoint sums of smooth functions that vanish at the edges are exact to all digits.
        const double cell = 0.05;
        var sum = 0.0;
        for (var x = -5 + cell / 2; x < 5; x += cell)
        {
            for (var y = -5 + cell / 2; y < 5; y += cell)
            {
                sum += GaussianMixture.Diamond.Density(x, y) * cell * cell;
            }
        }

        Assert.Equal(1, sum, 1e-10);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        var fault = Assert.Throws<ArgumentException>(() => GaussianMixture.ByName("diamant"));
        Assert.Contains("there are circle, circle-paper, diamond", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean \"diamond\"?", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new GaussianMixture("none", [], 1));
        Assert.Throws<ArgumentException>(() => new GaussianMixture("point", [(0, 0)], 0));
        Assert.Throws<ArgumentException>(() =>
            GaussianMixture.Circle.Sample(new Philox(1, 0), new double[3])
        );
    }
}
