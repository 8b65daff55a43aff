using Stackelberg.Evaluation;
using Stackelberg.Figures;
using Xunit;

namespace Stackelberg.Tests;

public class DivergenceTests
{
    [Fact]
    public void It_is_the_sum_over_weights_divided_by_their_sums()
    {
        var expected = 0.25 * Math.Log(0.25 / 0.5) + 0.75 * Math.Log(0.75 / 0.5);
        Assert.Equal(expected, Divergence.KullbackLeibler([1, 3], [2, 2]), 1e-15);
        Assert.Equal(0, Divergence.KullbackLeibler([1, 2, 4], [2, 4, 8]), 1e-15);
    }

    [Fact]
    public void Zeros_count_as_in_scipy()
    {
        Assert.Equal(Math.Log(2), Divergence.KullbackLeibler([1, 0], [1, 1]), 1e-15);
        Assert.Equal(double.PositiveInfinity, Divergence.KullbackLeibler([1, 1], [1, 0]));
        Assert.Equal(double.NaN, Divergence.KullbackLeibler([0, 0], [1, 0]));
    }

    [Fact]
    public void Different_places_are_refused()
    {
        var p = new Grid(new double[2, 2], 0, 1, 0, 1);
        var q = new Grid(new double[2, 2], 0, 2, 0, 1);
        Assert.Throws<ArgumentException>(() => Divergence.KullbackLeibler(p, q));
        Assert.Throws<ArgumentException>(() => Divergence.KullbackLeibler([1], [1, 2]));
    }
}
