using System.Globalization;
using Spectre.Console;

namespace Stackelberg.Cli;

/// <summary>Where the command writes.</summary>
internal sealed class Terminal
{
    // Files and pipes have no width: tables there are as wide as they need, and nothing is cut.
    private const int widthOfFiles = 1000;

    public Terminal(TextWriter output, TextWriter error, bool isInteractive)
    {
        (Output, Error) = (output, error);
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

    public IAnsiConsole Console { get; }

    /// <summary>Whether lines that stand may be drawn again.</summary>
    public bool IsInteractive { get; }

    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "inf"
        : double.IsNegativeInfinity(value) ? "-inf"
        : double.IsNaN(value) ? "nan"
        : value.ToString("G12", CultureInfo.InvariantCulture);

    /// <summary>Writes a table; the cells are plain text.</summary>
    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = IsInteractive ? TableBorder.Rounded : TableBorder.Ascii2 };
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)));
        }

        foreach (var row in rows)
        {
            table.AddRow(Array.ConvertAll(row, Markup.Escape));
        }

        Console.Write(table);
    }
}
