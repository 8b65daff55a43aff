namespace Stackelberg.Figures;

/// <summary>The lines along which a function on a grid takes given values; at 0, a zero set.</summary>
/// <param name="grid">The function's values; cells with not-a-number are left out.</param>
/// <param name="levels">The values; 0 if none is given.</param>
public sealed class Contour(Grid grid, params double[] levels) : Series
{
    private readonly double[] levels = levels.Length == 0 ? [0] : levels;

    /// <summary>The width in pixels.</summary>
    public double Width { get; init; } = 1.4;

    /// <summary>How the lines are broken.</summary>
    public Dash Dash { get; init; }

    internal override string Kind => "contour";

    internal override bool EndsLimits => true;

    internal override IEnumerable<(double X, double Y)> Extent =>
        [(grid.XMin, grid.YMin), (grid.XMax, grid.YMax)];

    internal override IEnumerable<DataRow> Rows =>
        levels.SelectMany(level =>
            MarchingSquares
                .Lines(grid, level)
                .SelectMany(line => line.Append((X: double.NaN, Y: double.NaN)))
                .Select(point => new DataRow(point.X, point.Y, Value: level))
        );

    internal override IEnumerable<DataRow> VisibleRows(Frame frame)
    {
        DataRow[] rows = [.. Rows];
        (double, double)[] places =
        [
            .. rows.Select(row => (frame.X.Pixel(row.X ?? double.NaN), frame.Y.Pixel(row.Y ?? double.NaN))),
        ];
        return Simplify.Visible(places).Select(index => rows[index]);
    }

    internal override IEnumerable<(double X, double Y)[]> Strokes(Frame frame) =>
        levels.SelectMany(level =>
            Simplify.Polylines(
                [
                    .. MarchingSquares
                        .Lines(grid, level)
                        .SelectMany(line => line.Append((X: double.NaN, Y: double.NaN)))
                        .Select(point => (frame.X.Pixel(point.X), frame.Y.Pixel(point.Y))),
                ],
                frame
            )
        );

    internal override void Draw(SvgWriter svg, Frame frame, string colour) =>
        svg.Path(Strokes(frame), new Stroke(colour, Width, Dash, Opacity));

    internal override void DrawKey(SvgWriter svg, double x, double y, string colour) =>
        svg.Segment(x - 12, y, x + 12, y, new(colour, Width, Dash, Opacity));
}
