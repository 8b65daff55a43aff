namespace Stackelberg.Sweeps;

/// <summary>Does one point of a sweep.</summary>
/// <param name="point">The point.</param>
/// <param name="folder">Its run folder.</param>
/// <param name="isResumed">Whether the folder holds a run to go on with.</param>
/// <param name="cancellation">Asks it to save and end.</param>
/// <returns>One line about what went wrong, for the case that the run did not reach its end; null if the folder was
/// refused because another process has it.</returns>
internal delegate Task<string?> SweepWorker(
    SweepPoint point,
    string folder,
    bool isResumed,
    CancellationToken cancellation
);

/// <summary>Runs the points of a sweep that are not over yet, some at a time.</summary>
/// <remarks>
/// Several sweeps may work on one folder at once: each point is claimed by a lock that ends with the process.
/// A worker may outlive its sweep, and may take its run folder at any time until then; so does whoever resumes a
/// point by hand. The run folder's own lock decides, and a point that another process has is looked at again later.
/// </remarks>
internal sealed class SweepRunner(Experiment experiment, SweepFolder folder, SweepWorker work)
{
    private static readonly TimeSpan betweenLooks = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();

    /// <summary>Runs the points.</summary>
    /// <param name="points">The points.</param>
    /// <param name="jobs">How many at a time.</param>
    /// <param name="progress">Hears of each point that begins or ends.</param>
    /// <param name="cancellation">Begins no further point, and asks those that run to save and end.</param>
    /// <exception cref="UserInputException">An unfinished point holds files that no run wrote, or a point was computed with
    /// vectors of another width.</exception>
    /// <returns>What became of each point, in their order; after a cancellation only of those that were begun.</returns>
    public async Task<IReadOnlyList<SweepResult>> Run(
        IReadOnlyList<SweepPoint> points,
        int jobs,
        IProgress<SweepProgress> progress,
        CancellationToken cancellation
    )
    {
        folder.NeedNothingForeign(points, experiment.IsResumable);
        folder.NeedThisWidth(points, experiment.IsResumable);
        var pending = new Queue<SweepPoint>(points);
        var results = new Dictionary<SweepPoint, SweepResult>(ReferenceEqualityComparer.Instance);
        await Task.WhenAll(Enumerable.Range(0, Math.Min(jobs, points.Count)).Select(_ => Task.Run(Job)));
        return [.. points.Where(results.ContainsKey).Select(point => results[point])];

        async Task Job()
        {
            while (!cancellation.IsCancellationRequested && Take() is { } point)
            {
                var result = await TryDo(point, progress, cancellation);
                lock (gate)
                {
                    if (result is null)
                    {
                        pending.Enqueue(point);
                    }
                    else
                    {
                        results.Add(point, result);
                        progress.Report(new(point, result));
                    }
                }

                if (result is null)
                {
                    await Task.Delay(betweenLooks, cancellation)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
        }

        SweepPoint? Take()
        {
            lock (gate)
            {
                return pending.TryDequeue(out var point) ? point : null;
            }
        }
    }

    /// <summary>What became of a point, or null if another process is at it.</summary>
    private async Task<SweepResult?> TryDo(
        SweepPoint point,
        IProgress<SweepProgress> progress,
        CancellationToken cancellation
    )
    {
        using var claim = folder.TryClaim(point);
        if (claim is null)
        {
            return null;
        }

        try
        {
            // What is over stays so: only the rest needs the folder's lock.
            var before = folder.Read(point);
            if (
                before is not { IsOver: true }
                && !folder.TryMakeReady(point, experiment.IsResumable, out before)
            )
            {
                return null;
            }

            if (before is not null)
            {
                SweepFolder.NeedThisWidth(point, before);
            }

            if (before is { IsOver: true })
            {
                return new(point, before, null, WasOver: true);
            }

            progress.Report(new(point, null));
            var fault = await work(point, folder.Of(point), before is not null, cancellation);
            if (fault is null)
            {
                progress.Report(new(point, null, IsPutOff: true));
                return null;
            }

            var saved = folder.Read(point);
            return new(
                point,
                saved,
                saved is { IsOver: true } ? null
                    : saved?.Ending == RunEnding.Cancelled ? "cancelled"
                    : fault
            );
        }
        catch (Exception fault)
            when (fault is UserInputException or IOException or UnauthorizedAccessException)
        {
            return new(point, null, fault.Message);
        }
    }
}
