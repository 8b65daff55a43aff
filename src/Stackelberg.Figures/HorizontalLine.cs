namespace Stackelberg.Figures;

/// <summary>A horizontal line across the panel.</summary>
/// <param name="y">Its height.</param>
public sealed class HorizontalLine(double y) : Series
{
    /// <summary>The width in pixels.</summary>
    public double Width { get; init; } = 1.2;

    /// <summary>How the line is broken.</summary>
    public Dash Dash { get; init; } = Dash.Dashed;

    internal override string Kind => "horizontal line";

    internal override IEnumerable<(double X, double Y)> Extent => [(double.NaN, y)];

    internal override IEnumerable<DataRow> Rows => [new(null, y)];

    internal override IEnumerable<(double X, double Y)[]> Strokes(Frame frame) =>
        [
            [(frame.Left, frame.Y.Pixel(y)), (frame.Right, frame.Y.Pixel(y))],
        ];

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        var at = frame.Y.Pixel(y);
        if (at >= frame.Top && at <= frame.Bottom)
        {
            svg.Segment(frame.Left, at, frame.Right, at, new(colour, Width, Dash, Opacity));
        }
    }

    internal override void DrawKey(SvgWriter svg, double x, double y, string colour) =>
        svg.Segment(x - 12, y, x + 12, y, new(colour, Width, Dash, Opacity));
}
