namespace Stackelberg.Sweeps;

/// <summary>What became of a point.</summary>
/// <param name="Point">The point.</param>
/// <param name="Folder">Its run folder.</param>
/// <param name="Saved">The run; null if its folder holds none.</param>
/// <param name="Fault">Why it did not reach its end, one line; null if it did.</param>
/// <param name="WasOver">Whether it had reached its end before this sweep.</param>
internal sealed record SweepResult(
    SweepPoint Point,
    string Folder,
    SavedRun? Saved,
    string? Fault,
    bool WasOver = false
)
{
    /// <summary>Whether it reached its end with finite numbers and no failed check.</summary>
    public bool IsDone => Fault is null && Saved?.Summary?.Outcome == RunEnding.Done;

    /// <summary>How it ended, in words.</summary>
    public string Outcome =>
        Fault is null && Saved?.Summary is { } summary ? RunFiles.Words(summary.Outcome) : "failed";
}
