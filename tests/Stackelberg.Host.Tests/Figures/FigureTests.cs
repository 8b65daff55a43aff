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
    public void An_axis_of_both_signs_is_linear_near_zero_and_logarithmic_far_from_it()
    {
        var scale = new Scale(-1e4, 1e4, false, 0, 1000, 1e-3);
        Assert.Equal(500, scale.Pixel(0), 9);
        Assert.Equal(1000, scale.Pixel(-5) + scale.Pixel(5), 9);
        var decade = scale.Pixel(1e3) - scale.Pixel(1e2);
        Assert.Equal(decade, scale.Pixel(10) - scale.Pixel(1), 3);
        var near = scale.Pixel(1e-5) - scale.Pixel(0);
        Assert.Equal(2 * near, scale.Pixel(2e-5) - scale.Pixel(0), 3);
        Assert.Equal(scale.Pixel(3), scale.Between(0, 1000).Pixel(3));
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(double.NaN, false)]
    [InlineData(0.1, true)]
    public void An_impossible_bound_of_the_linear_part_is_refused(double within, bool log)
    {
        var panel = new Panel
        {
            Y = new Axis { LinearWithin = within, Log = log },
        };
        Assert.Equal(
            FormattableString.Invariant(
                $"Panel.Y: LinearWithin is {within}; it must be 0 or, on an axis without Log, above 0."
            ),
            Assert.Throws<ArgumentException>(new Figure(panel).ToSvg).Message
        );
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
    public void A_legend_stands_in_a_free_corner_and_else_outside_or_below()
    {
        var rising = new PanelLayout(new Panel(new Line([0, 1], [0, 1]) { Label = "a" }));
        Assert.Equal(LegendPlace.TopLeft, rising.LegendPlace);
        double[] x = [0, 1, 1, 0],
            y = [0, 1, 0, 1];
        var narrow = new PanelLayout(new Panel(new Line(x, y) { Label = "a" }));
        Assert.Equal(LegendPlace.Outside, narrow.LegendPlace);
        var wide = new PanelLayout(new Panel(new Line(x, y) { Label = "a label of some length" }));
        Assert.Equal(LegendPlace.Below, wide.LegendPlace);
    }

    [Theory]
    [InlineData(160)]
    [InlineData(400)]
    public void A_legend_below_fills_columns_and_leaves_the_box_its_width(double width)
    {
        Series Entry(int index) =>
            new Line([0, 1, 1, 0], [0, 1, 0, 1]) { Label = $"entry number {index}", Colour = "#123456" };
        var panel = new Panel([.. Enumerable.Range(0, 6).Select(Entry)]) { Width = width };
        var layout = new PanelLayout(panel);
        Assert.Equal(LegendPlace.Below, layout.LegendPlace);
        Assert.InRange(layout.Right, 0, 40);
        var corner = layout.LegendAt(layout.At(layout.Left, layout.Top));
        Assert.InRange(corner.X, 0, layout.Left + layout.BoxWidth - layout.Legend.Width + 1);
        Assert.True(corner.Y > layout.Top + layout.BoxHeight);
        Assert.True(corner.Y + layout.Legend.Height <= layout.Top + layout.BoxHeight + layout.Bottom);

        var texts = XDocument
            .Parse(new Figure(panel).ToSvg())
            .Descendants(svg + "text")
            .Where(text => text.Value.StartsWith("entry", StringComparison.Ordinal))
            .ToArray();
        var columns = texts.Select(text => Number(text, "x")).Distinct().Count();
        Assert.Equal(width < 200 ? 1 : 3, columns);
        Assert.Equal(6 / columns, texts.Select(text => Number(text, "y")).Distinct().Count());
    }

    [Fact]
    public void A_shared_legend_names_each_series_once_and_stands_below_all_panels()
    {
        Panel Both(string title) =>
            new(new Line([0, 1]) { Label = "run" }, new Points([0, 1], [0, 1]) { Label = "run" })
            {
                Title = title,
            };
        var shared = new Figure(Both("a"), Both("b")) { SharedLegend = true };
        var (own, one) = (
            XDocument.Parse(new Figure(Both("a"), Both("b")).ToSvg()),
            XDocument.Parse(shared.ToSvg())
        );
        int Named(XDocument document) =>
            document.Descendants(svg + "text").Count(text => text.Value == "run");
        Assert.Equal((2, 1), (Named(own), Named(one)));
        var box = one.Descendants(svg + "clipPath").Select(clip => clip.Element(svg + "rect")!);
        var entry = one.Descendants(svg + "text").Single(text => text.Value == "run");
        Assert.All(box, rect => Assert.True(Number(entry, "y") > Number(rect, "y") + Number(rect, "height")));
        // The line's and the points' keys lie over each other: two marks in each panel and one in the legend.
        Assert.Equal(5, one.Descendants(svg + "circle").Count());
    }

    [Fact]
    public void Arrowheads_lie_along_the_line_in_its_direction()
    {
        // Two sides of a square, 200 pixels each.
        (double, double)[] corner = [(0, 0), (200, 0), (200, 200)];
        var heads = Arrowheads.Places([corner], 100, 8);
        Assert.Equal([(50, 0), (150, 0), (200, 50), (200, 150)], heads.Select(head => head.At));
        Assert.Equal([(1, 0), (1, 0), (0, 1), (0, 1)], heads.Select(head => head.Along));
        Assert.Equal([(54, 0), (46, 3.2), (46, -3.2)], Arrowheads.Head((50, 0), (1, 0), 8));
    }

    [Fact]
    public void Arrowheads_keep_apart_and_leave_short_and_jagged_lines_alone()
    {
        Assert.Empty(
            Arrowheads.Places(
                [
                    [(0, 0), (20, 0)],
                ],
                100,
                8
            )
        );
        Assert.Single(
            Arrowheads.Places(
                [
                    [(0, 0), (30, 0)],
                ],
                100,
                8
            )
        );
        // A hundred times round a circle.
        (double, double)[] circle =
        [
            .. Enumerable
                .Range(0, 10_001)
                .Select(i => (50 * Math.Cos(i * 0.0628), 50 * Math.Sin(i * 0.0628))),
        ];
        Assert.InRange(Arrowheads.Places([circle], 90, 8).Count, 3, 8);
        (double, double)[] jagged = [.. Enumerable.Range(0, 100).Select(i => (i * 0.1, i % 2 * 4.0))];
        Assert.Empty(Arrowheads.Places([jagged], 30, 8));
    }

    [Fact]
    public void A_line_s_arrowheads_are_drawn_and_its_data_are_not_changed()
    {
        Panel Path(double every) => new(new Line([0, 1], [0, 1]) { ArrowEvery = every, Colour = "#123456" });
        int Heads(double every) =>
            XDocument
                .Parse(new Figure(Path(every)).ToSvg())
                .Descendants(svg + "path")
                .Count(path => path.Attribute("fill")!.Value == "#123456");
        Assert.Equal((0, 4), (Heads(0), Heads(100)));
        Assert.Equal(Data(0), Data(100));

        string[] Data(double every) =>
            [.. FigureData.Table(new Figure(Path(every))).Rows.Select(row => string.Join(',', row))];
    }

    [Fact]
    public void An_open_marker_lets_the_end_of_a_path_be_seen()
    {
        Points Ring(Marker marker) =>
            new(0, 0)
            {
                Marker = marker,
                Filled = false,
                Colour = "#123456",
            };
        var document = XDocument.Parse(
            new Figure(new Panel(Ring(Marker.Circle), Ring(Marker.Triangle))).ToSvg()
        );
        var drawn = document
            .Descendants()
            .Where(element => element.Attribute("stroke")?.Value == "#123456")
            .ToArray();
        Assert.Equal(2, drawn.Length);
        Assert.All(drawn, element => Assert.Equal("none", element.Attribute("fill")!.Value));
    }

    [Fact]
    public void A_figure_is_the_same_each_time()
    {
        Figure Make() =>
            new(
                new Panel(
                    new Heat(Grid.Sample(-1, 1, 40, -1, 1, 40, (x, y) => x * y)) { Label = "/{f}" },
                    new Contour(Grid.Sample(-1, 1, 40, -1, 1, 40, (x, y) => x * y), -0.2, 0.2)
                    {
                        ShowValues = true,
                    },
                    new Line([0, 1, 0], [0, 1, 1]) { ArrowEvery = 50, Label = "/{x}_{1}" }
                )
            )
            {
                SharedLegend = true,
                Caption = "Some words.",
            };
        var text = Make().ToSvg();
        Assert.Equal(text, Make().ToSvg());
        var words = XDocument.Parse(text).Descendants(svg + "text").Select(word => word.Value).ToArray();
        Assert.All(["f", "x1", "0.2", "−0.2", "Some words."], word => Assert.Contains(word, words));
    }

    [Fact]
    public void A_short_label_stands_over_its_colour_bar_and_a_long_one_beside_it()
    {
        XElement Label(string words)
        {
            var heat = new Heat(Grid.Sample(0, 1, 2, 0, 1, 2, (x, y) => x)) { Label = words };
            return XDocument
                .Parse(new Figure(new Panel(heat)).ToSvg())
                .Descendants(svg + "text")
                .Single(text => text.Value == words);
        }

        Assert.Null(Label("f").Attribute("transform"));
        Assert.NotNull(Label("length of the update").Attribute("transform"));
    }

    [Fact]
    public void Titles_of_a_row_stand_at_one_height()
    {
        var figure = new Figure(
            new Panel(new Line([0, 1e7])) { Title = "great" },
            new Panel(new Line([0, 1])) { Title = "small" }
        );
        var titles = XDocument
            .Parse(figure.ToSvg())
            .Descendants(svg + "text")
            .Where(text => text.Value is "great" or "small")
            .Select(text => Number(text, "y"));
        Assert.Single(titles.Distinct());
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
