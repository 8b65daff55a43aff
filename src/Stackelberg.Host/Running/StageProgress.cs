namespace Stackelberg;

/// <summary>Tells a listener of the stages of a run: each one ends, in its sight, before the next begins.</summary>
/// <param name="progress">The listener; null if nobody listens.</param>
/// <remarks>For one thread at a time, but for <see cref="Note"/>.</remarks>
internal sealed class StageProgress(IProgress<RunProgress>? progress)
{
    private string? current;
    private double fraction;

    /// <summary>Says how far a stage is; another one is then over.</summary>
    /// <param name="stage">What is being computed.</param>
    /// <param name="part">How much of it is done; beyond 0 and 1 the nearer of both counts.</param>
    /// <param name="metric">The newest numbers in words; null for none.</param>
    public void Report(string stage, double part, string? metric)
    {
        if (stage != current)
        {
            End();
        }

        (current, fraction) = (stage, Math.Clamp(part, 0, 1));
        progress?.Report(new RunProgress(stage, fraction, Note: null, Metric: metric));
    }

    /// <summary>Says that the current stage is over.</summary>
    public void End()
    {
        if (current is { } stage && fraction < 1)
        {
            progress?.Report(new RunProgress(stage, 1));
        }

        current = null;
    }

    /// <summary>A line for the user that belongs to no stage.</summary>
    /// <remarks>It is not kept: a summary is that of a run that was never stopped.</remarks>
    public void Note(string text) => progress?.Report(new RunProgress("", 0, text));
}
