namespace Stackelberg;

/// <summary>What a run of an experiment came to; <c>summary.json</c> holds the same.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="Folder">The run folder, a full path.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Outcome">How it ended: done, not finite, check failed, cancelled or failed.</param>
/// <param name="Runs">How each learning run ended.</param>
/// <param name="Report">The checks.</param>
/// <param name="Found">All found numbers by name.</param>
/// <param name="Notes">The notes in their order.</param>
/// <param name="Figures">The figures' files, relative to the folder.</param>
/// <param name="Seconds">The wall-clock time.</param>
/// <param name="HasCheckpoint">Whether there is a checkpoint to go on from.</param>
public sealed record RunSummary(
    string Experiment,
    string Folder,
    ulong Seed,
    RunEnding Outcome,
    IReadOnlyList<RunOutcome> Runs,
    CheckReport Report,
    IReadOnlyDictionary<string, double> Found,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Figures,
    double Seconds,
    bool HasCheckpoint = false
);
