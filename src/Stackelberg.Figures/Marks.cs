namespace Stackelberg.Figures;

/// <summary>Single points.</summary>
/// <param name="x">The points' first coordinates.</param>
/// <param name="y">The points' second coordinates, as many.</param>
public sealed class Points(double[] x, double[] y) : Series
{
    private readonly double[] x = x;
    private readonly double[] y = Checked(x, y);

    /// <summary>One point.</summary>
    /// <param name="x">Its first coordinate.</param>
    /// <param name="y">Its second coordinate.</param>
    public Points(double x, double y)
        : this([x], [y]) { }

    /// <summary>The points' shape.</summary>
    public Marker Marker { get; init; }

    /// <summary>Whether the inside has the colour (true) or shows what lies below, such as the end of a path (false).</summary>
    public bool Filled { get; init; } = true;

    /// <summary>The diameter in pixels.</summary>
    public double Size { get; init; } = 7;

    /// <summary>The colour of a filled marker's edge; without one it has no edge.</summary>
    public string? Edge { get; init; }

    internal override string Kind => "points";

    internal override IEnumerable<(double X, double Y)> Extent => x.Zip(y);

    internal override IEnumerable<DataRow> Rows => x.Zip(y, (first, second) => new DataRow(first, second));

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        // Equal opaque markers less than a quarter of a pixel apart look like one.
        const double cell = 0.25;
        var seen = new HashSet<(long, long)>();
        foreach (var (atX, atY) in frame.Map(x, y))
        {
            var inside = frame.Holds(atX, atY, 0.5);
            if (inside && (Opacity < 1 || seen.Add(((long)(atX / cell), (long)(atY / cell)))))
            {
                svg.Fixed(atX, atY, () => DrawMarker(svg, atX, atY, colour, Size));
            }
        }
    }

    internal override void DrawKey(SvgWriter svg, double x, double y, string colour) =>
        DrawMarker(svg, x, y, colour, Math.Min(Size, Legend.LargestKey));

    private void DrawMarker(SvgWriter svg, double x, double y, string colour, double size) =>
        Markers.Draw(svg, Marker, x, y, size, Filled, colour, Edge, Opacity);

    private static double[] Checked(double[] x, double[] y)
    {
        NeedSameLength("Points", x.Length, y.Length);
        return y;
    }
}

/// <summary>The shape of a point.</summary>
public enum Marker
{
    /// <summary>A circle.</summary>
    Circle,

    /// <summary>A triangle, point up.</summary>
    Triangle,

    /// <summary>A hexagon.</summary>
    Hexagon,

    /// <summary>A diamond.</summary>
    Diamond,

    /// <summary>A diagonal cross; it has no inside, so that filled and open are one.</summary>
    Cross,

    /// <summary>A square.</summary>
    Square,
}

/// <summary>Draws the markers' shapes.</summary>
internal static class Markers
{
    private const double openEdge = 1.5;

    public static void Draw(
        SvgWriter svg,
        Marker marker,
        double x,
        double y,
        double size,
        bool filled,
        string colour,
        string? edge,
        double opacity
    )
    {
        var fill = filled ? colour : "none";
        Stroke? stroke =
            !filled ? new Stroke(colour, openEdge, Dash.Solid, opacity)
            : edge is not null ? new Stroke(edge, 1, Dash.Solid, opacity)
            : null;
        var radius = size / 2;
        if (marker == Marker.Circle)
        {
            svg.Circle(x, y, radius, fill, opacity, stroke);
        }
        else if (marker == Marker.Cross)
        {
            var arm = radius * 0.8;
            svg.Path(
                [
                    [(x - arm, y - arm), (x + arm, y + arm)],
                    [(x - arm, y + arm), (x + arm, y - arm)],
                ],
                new Stroke(colour, Math.Max(1.5, size / 5), Dash.Solid, opacity)
            );
        }
        else
        {
            // Corners on a circle, larger where a shape of few corners would look small; the first angle in degrees.
            var (corners, from, grow) = marker switch
            {
                Marker.Triangle => (3, -90, 1.25),
                Marker.Hexagon => (6, -90, 1.1),
                Marker.Diamond => (4, -90, 1.15),
                _ => (4, -45, 1.2),
            };
            svg.Polygon(Ring(x, y, radius * grow, corners, from), fill, opacity, stroke);
        }
    }

    private static (double, double)[] Ring(double x, double y, double radius, int corners, double from) =>
        [
            .. Enumerable
                .Range(0, corners)
                .Select(corner => (from + 360.0 * corner / corners) * Math.PI / 180)
                .Select(angle => (x + radius * Math.Cos(angle), y + radius * Math.Sin(angle))),
        ];
}

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

/// <summary>Words at a point.</summary>
/// <param name="x">The point's first coordinate.</param>
/// <param name="y">The point's second coordinate.</param>
/// <param name="words">The words, one line.</param>
public sealed class Text(double x, double y, string words) : Series
{
    /// <summary>Which end of the words lies at the point.</summary>
    public TextAnchor Anchor { get; init; }

    /// <summary>The size of the letters in pixels.</summary>
    public double Size { get; init; } = 12;

    /// <summary>How far the words are moved to the right, in pixels.</summary>
    public double ShiftX { get; init; }

    /// <summary>How far the words are moved up, in pixels.</summary>
    public double ShiftY { get; init; }

    internal override string Kind => "text";

    internal override bool TakesColour => false;

    internal override bool HasKey => false;

    internal override IEnumerable<(double X, double Y)> Extent => [(x, y)];

    internal override IEnumerable<DataRow> Rows => [new(x, y, Text: Markup.Plain(words))];

    internal override IEnumerable<(double X, double Y)[]> Strokes(Frame frame)
    {
        var width = TextSize.Width(words, Size);
        var shift =
            Anchor == TextAnchor.Start ? 0
            : Anchor == TextAnchor.Middle ? width / 2
            : width;
        double left = frame.X.Pixel(x) + ShiftX - shift,
            middle = frame.Y.Pixel(y) - ShiftY;
        return
        [
            [(left, middle), (left + width, middle)],
        ];
    }

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        double atX = frame.X.Pixel(x) + ShiftX,
            atY = frame.Y.Pixel(y) - ShiftY;
        if (!double.IsNaN(atX + atY))
        {
            // Letters hang on their base line; a third of their size centres capitals on the point.
            svg.Fixed(
                frame.X.Pixel(x),
                frame.Y.Pixel(y),
                () => svg.Text(atX, atY + Size * 0.35, words, Size, Anchor, colour, halo: true)
            );
        }
    }
}

/// <summary>Which end of a text lies at its point.</summary>
public enum TextAnchor
{
    /// <summary>The left end: the text runs to the right of the point.</summary>
    Start,

    /// <summary>The middle.</summary>
    Middle,

    /// <summary>The right end: the text stands left of the point.</summary>
    End,
}
