namespace Stackelberg.Figures;

/// <summary>Upright bars from zero (or from the lower limit of a logarithmic axis).</summary>
/// <param name="x">The bars' middles.</param>
/// <param name="heights">The bars' heights, as many.</param>
public sealed class Bars(double[] x, double[] heights) : Series
{
    private readonly double[] x = x;
    private readonly double[] heights = Checked(x, heights);

    /// <summary>The width of a bar in units of the axis.</summary>
    public double Width { get; init; } = 0.8;

    internal override string Kind => "bars";

    internal override IEnumerable<(double X, double Y)> Extent =>
        x.Zip(heights).SelectMany(bar => Corners(bar.First, bar.Second));

    internal override IEnumerable<DataRow> Rows => x.Zip(heights, (at, height) => new DataRow(at, height));

    internal override IEnumerable<(double X, double Y)[]> Strokes(Frame frame) =>
        x.Zip(heights)
            .Select(bar =>
                new[]
                {
                    (frame.X.Pixel(bar.First), frame.Y.Pixel(bar.Second)),
                    (frame.X.Pixel(bar.First), frame.Y.Log ? frame.Bottom : frame.Y.Pixel(0)),
                }
            );

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        var zero = frame.Y.Log ? frame.Bottom : frame.Y.Pixel(0);
        for (var i = 0; i < x.Length; i++)
        {
            double left = frame.X.Pixel(x[i] - Width / 2),
                right = frame.X.Pixel(x[i] + Width / 2),
                end = frame.Y.Pixel(heights[i]);
            if (!double.IsNaN(left + right + end))
            {
                var top = Math.Clamp(Math.Min(end, zero), frame.Top, frame.Bottom);
                var bottom = Math.Clamp(Math.Max(end, zero), frame.Top, frame.Bottom);
                svg.Rectangle(left, top, right - left, bottom - top, colour, Opacity);
            }
        }
    }

    internal override void DrawKey(SvgWriter svg, double x, double y, string colour) =>
        svg.Rectangle(x - 6, y - 5, 12, 10, colour, Opacity);

    private (double, double)[] Corners(double at, double height) =>
        [(at - Width / 2, height), (at + Width / 2, height), (double.NaN, 0)];

    private static double[] Checked(double[] x, double[] y)
    {
        NeedSameLength("Bars", x.Length, y.Length);
        return y;
    }
}
