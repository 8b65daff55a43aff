using Stackelberg.Files;

namespace Stackelberg.Comparing;

/// <summary>The numbers by which runs are compared.</summary>
internal static class RunNumbers
{
    /// <summary>What begins the name of a player's cost at the end: <c>cost/run/1</c>, players from 1.</summary>
    public const string Cost = "cost/";

    /// <summary>What begins the name of a run's last metric: <c>metric/run/name</c>.</summary>
    public const string Metric = "metric/";

    /// <summary>What begins the name of a found number.</summary>
    public const string Found = "found/";

    /// <summary>The numbers of a run that ended, in order: costs, last metrics, found numbers.</summary>
    /// <exception cref="UserInputException">metrics.csv is broken.</exception>
    public static IReadOnlyList<KeyValuePair<string, double>> Of(RunResult run) =>
        run.Ending == RunEnding.Unfinished
            ? []
            :
            [
                .. run.Runs.SelectMany(Costs),
                .. LastMetrics(Path.Combine(run.Folder, MetricsFile.Name)),
                .. run.Found.Select(pair => KeyValuePair.Create(Found + pair.Key, pair.Value)),
            ];

    /// <summary>
    /// The names that a short table shows: the experiment's headlines; without any, the metrics; without
    /// any, the costs.
    /// </summary>
    public static IReadOnlyList<string> Short(
        IReadOnlyCollection<string> names,
        IReadOnlyList<string> headlines
    )
    {
        string[] chosen =
        [
            .. names.Where(name =>
                headlines.Any(headline =>
                    name == Found + headline
                    || (
                        name.StartsWith(Found, StringComparison.Ordinal)
                        && name.EndsWith("/" + headline, StringComparison.Ordinal)
                    )
                )
            ),
        ];
        return chosen.Length > 0 ? chosen
            : names.Any(name => name.StartsWith(Metric, StringComparison.Ordinal)) ? [.. Only(Metric)]
            : [.. Only(Cost)];

        IEnumerable<string> Only(string kind) =>
            names.Where(name => name.StartsWith(kind, StringComparison.Ordinal));
    }

    private static IEnumerable<KeyValuePair<string, double>> Costs(RunOutcome run) =>
        run.Costs.Select((cost, index) => KeyValuePair.Create($"{Cost}{run.Run}/{index + 1}", cost));

    // Rows may lack columns, so that the last value of each column counts, not the last row.
    private static Dictionary<string, double> LastMetrics(string path)
    {
        var last = new Dictionary<string, double>(StringComparer.Ordinal);
        // A link may lead out of the run folder.
        if (new FileInfo(path) is not { Exists: true, LinkTarget: null })
        {
            return last;
        }

        try
        {
            var table = MetricsFile.ReadComplete(path);
            foreach (var row in table.Rows)
            {
                for (var column = 2; column < row.Length; column++)
                {
                    if (row[column].Length > 0)
                    {
                        last[$"{Metric}{row[0]}/{table.Columns[column]}"] =
                            CsvTable.TryNumber(row[column])
                            ?? throw new InvalidDataException(
                                $"{MetricsFile.Name} holds \"{row[column]}\", which is no number."
                            );
                    }
                }
            }

            return last;
        }
        catch (InvalidDataException fault)
        {
            throw new UserInputException($"{path} cannot be read: {fault.Message}", fault);
        }
    }
}
