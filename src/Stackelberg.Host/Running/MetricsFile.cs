using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>
/// <c>metrics.csv</c>, written while the run goes on: each row is in the file as soon as it is added, so that
/// what a killed process leaves is complete but for a part of its last line.
/// </summary>
internal sealed class MetricsFile : IDisposable
{
    /// <summary>The file's name in a run folder.</summary>
    public const string Name = "metrics.csv";

    private readonly string path;
    private readonly List<string> columns;
    private readonly Dictionary<string, long> restored;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private FileStream stream;

    private MetricsFile(string path, CsvTable table)
    {
        this.path = path;
        columns = [.. table.Columns];
        restored = LastSteps(table);
        Rows = table.Rows.Count;
        foreach (var row in table.Rows)
        {
            Hash(hash, columns, row);
        }

        table.Save(path);
        stream = Open();
    }

    /// <summary>How many rows the file has.</summary>
    public int Rows { get; private set; }

    /// <summary>A checksum of all rows, in hexadecimal digits. Columns that come later leave it as it is.</summary>
    public string Checksum => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>A new file, with its header.</summary>
    public static MetricsFile Create(string path) => new(path, new CsvTable("run", "step"));

    /// <summary>Goes on after the first so many rows of a file and forgets the others.</summary>
    /// <param name="path">The file.</param>
    /// <param name="rows">How many rows are kept.</param>
    /// <param name="checksum">Their <see cref="Checksum"/>; null if it was not recorded.</param>
    /// <exception cref="InvalidDataException">The file is no such table, has fewer rows or other ones.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static MetricsFile Continue(string path, int rows, string? checksum)
    {
        var found = ReadComplete(path);
        if (found.Rows.Count < rows)
        {
            throw new InvalidDataException($"{Name} has {found.Rows.Count} rows, but {rows} are needed.");
        }

        var kept = new CsvTable([.. found.Columns]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in found.Rows.Take(rows))
        {
            kept.Add([.. row]);
            Hash(hash, found.Columns, row);
        }

        if (checksum is not null && Convert.ToHexStringLower(hash.GetCurrentHash()) != checksum)
        {
            throw new InvalidDataException(
                $"the checksum of the first {rows} rows of {Name} is wrong: the file was changed"
            );
        }

        return new(path, kept);
    }

    /// <summary>Reads a file without the part of a line that a killed process left at its end.</summary>
    /// <exception cref="InvalidDataException">The file is no such table.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static CsvTable ReadComplete(string path)
    {
        var text = File.ReadAllText(path);
        var table = CsvTable.Parse(text[..(text.LastIndexOf('\n') + 1)], Name);
        return table.Columns is ["run", "step", ..]
            ? table
            : throw new InvalidDataException($"{Name} does not begin with the columns run,step.");
    }

    /// <summary>Adds a row. A resumed run may come by steps again that the file has: those are left out.</summary>
    public void Add(string run, long step, (string Name, double Value)[] values)
    {
        if (restored.TryGetValue(run, out var last) && step <= last)
        {
            return;
        }

        var added = values.Select(value => value.Name).Where(name => columns.IndexOf(name, 2) < 0).ToArray();
        if (added.Length > 0)
        {
            Widen(added);
        }

        var cells = new string[columns.Count];
        Array.Fill(cells, "");
        (cells[0], cells[1]) = (run, $"{step}");
        foreach (var (name, value) in values)
        {
            cells[columns.IndexOf(name, 2)] = CsvTable.Format(value);
        }

        stream.Write(Encoding.UTF8.GetBytes(CsvRecords.Join(cells)));
        stream.Flush();
        Hash(hash, columns, cells);
        Rows++;
    }

    /// <summary>Brings all rows to the disk, so that even a power failure leaves them.</summary>
    public void Flush() => stream.Flush(flushToDisk: true);

    public void Dispose()
    {
        stream.Dispose();
        hash.Dispose();
    }

    // Filled cells with their columns' names, so that a column which is added later changes nothing.
    private static void Hash(IncrementalHash hash, IReadOnlyList<string> columns, string[] row) =>
        hash.AppendData(
            Encoding.UTF8.GetBytes(
                CsvRecords.Join(
                    columns
                        .Zip(row)
                        .Where(cell => cell.Second.Length > 0)
                        .SelectMany(cell => new[] { cell.First, cell.Second })
                )
            )
        );

    // The header is the first line, so a new column means writing the file anew; this happens a few times only.
    private void Widen(string[] added)
    {
        stream.Dispose();
        columns.AddRange(added.Distinct());
        var table = new CsvTable([.. columns]);
        var blanks = columns.Count;
        foreach (var row in ReadComplete(path).Rows)
        {
            table.Add([.. row, .. Enumerable.Repeat("", blanks - row.Length)]);
        }

        table.Save(path);
        stream = Open();
    }

    private FileStream Open() => new(path, FileMode.Append, FileAccess.Write, FileShare.Read);

    private static Dictionary<string, long> LastSteps(CsvTable table)
    {
        var steps = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in table.Rows)
        {
            steps[row[0]] = long.TryParse(
                row[1],
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var step
            )
                ? Math.Max(step, steps.GetValueOrDefault(row[0], long.MinValue))
                : throw new InvalidDataException($"{Name} holds the step \"{row[1]}\", which is no number.");
        }

        return steps;
    }
}
