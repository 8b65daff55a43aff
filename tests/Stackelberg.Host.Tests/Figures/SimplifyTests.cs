using Stackelberg.Figures;
using Xunit;

namespace Stackelberg.Tests;

public class SimplifyTests
{
    private static readonly Frame frame = new(
        new Scale(0, 400, false, 0, 400),
        new Scale(0, 300, false, 0, 300),
        0,
        0,
        400,
        300
    );

    [Fact]
    public void A_broken_line_becomes_two()
    {
        var lines = Simplify.Polylines([(0, 0), (10, 5), (double.NaN, 0), (20, 0), (30, 5)], frame);
        (double, double)[][] expected =
        [
            [(0, 0), (10, 5)],
            [(20, 0), (30, 5)],
        ];
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void A_line_that_leaves_the_box_is_cut_just_outside_and_comes_back_as_another()
    {
        var lines = Simplify.Polylines([(100, 150), (100, 1e9), (200, 1e9), (200, 150)], frame);
        Assert.Equal(2, lines.Count);
        Assert.Equal((100, 308), lines[0][^1]);
        Assert.Equal((200, 308), lines[1][0]);
    }

    [Fact]
    public void A_long_series_keeps_its_lowest_and_highest_points_and_few_others()
    {
        var random = new Random(1);
        var points = Enumerable
            .Range(0, 50_000)
            .Select(i => (X: i / 125.0, Y: 100 + 10 * random.NextDouble()))
            .ToArray();
        points[12_345].Y = 20;
        points[40_000].Y = 280;
        var line = Assert.Single(Simplify.Polylines(points, frame));
        Assert.InRange(line.Length, 800, 4 * 801);
        Assert.Contains(points[12_345], line);
        Assert.Contains(points[40_000], line);
        Assert.Equal(points[0], line[0]);
        Assert.Equal(points[^1], line[^1]);
    }

    [Fact]
    public void No_point_of_a_curve_lies_visibly_beside_the_thinned_one()
    {
        var spiral = Enumerable
            .Range(0, 20_000)
            .Select(i => i / 1000.0)
            .Select(t => (X: 200 + 7 * t * Math.Cos(t), Y: 150 + 7 * t * Math.Sin(t)))
            .ToArray();
        var line = Assert.Single(Simplify.Polylines(spiral, frame));
        Assert.InRange(line.Length, 50, 2000);
        var farthest = spiral.Max(point =>
            line.Zip(line.Skip(1)).Min(segment => Distance(point, segment.First, segment.Second))
        );
        Assert.InRange(farthest, 0, 0.5);
    }

    private static double Distance((double X, double Y) p, (double X, double Y) a, (double X, double Y) b)
    {
        double x = b.X - a.X,
            y = b.Y - a.Y,
            along = Math.Clamp(((p.X - a.X) * x + (p.Y - a.Y) * y) / (x * x + y * y), 0, 1);
        return Math.Sqrt(Math.Pow(p.X - a.X - along * x, 2) + Math.Pow(p.Y - a.Y - along * y, 2));
    }
}
