namespace Stackelberg.Figures;

/// <summary>The lines along which a function on a grid takes given values; at 0, a zero set.</summary>
/// <param name="grid">The function's values; cells with not-a-number are left out.</param>
/// <param name="levels">The values; 0 if none is given.</param>
public sealed class Contour(Grid grid, params double[] levels) : Series
{
    private const double sizeOfValue = 9.5;
    private const double leastForValue = 60;

    private readonly double[] levels = levels.Length == 0 ? [0] : levels;

    /// <summary>The width in pixels.</summary>
    public double Width { get; init; } = 1.4;

    /// <summary>How the lines are broken.</summary>
    public Dash Dash { get; init; }

    /// <summary>Whether the longest line of each level says its value.</summary>
    public bool ShowValues { get; init; }

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
        levels.SelectMany(level => Strokes(frame, level));

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        svg.Path(Strokes(frame), new Stroke(colour, Width, Dash, Opacity));
        foreach (var level in ShowValues ? levels : [])
        {
            if (Strokes(frame, level).MaxBy(Length) is { } line && Length(line) > leastForValue)
            {
                var (x, y) = line[line.Length / 2];
                var words = TickChoice.Number(level, "G4");
                svg.Fixed(
                    x,
                    y,
                    () =>
                        svg.Text(
                            x,
                            y + sizeOfValue * 0.35,
                            words,
                            sizeOfValue,
                            TextAnchor.Middle,
                            colour,
                            halo: true
                        )
                );
            }
        }
    }

    private List<(double X, double Y)[]> Strokes(Frame frame, double level) =>
        Simplify.Polylines(
            [
                .. MarchingSquares
                    .Lines(grid, level)
                    .SelectMany(line => line.Append((X: double.NaN, Y: double.NaN)))
                    .Select(point => (frame.X.Pixel(point.X), frame.Y.Pixel(point.Y))),
            ],
            frame
        );

    private static double Length((double X, double Y)[] line) =>
        line.Zip(line.Skip(1), (a, b) => Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y)).Sum();

    internal override void DrawKey(SvgWriter svg, double x, double y, string colour) =>
        svg.Segment(x - 12, y, x + 12, y, new(colour, Width, Dash, Opacity));
}

/// <summary>Level lines of a grid.</summary>
/// <remarks>
/// Marching squares (Lorensen and Cline 1987, in two dimensions) with linear interpolation on the edges; a
/// saddle is decided by the mean of its four corners.
/// </remarks>
internal static class MarchingSquares
{
    /// <summary>The lines along which the values equal a level; closed ones end where they begin.</summary>
    public static List<(double X, double Y)[]> Lines(Grid grid, double level)
    {
        // Every crossing lies on an edge of the grid, which names it, so that pieces join without tolerance.
        var neighbours = new Dictionary<Edge, List<Edge>>();
        for (var row = 0; row + 1 < grid.Rows; row++)
        {
            for (var column = 0; column + 1 < grid.Columns; column++)
            {
                foreach (var (a, b) in Cell(grid, level, row, column))
                {
                    Join(neighbours, a, b);
                    Join(neighbours, b, a);
                }
            }
        }

        var lines = new List<(double X, double Y)[]>();
        // Open lines first, from an end; what is left is closed.
        foreach (var start in neighbours.Keys.Where(edge => neighbours[edge].Count == 1).ToArray())
        {
            Follow(start);
        }

        foreach (var start in neighbours.Keys.ToArray())
        {
            Follow(start);
        }

        return lines;

        void Follow(Edge start)
        {
            if (neighbours[start].Count == 0)
            {
                return;
            }

            var line = new List<(double X, double Y)> { Point(grid, level, start) };
            for (var at = start; neighbours[at].Count > 0; )
            {
                var next = neighbours[at][^1];
                neighbours[at].RemoveAt(neighbours[at].Count - 1);
                neighbours[next].Remove(at);
                line.Add(Point(grid, level, next));
                at = next;
            }

            lines.Add([.. line]);
        }
    }

    private static void Join(Dictionary<Edge, List<Edge>> neighbours, Edge from, Edge to)
    {
        if (!neighbours.TryGetValue(from, out var list))
        {
            neighbours[from] = list = [];
        }

        list.Add(to);
    }

    private static IEnumerable<(Edge, Edge)> Cell(Grid grid, double level, int row, int column)
    {
        double southWest = grid.Values[row, column] - level,
            southEast = grid.Values[row, column + 1] - level,
            northWest = grid.Values[row + 1, column] - level,
            northEast = grid.Values[row + 1, column + 1] - level;
        if (!double.IsFinite(southWest + southEast + northWest + northEast))
        {
            yield break;
        }

        Edge south = new(row, column, Along: true),
            north = new(row + 1, column, Along: true),
            west = new(row, column, Along: false),
            east = new(row, column + 1, Along: false);
        var corners =
            (southWest > 0 ? 1 : 0)
            | (southEast > 0 ? 2 : 0)
            | (northEast > 0 ? 4 : 0)
            | (northWest > 0 ? 8 : 0);
        var middleIsAbove = southWest + southEast + northWest + northEast > 0;
        switch (corners)
        {
            case 1 or 14:
                yield return (west, south);
                break;
            case 2 or 13:
                yield return (south, east);
                break;
            case 3 or 12:
                yield return (west, east);
                break;
            case 4 or 11:
                yield return (east, north);
                break;
            case 6 or 9:
                yield return (south, north);
                break;
            case 7 or 8:
                yield return (west, north);
                break;
            case 5 or 10:
                var cutsSouthEast = corners == 5 == middleIsAbove;
                yield return cutsSouthEast ? (south, east) : (west, south);
                yield return cutsSouthEast ? (west, north) : (east, north);
                break;
        }
    }

    private static (double X, double Y) Point(Grid grid, double level, Edge edge)
    {
        var (nextRow, nextColumn) = edge.Along ? (edge.Row, edge.Column + 1) : (edge.Row + 1, edge.Column);
        double from = grid.Values[edge.Row, edge.Column] - level,
            to = grid.Values[nextRow, nextColumn] - level,
            part = from / (from - to);
        return edge.Along
            ? (grid.X(edge.Column + part), grid.Y(edge.Row))
            : (grid.X(edge.Column), grid.Y(edge.Row + part));
    }

    /// <summary>The edge from a grid point to the right (along) or up.</summary>
    private readonly record struct Edge(int Row, int Column, bool Along);
}
