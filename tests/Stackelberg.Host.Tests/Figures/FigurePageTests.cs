using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Stackelberg.Figures;
using Xunit;

namespace Stackelberg.Tests;

public partial class FigurePageTests
{
    private static readonly Figure figure = new(
        new Panel(
            new Heat(Grid.Sample(0, 1, 3, 0, 1, 2, (x, y) => x + y)) { Label = "sum" },
            new Line([0, 0.5, 1], [0, double.NaN, 1]) { Label = "path </script> & /{x}_{1}" },
            new Points([0.5], [0.25]) { Label = "end" },
            new VerticalLine(0.5)
        )
        {
            Title = "one <panel>",
            X = new("step"),
        },
        new Panel(
            new Line([1, 10, 100], [1, 0.1, 0.01]) { Label = "end" },
            new Arrows([1], [1], [1], [1]),
            new Text(1, 1, "words")
        )
        {
            X = new("factor") { Log = true },
            Y = Axis.Angle("angle"),
        }
    );

    [Fact]
    public void A_page_needs_no_network_and_names_its_figure()
    {
        var html = figure.ToHtml();
        Assert.Equal(
            ["http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"],
            Address().Matches(html).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Contains("<title>one &lt;panel&gt;</title>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("path </script>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_has_a_wide_and_a_narrow_drawing_with_clips_of_their_own()
    {
        var drawings = Drawings(figure.ToHtml());
        Assert.Equal(2, drawings.Length);
        var widths = drawings.Select(one => Width(one.Attribute("viewBox")!.Value)).ToArray();
        Assert.True(widths[0] > 800 && widths[1] < 500, string.Join(", ", widths));
        var clips = drawings.SelectMany(Clips).ToArray();
        Assert.Equal(4, clips.Length);
        Assert.Equal(clips.Length, clips.Distinct().Count());
    }

    [Fact]
    public void Series_and_legend_of_one_label_share_a_number_in_all_panels()
    {
        var drawing = Drawings(figure.ToHtml())[0];
        string[] Keys(string name) =>
            [.. Groups(drawing, name).Select(group => group.Attribute("data-key")!.Value)];

        Assert.Equal(["-1", "0", "1", "-1", "1", "-1", "-1"], Keys("series"));
        Assert.Equal(["0", "1", "1"], Keys("key"));
        Assert.All(Groups(drawing, "key"), key => Assert.Equal("button", key.Attribute("role")!.Value));
    }

    [Fact]
    public void What_keeps_its_size_says_where_it_stands()
    {
        var drawing = Drawings(figure.ToHtml())[0];
        var box = Groups(drawing, "panel")
            .First()
            .Attribute("data-box")!
            .Value.Split(' ')
            .Select(Number)
            .ToArray();
        var place = Groups(drawing, "fixed")
            .First()
            .Attribute("data-at")!
            .Value.Split(' ')
            .Select(Number)
            .ToArray();
        Assert.Equal((box[0] + box[2]) / 2, place[0], 0.02);
        Assert.Equal(box[3] - (box[3] - box[1]) / 4, place[1], 0.02);
    }

    [Fact]
    public void The_script_is_given_axes_and_values()
    {
        var html = figure.ToHtml();
        var from =
            html.IndexOf("application/json\">", StringComparison.Ordinal) + "application/json\">".Length;
        var json = html[from..html.IndexOf("</script>", from, StringComparison.Ordinal)];
        using var document = JsonDocument.Parse(json);
        var panels = document.RootElement.GetProperty("panels").EnumerateArray().ToArray();
        Assert.Equal("step", panels[0].GetProperty("x").GetProperty("label").GetString());
        Assert.True(panels[1].GetProperty("x").GetProperty("log").GetBoolean());
        Assert.Equal(5, panels[1].GetProperty("y").GetProperty("own").GetArrayLength());

        // The front answers first; arrows and words do not.
        var series = panels[0].GetProperty("series").EnumerateArray().ToArray();
        Assert.Equal(
            ["", "end", "path </script> & x1", "sum"],
            series.Select(one => one.GetProperty("label").GetString())
        );
        Assert.Equal(
            [0.0, null, 1.0],
            series[2]
                .GetProperty("y")
                .EnumerateArray()
                .Select(value => value.ValueKind == JsonValueKind.Null ? null : (double?)value.GetDouble())
        );
        Assert.Equal(1.5, series[3].GetProperty("grid").GetProperty("values")[1][1].GetDouble());
        Assert.Equal(1, panels[1].GetProperty("series").GetArrayLength());
    }

    [Fact]
    public void A_file_has_nothing_of_the_page()
    {
        var document = XDocument.Parse(figure.ToSvg());
        Assert.DoesNotContain(
            document.Descendants().Attributes(),
            attribute =>
                attribute.Name.LocalName is "class" or "tabindex" or "role"
                || attribute.Name.LocalName.StartsWith("data-", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_kind_of_file_can_be_added_and_others_are_refused()
    {
        using var folder = new TemporaryFolder();
        FigureFormats.Add(".panels", one => [(byte)one.Panels.Count]);
        figure.SaveAs(folder.Of("figure.panels"));
        Assert.Equal([2], File.ReadAllBytes(folder.Of("figure.panels")));
        Assert.Contains(".html", FigureFormats.Endings);
        Assert.Contains(
            "FigureFormats.Add: ending is \"pdf\", but a dot and letters are needed, as in .pdf.",
            Assert.Throws<ArgumentException>(() => FigureFormats.Add("pdf", _ => [])).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "figure: a figure is saved by its file's ending, which is missing; there are .html, ",
            Assert.Throws<ArgumentException>(() => figure.SaveAs(folder.Of("figure"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_figure_is_shown_by_the_program_of_the_environment_and_without_one_its_page_is_there_all_the_same()
    {
        const string variable = "STACKELBERG_BROWSER";
        var before = Environment.GetEnvironmentVariable(variable);
        try
        {
            Environment.SetEnvironmentVariable(variable, "none");
            var path = figure.Show();
            Assert.Equal(figure.ToHtml(), File.ReadAllText(path));
            Assert.Equal(path, figure.Show());
            File.Delete(path);
            Assert.Null(Browser.Command("page.html"));

            Environment.SetEnvironmentVariable(variable, "no-program-of-this-name");
            Assert.Equal(["page.html"], Browser.Command("page.html")!.ArgumentList);
            Assert.False(Browser.Open("page.html"));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, before);
        }
    }

    private static XElement[] Drawings(string html) =>
        [.. Drawing().Matches(html).Select(match => XElement.Parse(match.Value))];

    private static IEnumerable<XElement> Groups(XElement drawing, string name) =>
        drawing
            .Descendants()
            .Where(one => one.Attribute("class")?.Value.Split(' ')[0] == name && one.Name.LocalName == "g");

    private static IEnumerable<string> Clips(XElement drawing) =>
        drawing
            .Descendants()
            .Where(one => one.Name.LocalName == "clipPath")
            .Select(one => one.Attribute("id")!.Value);

    private static double Width(string viewBox) => Number(viewBox.Split(' ')[2]);

    private static double Number(string text) =>
        double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    [GeneratedRegex("https?://[^\"'\\s)]+")]
    private static partial Regex Address();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawing();
}
