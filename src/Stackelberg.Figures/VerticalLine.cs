namespace Stackelberg.Figures;

/// <summary>A vertical line across the panel.</summary>
/// <param name="x">Its place.</param>
public sealed class VerticalLine(double x) : Series
{
    /// <summary>The width in pixels.</summary>
    public double Width { get; init; } = 1.2;

    /// <summary>How the line is broken.</summary>
    public Dash Dash { get; init; } = Dash.Dashed;

    internal override string Kind => "vertical line";

    internal override IEnumerable<(double X, double Y)> Extent => [(x, double.NaN)];

    internal override IEnumerable<DataRow> Rows => [new(x, null)];

    internal override IEnumerable<(double X, double Y)[]> Strokes(Frame frame) =>
        [
            [(frame.X.Pixel(x), frame.Top), (frame.X.Pixel(x), frame.Bottom)],
        ];

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        var at = frame.X.Pixel(x);
        if (at >= frame.Left && at <= frame.Right)
        {
            svg.Segment(at, frame.Top, at, frame.Bottom, new(colour, Width, Dash, Opacity));
        }
    }

    internal override void DrawKey(SvgWriter svg, double x, double y, string colour) =>
        svg.Segment(x - 12, y, x + 12, y, new(colour, Width, Dash, Opacity));
}
