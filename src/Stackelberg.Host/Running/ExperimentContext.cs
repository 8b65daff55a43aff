// Long by its documentation: it is all that an experiment can say, and each member hands on under one lock.
using Stackelberg.Figures;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>What an experiment reads its settings from and hands its results to; safe to use from many threads.</summary>
public sealed class ExperimentContext
{
    private const string figures = RunFolder.FiguresName;

    // So many metrics fit beside a progress bar.
    private const int shownMetrics = 3;

    private readonly Lock gate = new();
    private readonly RunFolder folder;
    private readonly SettingValues settings;
    private readonly IReadOnlyList<string> files;
    private readonly StageProgress stages;
    private readonly MetricsFile metrics;
    private readonly CheckpointFolder checkpoints;
    private readonly SeriesParts seriesParts;
    private readonly CheckpointClock clock;
    private readonly double secondsBefore;
    private readonly bool isResumed;
    private string? metricsInWords;

    /// <summary>
    /// The context of a new run, or of one that goes on if <paramref name="isResumed"/>; checkpoints are due
    /// as <see cref="IsCheckpointDue"/> says, or after <paramref name="fixedInterval"/>.
    /// </summary>
    internal ExperimentContext(
        SettingValues settings,
        IReadOnlyList<string> files,
        ulong seed,
        RunFolder folder,
        IProgress<RunProgress>? progress,
        TimeSpan? fixedInterval,
        bool isResumed
    )
    {
        (this.settings, this.files, Seed, this.folder) = (settings, files, seed, folder);
        this.isResumed = isResumed;
        stages = new(progress);
        clock = new(fixedInterval);
        checkpoints = new(folder);
        seriesParts = new(folder);
        var path = folder.Own(MetricsFile.Name);
        MetricsFile? restored = null;
        var seconds = 0.0;
        if (isResumed)
        {
            Resumed = checkpoints.Newest(Restore, stages.Note);
            HasCheckpoint = Resumed is not null;
        }

        (metrics, secondsBefore) = (restored ?? MetricsFile.Create(path), seconds);

        void Restore(CheckpointRecord saved)
        {
            var series = seriesParts.Restore(saved.Series);
            restored = MetricsFile.Continue(path, saved.MetricRows, saved.MetricsSha256);
            seconds = saved.Seconds;
            Record.Restore(saved, series);
        }
    }

    /// <summary>The seed of all random numbers of this run.</summary>
    public ulong Seed { get; }

    /// <summary>
    /// The checkpoint at which a resumed run begins; null if the run begins at its start. It belongs to the
    /// learning run <see cref="Checkpoint.Run"/>.
    /// </summary>
    public Checkpoint? Resumed { get; }

    /// <summary>
    /// Whether so much time has passed that a checkpoint is worth it: a quarter of a second, and fifty times what the last
    /// one cost. Checkpoints change no number.
    /// </summary>
    public bool IsCheckpointDue
    {
        get
        {
            lock (gate)
            {
                return clock.IsDue;
            }
        }
    }

    internal RunRecord Record { get; } = new();

    /// <summary>The wall-clock time of the run, with what it took before it was resumed.</summary>
    internal double Seconds => secondsBefore + clock.Seconds;

    /// <summary>Whether there is a checkpoint to go on from.</summary>
    internal bool HasCheckpoint { get; private set; }

    /// <summary>Whether this run is new and nothing was handed over that its folder would keep but notes.</summary>
    internal bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return !isResumed
                    && !HasCheckpoint
                    && metrics.Rows == 0
                    && Record is { Found.Count: 0, Series.Count: 0, Runs.Count: 0 }
                    && folder.HasOwn([RunFolder.ConfigName, MetricsFile.Name]);
            }
        }
    }

    /// <summary>The settings' values.</summary>
    public SettingValues Settings => settings;

    /// <summary>Declares that a part runs: the expected values <c>name/…</c> then apply.</summary>
    /// <param name="name">The part, for instance <c>d3</c> or <c>d3/stackelberg</c>.</param>
    public void Part(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        lock (gate)
        {
            Record.Parts.Add(name);
        }
    }

    /// <summary>A number that is found; if the expected values name it, it is checked.</summary>
    /// <param name="name">Its name, for instance <c>d3/final_error</c>.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="InvalidOperationException">The name was found before.</exception>
    public void Found(string name, double value)
    {
        ArgumentNullException.ThrowIfNull(name);

        lock (gate)
        {
            Record.AddFound(name, value);
        }
    }

    /// <summary>An array for <c>trajectory.npz</c>, shape [rows, columns].</summary>
    /// <param name="name">Its name, for instance <c>nash/x</c>.</param>
    /// <param name="values">The values, row by row; copied.</param>
    /// <param name="columns">The length of a row.</param>
    /// <exception cref="ArgumentException">The values do not fill whole rows.</exception>
    /// <exception cref="InvalidOperationException">The name was used before.</exception>
    public void Series(string name, double[] values, int columns = 1)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(values);

        if (columns < 1 || values.Length % columns != 0)
        {
            throw new ArgumentException(
                $"Series: {name} has {values.Length} values, which do not fill rows of {columns}.",
                nameof(columns)
            );
        }

        var array = NpyArray.Of((double[])values.Clone(), values.Length / columns, columns);
        lock (gate)
        {
            Record.AddSeries(name, array);
        }
    }

    /// <summary>A series that was handed over before, also before the run was resumed.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The values, row by row; null if there is no such series. Not to be changed.</returns>
    public double[]? FindSeries(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        lock (gate)
        {
            return Record.Series.TryGetValue(name, out var array) ? array.Float64 : null;
        }
    }

    /// <summary>A row of <c>metrics.csv</c>, in the file at once.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="step">The step, counted from 0; within a run the steps rise.</param>
    /// <param name="values">The columns of this row; other rows may have others.</param>
    public void Metric(string run, long step, params (string Name, double Value)[] values)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(values);

        lock (gate)
        {
            metrics.Add(run, step, values);
            metricsInWords = string.Join(", ", values.Take(shownMetrics).Select(Words));
        }
    }

    /// <summary>Saves a figure as <c>figures/name.svg</c> with its data beside it.</summary>
    /// <param name="name">The file's name without an ending: letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
    /// <param name="figure">The figure.</param>
    /// <exception cref="ArgumentException">The name cannot be a file's.</exception>
    /// <exception cref="InvalidOperationException">The name was used before.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Figure(string name, Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);

        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new ArgumentException(
                $"Figure: \"{name}\" cannot name a file; letters, digits, -, _ and . can.",
                nameof(name)
            );
        }

        lock (gate)
        {
            Record.Once("figure", name, Record.Figures.Contains(name));
            folder.Make(figures);
            foreach (var ending in figure.FileEndings)
            {
                folder.Own($"{figures}/{name}{ending}");
            }

            figure.Save(folder.PathOf(figures), name);
            Record.AddFigure(name);
        }
    }

    /// <summary>The path of a file of the experiment's own in the run folder, for what is neither a number nor a figure:
    /// samples, weights. Its folder is made.</summary>
    /// <param name="name">The path in the run folder, with <c>/</c> between folders, for instance
    /// <c>samples/000250.png</c>.</param>
    /// <exception cref="ArgumentException">The path leads out of the run folder, or is not among the experiment's
    /// <see cref="Experiment.Files"/>.</exception>
    /// <exception cref="UserInputException">A file is there that the run did not write.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <remarks>A resumed run may find the file there already, and writes it again with the same content.</remarks>
    public string PathOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);

        var path = Path.GetFullPath(folder.PathOf(name));
        if (!path.StartsWith(folder.FullPath + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"PathOf: \"{name}\" leads out of the run folder; give a path within it.",
                nameof(name)
            );
        }

        var relative = Path.GetRelativePath(folder.FullPath, path).Replace(Path.DirectorySeparatorChar, '/');
        if (!files.Contains(relative.Split('/')[0]))
        {
            throw new ArgumentException(
                $"PathOf: \"{name}\" is among no files that the experiment declares; add \"{relative.Split('/')[0]}\" to "
                    + "its Files.",
                nameof(name)
            );
        }

        folder.Make(Path.GetDirectoryName(relative)!);
        return folder.Own(relative);
    }

    /// <summary>A line for the user, shown at once and kept in the summary.</summary>
    /// <param name="text">The line.</param>
    public void Note(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        lock (gate)
        {
            Record.AddNote(text);
        }

        stages.Note(text);
    }

    /// <summary>Notes what is wrong with a run's rates where its field is noisy, once for all runs of a rule.</summary>
    /// <param name="run">The run.</param>
    public void NoteWarnings(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);

        foreach (var warning in run.Warnings)
        {
            var text = $"{run.Rule}: {warning}";
            bool isKnown;
            lock (gate)
            {
                isKnown = Record.Notes.Contains(text);
            }

            if (!isKnown)
            {
                Note(text);
            }
        }
    }

    /// <summary>How one learning run ended. One that failed makes the command's exit code 1.</summary>
    /// <param name="run">The run's name within the experiment.</param>
    /// <param name="learned">What the run did.</param>
    /// <param name="final">What the summary is to hold of the joint strategy; null for all of it.</param>
    /// <exception cref="InvalidOperationException">The run ended before.</exception>
    public void Outcome(string run, Run learned, double[]? final = null)
    {
        ArgumentNullException.ThrowIfNull(learned);
        Outcome(
            run,
            learned.Rule,
            learned.Outcome,
            learned.Steps,
            final ?? learned.Final.ToArray(),
            learned.Costs
        );
    }

    /// <summary>How one run ended that Learn may not have made.</summary>
    /// <param name="run">The run's name within the experiment.</param>
    /// <param name="rule">The learning rule.</param>
    /// <param name="outcome">How it ended; <c>Outcome.NewTold</c> where only words tell it.</param>
    /// <param name="steps">How many steps it took.</param>
    /// <param name="final">The joint strategy at the end, shape [d].</param>
    /// <param name="costs">The players' costs there.</param>
    /// <exception cref="InvalidOperationException">The run ended before.</exception>
    public void Outcome(string run, string rule, Outcome outcome, long steps, double[] final, double[] costs)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(outcome);
        ArgumentNullException.ThrowIfNull(final);
        ArgumentNullException.ThrowIfNull(costs);

        lock (gate)
        {
            Record.AddRun(new RunOutcome(run, rule, outcome, steps, [.. final], [.. costs]));
        }
    }

    /// <summary>Whether a learning run ended before: in a resumed run there is no need to do it again.</summary>
    /// <param name="run">The run's name within the experiment.</param>
    public bool IsOver(string run)
    {
        ArgumentNullException.ThrowIfNull(run);

        lock (gate)
        {
            return Record.Runs.Exists(other => other.Run == run);
        }
    }

    /// <summary>
    /// Saves the state of a learning run, and all that was handed over, so that the run can go on from here.
    /// </summary>
    /// <param name="run">The run's name within the experiment.</param>
    /// <param name="state">What <see cref="Learning.Save"/> gave.</param>
    /// <param name="added">What the experiment needs besides, by name; null for nothing.</param>
    /// <exception cref="ArgumentException">A name comes twice.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <remarks>
    /// A killed process leaves the checkpoint whole or not at all. The newest three are kept. It costs a flush
    /// to the disk: ask <see cref="IsCheckpointDue"/> first.
    /// </remarks>
    public void Checkpoint(
        string run,
        LearnState state,
        IEnumerable<KeyValuePair<string, SafetensorsArray>>? added = null
    )
    {
        ArgumentNullException.ThrowIfNull(state);

        lock (gate)
        {
            clock.Save(() =>
            {
                metrics.Flush();
                checkpoints.Save(
                    path => Stackelberg.Checkpoint.Write(path, run, state, added ?? []),
                    Record.Save(seriesParts.Save(Record.Series), metrics.Rows, metrics.Checksum, Seconds)
                );
            });
            HasCheckpoint = true;
        }
    }

    /// <summary>Says how far the run is. A stage is over when the next one begins.</summary>
    /// <param name="stage">What is being computed.</param>
    /// <param name="fraction">From 0 to 1 within the stage; 0 as long as nothing is known of it.</param>
    public void Report(string stage, double fraction)
    {
        ArgumentNullException.ThrowIfNull(stage);
        Report(stage, fraction, metricsInWords);
    }

    /// <summary>Says how far a learning run is, with the length of its last step; for <see cref="Learner.WithProgress"/>.</summary>
    /// <param name="stage">What is being computed.</param>
    public IProgress<LearnProgress> Follow(string stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return new Follower(this, stage);
    }

    /// <summary>Says that the last stage is over.</summary>
    internal void EndStage()
    {
        lock (gate)
        {
            stages.End();
        }
    }

    /// <summary>Closes <c>metrics.csv</c> and gathers the series.</summary>
    internal void Close()
    {
        lock (gate)
        {
            metrics.Dispose();
            Npz.Write(folder.Own(RunFolder.SeriesName), Record.Series);
        }
    }

    /// <summary>Closes <c>metrics.csv</c> of a run that never began.</summary>
    internal void Abandon() => metrics.Dispose();

    /// <summary>Deletes the copies of the series, which a run that is over needs no more.</summary>
    internal void Tidy() => seriesParts.Delete();

    private void Report(string stage, double fraction, string? metric)
    {
        lock (gate)
        {
            stages.Report(stage, fraction, metric);
        }
    }

    private static string Words((string Name, double Value) metric) => $"{metric.Name} {metric.Value:G4}";

    // Progress<T> of the base library reports on other threads, late and in any order.
    private sealed class Follower(ExperimentContext context, string stage) : IProgress<LearnProgress>
    {
        public void Report(LearnProgress value) =>
            context.Report(stage, value.Steps / (double)value.Limit, Words(("step length", value.Update)));
    }
}
