namespace Stackelberg.Figures;

/// <summary>The box that says which series is which.</summary>
internal sealed class Legend
{
    private const double rowHeight = 18;
    private const double keyWidth = 36;
    private const double padding = 6;
    private const double fromBox = 8;

    private readonly (Series Series, string Colour)[] entries;

    public Legend(Panel panel, IReadOnlyList<string> colours)
    {
        entries =
        [
            .. panel
                .Series.Zip(colours)
                .Where(entry => entry.First is { HasKey: true, Label.Length: > 0 })
                .DistinctBy(entry => entry.First.Label),
        ];
        if (panel.Legend == LegendPlace.None)
        {
            entries = [];
        }

        Width =
            entries.Length == 0
                ? 0
                : keyWidth
                    + entries.Max(entry => TextSize.Width(entry.Series.Label!, Fonts.Legend))
                    + 2 * padding;
        Height = entries.Length * rowHeight + 2 * padding;
    }

    public bool IsEmpty => entries.Length == 0;

    public double Width { get; }

    public double Height { get; }

    /// <summary>The upper left corner in a box, or null if the legend stands outside.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="frame">Its axes box.</param>
    public (double X, double Y)? Corner(Panel panel, Frame frame)
    {
        double left = frame.Left + fromBox,
            right = frame.Right - fromBox - Width,
            top = frame.Top + fromBox,
            bottom = frame.Bottom - fromBox - Height;
        switch (panel.Legend)
        {
            case LegendPlace.TopLeft:
                return (left, top);
            case LegendPlace.TopRight:
                return (right, top);
            case LegendPlace.BottomLeft:
                return (left, bottom);
            case LegendPlace.BottomRight:
                return (right, bottom);
            case not LegendPlace.Auto:
                return null;
        }

        var isTooLarge = Width > frame.Width * 0.6 || Height > frame.Height * 0.6;
        if (isTooLarge || panel.Series.Any(series => series.FillsBox))
        {
            return null;
        }

        var strokes = panel.Series.SelectMany(series => series.Strokes(frame)).ToArray();
        (double X, double Y)[] corners = [(right, top), (left, top), (right, bottom), (left, bottom)];
        foreach (var corner in corners)
        {
            if (!strokes.Any(stroke => Touches(stroke, corner)))
            {
                return corner;
            }
        }

        return null;
    }

    public void Draw(SvgWriter svg, double x, double y, bool inside)
    {
        if (inside)
        {
            svg.Rectangle(x, y, Width, Height, "#FFFFFF", 0.85);
            svg.Frame(x, y, Width, Height, new Stroke("#CCCCCC", 0.8));
        }

        for (var i = 0; i < entries.Length; i++)
        {
            var (series, colour) = entries[i];
            var middle = y + padding + (i + 0.5) * rowHeight;
            series.DrawKey(svg, x + padding + keyWidth / 2 - 3, middle, colour);
            svg.Text(
                x + padding + keyWidth,
                middle + Fonts.Legend * 0.35,
                series.Label!,
                Fonts.Legend,
                colour: Fonts.Ink
            );
        }
    }

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
