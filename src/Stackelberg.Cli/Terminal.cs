using Spectre.Console;

namespace Stackelberg.Cli;

/// <summary>Where the command writes.</summary>
internal sealed class Terminal
{
    // Files and pipes have no width: nothing is cut there, but sentences in tables are wrapped at this one.
    private const int widthOfFiles = 1000;
    private const int widthOfTables = 120;
    private const int indent = 4;

    private readonly TextWriter output;
    private readonly bool isPerson;
    private Manner manner = new();

    /// <summary>A place to write.</summary>
    /// <param name="output">Takes the results.</param>
    /// <param name="error">Takes faults, and where results are JSON all else.</param>
    /// <param name="isInteractive">Whether a person sees the output, not a file or another program.</param>
    /// <param name="time">The clock of what is shown; null for the system's.</param>
    public Terminal(TextWriter output, TextWriter error, bool isInteractive, TimeProvider? time = null)
    {
        (this.output, Error, isPerson, Time) = (output, error, isInteractive, time ?? TimeProvider.System);
        Console = CreateConsole(output, isInteractive);
    }

    /// <summary>How much is said, and in which form.</summary>
    public Manner Manner
    {
        get => manner;
        set
        {
            manner = value;
            Console = CreateConsole(Output, IsPerson);
        }
    }

    /// <summary>Takes what is said; not a word of it where the results are JSON, which stands alone on its output.</summary>
    public TextWriter Output => manner.IsJson ? Error : output;

    public TextWriter Error { get; }

    /// <summary>The clock of what is shown.</summary>
    public TimeProvider Time { get; }

    public IAnsiConsole Console { get; private set; }

    /// <summary>Whether a person reads along.</summary>
    public bool IsPerson => isPerson && !manner.IsJson;

    /// <summary>Whether lines that stand may be drawn again.</summary>
    public bool IsInteractive => IsPerson && Console.Profile.Capabilities.Ansi;

    /// <summary>Whether it is told how far a command is: to a person, or to who asked for it.</summary>
    public bool ShowsProgress => !manner.IsQuiet && (IsPerson || manner.IsVerbose);

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

    /// <summary>Tells a person what could be done next.</summary>
    /// <param name="text">What it is good for, and the command.</param>
    public void Hint(string text)
    {
        if (IsPerson && !manner.IsQuiet)
        {
            Paragraph($"Next: {text}");
        }
    }

    /// <summary>Writes the one JSON document of a command.</summary>
    /// <param name="document">Records, lists, numbers and texts.</param>
    public void Document<T>(T document) => output.WriteLine(JsonText.Of(document));

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

    private static IAnsiConsole CreateConsole(TextWriter output, bool isInteractive)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(output),
                Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = isInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
            }
        );
        if (!isInteractive)
        {
            console.Profile.Width = widthOfFiles;
        }

        return console;
    }
}
