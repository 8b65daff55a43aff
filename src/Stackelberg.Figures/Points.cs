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

    /// <summary>Whether the inside has the colour (true) or is white (false).</summary>
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
                DrawMarker(svg, atX, atY, colour);
            }
        }
    }

    internal override void DrawKey(SvgWriter svg, double x, double y, string colour) =>
        DrawMarker(svg, x, y, colour);

    private void DrawMarker(SvgWriter svg, double x, double y, string colour) =>
        Markers.Draw(svg, Marker, x, y, Size, Filled, colour, Edge, Opacity);

    private static double[] Checked(double[] x, double[] y)
    {
        NeedSameLength("Points", x.Length, y.Length);
        return y;
    }
}
