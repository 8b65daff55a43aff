using Stackelberg.Figures;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>What an experiment reads its settings from and hands its results to; safe to use from many threads.</summary>
public sealed class ExperimentContext
{
    private readonly Lock gate = new();
    private readonly RunFolder folder;
    private readonly SettingValues settings;
    private readonly IProgress<RunProgress>? progress;

    internal ExperimentContext(
        SettingValues settings,
        ulong seed,
        RunFolder folder,
        IProgress<RunProgress>? progress
    )
    {
        (this.settings, Seed, this.folder, this.progress) = (settings, seed, folder, progress);
    }

    /// <summary>The seed of all random numbers of this run.</summary>
    public ulong Seed { get; }

    internal RunRecord Record { get; } = new();

    /// <summary>A setting as text.</summary>
    /// <param name="key">The setting's key.</param>
    public string GetText(string key) => settings.Text(key);

    /// <summary>The value that a setting has if the user gives none, for messages.</summary>
    /// <param name="key">The setting's key.</param>
    internal string GetDefault(string key) => settings.Default(key);

    /// <summary>A setting as a whole number.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">It is none.</exception>
    public int GetInt(string key) => settings.Int(key);

    /// <summary>A setting as a number.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">It is none.</exception>
    public double GetDouble(string key) => settings.Double(key);

    /// <summary>A setting as true or false.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">It is neither.</exception>
    public bool GetBool(string key) => settings.Bool(key);

    /// <summary>A setting as a list of texts, separated by commas.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">An entry is empty.</exception>
    public string[] GetList(string key) => settings.List(key);

    /// <summary>A setting as a list of whole numbers.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">An entry is none.</exception>
    public int[] GetInts(string key) => settings.Ints(key);

    /// <summary>A setting as a list of numbers.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">An entry is none.</exception>
    public double[] GetDoubles(string key) => settings.Doubles(key);

    /// <summary>Declares that a part runs: the expected values <c>name/…</c> then apply.</summary>
    /// <param name="name">The part, for instance <c>d3</c> or <c>d3/stackelberg</c>.</param>
    public void Part(string name)
    {
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
        lock (gate)
        {
            Once(Record.Found.TryAdd(name, value), "number", name);
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
            Once(Record.Series.TryAdd(name, array), "series", name);
        }
    }

    /// <summary>A row of <c>metrics.csv</c>.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="step">The step, counted from 0.</param>
    /// <param name="values">The columns of this row; other rows may have others.</param>
    public void Metric(string run, long step, params (string Name, double Value)[] values)
    {
        lock (gate)
        {
            Record.Metrics.Add((run, step, values));
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
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new ArgumentException(
                $"Figure: \"{name}\" cannot name a file; letters, digits, -, _ and . can.",
                nameof(name)
            );
        }

        lock (gate)
        {
            Once(!Record.Figures.Contains(name), "figure", name);
            figure.Save(folder.Figures(), name);
            Record.Figures.Add(name);
        }
    }

    /// <summary>A line for the user, shown at once and kept in the summary.</summary>
    /// <param name="text">The line.</param>
    public void Note(string text)
    {
        lock (gate)
        {
            Record.Notes.Add(text);
        }

        progress?.Report(new RunProgress("", 0, text));
    }

    /// <summary>How one learning run ended.</summary>
    /// <param name="run">The run's name within the experiment.</param>
    /// <param name="rule">The learning rule.</param>
    /// <param name="outcome">How it ended, in words.</param>
    /// <param name="finite">Whether all its numbers are finite; if not, the command's exit code is 1.</param>
    /// <param name="steps">How many steps it took.</param>
    /// <param name="final">The joint strategy at the end, shape [d].</param>
    /// <param name="costs">The players' costs there.</param>
    /// <param name="mayDiverge">Whether the source itself shows this run diverge, so that it is no failure.</param>
    /// <exception cref="InvalidOperationException">The run ended before.</exception>
    public void Outcome(
        string run,
        string rule,
        string outcome,
        bool finite,
        long steps,
        double[] final,
        double[] costs,
        bool mayDiverge = false
    )
    {
        lock (gate)
        {
            Once(Record.Runs.TrueForAll(other => other.Run != run), "run", run);
            Record.Runs.Add(
                new RunOutcome(run, rule, outcome, finite, steps, [.. final], [.. costs], mayDiverge)
            );
        }
    }

    /// <summary>Says how far the run is.</summary>
    /// <param name="stage">What is being computed.</param>
    /// <param name="fraction">From 0 to 1 within the stage.</param>
    public void Report(string stage, double fraction) =>
        progress?.Report(new RunProgress(stage, Math.Clamp(fraction, 0, 1)));

    private static void Once(bool first, string kind, string name)
    {
        if (!first)
        {
            throw new InvalidOperationException($"The {kind} \"{name}\" was handed over twice.");
        }
    }
}
