using System.Globalization;
using System.Xml.Linq;
using Stackelberg.Figures;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public class FigureTests
{
    private static readonly XNamespace svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Every_kind_of_series_is_drawn_and_stands_in_the_data()
    {
        var grid = Grid.Sample(-1, 1, 9, -1, 1, 7, (x, y) => x * y + 0.1);
        var figure = new Figure(
            new Panel(
                new Heat(grid) { Label = "cells" },
                new Contour(grid) { Label = "zero" },
                new Arrows([0], [0], [1], [2]) { Label = "field" },
                new Line([-1, 0, 1], [0, 1, 0]) { Label = "path & more", Dash = Dash.Dashed },
                new Points(0.5, 0.5) { Label = "end", Marker = Marker.Hexagon },
                new HorizontalLine(0.25) { Label = "level" },
                new VerticalLine(0.25),
                new Text(0, 0, "saddle <0>")
            )
            {
                Title = "π",
            },
            new Panel(new Band([0, 1], [1, 1], [2, 3]) { Label = "spread" }, new Bars([0, 1], [1, 2]))
        );
        using var folder = new TemporaryFolder();
        var path = figure.Save(folder.Path, "all");
        var document = XDocument.Load(path);
        Assert.Equal(svg + "svg", document.Root!.Name);
        var words = document.Descendants(svg + "text").Select(text => text.Value).ToArray();
        Assert.All(
            ["zero", "field", "path & more", "end", "level", "spread", "saddle <0>", "π"],
            word => Assert.Contains(word, words)
        );
        Assert.Equal(2, document.Descendants(svg + "image").Count());
        Assert.Equal(
            2,
            document
                .Descendants(svg + "clipPath")
                .Select(clip => clip.Attribute("id")!.Value)
                .Distinct()
                .Count()
        );

        var table = CsvTable.Read(folder.Of("all.csv"));
        Assert.Equal(["panel", "series", "x", "y", "u", "v", "value", "text"], table.Columns);
        string[] named = [.. table.Rows.Select(row => $"{row[0]}:{row[1]}").Distinct()];
        Assert.Equal(
            [
                "π:cells",
                "π:zero",
                "π:field",
                "π:path & more",
                "π:end",
                "π:level",
                "π:vertical line",
                "π:text",
                "2:spread",
                "2:bars",
            ],
            named
        );
        Assert.Equal(63, table.Rows.Count(row => row[1] == "cells"));
        Assert.Equal(["π", "field", "0", "0", "1", "2", "", ""], table.Rows.Single(row => row[1] == "field"));
    }

    [Fact]
    public void A_logarithmic_axis_places_decades_evenly()
    {
        var panel = new Panel(new Points([1, 2, 3, 4], [1e-2, 1, 1e2, -5]) { Colour = "#123456" })
        {
            Y = new Axis
            {
                Log = true,
                Min = 1e-4,
                Max = 1e4,
            },
            Height = 240,
        };
        var drawn = Circles(new Figure(panel), "#123456");
        // 8 decades on 240 pixels: two decades are 60; what is not positive has no place.
        Assert.Equal(3, drawn.Length);
        Assert.Equal(60, drawn[0].Y - drawn[1].Y, 2);
        Assert.Equal(60, drawn[1].Y - drawn[2].Y, 2);
    }

    [Fact]
    public void Equal_aspect_gives_a_unit_the_same_length_on_both_axes()
    {
        var panel = new Panel(new Points([0, 1, 0], [0, 0, 1]) { Colour = "#123456" })
        {
            X = new Axis { Min = -1, Max = 3 },
            Y = new Axis { Min = -1, Max = 2 },
            EqualAspect = true,
        };
        var drawn = Circles(new Figure(panel), "#123456");
        Assert.Equal(100, drawn[1].X - drawn[0].X, 2);
        Assert.Equal(100, drawn[0].Y - drawn[2].Y, 2);
    }

    [Fact]
    public void Automatic_limits_hold_all_finite_data_with_a_margin()
    {
        var panel = new Panel(new Line([0, 10, 20], [1, double.NaN, 3]), new HorizontalLine(-1));
        Assert.Equal((-0.8, 20.8), (Limits.X(panel).Min, Limits.X(panel).Max));
        Assert.Equal((-1.16, 3.16), (Limits.Y(panel).Min, Limits.Y(panel).Max));
    }

    [Theory]
    [InlineData(1.0, 1.0, false, "Panel.X: the lower limit 1 must be below the upper one 1.")]
    [InlineData(
        0.0,
        1.0,
        true,
        "Panel.X: the limit 0 is not possible; a logarithmic axis needs positive limits."
    )]
    public void Impossible_limits_are_refused(double min, double max, bool log, string message)
    {
        var figure = new Figure(
            new Panel
            {
                X = new Axis
                {
                    Min = min,
                    Max = max,
                    Log = log,
                },
            }
        );
        Assert.Equal(message, Assert.Throws<ArgumentException>(figure.ToSvg).Message);
    }

    [Fact]
    public void Values_that_are_huge_constant_or_missing_still_draw()
    {
        double[][] cases =
        [
            [],
            [5, 5, 5],
            [double.NaN],
            [-1e308, 1e308],
            [1e-320, 2e-320],
            [1e-300, 1e300],
            [double.PositiveInfinity, 1],
            [1e16, 1e16 + 2],
            [1, 1 + 1e-15],
        ];
        foreach (var values in cases)
        {
            foreach (var log in new[] { false, true })
            {
                var text = new Figure(new Panel(new Line(values)) { Y = new Axis { Log = log } }).ToSvg();
                Assert.Equal("svg", XDocument.Parse(text).Root!.Name.LocalName);
                Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
                Assert.DoesNotContain("Infinity", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_legend_stands_in_a_free_corner_and_outside_if_there_is_none()
    {
        var rising = new PanelLayout(new Panel(new Line([0, 1], [0, 1]) { Label = "a" }));
        Assert.Equal((8, 8), rising.LegendCorner!.Value);
        var cross = new Panel(new Line([0, 1, 1, 0], [0, 1, 0, 1]) { Label = "a" });
        Assert.Null(new PanelLayout(cross).LegendCorner);
    }

    [Fact]
    public void A_large_grid_goes_to_an_archive()
    {
        using var folder = new TemporaryFolder();
        var grid = Grid.Sample(0, 1, 300, 0, 2, 300, (x, y) => x + y);
        new Figure(new Panel(new Heat(grid) { Label = "f" })).Save(folder.Path, "f");
        Assert.Empty(CsvTable.Read(folder.Of("f.csv")).Rows);
        var arrays = Npz.Read(folder.Of("f.npz"));
        Assert.Equal([300, 300], arrays["1/f/value"].Shape);
        Assert.Equal(3.0, arrays["1/f/value"].Float64[^1], 6);
        Assert.Equal(2.0, arrays["1/f/y"].Float64[^1], 12);
    }

    [Fact]
    public void A_line_s_data_are_the_points_that_redraw_it()
    {
        double[] x = [.. Enumerable.Range(0, 100_000).Select(i => i / 1000.0)];
        double[] y = [.. x.Select(Math.Sin)];
        (x[500], y[700]) = (double.NaN, double.NaN);
        using var folder = new TemporaryFolder();
        var axes = new Axis { Min = -1.2, Max = 1.2 };
        new Figure(new Panel(new Line(x, y)) { Y = axes }).Save(folder.Path, "all");
        var rows = CsvTable.Read(folder.Of("all.csv")).Rows;
        Assert.InRange(rows.Count, 100, 3000);
        double[] shownX = [.. rows.Select(row => Parse(row[2]))];
        double[] shownY = [.. rows.Select(row => Parse(row[3]))];
        Assert.Equal(2, shownX.Zip(shownY).Count(point => double.IsNaN(point.First + point.Second)));
        new Figure(new Panel(new Line(shownX, shownY)) { Y = axes }).Save(folder.Path, "again");
        var (first, second) = (Paths(folder.Of("all.svg")), Paths(folder.Of("again.svg")));
        Assert.InRange(second.Length / (double)first.Length, 0.9, 1.1);
    }

    private static string Paths(string file) =>
        string.Concat(
            XDocument.Load(file).Descendants(svg + "path").Select(path => path.Attribute("d")!.Value)
        );

    private static double Parse(string cell) =>
        cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture);

    private static (double X, double Y)[] Circles(Figure figure, string colour) =>
        [
            .. XDocument
                .Parse(figure.ToSvg())
                .Descendants(svg + "circle")
                .Where(circle => circle.Attribute("fill")!.Value == colour)
                .Select(circle => (Number(circle, "cx"), Number(circle, "cy"))),
        ];

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
