using System.Diagnostics;

namespace Stackelberg;

/// <summary>Runs an experiment, checks it against its source and writes the run folder.</summary>
/// <remarks>
/// The folder holds <c>config.json</c> (every setting), <c>summary.json</c> (outcomes and checks),
/// <c>metrics.csv</c>, <c>trajectory.npz</c> and <c>figures/</c>.
/// </remarks>
public static class ExperimentRunner
{
    /// <summary>Runs an experiment.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="overrides">The settings that are not to have their default.</param>
    /// <param name="outFolder">The run folder; null for a new one, <c>runs/name-date-time</c>.</param>
    /// <param name="seed">The seed; null for the experiment's own.</param>
    /// <param name="progress">Hears how far the run is; called on the experiment's thread.</param>
    /// <param name="cancellation">Ends the run early; what was found is kept in the folder.</param>
    /// <returns>What it came to, also if it was cancelled.</returns>
    /// <exception cref="UserInputException">A setting or the folder is wrong; no folder is left behind.</exception>
    /// <exception cref="IOException">The folder could no longer be written.</exception>
    public static RunSummary Run(
        Experiment experiment,
        IReadOnlyDictionary<string, string> overrides,
        string? outFolder = null,
        ulong? seed = null,
        IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var settings = SettingValues.Resolve(experiment.Name, experiment.Settings, overrides);
        var expected = experiment.ReadExpected();
        var started = DateTimeOffset.Now;
        var clock = Stopwatch.StartNew();
        var folder = RunFolder.Open(outFolder, experiment.Name, started);
        var context = new ExperimentContext(settings, seed ?? experiment.DefaultSeed, folder, progress);
        RunFiles.WriteConfig(folder, experiment, settings, context.Seed, started);

        RunSummary Finish(RunEnding? ending, string? fault = null)
        {
            var summary = Summarise(
                experiment,
                folder,
                context,
                Compare(ending),
                ending,
                clock.Elapsed.TotalSeconds
            );
            RunFiles.WriteData(folder, context.Record);
            RunFiles.WriteSummary(folder, experiment, summary, fault);
            return summary;
        }

        CheckReport Compare(RunEnding? ending) =>
            ending is null
                ? Checks.Compare(
                    context.Record.Found,
                    expected,
                    Changed(experiment, settings, context.Seed),
                    context.Record.Parts
                )
                : new CheckReport([], "Nothing was checked: the run did not reach its end.", 0);

        try
        {
            experiment.Run(context, cancellation);
        }
        catch (UserInputException)
        {
            folder.Discard();
            throw;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Finish(RunEnding.Cancelled);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            Finish(RunEnding.Failed, $"{fault.GetType().Name}: {fault.Message}");
            throw;
        }

        return Finish(null);
    }

    private static Setting[] Changed(Experiment experiment, SettingValues settings, ulong seed) =>
        seed == experiment.DefaultSeed
            ? [.. settings.Changed]
            : [.. settings.Changed, new Setting("seed", "", "", experiment.SeedKind)];

    private static RunSummary Summarise(
        Experiment experiment,
        RunFolder folder,
        ExperimentContext context,
        CheckReport report,
        RunEnding? ending,
        double seconds
    )
    {
        var record = context.Record;
        var finite = record.Runs.TrueForAll(run => run.Finite || run.MayDiverge);
        return new RunSummary(
            experiment.Name,
            folder.FullPath,
            context.Seed,
            ending
                ?? (
                    !finite ? RunEnding.NotFinite
                    : report.Ok ? RunEnding.Done
                    : RunEnding.CheckFailed
                ),
            [.. record.Runs],
            report,
            new Dictionary<string, double>(record.Found),
            [.. record.Notes],
            [.. record.Figures.Select(name => $"figures/{name}.svg")],
            seconds
        );
    }
}
