namespace Stackelberg.Figures;

/// <summary>Values on an even grid of a rectangle, the edges included.</summary>
public sealed class Grid
{
    /// <summary>Takes the values of a grid.</summary>
    /// <param name="values">
    /// Shape [rows, columns], both at least 2: row i lies at y = yMin + i (yMax − yMin)/(rows − 1), column j
    /// alike along x. Not copied.
    /// </param>
    /// <param name="xMin">The first column's place.</param>
    /// <param name="xMax">The last column's place, above <paramref name="xMin"/>.</param>
    /// <param name="yMin">The first row's place.</param>
    /// <param name="yMax">The last row's place, above <paramref name="yMin"/>.</param>
    /// <exception cref="ArgumentException">The grid is too small or the rectangle is empty.</exception>
    public Grid(double[,] values, double xMin, double xMax, double yMin, double yMax)
    {
        ArgumentNullException.ThrowIfNull(values);

        if (values.GetLength(0) < 2 || values.GetLength(1) < 2)
        {
            throw new ArgumentException(
                $"Grid: the values have shape [{values.GetLength(0)}, {values.GetLength(1)}], but at least "
                    + "2 rows and 2 columns are needed.",
                nameof(values)
            );
        }

        if (!(xMax > xMin && yMax > yMin))
        {
            throw new ArgumentException(
                $"Grid: the rectangle [{xMin}, {xMax}] × [{yMin}, {yMax}] is empty; each upper end must be "
                    + "above the lower."
            );
        }

        Values = values;
        (XMin, XMax, YMin, YMax) = (xMin, xMax, yMin, yMax);
    }

    /// <summary>The values, shape [rows, columns].</summary>
    public double[,] Values { get; }

    /// <summary>The first column's place.</summary>
    public double XMin { get; }

    /// <summary>The last column's place.</summary>
    public double XMax { get; }

    /// <summary>The first row's place.</summary>
    public double YMin { get; }

    /// <summary>The last row's place.</summary>
    public double YMax { get; }

    /// <summary>The number of rows.</summary>
    public int Rows => Values.GetLength(0);

    /// <summary>The number of columns.</summary>
    public int Columns => Values.GetLength(1);

    /// <summary>Samples a function on a grid.</summary>
    /// <param name="xMin">The first column's place.</param>
    /// <param name="xMax">The last column's place.</param>
    /// <param name="columns">The number of columns, at least 2.</param>
    /// <param name="yMin">The first row's place.</param>
    /// <param name="yMax">The last row's place.</param>
    /// <param name="rows">The number of rows, at least 2.</param>
    /// <param name="function">The function of x and y.</param>
    /// <exception cref="ArgumentException">The grid is too small or the rectangle is empty.</exception>
    public static Grid Sample(
        double xMin,
        double xMax,
        int columns,
        double yMin,
        double yMax,
        int rows,
        Func<double, double, double> function
    )
    {
        ArgumentNullException.ThrowIfNull(function);

        var grid = new Grid(new double[rows, columns], xMin, xMax, yMin, yMax);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                grid.Values[row, column] = function(grid.X(column), grid.Y(row));
            }
        }

        return grid;
    }

    /// <summary>A column's place.</summary>
    /// <param name="column">Counted from 0; fractions lie between columns.</param>
    public double X(double column) => XMin + (XMax - XMin) * column / (Columns - 1);

    /// <summary>A row's place.</summary>
    /// <param name="row">Counted from 0; fractions lie between rows.</param>
    public double Y(double row) => YMin + (YMax - YMin) * row / (Rows - 1);

    /// <summary>The rows of the data file.</summary>
    internal IEnumerable<DataRow> DataRows()
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                yield return new DataRow(X(column), Y(row), Value: Values[row, column]);
            }
        }
    }
}

/// <summary>A grid of values as coloured cells around its points, with a colour bar; linear axes only.</summary>
/// <param name="grid">The values; not-a-number stays transparent.</param>
public sealed class Heat(Grid grid) : Series
{
    /// <summary>The values; also on a logarithmic scale those that are not positive stay transparent.</summary>
    public Grid Grid { get; } = grid;

    /// <summary>The colours from the lowest to the highest value.</summary>
    public ColourMap Map { get; init; } = ColourMap.Viridis;

    /// <summary>Whether the colours follow the logarithm of the values.</summary>
    public bool Log { get; init; }

    /// <summary>The value of the first colour; the lowest value if not given.</summary>
    public double? Min { get; init; }

    /// <summary>The value of the last colour; the highest value if not given.</summary>
    public double? Max { get; init; }

    /// <summary>Whether a colour bar stands beside the panel.</summary>
    public bool ShowBar { get; init; } = true;

    internal override string Kind => "heat";

    internal override bool TakesColour => false;

    internal override bool FillsBox => true;

    internal override bool HasKey => false;

    internal override ColourBar? Bar =>
        ShowBar ? new ColourBar(Map, HeatImage.Scale(this), Label ?? "") : null;

    internal override IEnumerable<(double X, double Y)> Extent =>
        [(Grid.XMin, Grid.YMin), (Grid.XMax, Grid.YMax)];

    internal override IEnumerable<DataRow> Rows => Grid.DataRows();

    internal override void Draw(SvgWriter svg, Frame frame, string colour)
    {
        if (!frame.X.IsLinear || !frame.Y.IsLinear)
        {
            throw new ArgumentException("Heat: cells are even, so that both axes must be linear.");
        }

        double left = frame.X.Pixel(Grid.X(-0.5)),
            right = frame.X.Pixel(Grid.X(Grid.Columns - 0.5)),
            top = frame.Y.Pixel(Grid.Y(Grid.Rows - 0.5)),
            bottom = frame.Y.Pixel(Grid.Y(-0.5));
        svg.Image(left, top, right - left, bottom - top, HeatImage.Png(this), Opacity);
    }
}

/// <summary>The cells of a heat map as an image.</summary>
internal static class HeatImage
{
    private const int colours = 255;
    private const byte transparent = colours;

    /// <summary>The scale of the values between the pixels 0 and 1.</summary>
    public static Scale Scale(Heat heat)
    {
        double low = double.PositiveInfinity,
            high = double.NegativeInfinity;
        foreach (var value in heat.Grid.Values)
        {
            if (double.IsFinite(value) && !(heat.Log && value <= 0))
            {
                low = Math.Min(low, value);
                high = Math.Max(high, value);
            }
        }

        (low, high) = low <= high ? (low, high) : (heat.Log ? 1 : 0, heat.Log ? 10 : 1);
        (low, high) = (heat.Min ?? low, heat.Max ?? high);
        if (high <= low)
        {
            // One value only: its colour is the middle one.
            (low, high) = heat.Log ? (low / 10, low * 10) : (low - 0.5, low + 0.5);
        }

        return new Scale(low, high, heat.Log, 0, 1);
    }

    public static byte[] Png(Heat heat)
    {
        var grid = heat.Grid;
        var scale = Scale(heat);
        var pixels = new byte[grid.Rows * grid.Columns];
        for (var row = 0; row < grid.Rows; row++)
        {
            for (var column = 0; column < grid.Columns; column++)
            {
                // Images begin with the top row, grids with the lowest y.
                pixels[(grid.Rows - 1 - row) * grid.Columns + column] = Index(
                    scale.Place(grid.Values[row, column])
                );
            }
        }

        var palette = Enumerable.Range(0, colours + 1).Select(index => heat.Map.At(index / (colours - 1.0)));
        return Figures.Png.Encode(grid.Columns, grid.Rows, pixels, [.. palette], transparent);
    }

    private static byte Index(double place) =>
        double.IsNaN(place) ? transparent : (byte)Math.Round(Math.Clamp(place, 0, 1) * (colours - 1));
}

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
