using System.Globalization;

namespace Stackelberg.Figures;

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

    public static void Box(SvgWriter svg, PanelLayout layout, Frame frame)
    {
        svg.Frame(frame.Left, frame.Top, frame.Width, frame.Height, axisLine);
        Horizontal(svg, layout, frame);
        Vertical(svg, layout, frame);
        if (layout.Panel.Title.Length > 0)
        {
            var power = layout.YTicks.Power != 0 ? Fonts.TickLabel + 6 : 0;
            svg.Text(
                (frame.Left + frame.Right) / 2,
                frame.Top - 9 - power,
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
            var exponent = TickChoice.Signed(power.ToString(CultureInfo.InvariantCulture));
            svg.Text(x, y, "×10", Fonts.TickLabel, anchor, Fonts.Ink, exponent);
        }
    }

    private static void Horizontal(SvgWriter svg, PanelLayout layout, Frame frame)
    {
        foreach (var value in layout.XTicks.Minor)
        {
            var x = frame.X.Pixel(value);
            svg.Segment(x, frame.Bottom, x, frame.Bottom + PanelLayout.TickLength / 2, axisLine);
        }

        var labelY = frame.Bottom + PanelLayout.TickLength + 3 + Fonts.TickLabel;
        foreach (var tick in layout.XTicks.Major)
        {
            var x = frame.X.Pixel(tick.Value);
            svg.Segment(x, frame.Bottom, x, frame.Bottom + PanelLayout.TickLength, axisLine);
            svg.Text(x, labelY, tick.Label, Fonts.TickLabel, TextAnchor.Middle, Fonts.Ink, tick.Exponent);
        }

        var belowY = labelY + Fonts.Label + 7;
        Power(svg, layout.XTicks.Power, frame.Right, belowY, TextAnchor.End);
        if (layout.Panel.X.Label.Length > 0)
        {
            var middle = (frame.Left + frame.Right) / 2;
            svg.Text(middle, belowY, layout.Panel.X.Label, Fonts.Label, TextAnchor.Middle, Fonts.Ink);
        }
    }

    private static void Vertical(SvgWriter svg, PanelLayout layout, Frame frame)
    {
        foreach (var value in layout.YTicks.Minor)
        {
            var y = frame.Y.Pixel(value);
            svg.Segment(frame.Left - PanelLayout.TickLength / 2, y, frame.Left, y, axisLine);
        }

        var labelX = frame.Left - PanelLayout.TickLength - 3;
        foreach (var tick in layout.YTicks.Major)
        {
            var y = frame.Y.Pixel(tick.Value);
            svg.Segment(frame.Left - PanelLayout.TickLength, y, frame.Left, y, axisLine);
            svg.Text(
                labelX,
                y + Fonts.TickLabel * 0.35,
                tick.Label,
                Fonts.TickLabel,
                TextAnchor.End,
                Fonts.Ink,
                tick.Exponent
            );
        }

        Power(svg, layout.YTicks.Power, frame.Left, frame.Top - 5, TextAnchor.Start);
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
