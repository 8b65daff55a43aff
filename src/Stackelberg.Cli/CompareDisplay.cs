namespace Stackelberg.Cli;

/// <summary>Shows what rules came to on a game: a table, with the places and the remarks below it.</summary>
internal static class CompareDisplay
{
    // Points with more entries than this would make lines too long to read; the file has them all.
    private const int mostEntries = 4;

    private static readonly TableColumn[] columns =
    [
        "rule",
        "came to",
        "at",
        new("steps", Rank: 2),
        "factor",
        new("predicted", Rank: 3),
        new("note", Rank: 1),
    ];

    /// <summary>Shows a game.</summary>
    public static void Show(Terminal terminal, ComparedGame game)
    {
        var rows = game.Rows;
        if (rows.Count == 0)
        {
            return;
        }

        terminal.Paragraph(
            $"{game.Game.Name}, from ({Entries(game.Start, Terminal.Number)}) at rate {Terminal.Number(game.Rate)}:"
        );
        var places = rows.Where(HasConverged).Select(Place).Distinct().ToList();
        var remarks = rows.Select(row => row.Remark).Where(remark => remark.Length > 0).Distinct().ToList();
        terminal.Table(columns, rows.Select(row => Row(row, places, remarks)));
        foreach (var (index, place) in places.Index())
        {
            var known = rows.Where(row => HasConverged(row) && Place(row) == place)
                .Select(row => game.Known is null ? -1 : Known.indexOf(row.Final, game.Known))
                .Max();
            terminal.Paragraph(
                $"{Letter(index)} = ({place})" + (known < 0 ? "" : $", known point {known + 1}")
            );
        }

        foreach (var (index, remark) in remarks.Index())
        {
            terminal.Paragraph($"{Number(index)} {remark}");
        }

        terminal.Line("");
    }

    private static string[] Row(ComparisonRow row, List<string> places, List<string> remarks) =>
        [
            row.Rule,
            row.Kind,
            HasConverged(row) ? Letter(places.IndexOf(Place(row))) : "",
            $"{row.Steps}",
            Factor(row.Measured),
            Factor(row.Predicted),
            row.Remark.Length > 0 ? Number(remarks.IndexOf(row.Remark)) : "",
        ];

    private static bool HasConverged(ComparisonRow row) => row.Ending == RuleEnding.Converged;

    private static string Place(ComparisonRow row) => Entries(row.Final, value => Short(value, 6));

    private static string Entries(double[] point, Func<double, string> show) =>
        string.Join(", ", point.Take(mostEntries).Select(show)) + (point.Length > mostEntries ? ", …" : "");

    // A, B, …, Z, AA, AB, …
    private static string Letter(int index) =>
        (index >= 26 ? Letter(index / 26 - 1) : "") + (char)('A' + index % 26);

    private static string Number(int index) => $"[{index + 1}]";

    private static string Factor(double value) => double.IsNaN(value) ? "" : Short(value, 5);

    private static string Short(double value, int digits) =>
        // Without the sign of a zero.
        $"{Math.Round(value, digits) + 0.0:0.######}";
}
