using System.Text.Json;
using System.Text.Json.Nodes;
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

    /// <summary>Everything but the series.</summary>
    public JsonObject ToJson() =>
        new()
        {
            ["parts"] = JsonText.Texts(Parts),
            ["found"] = new JsonObject(
                Found.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonText.Number(pair.Value)))
            ),
            ["figures"] = JsonText.Texts(Figures),
            ["notes"] = JsonText.Texts(Notes),
            ["runs"] = new JsonArray([
                .. Runs.Select(run => new JsonObject
                {
                    ["run"] = run.Run,
                    ["rule"] = run.Rule,
                    ["outcome"] = run.Outcome,
                    ["finite"] = run.Finite,
                    ["steps"] = run.Steps,
                    ["final"] = JsonText.Numbers(run.Final),
                    ["costs"] = JsonText.Numbers(run.Costs),
                    ["mayDiverge"] = run.MayDiverge,
                }),
            ]),
        };

    /// <summary>Takes what <see cref="ToJson"/> wrote, and the series, into an empty record.</summary>
    public void Restore(JsonElement json, IEnumerable<KeyValuePair<string, NpyArray>> series)
    {
        Parts.UnionWith(Texts(json, "parts"));
        Figures.AddRange(Texts(json, "figures"));
        Notes.AddRange(Texts(json, "notes"));
        foreach (var pair in json.GetProperty("found").EnumerateObject())
        {
            Found.Add(pair.Name, JsonText.ReadNumber(pair.Value)!.Value);
        }

        foreach (var run in json.GetProperty("runs").EnumerateArray())
        {
            Runs.Add(
                new RunOutcome(
                    run.GetProperty("run").GetString()!,
                    run.GetProperty("rule").GetString()!,
                    run.GetProperty("outcome").GetString()!,
                    run.GetProperty("finite").GetBoolean(),
                    run.GetProperty("steps").GetInt64(),
                    Numbers(run, "final"),
                    Numbers(run, "costs"),
                    run.GetProperty("mayDiverge").GetBoolean()
                )
            );
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

    private static IEnumerable<string> Texts(JsonElement json, string key) =>
        json.GetProperty(key).EnumerateArray().Select(text => text.GetString()!);

    private static double[] Numbers(JsonElement json, string key) =>
        [.. json.GetProperty(key).EnumerateArray().Select(number => JsonText.ReadNumber(number)!.Value)];
}
