namespace Stackelberg.Figures;

/// <summary>A line through points in their order. Not-a-number breaks it.</summary>
/// <param name="x">The points' first coordinates.</param>
/// <param name="y">The points' second coordinates, as many.</param>
public sealed class Line(double[] x, double[] y) : Series
{
    private readonly double[] x = x;
    private readonly double[] y = Checked(x, y);

    /// <summary>A line over the indices 0, 1, 2, …</summary>
    /// <param name="y">The values.</param>
    public Line(double[] y)
        : this([.. Enumerable.Range(0, y.Length).Select(index => (double)index)], y) { }

    /// <summary>The width in pixels.</summary>
    public double Width { get; init; } = 1.6;

    /// <summary>How the line is broken.</summary>
    public Dash Dash { get; init; }

    /// <summary>About how many pixels lie between arrowheads that show which way the line runs; none if 0.</summary>
    public double ArrowEvery { get; init; }

    internal override string Kind => "line";

    internal override IEnumerable<(double X, double Y)> Extent => x.Zip(y);

    internal override IEnumerable<DataRow> Rows => x.Zip(y, (first, second) => new DataRow(first, second));

    internal override IEnumerable<DataRow> VisibleRows(Frame frame) =>
        Simplify.Visible(frame.Map(x, y)).Select(index => new DataRow(x[index], y[index]));

    internal override IEnumerable<(double X, double Y)[]> Strokes(Frame frame) =>
        Simplify.Polylines(frame.Map(x, y), frame);

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        var pieces = Simplify.Polylines(frame.Map(x, y), frame);
        svg.Path(pieces, Stroke(colour));
        if (ArrowEvery > 0)
        {
            foreach (var (at, along) in Arrowheads.Places(pieces, ArrowEvery, HeadLength))
            {
                svg.Fixed(
                    at.X,
                    at.Y,
                    () => svg.Polygon(Arrowheads.Head(at, along, HeadLength), colour, Opacity)
                );
            }
        }
    }

    internal override void DrawKey(SvgWriter svg, double centreX, double centreY, string colour)
    {
        svg.Segment(centreX - 12, centreY, centreX + 12, centreY, Stroke(colour));
        if (ArrowEvery > 0)
        {
            svg.Polygon(Arrowheads.Head((centreX, centreY), (1, 0), HeadLength), colour, Opacity);
        }
    }

    private double HeadLength => 5 + 2 * Width;

    private Stroke Stroke(string colour) => new(colour, Width, Dash, Opacity);

    private static double[] Checked(double[] x, double[] y)
    {
        NeedSameLength("Line", x.Length, y.Length);
        return y;
    }
}

/// <summary>Arrowheads along a line.</summary>
internal static class Arrowheads
{
    // Where the line turns within a head, so that the chord is shorter than this part, it has no direction to show.
    private const double straight = 0.8;

    /// <summary>The middles of heads and the unit directions there, at even lengths along each piece, except where one
    /// would come nearer than half that length to another.</summary>
    public static List<((double X, double Y) At, (double U, double V) Along)> Places(
        IEnumerable<(double X, double Y)[]> pieces,
        double every,
        double head
    )
    {
        var places = new List<((double X, double Y) At, (double U, double V) Along)>();
        foreach (var piece in pieces)
        {
            var lengths = new double[piece.Length];
            for (var i = 1; i < piece.Length; i++)
            {
                lengths[i] = lengths[i - 1] + Distance(piece[i - 1], piece[i]);
            }

            var total = lengths[^1];
            if (total < 3 * head)
            {
                continue;
            }

            var count = Math.Max(1, (int)(total / every));
            for (var k = 0; k < count; k++)
            {
                var middle = total * (k + 0.5) / count;
                var (tail, at, tip) = (At(middle - head / 2), At(middle), At(middle + head / 2));
                var chord = Distance(tail, tip);
                if (
                    chord >= straight * head
                    && places.TrueForAll(other => Distance(other.At, at) >= every / 2)
                )
                {
                    places.Add((at, ((tip.X - tail.X) / chord, (tip.Y - tail.Y) / chord)));
                }
            }

            (double X, double Y) At(double length)
            {
                var index = Array.BinarySearch(lengths, length);
                index = Math.Clamp(index < 0 ? ~index : index, 1, piece.Length - 1);
                var (from, to) = (piece[index - 1], piece[index]);
                var step = lengths[index] - lengths[index - 1];
                var part = step > 0 ? (length - lengths[index - 1]) / step : 0;
                return (from.X + part * (to.X - from.X), from.Y + part * (to.Y - from.Y));
            }
        }

        return places;
    }

    /// <summary>A head's corners, the tip first.</summary>
    public static (double X, double Y)[] Head(
        (double X, double Y) at,
        (double U, double V) along,
        double length
    )
    {
        const double half = 0.4;
        var (u, v) = (along.U * length, along.V * length);
        var (backX, backY) = (at.X - u / 2, at.Y - v / 2);
        return
        [
            (at.X + u / 2, at.Y + v / 2),
            (backX - half * v, backY + half * u),
            (backX + half * v, backY - half * u),
        ];
    }

    private static double Distance((double X, double Y) a, (double X, double Y) b) =>
        Math.Sqrt((a.X - b.X) * (a.X - b.X) + (a.Y - b.Y) * (a.Y - b.Y));
}

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
                svg.Polygon(Simplify.Thin(ring, frame.Detail), colour, Opacity * 0.25);
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

/// <summary>How a line is broken.</summary>
public enum Dash
{
    /// <summary>Not at all.</summary>
    Solid,

    /// <summary>Into strokes.</summary>
    Dashed,

    /// <summary>Into dots.</summary>
    Dotted,

    /// <summary>Into strokes and dots by turns.</summary>
    DashDot,
}

internal static class Dashes
{
    /// <summary>SVG's stroke-dasharray for a line's width, or null for a solid line.</summary>
    public static string? Array(Dash dash, double width)
    {
        double[] pattern = dash switch
        {
            Dash.Dashed => [4.5, 2.5],
            Dash.Dotted => [1, 2],
            Dash.DashDot => [5, 2, 1.2, 2],
            _ => [],
        };
        return pattern.Length == 0
            ? null
            : string.Join(' ', pattern.Select(part => SvgWriter.Number(part * Math.Max(width, 1))));
    }
}
