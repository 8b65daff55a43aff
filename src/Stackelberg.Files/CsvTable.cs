using System.Globalization;
using System.Text;

namespace Stackelberg.Files;

/// <summary>A table of text and numbers that is written and read as CSV (RFC 4180, comma, UTF-8).</summary>
/// <remarks>
/// Numbers are written in the invariant culture with as many digits as reading them back exactly needs;
/// infinities are <c>inf</c> and <c>-inf</c>, and not-a-number is <c>nan</c>, as NumPy and pandas read them.
/// </remarks>
/// <param name="columns">The names of the columns, all different.</param>
public sealed class CsvTable(params string[] columns)
{
    private readonly List<string[]> rows = [];

    /// <summary>The names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; } = columns;

    /// <summary>The cells as text, one array for each row.</summary>
    public IReadOnlyList<string[]> Rows => rows;

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One cell for each column: text, a number, a bool, or null for an empty cell.</param>
    /// <exception cref="ArgumentException">The number of cells is not the number of columns.</exception>
    public void Add(params object?[] cells)
    {
        ArgumentNullException.ThrowIfNull(cells);

        if (cells.Length != Columns.Count)
        {
            throw new ArgumentException(
                $"CsvTable.Add: the row has {cells.Length} cells, but the table has {Columns.Count} columns.",
                nameof(cells)
            );
        }

        rows.Add(Array.ConvertAll(cells, Format));
    }

    /// <summary>The index of a column, or −1 if the table has no column of that name.</summary>
    /// <param name="column">The column's name.</param>
    public int IndexOf(string column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return Columns.ToList().IndexOf(column);
    }

    /// <summary>A column of numbers; an empty cell is not-a-number.</summary>
    /// <param name="column">The column's name.</param>
    /// <exception cref="InvalidDataException">There is no such column, or a cell is no number.</exception>
    public double[] Numbers(string column)
    {
        ArgumentNullException.ThrowIfNull(column);

        var index = IndexOf(column);
        if (index < 0)
        {
            throw new InvalidDataException(
                $"The table has no column \"{column}\"; it has {string.Join(", ", Columns)}."
            );
        }

        return [.. rows.Select(row => row[index].Length == 0 ? double.NaN : Number(row[index], column))];
    }

    /// <summary>Writes the table to a file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
                WriteTo(writer);
            }
        );

    /// <summary>The table as CSV text.</summary>
    public override string ToString()
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        WriteTo(writer);
        return writer.ToString();
    }

    /// <summary>Reads a table from a file.</summary>
    /// <param name="path">The file; its first record holds the names of the columns.</param>
    /// <exception cref="InvalidDataException">The file is not CSV with as many cells in each row.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvTable Read(string path) => Parse(File.ReadAllText(path), Path.GetFileName(path));

    /// <summary>Reads a table from CSV text.</summary>
    /// <param name="text">The text; its first record holds the names of the columns.</param>
    /// <param name="name">What messages call the text.</param>
    /// <exception cref="InvalidDataException">The text is not CSV with as many cells in each row.</exception>
    public static CsvTable Parse(string text, string name = "the table")
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        var records = CsvRecords.Split(text, name);
        if (records.Count == 0)
        {
            throw new InvalidDataException($"{name} is empty; a first line with the column names is needed.");
        }

        var table = new CsvTable(records[0].Cells);
        foreach (var (line, cells) in records.Skip(1))
        {
            if (cells.Length != table.Columns.Count)
            {
                throw new InvalidDataException(
                    $"{name}, line {line}: the row has {cells.Length} cells, but there are "
                        + $"{table.Columns.Count} columns."
                );
            }

            table.rows.Add(cells);
        }

        return table;
    }

    /// <summary>Reads a number as the tables write it, or null if the text is none.</summary>
    /// <param name="text">For instance <c>0.1</c>, <c>1e-9</c>, <c>inf</c>, <c>-inf</c> or <c>nan</c>.</param>
    public static double? TryNumber(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Trim().ToLowerInvariant() switch
        {
            "inf" or "+inf" or "infinity" => double.PositiveInfinity,
            "-inf" or "-infinity" => double.NegativeInfinity,
            "nan" => double.NaN,
            var plain => double.TryParse(
                plain,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var value
            )
                ? value
                : null,
        };
    }

    private static double Number(string cell, string column) =>
        TryNumber(cell)
        ?? throw new InvalidDataException($"Column \"{column}\" holds \"{cell}\", which is no number.");

    /// <summary>A cell's text: numbers as .NET reads them again, in the invariant culture; nothing for null.</summary>
    /// <param name="cell">A number, a truth value or a text.</param>
    public static string Format(object? cell) =>
        cell switch
        {
            null => "",
            string text => text,
            double.PositiveInfinity => "inf",
            double.NegativeInfinity => "-inf",
            double.NaN => "nan",
            bool flag => flag ? "true" : "false",
            _ => $"{cell}",
        };

    private void WriteTo(TextWriter writer)
    {
        writer.Write(CsvRecords.Join(Columns));
        foreach (var row in rows)
        {
            writer.Write(CsvRecords.Join(row));
        }
    }
}
