using Stackelberg.Figures;
using Xunit;

namespace Stackelberg.Tests;

public class MarchingSquaresTests
{
    [Fact]
    public void A_circle_is_one_closed_line_on_the_circle()
    {
        var grid = Grid.Sample(-2, 2, 101, -2, 2, 101, (x, y) => x * x + y * y - 1);
        var line = Assert.Single(MarchingSquares.Lines(grid, 0));
        Assert.Equal(line[0], line[^1]);
        // Linear interpolation of a function with second derivative 2 on edges of 0.04: error below h²/4.
        Assert.All(
            line,
            point => Assert.InRange(Math.Sqrt(point.X * point.X + point.Y * point.Y), 0.9996, 1.0001)
        );
        Assert.InRange(line.Max(point => point.X), 0.99, 1.0001);
        Assert.InRange(line.Min(point => point.Y), -1.0001, -0.99);
    }

    [Fact]
    public void A_straight_level_is_met_exactly_from_edge_to_edge()
    {
        var grid = Grid.Sample(0, 1, 5, 0, 1, 4, (x, y) => x + 2 * y);
        var line = Assert.Single(MarchingSquares.Lines(grid, 1.1));
        Assert.All(line, point => Assert.Equal(1.1, point.X + 2 * point.Y, 12));
        var ends = new[] { line[0].X, line[^1].X }.Order().ToArray();
        Assert.Equal(0, ends[0], 12);
        Assert.Equal(1, ends[1], 12);
    }

    [Fact]
    public void A_saddle_gives_two_lines_and_missing_values_none()
    {
        var saddle = Grid.Sample(-1, 1, 2, -1, 1, 2, (x, y) => x * y);
        Assert.Equal(2, MarchingSquares.Lines(saddle, 0.5).Count);
        var missing = Grid.Sample(-1, 1, 3, -1, 1, 3, (x, _) => x < 0 ? double.NaN : x - 0.5);
        Assert.All(MarchingSquares.Lines(missing, 0)[0], point => Assert.Equal(0.5, point.X, 12));
        Assert.Empty(MarchingSquares.Lines(missing, 7));
    }
}
