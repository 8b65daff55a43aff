using System.Globalization;

namespace Stackelberg.Figures;

/// <summary>Places a figure's panels and draws them.</summary>
internal static class FigureDrawing
{
    private const double gap = 8;

    public static string Draw(Figure figure)
    {
        PanelLayout[] layouts = [.. figure.Panels.Select(panel => new PanelLayout(panel))];
        var perRow = Math.Clamp(figure.PanelsPerRow ?? layouts.Length, 1, layouts.Length);
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
        width = Math.Ceiling(Math.Max(width, TextSize.Width(figure.Title, Fonts.Heading) + 2 * gap));
        height = Math.Ceiling(height + heading);

        using var svg = new SvgWriter(width, height);
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

        var name = Name(figure);
        foreach (var (index, layout) in layouts.Index())
        {
            var frame = layout.At(lefts[index % perRow], tops[index / perRow] + heading);
            DrawPanel(svg, layout, frame, $"box{name}-{index}");
        }

        return svg.Finish();
    }

    private static void DrawPanel(SvgWriter svg, PanelLayout layout, Frame frame, string clip)
    {
        var panel = layout.Panel;
        if (panel.ShowGrid && !panel.Series.Any(series => series.FillsBox))
        {
            AxisDrawing.Grid(svg, layout, frame);
        }

        svg.BeginClip(clip, frame);
        foreach (var (series, colour) in panel.Series.Zip(layout.Colours))
        {
            series.Draw(svg, frame, colour);
        }

        svg.EndClip();
        AxisDrawing.Box(svg, layout, frame);
        foreach (var (index, offset) in layout.BarOffsets().Index())
        {
            ColourBars.Draw(svg, layout.Bars[index], layout.BarTicks[index], frame.Right + offset, frame);
        }

        if (!layout.Legend.IsEmpty)
        {
            var (x, y) = layout.LegendCorner is { } corner
                ? (frame.Left + corner.X, frame.Top + corner.Y)
                : (frame.Right + layout.LegendOffset, frame.Top);
            layout.Legend.Draw(svg, x, y, layout.LegendCorner is not null);
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
