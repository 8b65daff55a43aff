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

    internal override string Kind => "line";

    internal override IEnumerable<(double X, double Y)> Extent => x.Zip(y);

    internal override IEnumerable<DataRow> Rows => x.Zip(y, (first, second) => new DataRow(first, second));

    internal override IEnumerable<DataRow> VisibleRows(Frame frame) =>
        Simplify.Visible(frame.Map(x, y)).Select(index => new DataRow(x[index], y[index]));

    internal override IEnumerable<(double X, double Y)[]> Strokes(Frame frame) =>
        Simplify.Polylines(frame.Map(x, y), frame);

    internal override void Draw(SvgWriter svg, Frame frame, string colour) =>
        svg.Path(Simplify.Polylines(frame.Map(x, y), frame), Stroke(colour));

    internal override void DrawKey(SvgWriter svg, double centreX, double centreY, string colour) =>
        svg.Segment(centreX - 12, centreY, centreX + 12, centreY, Stroke(colour));

    private Stroke Stroke(string colour) => new(colour, Width, Dash, Opacity);

    private static double[] Checked(double[] x, double[] y)
    {
        NeedSameLength("Line", x.Length, y.Length);
        return y;
    }
}
