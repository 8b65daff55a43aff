using Stackelberg.Comparing;
using Stackelberg.Files;

namespace Stackelberg.Sweeps;

/// <summary>The tables that a sweep writes.</summary>
internal static class SweepTable
{
    /// <summary>What the table of points begins with.</summary>
    public const string PointsMark = "point,seed,";

    /// <summary>What the header of the table of means holds.</summary>
    public const string MeansMark = "number,seeds,notFinite,mean,standardError,least,greatest";

    /// <summary>
    /// A row for each point: its folder, seed, every setting, outcome, how many checks held of how many, steps,
    /// seconds, fault, then every number of <see cref="RunNumbers"/>.
    /// </summary>
    public static CsvTable Points(IReadOnlyList<SweepResult> results)
    {
        var settings = results
            .SelectMany(result => result.Point.Configuration.Settings)
            .Select(pair => pair.Key)
            .Distinct()
            .ToArray();
        var numbers = results.Select(result => result.Run is { } run ? RunNumbers.Of(run) : []).ToArray();
        var names = numbers.SelectMany(row => row).Select(pair => pair.Key).Distinct().ToArray();
        var table = new CsvTable([
            "point",
            "seed",
            .. settings,
            "outcome",
            "checksOk",
            "checks",
            "steps",
            "seconds",
            "fault",
            .. names,
        ]);
        foreach (var (result, row) in results.Zip(numbers))
        {
            var configuration = result.Point.Configuration;
            var values = configuration.Settings.ToDictionary(pair => pair.Key, pair => pair.Value);
            var run = result.Run is { Ending: not RunEnding.Unfinished } ended ? ended : null;
            var found = row.ToDictionary(pair => pair.Key, pair => pair.Value);
            table.Add([
                configuration.Identity,
                configuration.Seed,
                .. settings.Select(values.GetValueOrDefault),
                result.Outcome,
                run?.Report.Checks.Count(check => check.Ok),
                run?.Report.Checks.Count,
                run?.Runs.Sum(one => one.Steps),
                run?.Seconds,
                result.Fault,
                .. names.Select(name => found.TryGetValue(name, out var number) ? (object?)number : null),
            ]);
        }

        return table;
    }

    /// <summary>
    /// A row for each number of each setting: the settings, the number's name, over how many seeds, the mean,
    /// its standard error, the least and the greatest value. Of points that are over.
    /// </summary>
    public static CsvTable Means(IReadOnlyList<RunGroup> groups)
    {
        var settings = groups
            .SelectMany(group => group.Configuration.Settings)
            .Select(pair => pair.Key)
            .Distinct()
            .ToArray();
        var table = new CsvTable([
            .. settings,
            "number",
            "seeds",
            "notFinite",
            "mean",
            "standardError",
            "least",
            "greatest",
        ]);
        foreach (var group in groups)
        {
            foreach (var (name, estimate) in group.Estimates)
            {
                table.Add([
                    .. settings.Select(group.Setting),
                    name,
                    estimate.Count,
                    estimate.NotFinite,
                    estimate.Mean,
                    estimate.StandardError,
                    estimate.Least,
                    estimate.Greatest,
                ]);
            }
        }

        return table;
    }
}
