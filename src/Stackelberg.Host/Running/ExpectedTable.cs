using Stackelberg.Files;

namespace Stackelberg;

/// <summary>The expected values of an experiment, read by the checks only.</summary>
/// <param name="values">The values, no name twice.</param>
public sealed class ExpectedTable(params ExpectedValue[] values)
{
    private const string header = "name,expected,tolerance,relative,source";

    /// <summary>The values in the order of the file.</summary>
    public IReadOnlyList<ExpectedValue> Values { get; } = values;

    /// <summary>Reads a file with the columns <c>name,expected,tolerance,relative,source</c>.</summary>
    /// <param name="path">The file; if it is absent the table is empty.</param>
    /// <exception cref="InvalidDataException">The file is not such a table.</exception>
    public static ExpectedTable ReadIfPresent(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return File.Exists(path) ? Parse(File.ReadAllText(path), path) : new ExpectedTable();
    }

    /// <summary>Reads such a table from text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">The text is not such a table.</exception>
    public static ExpectedTable Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);

        var table = CsvTable.Parse(text, name);
        if (string.Join(',', table.Columns) != header)
        {
            throw new InvalidDataException(
                $"{name} has the columns {string.Join(",", table.Columns)}, but {header} are needed."
            );
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var values = new List<ExpectedValue>();
        foreach (var row in table.Rows)
        {
            var value = new ExpectedValue(
                row[0],
                Number(row, 1, name),
                Number(row, 2, name),
                Number(row, 3, name),
                row[4]
            );
            var fault =
                value.Name.Length == 0 ? "has no name"
                : !seen.Add(value.Name) ? "stands there twice"
                : double.IsNaN(value.Expected) ? "expects not-a-number, which nothing equals"
                : !(value.Tolerance >= 0 && double.IsFinite(value.Tolerance))
                    ? "needs a tolerance of at least 0"
                : !(value.Relative >= 0 && double.IsFinite(value.Relative))
                    ? "needs a relative tolerance of at least 0"
                : value.Source.Length == 0 ? "has no source"
                : null;
            if (fault is not null)
            {
                throw new InvalidDataException($"{name}: the row \"{string.Join(',', row)}\" {fault}.");
            }

            values.Add(value);
        }

        return new ExpectedTable([.. values]);
    }

    private static double Number(string[] row, int column, string name) =>
        CsvTable.TryNumber(row[column])
        ?? throw new InvalidDataException(
            $"{name}: the row \"{string.Join(',', row)}\" holds \"{row[column]}\", which is no number."
        );
}
