using Spectre.Console;

namespace Stackelberg.Cli;

/// <summary>Where the command writes.</summary>
internal sealed class Terminal
{
    // Files and pipes have no width: nothing is cut there, but sentences in tables are wrapped at this one.
    private const int widthOfFiles = 1000;
    private const int widthOfTables = 120;
    private const int indent = 4;

    public Terminal(TextWriter output, TextWriter error, bool isInteractive, TimeProvider? time = null)
    {
        (Output, Error, Time) = (output, error, time ?? TimeProvider.System);
        Console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = isInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
            }
        );
        IsInteractive = isInteractive && Console.Profile.Capabilities.Ansi;
        if (!isInteractive)
        {
            Console.Profile.Width = widthOfFiles;
        }
    }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    /// <summary>The clock of what is shown.</summary>
    public TimeProvider Time { get; }

    public IAnsiConsole Console { get; }

    /// <summary>Whether lines that stand may be drawn again.</summary>
    public bool IsInteractive { get; }

    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "inf"
        : double.IsNegativeInfinity(value) ? "-inf"
        : double.IsNaN(value) ? "nan"
        : $"{value:G12}";

    /// <summary>Writes a line to the output, as it can be shown.</summary>
    /// <param name="text">Without line ends; they are shown as any other control character.</param>
    public void Line(string text) => Output.WriteLine(PlainText.Line(text));

    /// <summary>Writes lines with ends between; in a terminal those that are too long are continued farther in.</summary>
    /// <param name="text">Lines.</param>
    public void Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (IsInteractive)
            {
                Paragraph(line);
            }
            else
            {
                Line(line);
            }
        }
    }

    /// <summary>Writes a line to the error output, as it can be shown.</summary>
    /// <param name="text">What is wrong.</param>
    public void Fault(string text) => Error.WriteLine(PlainText.Line(text));

    private int PageWidth => IsInteractive ? Console.Profile.Width : widthOfTables;

    /// <summary>Writes a text in lines that fit the page; those after the first begin farther in.</summary>
    /// <param name="text">Words with blanks between.</param>
    public void Paragraph(string text)
    {
        foreach (var line in Fit(text, PageWidth))
        {
            Output.WriteLine(line);
        }
    }

    // The lines of one that fit a width; those after the first begin farther in. A word that is longer stays whole.
    private static IEnumerable<string> Fit(string text, int width)
    {
        var rest = PlainText.Line(text);
        var further = new string(' ', rest.Length - rest.TrimStart().Length + indent);
        for (var first = rest.Length - rest.TrimStart().Length; rest.Length > width; first = further.Length)
        {
            var end = rest.LastIndexOf(' ', width);
            end = end > first ? end : rest.IndexOf(' ', first);
            if (end < 0)
            {
                break;
            }

            yield return rest[..end];
            rest = further + rest[(end + 1)..];
        }

        yield return rest;
    }

    /// <summary>Writes a table that fits the page; the cells are plain text.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The cells of each row.</param>
    public void Table(TableColumn[] columns, IEnumerable<string[]> rows)
    {
        string[][] cells = [.. rows.Select(row => Array.ConvertAll(row, PlainText.Line))];
        var fit = TableFit.Of(columns, cells, PageWidth);
        var table = new Table { Border = IsInteractive ? TableBorder.Rounded : TableBorder.Ascii2 };
        foreach (var (place, index) in fit.Shown.Index())
        {
            table.AddColumn(
                new Spectre.Console.TableColumn(Markup.Escape(PlainText.Line(columns[index].Title)))
                {
                    Width = fit.Widths[place],
                }
            );
        }

        foreach (var row in cells)
        {
            table.AddRow([.. fit.Shown.Select(index => Markup.Escape(row[index]))]);
        }

        Console.Write(table);
        if (fit.Shown.Length < columns.Length)
        {
            var missing = columns
                .Where((_, index) => !fit.Shown.Contains(index))
                .Select(column => column.Title);
            Line($"Too narrow for: {string.Join(", ", missing)}.");
        }
    }
}
