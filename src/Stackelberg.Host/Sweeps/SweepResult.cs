namespace Stackelberg.Sweeps;

/// <summary>What became of a point.</summary>
/// <param name="Point">The point.</param>
/// <param name="Run">The run; null if its folder holds none.</param>
/// <param name="Fault">Why it did not reach its end, one line; null if it did.</param>
/// <param name="WasOver">Whether it had reached its end before this sweep.</param>
internal sealed record SweepResult(SweepPoint Point, RunResult? Run, string? Fault, bool WasOver = false)
{
    /// <summary>Whether it reached its end and nothing in it failed.</summary>
    public bool IsDone => Fault is null && Run?.Ending == RunEnding.Done;

    /// <summary>How it ended, in words.</summary>
    public string Outcome => EndingWords.Of(Fault is null && Run is not null ? Run.Ending : RunEnding.Failed);
}
