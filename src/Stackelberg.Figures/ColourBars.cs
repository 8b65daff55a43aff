namespace Stackelberg.Figures;

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
                colour: Fonts.Ink,
                exponent: tick.Exponent
            );
        }

        var widest = ticks.Major.Select(tick => tick.Width(Fonts.TickLabel)).DefaultIfEmpty(0).Max();
        AxisDrawing.Power(svg, ticks.Power, left, frame.Top - 5, TextAnchor.Start);
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
