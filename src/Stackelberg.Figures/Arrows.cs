namespace Stackelberg.Figures;

/// <summary>Arrows of a vector field.</summary>
/// <param name="x">The arrows' middles, first coordinate.</param>
/// <param name="y">The arrows' middles, second coordinate, as many.</param>
/// <param name="u">The vectors' first components, as many.</param>
/// <param name="v">The vectors' second components, as many.</param>
public sealed class Arrows(double[] x, double[] y, double[] u, double[] v) : Series
{
    private readonly double[] x = x;
    private readonly double[] y = Checked(x, y);
    private readonly double[] u = Checked(x, u);
    private readonly double[] v = Checked(x, v);

    /// <summary>The length of the longest arrow in pixels.</summary>
    public double Length { get; init; } = 16;

    /// <summary>Whether all arrows have that length and show the direction only.</summary>
    public bool EqualLengths { get; init; } = true;

    /// <summary>The width of the strokes in pixels.</summary>
    public double Width { get; init; } = 1;

    internal override string Kind => "arrows";

    internal override IEnumerable<(double X, double Y)> Extent => x.Zip(y);

    internal override IEnumerable<DataRow> Rows =>
        Enumerable.Range(0, x.Length).Select(i => new DataRow(x[i], y[i], u[i], v[i]));

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        var places = frame.Map(x, y);
        // In pixels, so that an arrow lies along the trajectory that it announces.
        var vectors = new (double U, double V)[x.Length];
        var longest = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            vectors[i] = (u[i] * frame.X.PixelsPerUnit, v[i] * frame.Y.PixelsPerUnit);
            var size = Math.Sqrt(vectors[i].U * vectors[i].U + vectors[i].V * vectors[i].V);
            longest = double.IsFinite(size) ? Math.Max(longest, size) : longest;
        }

        var strokes = new List<(double X, double Y)[]>();
        for (var i = 0; i < x.Length; i++)
        {
            var size = Math.Sqrt(vectors[i].U * vectors[i].U + vectors[i].V * vectors[i].V);
            if (!double.IsFinite(size) || size == 0 || !frame.Holds(places[i].X, places[i].Y, 0))
            {
                continue;
            }

            var half = (EqualLengths ? Length : Length * size / longest) / 2;
            AddArrow(strokes, places[i], (vectors[i].U / size * half, vectors[i].V / size * half));
        }

        svg.Path(strokes, new Stroke(colour, Width, Dash.Solid, Opacity));
    }

    internal override void DrawKey(SvgWriter svg, double x, double y, string colour)
    {
        var strokes = new List<(double X, double Y)[]>();
        AddArrow(strokes, (x, y), (9, 0));
        svg.Path(strokes, new Stroke(colour, Width, Dash.Solid, Opacity));
    }

    private static void AddArrow(
        List<(double X, double Y)[]> strokes,
        (double X, double Y) middle,
        (double U, double V) half
    )
    {
        // The barbs: the reversed direction turned by ±30°, at most a third of the arrow long.
        const double cos = 0.866,
            sin = 0.5;
        var length = Math.Sqrt(half.U * half.U + half.V * half.V);
        var barb = Math.Min(0.66, 5 / length);
        var (tipX, tipY) = (middle.X + half.U, middle.Y + half.V);
        var (backU, backV) = (-half.U * barb, -half.V * barb);
        strokes.Add([(middle.X - half.U, middle.Y - half.V), (tipX, tipY)]);
        strokes.Add([
            (tipX + cos * backU - sin * backV, tipY + sin * backU + cos * backV),
            (tipX, tipY),
            (tipX + cos * backU + sin * backV, tipY - sin * backU + cos * backV),
        ]);
    }

    private static double[] Checked(double[] x, double[] other)
    {
        NeedSameLength("Arrows", x.Length, other.Length);
        return other;
    }
}
