using Stackelberg.Files;

namespace Stackelberg.Figures;

/// <summary>A figure's data, for those who draw it with another tool.</summary>
internal static class FigureData
{
    // Above this a table of text is much larger than what it is read for.
    private const int mostCells = 16_384;

    public static void Save(Figure figure, string folder, string name)
    {
        Table(figure).Save(Path.Combine(folder, name + ".csv"));
        var grids = Named(figure)
            .Where(entry => IsLarge(entry.Series))
            .SelectMany(entry => Arrays($"{entry.Panel}/{entry.Name}", ((Heat)entry.Series).Grid))
            .ToArray();
        if (grids.Length > 0)
        {
            Npz.Write(Path.Combine(folder, name + ".npz"), grids);
        }
    }

    /// <summary>Whether some of the data are written as arrays.</summary>
    public static bool HasGrids(Figure figure) => Named(figure).Any(entry => IsLarge(entry.Series));

    public static CsvTable Table(Figure figure)
    {
        var rows = Named(figure)
            .Where(entry => !IsLarge(entry.Series))
            .SelectMany(entry =>
                entry.Series.VisibleRows(entry.Frame).Select(row => (entry.Panel, entry.Name, Row: row))
            )
            .ToArray();
        (string Name, Func<DataRow, object?> Cell)[] optional =
        [
            ("u", row => row.U),
            ("v", row => row.V),
            ("value", row => row.Value),
            ("text", row => row.Text),
        ];
        var used = optional.Where(column => rows.Any(entry => column.Cell(entry.Row) is not null)).ToArray();
        var table = new CsvTable(["panel", "series", "x", "y", .. used.Select(column => column.Name)]);
        foreach (var (panel, series, row) in rows)
        {
            table.Add([panel, series, row.X, row.Y, .. used.Select(column => column.Cell(row))]);
        }

        return table;
    }

    private static bool IsLarge(Series series) =>
        series is Heat heat && heat.Grid.Rows * (long)heat.Grid.Columns > mostCells;

    /// <summary>Every series with names that are different: the labels, or the kind and a number.</summary>
    private static IEnumerable<(string Panel, string Name, Series Series, Frame Frame)> Named(Figure figure)
    {
        var panels = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, panel) in figure.Panels.Index())
        {
            var panelName = Unique(
                panels,
                panel.Title.Length > 0 ? Markup.Plain(panel.Title) : $"{number + 1}"
            );
            var names = new HashSet<string>(StringComparer.Ordinal);
            var frame = new PanelLayout(panel).At(0, 0);
            foreach (var series in panel.Series)
            {
                yield return (
                    panelName,
                    Unique(names, series.Label is { } label ? Markup.Plain(label) : series.Kind),
                    series,
                    frame
                );
            }
        }
    }

    private static string Unique(HashSet<string> taken, string wanted)
    {
        var name = wanted;
        for (var number = 2; !taken.Add(name); number++)
        {
            name = $"{wanted} {number}";
        }

        return name;
    }

    private static IEnumerable<KeyValuePair<string, NpyArray>> Arrays(string name, Grid grid)
    {
        var values = new double[grid.Rows * grid.Columns];
        Buffer.BlockCopy(grid.Values, 0, values, 0, values.Length * sizeof(double));
        // Seven digits are more than 255 colours show, and the zeros behind them need no room in the archive.
        values = Array.ConvertAll(values, value => (double)(float)value);
        yield return new(name + "/value", NpyArray.Of(values, grid.Rows, grid.Columns));
        yield return new(
            name + "/x",
            NpyArray.Of([.. Enumerable.Range(0, grid.Columns).Select(j => grid.X(j))])
        );
        yield return new(
            name + "/y",
            NpyArray.Of([.. Enumerable.Range(0, grid.Rows).Select(i => grid.Y(i))])
        );
    }
}
