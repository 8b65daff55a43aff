using System.Diagnostics;

namespace Stackelberg;

/// <summary>Measures a run's time, and says when a checkpoint is worth what it costs.</summary>
/// <param name="fixedInterval">The time between checkpoints; null to choose it by their cost.</param>
/// <remarks>For one thread at a time, but for <see cref="Seconds"/>.</remarks>
internal sealed class CheckpointClock(TimeSpan? fixedInterval)
{
    // Saving takes at most this part of the time.
    private const double partForSaving = 0.02;

    // Any sooner, and the flush to the disk would count.
    private static readonly TimeSpan leastInterval = TimeSpan.FromSeconds(0.25);

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private TimeSpan last;
    private TimeSpan cost;

    /// <summary>The wall-clock time since this began.</summary>
    public double Seconds => clock.Elapsed.TotalSeconds;

    /// <summary>Whether a quarter of a second has passed since the last checkpoint, and fifty times what it cost.</summary>
    public bool IsDue
    {
        get
        {
            var paid = cost / partForSaving;
            return clock.Elapsed - last >= (fixedInterval ?? (paid > leastInterval ? paid : leastInterval));
        }
    }

    /// <summary>Saves a checkpoint, and takes the time of that.</summary>
    public void Save(Action save)
    {
        var before = clock.Elapsed;
        save();
        last = clock.Elapsed;
        cost = last - before;
    }
}
