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
