using Stackelberg.Files;

namespace Stackelberg;

/// <summary>What an experiment has handed over so far.</summary>
/// <remarks>
/// A checkpoint keeps it. After a resume the experiment begins its code anew and comes by some of it again:
/// whatever was restored may be handed over once more.
/// </remarks>
internal sealed class RunRecord
{
    private readonly HashSet<(string Kind, string Name)> restored = [];

    public HashSet<string> Parts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, double> Found { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, NpyArray> Series { get; } = new(StringComparer.Ordinal);

    public List<string> Figures { get; } = [];

    public List<string> Notes { get; } = [];

    public List<RunOutcome> Runs { get; } = [];

    public void AddFound(string name, double value)
    {
        Once("number", name, Found.ContainsKey(name));
        Found[name] = value;
    }

    public void AddSeries(string name, NpyArray values)
    {
        Once("series", name, Series.ContainsKey(name));
        Series[name] = values;
    }

    public void AddFigure(string name)
    {
        if (!Figures.Contains(name))
        {
            Figures.Add(name);
        }
    }

    public void AddNote(string text)
    {
        if (!restored.Remove(("note", text)))
        {
            Notes.Add(text);
        }
    }

    public void AddRun(RunOutcome outcome)
    {
        var index = Runs.FindIndex(other => other.Run == outcome.Run);
        Once("run", outcome.Run, index >= 0);
        if (index >= 0)
        {
            Runs[index] = outcome;
        }
        else
        {
            Runs.Add(outcome);
        }
    }

    /// <summary>Refuses what was handed over before, unless by the process that was resumed.</summary>
    public void Once(string kind, string name, bool isThere)
    {
        if (isThere && !restored.Remove((kind, name)))
        {
            throw new InvalidOperationException($"The {kind} \"{name}\" was handed over twice.");
        }
    }

    /// <summary>All of it for a checkpoint, with what the files beside it hold.</summary>
    public CheckpointRecord Save(
        IReadOnlyList<SeriesPart> series,
        int metricRows,
        string metricsSha256,
        double seconds
    ) =>
        new(
            [.. Parts],
            Found,
            Figures,
            Notes,
            [.. Runs.Select(run => RunLine.Of(run) with { Final = run.Final, Costs = run.Costs })],
            series,
            metricRows,
            metricsSha256,
            seconds
        );

    /// <summary>Takes what <see cref="Save"/> gave, and the series, into an empty record.</summary>
    public void Restore(CheckpointRecord saved, IReadOnlyDictionary<string, NpyArray> series)
    {
        Parts.UnionWith(saved.Parts);
        Figures.AddRange(saved.Figures);
        Notes.AddRange(saved.Notes);
        Runs.AddRange(saved.Runs.Select(run => run.ToRun(run.Costs ?? [])));
        foreach (var (name, value) in saved.Found)
        {
            Found.Add(name, value);
        }

        foreach (var (name, values) in series)
        {
            Series.Add(name, values);
        }

        restored.UnionWith(Found.Keys.Select(name => ("number", name)));
        restored.UnionWith(Series.Keys.Select(name => ("series", name)));
        restored.UnionWith(Figures.Select(name => ("figure", name)));
        restored.UnionWith(Notes.Select(text => ("note", text)));
        restored.UnionWith(Runs.Select(run => ("run", run.Run)));
    }
}
