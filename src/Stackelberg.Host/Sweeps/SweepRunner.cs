namespace Stackelberg.Sweeps;

/// <summary>Does one point of a sweep.</summary>
/// <param name="point">The point.</param>
/// <param name="folder">Its run folder.</param>
/// <param name="isResumed">Whether the folder holds a run to go on with.</param>
/// <param name="cancellation">Asks it to save and end.</param>
/// <returns>One line about what went wrong, for the case that the run did not reach its end.</returns>
internal delegate Task<string> SweepWorker(
    SweepPoint point,
    string folder,
    bool isResumed,
    CancellationToken cancellation
);

/// <summary>Runs the points of a sweep that are not over yet, some at a time.</summary>
/// <remarks>
/// Several sweeps may work on one folder at once: each point is claimed by a lock that ends with the process,
/// and a worker that has outlived its sweep holds its run folder itself.
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
        var path = folder.Of(point);
        if (claim is null || Files.FileLock.IsHeld(Path.Combine(path, RunFolder.LockName)))
        {
            return null;
        }

        try
        {
            var before = Read(point, path);
            var isResumed = before is not null && SweepFolder.CanGoOn(path, experiment.IsResumable);
            if (before is not null && (before.IsOver || isResumed))
            {
                SweepFolder.NeedThisWidth(point, before);
            }

            if (before is { IsOver: true })
            {
                return new(point, before, null, WasOver: true);
            }

            if (before is not null && !isResumed)
            {
                // A part of this very run, as its configuration says; it gives nothing that a new one does not.
                folder.NeedNothingForeign([point], experiment.IsResumable);
                RunManifest.Read(path).DeleteAll();
            }

            progress.Report(new(point, null));
            var fault = await work(point, path, isResumed, cancellation);
            var saved = Read(point, path);
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

    private static RunResult? Read(SweepPoint point, string path)
    {
        if (!File.Exists(Path.Combine(path, RunFolder.ConfigName)))
        {
            return null;
        }

        var saved = RunResult.Read(path);
        return saved.Configuration.Identity == point.Configuration.Identity
            ? saved
            : throw new UserInputException($"The folder {path} holds another run, which is not overwritten.");
    }
}
