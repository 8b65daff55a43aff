namespace Stackelberg.Figures;

/// <summary>The box that says which series is which.</summary>
internal sealed class Legend
{
    private const double rowHeight = 18;
    private const double keyWidth = 36;
    private const double padding = 6;
    private const double fromBox = 8;
    private const double columnGap = 14;

    /// <summary>The largest size of a marker in a key, so that neighbours do not touch.</summary>
    public const double LargestKey = 13;

    // A legend wider than this part of its box is better placed below than beside it.
    private const double widestBeside = 0.35;

    private readonly (string Label, (Series Series, string Colour)[] Keys)[] entries;
    private readonly double[] columns;
    private readonly int rows;

    /// <summary>A legend of what has a label; series of one label and different kinds share an entry.</summary>
    /// <param name="series">The series with their colours.</param>
    /// <param name="within">The width that the columns may take; one column if not given.</param>
    public Legend(IEnumerable<(Series Series, string Colour)> series, double within = 0)
    {
        entries =
        [
            .. series
                .Where(entry => entry.Series is { HasKey: true, Label.Length: > 0 })
                .GroupBy(entry => entry.Series.Label!)
                .Select(group => (group.Key, group.DistinctBy(entry => entry.Series.Kind).ToArray())),
        ];
        (rows, columns) = (0, []);
        for (var count = entries.Length; count > 0 && rows == 0; count--)
        {
            var tall = (entries.Length + count - 1) / count;
            double[] widths = [.. entries.Chunk(tall).Select(WidthOf)];
            if (count == 1 || widths.Sum() - columnGap + 2 * padding <= within)
            {
                (rows, columns) = (tall, widths);
            }
        }

        Width = rows == 0 ? 0 : columns.Sum() - columnGap + 2 * padding;
        Height = rows == 0 ? 0 : rows * rowHeight + 2 * padding;
    }

    public bool IsEmpty => entries.Length == 0;

    public double Width { get; }

    public double Height { get; }

    /// <summary>Where a panel's legend stands: in a corner, outside or below.</summary>
    public LegendPlace Place(Panel panel, Frame frame)
    {
        if (panel.Legend != LegendPlace.Auto)
        {
            return panel.Legend;
        }

        var isTooLarge = Width > frame.Width * 0.6 || Height > frame.Height * 0.6;
        if (!isTooLarge && !panel.Series.Any(series => series.FillsBox))
        {
            var strokes = panel.Series.SelectMany(series => series.Strokes(frame)).ToArray();
            LegendPlace[] corners =
            [
                LegendPlace.TopRight,
                LegendPlace.TopLeft,
                LegendPlace.BottomRight,
                LegendPlace.BottomLeft,
            ];
            foreach (var place in corners)
            {
                var corner = Corner(place, frame)!.Value;
                if (!strokes.Any(stroke => Touches(stroke, corner)))
                {
                    return place;
                }
            }
        }

        return Width <= frame.Width * widestBeside && Height <= frame.Height
            ? LegendPlace.Outside
            : LegendPlace.Below;
    }

    /// <summary>The upper left corner in a box, or null if the legend stands outside.</summary>
    public (double X, double Y)? Corner(LegendPlace place, Frame frame)
    {
        double left = frame.Left + fromBox,
            right = frame.Right - fromBox - Width,
            top = frame.Top + fromBox,
            bottom = frame.Bottom - fromBox - Height;
        return place switch
        {
            LegendPlace.TopLeft => (left, top),
            LegendPlace.TopRight => (right, top),
            LegendPlace.BottomLeft => (left, bottom),
            LegendPlace.BottomRight => (right, bottom),
            _ => null,
        };
    }

    /// <summary>Draws the box.</summary>
    /// <param name="svg">Where.</param>
    /// <param name="x">The upper left corner.</param>
    /// <param name="y">The upper left corner.</param>
    /// <param name="inside">Whether it stands over the data.</param>
    /// <param name="labels">All labels of the figure, by whose numbers a page knows them.</param>
    public void Draw(SvgWriter svg, double x, double y, bool inside, string[] labels)
    {
        if (inside)
        {
            svg.Rectangle(x, y, Width, Height, "#FFFFFF", 0.85);
            svg.Frame(x, y, Width, Height, new Stroke("#CCCCCC", 0.8));
        }

        for (var i = 0; i < entries.Length; i++)
        {
            var (label, keys) = entries[i];
            var left = x + padding + columns.Take(i / rows).Sum();
            var middle = y + padding + (i % rows + 0.5) * rowHeight;
            svg.Group(
                "key",
                () =>
                {
                    var width = columns[i / rows] - columnGap + padding;
                    svg.Sensor("sensor", left - padding / 2, middle - rowHeight / 2, width, rowHeight);
                    foreach (var (series, colour) in keys)
                    {
                        series.DrawKey(svg, left + keyWidth / 2 - 3, middle, colour);
                    }

                    var foot = middle + Fonts.Legend * 0.35;
                    svg.Text(left + keyWidth, foot, label, Fonts.Legend, colour: Fonts.Ink);
                },
                ("data-key", $"{Array.IndexOf(labels, label)}"),
                ("role", "button"),
                ("tabindex", "0"),
                ("aria-pressed", "true")
            );
        }
    }

    private static double WidthOf((string Label, (Series, string)[])[] column) =>
        keyWidth + column.Max(entry => TextSize.Width(entry.Label, Fonts.Legend)) + columnGap;

    /// <summary>Whether a polyline comes into the legend's place; followed in steps of a few pixels.</summary>
    private bool Touches((double X, double Y)[] stroke, (double X, double Y) corner)
    {
        const double step = 4,
            room = 5;
        bool Inside(double x, double y) =>
            x >= corner.X - room
            && x <= corner.X + Width + room
            && y >= corner.Y - room
            && y <= corner.Y + Height + room;

        for (var i = 0; i < stroke.Length; i++)
        {
            var (x, y) = stroke[i];
            if (Inside(x, y))
            {
                return true;
            }

            if (i == 0 || double.IsNaN(x + y + stroke[i - 1].X + stroke[i - 1].Y))
            {
                continue;
            }

            var (fromX, fromY) = stroke[i - 1];
            var count = (int)Math.Min(Math.Max(Math.Abs(x - fromX), Math.Abs(y - fromY)) / step, 4000);
            for (var part = 1; part < count; part++)
            {
                var share = part / (double)count;
                if (Inside(fromX + share * (x - fromX), fromY + share * (y - fromY)))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
