using Stackelberg.Comparing;

namespace Stackelberg.Reports;

/// <summary>Settings side by side: each number's mean ± standard error over the seeds, and its rank.</summary>
internal static class RunComparison
{
    /// <summary>The tables.</summary>
    /// <param name="groups">The runs by setting.</param>
    /// <param name="runs">The same runs; their experiments' headlines come first.</param>
    public static Html Of(IReadOnlyList<RunGroup> groups, IReadOnlyList<ReportRun> runs)
    {
        var differing = RunGroup.Differing(groups);
        var labels = groups.Select(group => Label(group, differing)).ToArray();
        string[] names = [.. groups.SelectMany(group => group.Estimates).Select(pair => pair.Key).Distinct()];
        string[] headlines = [.. runs.SelectMany(run => run.Run.Config.Headlines ?? []).Distinct()];
        var shown = RunNumbers.Short(names, headlines).ToHashSet();
        string[] others = [.. names.Where(name => !shown.Contains(name))];
        return Html.Of(
            $"""
            <h2>Comparison</h2>
            <p class="soft">Mean ± standard error over seeds; in brackets the rank, 1 for the least.</p>
            {Table(groups, labels, [.. names.Where(shown.Contains)])}
            {(
                others.Length > 0
                    ? ReportRun.Folded("other numbers", others.Length, Table(groups, labels, others))
                    : default
            )}

            """
        );
    }

    /// <summary>The ranks of means, 1 for the least; equal means share a rank, and null has none.</summary>
    public static IReadOnlyList<int?> Ranks(IReadOnlyList<Estimate?> estimates) =>
        [
            .. estimates.Select(one =>
                one is { Count: > 0 }
                    ? 1 + estimates.Count(other => other is { Count: > 0 } && other.Mean < one.Mean)
                    : (int?)null
            ),
        ];

    private static Html Table(IReadOnlyList<RunGroup> groups, string[] labels, string[] names) =>
        Html.Table(["number", .. labels], names.Select(name => Row(groups, name)), firstNumber: 1);

    private static IEnumerable<object?> Row(IReadOnlyList<RunGroup> groups, string name)
    {
        var estimates = groups.Select(group => group.Find(name)).ToArray();
        var ranks = Ranks(estimates);
        return
        [
            name,
            .. estimates.Zip(
                ranks,
                (estimate, rank) =>
                    estimate is null ? ""
                    : rank is null || groups.Count == 1 ? estimate.Words
                    : $"{estimate.Words} ({rank})"
            ),
        ];
    }

    private static string Label(RunGroup group, IReadOnlyList<string> differing)
    {
        var settings = group
            .Configuration.Settings.Where(pair => differing.Contains(pair.Key))
            .Select(pair => $"{pair.Key}={pair.Value}");
        var seeds = group.Runs.Count == 1 ? "1 seed" : $"{group.Runs.Count} seeds";
        return $"{string.Join(' ', settings.Prepend(group.Configuration.Experiment))}, {seeds}";
    }
}
