namespace Stackelberg.Figures;

/// <summary>The area between two curves, for instance a mean ± its standard error.</summary>
/// <param name="x">The common first coordinates.</param>
/// <param name="lower">The lower curve, as many values.</param>
/// <param name="upper">The upper curve, as many values.</param>
public sealed class Band(double[] x, double[] lower, double[] upper) : Series
{
    private readonly double[] x = x;
    private readonly double[] lower = Checked(x, lower);
    private readonly double[] upper = Checked(x, upper);

    internal override string Kind => "band";

    internal override IEnumerable<(double X, double Y)> Extent => x.Zip(lower).Concat(x.Zip(upper));

    internal override IEnumerable<DataRow> Rows =>
        Extent.Select(point => new DataRow(point.Item1, point.Item2));

    internal override IEnumerable<(double X, double Y)[]> Strokes(Frame frame) =>
        x.Select(
            (at, i) =>
                new[]
                {
                    (frame.X.Pixel(at), frame.Y.Pixel(lower[i])),
                    (frame.X.Pixel(at), frame.Y.Pixel(upper[i])),
                }
        );

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        // Not-a-number ends one area; the next value starts another.
        var below = frame.Map(x, lower);
        var above = frame.Map(x, upper);
        var start = 0;
        for (var i = 0; i <= x.Length; i++)
        {
            var broken = i == x.Length || double.IsNaN(below[i].X + below[i].Y + above[i].Y);
            if (!broken)
            {
                continue;
            }

            if (i - start > 1)
            {
                (double, double)[] ring = [.. above[start..i], .. below[start..i].Reverse()];
                svg.Polygon(Simplify.Thin(ring), colour, Opacity * 0.25);
            }

            start = i + 1;
        }
    }

    internal override void DrawKey(SvgWriter svg, double x, double y, string colour) =>
        svg.Rectangle(x - 12, y - 5, 24, 10, colour, Opacity * 0.25);

    private static double[] Checked(double[] x, double[] y)
    {
        NeedSameLength("Band", x.Length, y.Length);
        return y;
    }
}
