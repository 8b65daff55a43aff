namespace Stackelberg.Cli;

/// <summary>Which columns of a table fit, and how wide they are.</summary>
/// <param name="Shown">The indices of the columns that are shown.</param>
/// <param name="Widths">The width of each of them.</param>
internal sealed record TableFit(int[] Shown, int[] Widths)
{
    // Sentences in less room than this are hard to read.
    private const int leastOfSentence = 24;

    // A border and a blank on either side.
    private const int aroundCell = 3;

    /// <summary>Leaves columns out by their rank until the others fit with their sentences wrapped.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">The cells.</param>
    /// <param name="width">The width of the page.</param>
    public static TableFit Of(IReadOnlyList<TableColumn> columns, IReadOnlyList<string[]> rows, int width)
    {
        int[] natural =
        [
            .. columns.Select(
                (column, index) => rows.Select(row => row[index].Length).Append(column.Title.Length).Max()
            ),
        ];
        var shown = Enumerable.Range(0, columns.Count).ToList();
        while (Least() > width && shown.Exists(index => columns[index].Rank > 0))
        {
            shown.Remove(shown.MaxBy(index => (columns[index].Rank, index)));
        }

        var spare = width - Least();
        return new(
            [.. shown],
            [
                .. shown.Select(index =>
                {
                    var least = LeastOf(index);
                    var more = Math.Clamp(natural[index] - least, 0, Math.Max(0, spare));
                    spare -= more;
                    return least + more;
                }),
            ]
        );

        int LeastOf(int index) =>
            columns[index].Wraps ? Math.Min(natural[index], leastOfSentence) : natural[index];

        int Least() => shown.Sum(index => LeastOf(index) + aroundCell) + 1;
    }
}
