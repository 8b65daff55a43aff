using System.Globalization;

namespace Stackelberg.Cli;

/// <summary>Shows what a run came to.</summary>
internal static class RunDisplay
{
    // More runs than this are for summary.json; those that are not finite are shown in any case.
    private const int mostRuns = 20;

    public static void Show(Terminal terminal, RunSummary summary, ShownChecks shown)
    {
        var runs =
            summary.Runs.Count <= mostRuns ? summary.Runs : [.. summary.Runs.Where(run => !run.Finite)];
        if (runs.Count > 0)
        {
            terminal.Table(
                ["run", new("rule", Rank: 1), "steps", new("outcome", Wraps: true)],
                runs.Select(run =>
                    new[]
                    {
                        run.Run,
                        run.Rule,
                        run.Steps.ToString(CultureInfo.InvariantCulture),
                        run.Finite ? run.Outcome : $"{run.Outcome} (not finite)",
                    }
                )
            );
        }

        if (runs.Count < summary.Runs.Count)
        {
            terminal.Line($"All {summary.Runs.Count} runs are in summary.json.");
        }

        CheckDisplay.Show(terminal, summary.Report, shown);
        var seconds = summary.Seconds.ToString("0.0", CultureInfo.InvariantCulture);
        terminal.Line($"Run folder: {summary.Folder} ({seconds} s)");
        foreach (var figure in summary.Figures)
        {
            terminal.Line($"Figure: {Path.Combine(summary.Folder, figure)}");
        }

        if (Fault(summary) is { } fault)
        {
            terminal.Fault(fault);
        }
    }

    private static string? Fault(RunSummary summary)
    {
        var failed = summary.Report.Checks.Count(check => !check.Ok);
        var notFinite = summary.Runs.Where(run => !run.Finite && !run.MayDiverge).Select(run => run.Run);
        return summary.Outcome switch
        {
            RunEnding.Cancelled =>
                $"Cancelled. What was found until then is in {summary.Folder}. {GoOn(summary)}",
            RunEnding.NotFinite => $"Not finite: {string.Join(", ", notFinite)}.",
            RunEnding.CheckFailed => $"{failed} of {summary.Report.Checks.Count} checks failed.",
            _ => null,
        };
    }

    private static string GoOn(RunSummary summary) =>
        summary.HasCheckpoint
            ? $"To go on: stackelberg resume {summary.Folder}"
            : "There is no checkpoint to go on from: run it again.";
}
