namespace Stackelberg.Cli;

/// <summary>Shows what a run came to.</summary>
internal static class RunDisplay
{
    // More runs than this are for summary.json; those that failed are shown in any case.
    private const int mostRuns = 20;

    /// <summary>Shows it.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="command">The command's word.</param>
    /// <param name="result">What the run came to.</param>
    /// <param name="shown">Which checks are shown.</param>
    public static void Show(Terminal terminal, string command, RunResult result, ShownChecks shown)
    {
        if (terminal.Manner.IsJson)
        {
            terminal.Document(RunDocument.Of(command, result));
        }
        else
        {
            ShowLines(terminal, result, shown);
        }

        if (Fault(result) is { } fault)
        {
            terminal.Fault(fault);
        }
        else
        {
            terminal.Hint($"one page about it: stackelberg report {Hints.Quoted(result.Folder)}");
        }
    }

    private static void ShowLines(Terminal terminal, RunResult result, ShownChecks shown)
    {
        var runs =
            result.Runs.Count <= mostRuns && !terminal.Manner.IsQuiet
                ? result.Runs
                : [.. result.Runs.Where(run => run.Outcome.HasFailed)];
        if (runs.Count > 0)
        {
            terminal.Table(
                ["run", new("rule", Rank: 1), "steps", new("outcome", Wraps: true)],
                runs.Select(run =>
                    new[]
                    {
                        run.Run,
                        run.Rule,
                        $"{run.Steps}",
                        run.Outcome.HasFailed ? $"{run.Outcome.Words} (failed)" : run.Outcome.Words,
                    }
                )
            );
        }

        if (runs.Count < result.Runs.Count && !terminal.Manner.IsQuiet)
        {
            terminal.Line($"All {result.Runs.Count} runs are in summary.json.");
        }

        CheckDisplay.Show(terminal, result.Report, shown);
        terminal.Line($"Run folder: {result.Folder} ({result.Seconds:0.0} s)");
        foreach (var figure in result.Figures)
        {
            terminal.Line($"Figure: {Path.Combine(result.Folder, figure)}");
        }
    }

    private static string? Fault(RunResult result)
    {
        var failed = result.Report.Checks.Count(check => !check.Ok);
        var notFinite = result.Runs.Where(run => run.Outcome.HasFailed).Select(run => run.Run);
        return result.Ending switch
        {
            RunEnding.Cancelled =>
                $"Cancelled. What was found until then is in {result.Folder}. {GoOn(result)}",
            RunEnding.NotFinite => $"Not finite: {string.Join(", ", notFinite)}.",
            RunEnding.CheckFailed => $"{failed} of {result.Report.Checks.Count} checks failed.",
            _ => null,
        };
    }

    private static string GoOn(RunResult result) =>
        result.HasCheckpoint
            ? $"To go on: stackelberg resume {result.Folder}"
            : "There is no checkpoint to go on from: run it again.";
}
