using System.Buffers;
using System.Text;

namespace Stackelberg.Files;

/// <summary>Text to CSV records and back. Text that a spreadsheet would run as a formula is written with an apostrophe before
/// it, and read without.</summary>
public static class CsvRecords
{
    private static readonly char[] quoted = [',', '"', '\n', '\r'];

    // A spreadsheet takes a cell that begins so for a formula, and runs it.
    private static readonly SearchValues<char> formula = SearchValues.Create("=+-@\t\r");
    private const char guard = '\'';

    /// <summary>One record with its line end.</summary>
    /// <param name="cells">The cells.</param>
    public static string Join(IEnumerable<string> cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        return string.Join(',', cells.Select(Quote)) + "\n";
    }

    /// <summary>The records with the line that each starts on; blank lines are left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What messages call it.</param>
    public static List<(int Line, string[] Cells)> Split(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);

        var records = new List<(int, string[])>();
        var cells = new List<string>();
        var cell = new StringBuilder();
        int line = 1,
            start = 1;
        var inQuotes = false;
        var wasQuoted = false;

        void EndCell()
        {
            var text = cell.ToString();
            cells.Add(text is [guard, .. var rest] && IsFormula(rest) ? rest : text);
            cell.Clear();
            wasQuoted = false;
        }

        void EndRecord()
        {
            var blank = cells.Count == 0 && cell.Length == 0 && !wasQuoted;
            if (!blank)
            {
                EndCell();
                records.Add((start, cells.ToArray()));
                cells.Clear();
            }
        }

        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (inQuotes)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    inQuotes = false;
                }
                else
                {
                    cell.Append(c);
                    line += c == '\n' ? 1 : 0;
                }
            }
            else if (c == '"' && cell.Length == 0)
            {
                inQuotes = true;
                wasQuoted = true;
            }
            else if (c == ',')
            {
                EndCell();
            }
            else if (c == '\n')
            {
                EndRecord();
                line++;
                start = line;
            }
            else if (c is not ('\r' or '\uFEFF'))
            {
                cell.Append(c);
            }
        }

        if (inQuotes)
        {
            throw new InvalidDataException($"{name}, line {start}: a quotation mark is never closed.");
        }

        EndRecord();
        return records;
    }

    private static string Quote(string cell)
    {
        var safe = IsFormula(cell) ? guard + cell : cell;
        return safe.IndexOfAny(quoted) >= 0
            ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : safe;
    }

    /// <summary>Whether a spreadsheet would take a cell's text, which is no number, for a formula, with or without guards before
    /// it.</summary>
    private static bool IsFormula(string cell)
    {
        var text = cell.AsSpan().TrimStart(guard);
        return text.Length > 0 && formula.Contains(text[0]) && CsvTable.TryNumber(cell) is null;
    }
}
