using Stackelberg.Files;

namespace Stackelberg;

/// <summary>What an experiment has handed over so far.</summary>
internal sealed class RunRecord
{
    public HashSet<string> Parts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, double> Found { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, NpyArray> Series { get; } = new(StringComparer.Ordinal);

    public List<(string Run, long Step, (string Name, double Value)[] Values)> Metrics { get; } = [];

    public List<string> Figures { get; } = [];

    public List<string> Notes { get; } = [];

    public List<RunOutcome> Runs { get; } = [];

    /// <summary>The metrics as a table: run, step, then every column in the order of its first use.</summary>
    public CsvTable MetricsTable()
    {
        var columns = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, _) in Metrics.SelectMany(row => row.Values))
        {
            columns.TryAdd(name, columns.Count);
        }

        var table = new CsvTable(["run", "step", .. columns.Keys]);
        foreach (var (run, step, values) in Metrics)
        {
            var cells = new object?[columns.Count + 2];
            (cells[0], cells[1]) = (run, step);
            foreach (var (name, value) in values)
            {
                cells[columns[name] + 2] = value;
            }

            table.Add(cells);
        }

        return table;
    }
}
