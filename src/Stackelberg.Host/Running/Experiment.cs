namespace Stackelberg;

/// <summary>A published figure or table that can be computed again and checked against its source.</summary>
/// <remarks>Scripts describe theirs, in folders <c>experiments/&lt;name&gt;</c> with <c>expected.csv</c>; a class of its own is an
/// experiment too, which <see cref="ExperimentRunner"/> runs.</remarks>
public abstract class Experiment
{
    /// <summary>The name on the command line and of the folder, for instance <c>duopoly</c>.</summary>
    public abstract string Name { get; }

    /// <summary>One line: what it shows.</summary>
    public abstract string Title { get; }

    /// <summary>The source: author, year, section or figure.</summary>
    public abstract string Source { get; }

    /// <summary>What the user may set.</summary>
    public abstract IReadOnlyList<Setting> Settings { get; }

    /// <summary>
    /// The version of what it computes, part of a run's identity: to be raised when the same settings and
    /// seed give other numbers than before, so that no sweep takes an old run for a new one.
    /// </summary>
    public virtual int Version => 1;

    /// <summary>The script that it was loaded from, a full path, by which its runs are resumed; null where its name alone
    /// finds it.</summary>
    public virtual string? Script => null;

    /// <summary>What tells its text apart from other texts, part of a run's identity beside <see cref="Version"/>; null where
    /// the version alone says it.</summary>
    public virtual string? Fingerprint => null;

    /// <summary>The same experiment, loaded from a script; itself where it does not keep from which.</summary>
    /// <param name="script">The script, a full path.</param>
    /// <param name="fingerprint">What tells the script's text apart from other texts.</param>
    public virtual Experiment From(string script, string fingerprint)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(fingerprint);
        return this;
    }

    /// <summary>
    /// Whether a run that was stopped can go on: the experiment then saves its state by
    /// <see cref="ExperimentContext.Checkpoint"/> and begins at <see cref="ExperimentContext.Resumed"/>.
    /// </summary>
    /// <remarks>
    /// A learning run that can be resumed has this form:
    /// <code>
    /// if (context.IsOver(run)) { return; }
    /// var learning = context.Resumed is { } saved &amp;&amp; saved.Run == run
    ///     ? learner.Resume(game, saved.State)
    ///     : learner.Start(game, start);
    /// while (!learning.IsFinished)
    /// {
    ///     if (context.IsCheckpointDue || cancellation.IsCancellationRequested)
    ///     {
    ///         context.Checkpoint(run, learning.Save());
    ///     }
    ///
    ///     cancellation.ThrowIfCancellationRequested();
    ///     learning.Advance(1);
    /// }
    /// </code>
    /// Everything that was handed over before the checkpoint is there again, and may be handed over once
    /// more, with the same value.
    /// </remarks>
    public virtual bool IsResumable => false;

    /// <summary>The names of the files and folders that it writes by <see cref="ExperimentContext.PathOf"/>, as they stand in
    /// the run folder: a run does not begin where one of them is already.</summary>
    public virtual IReadOnlyList<string> Files => [];

    /// <summary>The found numbers that comparisons show first, without the part's name; none for all.</summary>
    public virtual IReadOnlyList<string> Headlines => [];

    /// <summary>The game's name in the summary; the experiment's name unless it says otherwise.</summary>
    public virtual string GameName => Name;

    /// <summary>The seed if the user gives none.</summary>
    public virtual ulong DefaultSeed => 1;

    /// <summary>What another seed does to the checks: <see cref="SettingKind.Neutral"/> if all checked numbers
    /// are the same for every seed.</summary>
    public virtual SettingKind SeedKind => SettingKind.Changes;

    /// <summary>Why the seed has no effect with these settings, as in <c>nothing is drawn at random</c>; null if it
    /// has.</summary>
    /// <param name="settings">The values.</param>
    public virtual string? WhySeedIsUnused(SettingValues settings) => null;

    /// <summary>Refuses settings that are allowed one by one but do not fit each other. It is asked before a run folder is
    /// made, and computes nothing that takes long.</summary>
    /// <param name="settings">The values; each of its setting's type.</param>
    /// <exception cref="UserInputException">They do not fit; the message names a setting, its value and what is
    /// needed.</exception>
    public virtual void Validate(SettingValues settings) { }

    /// <summary>Computes everything and hands it to the context.</summary>
    /// <param name="context">Gives the settings and takes numbers, series, metrics and figures.</param>
    /// <param name="cancellation">To be asked often; what was handed over before is kept.</param>
    /// <exception cref="UserInputException">What the settings name, such as a file, is wrong.</exception>
    /// <exception cref="OperationCanceledException">The user cancelled.</exception>
    public abstract void Run(ExperimentContext context, CancellationToken cancellation);

    /// <summary>The expected values: <c>experiments/&lt;name&gt;/expected.csv</c> beside the library.</summary>
    public virtual ExpectedTable ReadExpected() =>
        ExpectedTable.ReadIfPresent(
            Path.Combine(AppContext.BaseDirectory, "experiments", Name, "expected.csv")
        );
}
