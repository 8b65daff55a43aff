using Stackelberg.Kernels;

namespace Stackelberg;

/// <summary>Runs an experiment, checks it against its source and writes the run folder.</summary>
/// <remarks>
/// The folder holds <c>config.json</c> (every setting), <c>summary.json</c> (outcomes and checks),
/// <c>metrics.csv</c>, <c>trajectory.npz</c>, <c>figures/</c>, and <c>checkpoints/</c> if the experiment can be
/// resumed.
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
    /// <remarks>What the experiment raises is raised. The folder keeps what it had handed over by then; if that is nothing, no
    /// folder is left behind.</remarks>
    public static RunResult Run(
        Experiment experiment,
        IReadOnlyDictionary<string, string> overrides,
        string? outFolder = null,
        ulong? seed = null,
        IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default
    ) => Run(experiment, overrides, outFolder, seed, progress, null, cancellation);

    /// <summary>Goes on with a run that was stopped, to the same bits as if it had never been.</summary>
    /// <param name="experiments">The experiments by name.</param>
    /// <param name="path">The run folder.</param>
    /// <param name="progress">Hears how far the run is, and of checkpoints that cannot be used.</param>
    /// <param name="cancellation">Ends the run early; it can be resumed again.</param>
    /// <returns>What it came to, also if it was cancelled.</returns>
    /// <exception cref="UserInputException">
    /// The folder holds no run, or one that is over, or one of an experiment that saves no checkpoints or has
    /// changed since, or one that was begun with vectors of another width.
    /// </exception>
    /// <exception cref="IOException">The folder could no longer be written.</exception>
    /// <remarks>It begins at the newest checkpoint that is whole; without any, at the start.</remarks>
    public static RunResult Resume(
        ExperimentTable experiments,
        string path,
        IProgress<RunProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(experiments);
        return Resume(experiments, path, progress, null, cancellation);
    }

    internal static RunResult Run(
        Experiment experiment,
        IReadOnlyDictionary<string, string> overrides,
        string? outFolder,
        ulong? seed,
        IProgress<RunProgress>? progress,
        TimeSpan? fixedInterval,
        CancellationToken cancellation
    )
    {
        var settings = SettingValues.Resolve(experiment, overrides);
        var configuration = RunConfiguration.Of(experiment, settings, seed);
        var expected = experiment.ReadExpected();
        var started = DateTimeOffset.Now;
        using var folder = RunFolder.Open(outFolder, experiment, started);
        var config = ConfigFile.Of(
            experiment,
            configuration,
            settings.Changed.Select(setting => setting.Key),
            started
        );
        RunFolderFormat.Write(folder.Own(RunFolder.ConfigName), config, RunFolderFormat.Page.ConfigFile);
        var context = new ExperimentContext(
            settings,
            experiment.Files,
            configuration.Seed,
            folder,
            progress,
            fixedInterval,
            isResumed: false
        );
        try
        {
            if (seed is not null && experiment.WhySeedIsUnused(settings) is { } why)
            {
                context.Note($"The seed {seed} is not used: {why}.");
            }

            return Go(
                RunResult.Begun(folder.FullPath, configuration, config),
                experiment,
                settings,
                expected,
                folder,
                context,
                cancellation
            );
        }
        catch (UserInputException)
        {
            folder.Discard();
            throw;
        }
    }

    internal static RunResult Resume(
        ExperimentTable experiments,
        string path,
        IProgress<RunProgress>? progress,
        TimeSpan? fixedInterval,
        CancellationToken cancellation
    )
    {
        var experiment = Resumable(experiments, path);
        using var folder = RunFolder.Reopen(path);

        // Only now does no other process write it.
        var saved = RunResult.Read(path);
        if (saved.IsOver)
        {
            throw new UserInputException(
                $"The run in {saved.Folder} is over ({EndingWords.Of(saved.Ending)}); there is nothing "
                    + "to resume."
            );
        }

        var settings = SettingValues.Resolve(
            experiment,
            saved.Configuration.Settings.ToDictionary(pair => pair.Key, pair => pair.Value)
        );
        var configuration = RunConfiguration.Of(experiment, settings, saved.Configuration.Seed);
        if (configuration.Identity != saved.Configuration.Identity)
        {
            throw new UserInputException(
                $"The run in {saved.Folder} was begun by another version of {experiment.Name}, which would go on "
                    + $"with other numbers. Run it again: {RunAgain(saved)}."
            );
        }

        if (saved.Config.VectorBits is { } bits && bits != VectorWidth.Bits)
        {
            throw new UserInputException(
                $"The run in {saved.Folder} was begun with vectors of {bits} bits, but this process computes with "
                    + $"{VectorWidth.Bits}, which rounds sums otherwise: it would not go on to the same bits. Go on where "
                    + $"there are {bits}{VectorWidth.Remedy(bits)}, or run it again: {RunAgain(saved)}."
            );
        }

        var expected = experiment.ReadExpected();
        File.Delete(folder.PathOf(RunFolder.SummaryName));
        var context = new ExperimentContext(
            settings,
            experiment.Files,
            configuration.Seed,
            folder,
            progress,
            fixedInterval,
            isResumed: true
        );
        return Go(
            RunResult.Begun(folder.FullPath, configuration, saved.Config),
            experiment,
            settings,
            expected,
            folder,
            context,
            cancellation
        );
    }

    private static Experiment Resumable(ExperimentTable experiments, string path)
    {
        var saved = RunResult.Read(path);
        var experiment = experiments.Find(saved.Experiment);
        return experiment.IsResumable || saved.IsOver
            ? experiment
            : throw new UserInputException(
                $"The experiment {experiment.Name} saves no checkpoints; run it again: {RunAgain(saved)}."
            );
    }

    private static string RunAgain(RunResult saved) =>
        $"stackelberg run {saved.Experiment} --config {Path.Combine(saved.Folder, RunFolder.ConfigName)}";

    private static RunResult Go(
        RunResult begun,
        Experiment experiment,
        SettingValues settings,
        ExpectedTable expected,
        RunFolder folder,
        ExperimentContext context,
        CancellationToken cancellation
    )
    {
        RunResult Finish(RunEnding? ending, string? fault = null)
        {
            var (record, report) = (context.Record, Compare(ending));
            var result = begun with
            {
                Ending =
                    ending
                    ?? (
                        record.Runs.Exists(run => run.Outcome.HasFailed) ? RunEnding.NotFinite
                        : report.Ok ? RunEnding.Done
                        : RunEnding.CheckFailed
                    ),
                Runs = [.. record.Runs],
                Report = report,
                Found = new Dictionary<string, double>(record.Found),
                Notes = [.. record.Notes],
                Figures = [.. record.Figures.Select(name => $"figures/{name}.svg")],
                Seconds = context.Seconds,
                Fault = fault,
                HasCheckpoint = context.HasCheckpoint,
            };
            context.Close();
            RunFolderFormat.Write(
                folder.Own(RunFolder.SummaryName),
                SummaryFile.Of(result, experiment.GameName),
                RunFolderFormat.Page.SummaryFile
            );
            return result;
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
            context.Abandon();
            throw;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Finish(RunEnding.Cancelled);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            if (context.IsEmpty)
            {
                // The same command can then be tried again, once its fault is mended.
                context.Abandon();
                folder.Discard();
                throw;
            }

            Finish(RunEnding.Failed, $"{fault.GetType().Name}: {fault.Message}");
            throw;
        }

        context.EndStage();
        var done = Finish(null);
        context.Tidy();
        return done;
    }

    private static Setting[] Changed(Experiment experiment, SettingValues settings, ulong seed) =>
        seed == experiment.DefaultSeed
            ? [.. settings.Changed]
            : [.. settings.Changed, new Setting("seed", "", SettingType.Whole(0), "", experiment.SeedKind)];
}
