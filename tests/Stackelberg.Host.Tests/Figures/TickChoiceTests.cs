using Stackelberg.Figures;
using Xunit;

namespace Stackelberg.Tests;

public class TickChoiceTests
{
    [Theory]
    [InlineData(0, 1, 6, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-0.31, 0.3, 4, "−0.2 0.0 0.2")]
    [InlineData(17.3, 57.1, 5, "20 30 40 50")]
    [InlineData(1.386, 1.388, 4, "1.3860 1.3865 1.3870 1.3875 1.3880")]
    public void Even_ticks_are_round(double min, double max, int most, string labels)
    {
        var ticks = TickChoice.For(new Axis(), new Scale(min, max, false, 0, 1), most);
        Assert.Equal(labels, string.Join(' ', ticks.Major.Select(tick => tick.Label)));
        Assert.Equal(0, ticks.Power);
    }

    [Theory]
    [InlineData(0, 3e6, 3, 6, "0 1 2 3")]
    [InlineData(-1e-4, 2e-4, 3, -4, "−1 0 1 2")]
    public void Long_labels_are_shortened_by_a_common_power(
        double min,
        double max,
        int most,
        int power,
        string labels
    )
    {
        var ticks = TickChoice.For(new Axis(), new Scale(min, max, false, 0, 1), most);
        Assert.Equal(power, ticks.Power);
        Assert.Equal(labels, string.Join(' ', ticks.Major.Select(tick => tick.Label)));
    }

    [Fact]
    public void Logarithmic_ticks_are_decades_and_skip_evenly_when_there_are_many()
    {
        var few = TickChoice.For(new Axis(), new Scale(0.5, 200, true, 0, 1), 6);
        Assert.Equal([1.0, 10, 100], few.Major.Select(tick => tick.Value));
        Assert.Equal(["10^{0}", "10^{1}", "10^{2}"], few.Major.Select(tick => tick.Label));
        Assert.Contains(0.5, few.Minor);
        Assert.DoesNotContain(0.4, few.Minor);

        var many = TickChoice.For(new Axis(), new Scale(1e-10, 1e3, true, 0, 1), 6);
        Assert.Equal(
            ["10^{−9}", "10^{−6}", "10^{−3}", "10^{0}", "10^{3}"],
            many.Major.Select(tick => tick.Label)
        );
    }

    [Theory]
    [InlineData(8, 300, 6, "10 20 50 100 200")]
    [InlineData(0.05, 0.9, 6, "0.05 0.1 0.2 0.5")]
    [InlineData(2e6, 3e7, 6, "2·10^{6} 5·10^{6} 10^{7} 2·10^{7}")]
    [InlineData(8, 300, 4, "10^{1} 10^{2}")]
    public void Few_decades_are_divided_as_far_as_labels_fit(double min, double max, int most, string labels)
    {
        var ticks = TickChoice.For(new Axis(), new Scale(min, max, true, 0, 1), most);
        Assert.Equal(labels, string.Join(' ', ticks.Major.Select(tick => tick.Label)));
        Assert.Empty(ticks.Minor.Intersect(ticks.Major.Select(tick => tick.Value)));
    }

    [Theory]
    [InlineData(-20, 300, 1e-2, 12, "−10^{1} −10^{0} −10^{−1} 0 10^{−1} 10^{0} 10^{1} 10^{2}")]
    [InlineData(-20, 300, 1e-2, 6, "−10^{0} 0 10^{0} 10^{2}")]
    [InlineData(-1e-3, 2e-3, 1e-2, 4, "−0.001 0.000 0.001 0.002")]
    public void An_axis_of_both_signs_has_powers_of_ten_and_zero(
        double min,
        double max,
        double within,
        int most,
        string labels
    )
    {
        var axis = new Axis { LinearWithin = within };
        var ticks = TickChoice.For(axis, new Scale(min, max, false, 0, 1, within), most);
        Assert.Equal(labels, string.Join(' ', ticks.Major.Select(tick => tick.Label)));
    }

    [Fact]
    public void Own_ticks_outside_the_limits_are_left_out()
    {
        var axis = Axis.Angle("θ") with { Max = 1 };
        var ticks = TickChoice.For(axis, new Scale(-Math.PI, 1, false, 0, 1), 5);
        Assert.Equal(["−π", "−π/2", "0"], ticks.Major.Select(tick => tick.Label));
    }
}
