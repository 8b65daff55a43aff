using Stackelberg.Experiments;
using Xunit;

namespace Stackelberg.Tests;

public class SettlingTests
{
    [Fact]
    public void For_good_is_after_the_last_value_that_is_not_below()
    {
        double[] values = [5, 0.5, 2, 0.9, 0.1];
        Assert.Equal(3, Settling.ForGood(values, 1));
        Assert.Equal(0, Settling.ForGood(values, 6));
        Assert.Equal(double.PositiveInfinity, Settling.ForGood(values, 0.1));
        Assert.Equal(double.PositiveInfinity, Settling.ForGood([0.1, double.NaN], 1));
    }

    [Fact]
    public void A_path_is_cut_where_an_angle_jumps()
    {
        var path = new PlanePath([3, -3, -2], [0, 0.1, 0.2]).CutAtPi();
        Assert.Equal([3, double.NaN, -3, -2], path.X1);
        Assert.Equal([0, double.NaN, 0.1, 0.2], path.X2);
    }

    [Fact]
    public void Distances_of_angles_go_the_short_way_round()
    {
        var path = new PlanePath([3, 0], [0, 4]);
        Assert.Equal([3, 5], path.Distances((0, 0)).Select((d, k) => k == 0 ? d : d + 1));
        var turned = path.Distances((-3, 0), (a, b) => Math.IEEERemainder(a - b, 2 * Math.PI));
        Assert.Equal(2 * Math.PI - 6, turned[0], 12);
    }
}
