namespace Stackelberg.Cli;

/// <summary>What <c>run --json</c> and <c>resume --json</c> print.</summary>
/// <param name="Command">The command's word.</param>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Seed">The seed of the random numbers.</param>
/// <param name="Settings">Every setting with its value.</param>
/// <param name="Folder">The run folder.</param>
/// <param name="Ending">How it ended: done, check failed, not finite, cancelled or failed.</param>
/// <param name="CanResume">Whether <c>stackelberg resume</c> goes on with it.</param>
/// <param name="Seconds">The wall-clock time.</param>
/// <param name="Runs">Its learning runs.</param>
/// <param name="Checks">Its checks.</param>
/// <param name="WhyUnchecked">Why nothing was checked; null if something was.</param>
/// <param name="LeftOut">How many expected values belong to parts that did not run.</param>
/// <param name="Found">All found numbers by name.</param>
/// <param name="Notes">What it noted.</param>
/// <param name="Figures">The figures' files, full paths.</param>
internal sealed record RunDocument(
    string Command,
    string Experiment,
    ulong Seed,
    Dictionary<string, string> Settings,
    string Folder,
    string Ending,
    bool CanResume,
    double Seconds,
    LearningRunDocument[] Runs,
    Check[] Checks,
    string? WhyUnchecked,
    int LeftOut,
    IReadOnlyDictionary<string, double> Found,
    IReadOnlyList<string> Notes,
    string[] Figures
)
{
    /// <summary>The document of a run.</summary>
    /// <param name="command">The command's word.</param>
    /// <param name="result">The run.</param>
    public static RunDocument Of(string command, RunResult result) =>
        new(
            command,
            result.Configuration.Experiment,
            result.Configuration.Seed,
            result.Configuration.Settings.ToDictionary(),
            result.Folder,
            EndingWords.Of(result.Ending),
            result.HasCheckpoint,
            result.Seconds,
            [
                .. result.Runs.Select(run => new LearningRunDocument(
                    run.Run,
                    run.Rule,
                    run.Steps,
                    run.Outcome.Words,
                    run.Outcome.HasFailed,
                    run.Final,
                    run.Costs
                )),
            ],
            [.. result.Report.Checks],
            result.Report.WhyNone,
            result.Report.LeftOut,
            result.Found,
            result.Notes,
            [.. result.Figures.Select(figure => Path.Combine(result.Folder, figure))]
        );
}

/// <summary>How a learning run ended.</summary>
internal sealed record LearningRunDocument(
    string Run,
    string Rule,
    long Steps,
    string Outcome,
    bool HasFailed,
    IReadOnlyList<double> Final,
    IReadOnlyList<double> Costs
);
