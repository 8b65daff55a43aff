using System.Globalization;

namespace Stackelberg.Figures;

/// <summary>Places a figure's panels and draws them.</summary>
internal static class FigureDrawing
{
    private const double gap = 8;
    private const double captionLine = 16;

    // How much wider bold letters are.
    private const double bold = 1.15;

    /// <summary>The figure as SVG.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="page">How a page shows it; null for a file.</param>
    public static string Draw(Figure figure, PageVariant? page = null)
    {
        PanelLayout[] layouts =
        [
            .. figure.Panels.Select(panel => new PanelLayout(panel, !figure.SharedLegend, page)),
        ];
        var wanted = Math.Min(figure.PanelsPerRow ?? layouts.Length, page?.PanelsPerRow ?? layouts.Length);
        var perRow = Math.Clamp(wanted, 1, layouts.Length);
        var (lefts, width) = Places(
            perRow,
            column => Every(layouts, index => index % perRow == column),
            layout => (layout.Left, layout.BoxWidth, layout.Right)
        );
        var (tops, height) = Places(
            (layouts.Length + perRow - 1) / perRow,
            row => Every(layouts, index => index / perRow == row),
            layout => (layout.Top, layout.BoxHeight, layout.Bottom)
        );
        var heading = figure.Title.Length > 0 ? Fonts.Heading + 14 : 0;
        // Whole pixels, so that a picture taken of the file has no half-covered edge.
        width = Math.Ceiling(Math.Max(width, bold * TextSize.Width(figure.Title, Fonts.Heading) + 2 * gap));
        var entries = figure.SharedLegend ? layouts.SelectMany(layout => layout.Entries) : [];
        var legend = new Legend(entries, width - 2 * gap);
        width = Math.Max(width, Math.Ceiling(legend.Width + 2 * gap));
        IReadOnlyList<string> caption =
            figure.Caption.Length > 0 ? Markup.Lines(figure.Caption, Fonts.Legend, width - 4 * gap) : [];
        var legendTop = height + heading;
        var captionTop = legendTop + legend.Height;
        height = Math.Ceiling(captionTop + caption.Count * captionLine + (caption.Count > 0 ? gap : 0));

        var labels = Labels(figure);
        using var svg = new SvgWriter(width, height, page);
        svg.Rectangle(0, 0, width, height, "#FFFFFF");
        if (heading > 0)
        {
            svg.Text(
                width / 2,
                Fonts.Heading + 6,
                figure.Title,
                Fonts.Heading,
                TextAnchor.Middle,
                Fonts.Ink,
                bold: true
            );
        }

        var name = Name(figure) + page?.Name;
        foreach (var (index, layout) in layouts.Index())
        {
            var frame = layout.At(lefts[index % perRow], tops[index / perRow] + heading);
            // Titles of one row stand at one height.
            var row = layouts.Skip(index / perRow * perRow).Take(perRow);
            var lift = row.Max(other => other.OverBox);
            // What lies over a picture keeps its colours in the dark.
            var isFilled = layout.Panel.Series.Any(series => series.FillsBox);
            svg.Group(
                isFilled ? "panel filled" : "panel",
                () => DrawPanel(svg, layout, frame, lift, $"box{name}-{index}", labels),
                ("data-panel", $"{index}"),
                (
                    "data-box",
                    string.Join(
                        ' ',
                        new[] { frame.Left, frame.Top, frame.Right, frame.Bottom }.Select(SvgWriter.Number)
                    )
                )
            );
        }

        legend.Draw(svg, (width - legend.Width) / 2, legendTop, false, labels);
        foreach (var (line, words) in caption.Index())
        {
            var y = captionTop + line * captionLine + Fonts.Legend;
            svg.Text(2 * gap, y, words, Fonts.Legend, colour: Fonts.Ink);
        }

        return svg.Finish();
    }

    /// <summary>What the legends name, in the order of the series.</summary>
    public static string[] Labels(Figure figure) =>
        [
            .. figure
                .Panels.SelectMany(panel => panel.Series)
                .Where(series => series is { HasKey: true, Label.Length: > 0 })
                .Select(series => series.Label!)
                .Distinct(),
        ];

    /// <summary>The number of a series' label; −1 for one that no legend names.</summary>
    public static int KeyOf(Series series, string[] labels) =>
        series.HasKey ? Array.IndexOf(labels, series.Label) : -1;

    private static void DrawPanel(
        SvgWriter svg,
        PanelLayout layout,
        Frame frame,
        double lift,
        string clip,
        string[] labels
    )
    {
        var panel = layout.Panel;
        if (panel.ShowGrid && !panel.Series.Any(series => series.FillsBox))
        {
            svg.Group("grid", () => AxisDrawing.Grid(svg, layout, frame));
        }

        svg.BeginClip(clip, frame);
        svg.Sensor("box", frame.Left, frame.Top, frame.Width, frame.Height);
        svg.Group(
            "plot",
            () =>
            {
                foreach (var (series, colour) in panel.Series.Zip(layout.Colours))
                {
                    var key = KeyOf(series, labels);
                    svg.Group("series", () => series.Draw(svg, frame, colour), ("data-key", $"{key}"));
                }
            }
        );
        svg.EndClip();
        AxisDrawing.Box(svg, layout, frame, lift);
        foreach (var (index, offset) in layout.BarOffsets().Index())
        {
            ColourBars.Draw(svg, layout.Bars[index], layout.BarTicks[index], frame.Right + offset, frame);
        }

        if (!layout.Legend.IsEmpty)
        {
            var (x, y) = layout.LegendAt(frame);
            var isInside = layout.Legend.Corner(layout.LegendPlace, frame) is not null;
            layout.Legend.Draw(svg, x, y, isInside, labels);
        }
    }

    /// <summary>Where the boxes of each column (or row) begin, and where the last one ends with its margin.</summary>
    private static (double[] Starts, double End) Places(
        int count,
        Func<int, PanelLayout[]> members,
        Func<PanelLayout, (double Before, double Box, double After)> sizes
    )
    {
        var starts = new double[count];
        var at = gap / 2;
        for (var i = 0; i < count; i++)
        {
            var rooms = members(i).Select(sizes).ToArray();
            starts[i] = at + rooms.Max(room => room.Before);
            at = starts[i] + rooms.Max(room => room.Box + room.After) + gap / 2;
        }

        return (starts, at);
    }

    private static PanelLayout[] Every(PanelLayout[] layouts, Func<int, bool> wanted) =>
        [.. layouts.Where((_, index) => wanted(index))];

    /// <summary>A short name from the content, so that the clips of several figures on one page do not mix.</summary>
    private static string Name(Figure figure)
    {
        // FNV-1a over 64 bits; equal figures have equal names, which does no harm.
        const int mostRows = 256;
        var hash = 14695981039346656037UL;
        foreach (var panel in figure.Panels)
        {
            Mix(panel.Width);
            Mix(panel.Height);
            foreach (var row in panel.Series.SelectMany(series => series.Rows.Take(mostRows)))
            {
                Mix(row.X ?? double.NaN);
                Mix(row.Y ?? double.NaN);
            }
        }

        return hash.ToString("x", CultureInfo.InvariantCulture);

        void Mix(double value) =>
            hash = unchecked((hash ^ BitConverter.DoubleToUInt64Bits(value)) * 1099511628211UL);
    }
}

/// <summary>Draws the axes box with grid, ticks and labels.</summary>
internal static class AxisDrawing
{
    private static readonly Stroke gridLine = new(Fonts.GridLine, 0.8);
    private static readonly Stroke axisLine = new(Fonts.AxisLine, 1);

    public static void Grid(SvgWriter svg, PanelLayout layout, Frame frame)
    {
        foreach (var tick in layout.XTicks.Major)
        {
            var x = frame.X.Pixel(tick.Value);
            svg.Segment(x, frame.Top, x, frame.Bottom, gridLine);
        }

        foreach (var tick in layout.YTicks.Major)
        {
            var y = frame.Y.Pixel(tick.Value);
            svg.Segment(frame.Left, y, frame.Right, y, gridLine);
        }
    }

    public static void Box(SvgWriter svg, PanelLayout layout, Frame frame, double titleLift)
    {
        svg.Frame(frame.Left, frame.Top, frame.Width, frame.Height, axisLine);
        Horizontal(svg, layout, frame);
        Vertical(svg, layout, frame);
        if (layout.Panel.Title.Length > 0)
        {
            svg.Text(
                (frame.Left + frame.Right) / 2,
                frame.Top - 9 - titleLift,
                layout.Panel.Title,
                Fonts.Title,
                TextAnchor.Middle,
                Fonts.Ink
            );
        }
    }

    /// <summary>The common power of an axis' labels, ×10ⁿ; nothing for the power 0.</summary>
    public static void Power(SvgWriter svg, int power, double x, double y, TextAnchor anchor)
    {
        if (power != 0)
        {
            svg.Text(x, y, $"×10^{{{TickChoice.Number(power)}}}", Fonts.TickLabel, anchor, Fonts.Ink);
        }
    }

    private static void Horizontal(SvgWriter svg, PanelLayout layout, Frame frame)
    {
        var labelY = frame.Bottom + PanelLayout.TickLength + 3 + Fonts.TickLabel;
        var belowY = labelY + Fonts.Label + 7;
        svg.Group(
            "ticks",
            () =>
            {
                foreach (var value in layout.XTicks.Minor)
                {
                    var x = frame.X.Pixel(value);
                    svg.Segment(x, frame.Bottom, x, frame.Bottom + PanelLayout.TickLength / 2, axisLine);
                }

                foreach (var tick in layout.XTicks.Major)
                {
                    var x = frame.X.Pixel(tick.Value);
                    svg.Segment(x, frame.Bottom, x, frame.Bottom + PanelLayout.TickLength, axisLine);
                    svg.Text(x, labelY, tick.Label, Fonts.TickLabel, TextAnchor.Middle, Fonts.Ink);
                }

                Power(svg, layout.XTicks.Power, frame.Right, belowY, TextAnchor.End);
            }
        );
        if (layout.Panel.X.Label.Length > 0)
        {
            var middle = (frame.Left + frame.Right) / 2;
            svg.Text(middle, belowY, layout.Panel.X.Label, Fonts.Label, TextAnchor.Middle, Fonts.Ink);
        }
    }

    private static void Vertical(SvgWriter svg, PanelLayout layout, Frame frame)
    {
        var labelX = frame.Left - PanelLayout.TickLength - 3;
        svg.Group(
            "ticks",
            () =>
            {
                foreach (var value in layout.YTicks.Minor)
                {
                    var y = frame.Y.Pixel(value);
                    svg.Segment(frame.Left - PanelLayout.TickLength / 2, y, frame.Left, y, axisLine);
                }

                foreach (var tick in layout.YTicks.Major)
                {
                    var y = frame.Y.Pixel(tick.Value);
                    svg.Segment(frame.Left - PanelLayout.TickLength, y, frame.Left, y, axisLine);
                    var foot = y + Fonts.TickLabel * 0.35;
                    svg.Text(labelX, foot, tick.Label, Fonts.TickLabel, TextAnchor.End, Fonts.Ink);
                }

                Power(svg, layout.YTicks.Power, frame.Left, frame.Top - 5, TextAnchor.Start);
            }
        );
        if (layout.Panel.Y.Label.Length > 0)
        {
            svg.Text(
                labelX - layout.YTickWidth - 8,
                (frame.Top + frame.Bottom) / 2,
                layout.Panel.Y.Label,
                Fonts.Label,
                TextAnchor.Middle,
                Fonts.Ink,
                upward: true
            );
        }
    }
}

/// <summary>Draws colour bars.</summary>
internal static class ColourBars
{
    public const double Width = 14;

    private const int colours = 255;

    /// <summary>Draws a bar as high as the axes box, with its ticks on the right.</summary>
    public static void Draw(SvgWriter svg, ColourBar bar, Ticks ticks, double left, Frame frame)
    {
        byte[] column = [.. Enumerable.Range(0, colours).Select(row => (byte)(colours - 1 - row))];
        var palette = Enumerable.Range(0, colours).Select(index => bar.Map.At(index / (colours - 1.0)));
        svg.Image(left, frame.Top, Width, frame.Height, Png.Encode(1, colours, column, [.. palette]), 1);
        svg.Frame(left, frame.Top, Width, frame.Height, new Stroke(Fonts.AxisLine, 1));

        var right = left + Width;
        var scale = bar.Scale.Between(frame.Bottom, frame.Top);
        foreach (var tick in ticks.Major)
        {
            var y = scale.Pixel(tick.Value);
            svg.Segment(right, y, right + PanelLayout.TickLength, y, new Stroke(Fonts.AxisLine, 1));
            svg.Text(
                right + PanelLayout.TickLength + 3,
                y + Fonts.TickLabel * 0.35,
                tick.Label,
                Fonts.TickLabel,
                colour: Fonts.Ink
            );
        }

        var widest = ticks.Major.Select(tick => tick.Width(Fonts.TickLabel)).DefaultIfEmpty(0).Max();
        AxisDrawing.Power(svg, ticks.Power, left, frame.Top - 5, TextAnchor.Start);
        if (bar.IsLabelledAbove)
        {
            var lift = PanelLayout.RoomOfPower(ticks);
            var middle = left + Width / 2;
            svg.Text(middle, frame.Top - 6 - lift, bar.Label, Fonts.Label, TextAnchor.Middle, Fonts.Ink);
            return;
        }

        svg.Text(
            right + PanelLayout.TickLength + PanelLayout.LabelGap + widest + Fonts.Label,
            (frame.Top + frame.Bottom) / 2,
            bar.Label,
            Fonts.Label,
            TextAnchor.Middle,
            Fonts.Ink,
            upward: true
        );
    }
}

/// <summary>The sizes of letters in pixels, and the greys of what is not data.</summary>
internal static class Fonts
{
    public const double Heading = 16;
    public const double Title = 14;
    public const double Label = 13;
    public const double TickLabel = 11.5;
    public const double Legend = 12;
    public const string Ink = "#1A1A1A";
    public const string GridLine = "#E4E4E4";
    public const string AxisLine = "#333333";
}
