using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>The files of a run folder besides the figures.</summary>
internal static class RunFiles
{
    private static readonly JsonSerializerOptions layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Every setting written out, so that the run can be done again.</summary>
    public static void WriteConfig(
        RunFolder folder,
        Experiment experiment,
        SettingValues settings,
        ulong seed,
        DateTimeOffset started
    ) =>
        Write(
            folder,
            "config.json",
            new JsonObject
            {
                ["experiment"] = experiment.Name,
                ["source"] = experiment.Source,
                ["version"] = typeof(RunFiles).Assembly.GetName().Version?.ToString(3),
                ["started"] = started.ToString("O"),
                ["seed"] = seed,
                ["settings"] = new JsonObject(
                    settings.All.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))
                ),
                ["changed"] = Texts(settings.Changed.Select(setting => setting.Key)),
            }
        );

    /// <summary>The metrics and series as far as there are any.</summary>
    public static void WriteData(RunFolder folder, RunRecord record)
    {
        record.MetricsTable().Save(folder.PathOf("metrics.csv"));
        Npz.Write(folder.PathOf("trajectory.npz"), record.Series);
    }

    /// <summary>The summary, written last: where it stands, the run is over.</summary>
    public static void WriteSummary(
        RunFolder folder,
        Experiment experiment,
        RunSummary summary,
        string? fault
    )
    {
        // Of one run the thing itself, of several an object by the runs' names.
        JsonNode? Each(Func<RunOutcome, JsonNode> part) =>
            summary.Runs.Count == 1
                ? part(summary.Runs[0])
                : new JsonObject(
                    summary.Runs.Select(run => KeyValuePair.Create(run.Run, (JsonNode?)part(run)))
                );

        var only = summary.Runs.Count == 1 ? summary.Runs[0] : null;
        var json = new JsonObject
        {
            ["experiment"] = summary.Experiment,
            ["game"] = experiment.GameName,
            ["rule"] = string.Join(", ", summary.Runs.Select(run => run.Rule).Distinct()),
            ["seed"] = summary.Seed,
            ["steps"] = summary.Runs.Sum(run => run.Steps),
            ["outcome"] =
                summary.Outcome is RunEnding.Done && only is not null ? only.Outcome : Words(summary.Outcome),
            ["final"] = Each(run => Numbers(run.Final)),
            ["costs"] = Each(run => Numbers(run.Costs)),
            ["checks"] = new JsonArray([.. summary.Report.Checks.Select(Check)]),
            ["checksLeftOut"] = summary.Report.LeftOut,
            ["whyNoChecks"] = summary.Report.WhyNone,
            ["fault"] = fault,
            ["runs"] = new JsonArray([.. summary.Runs.Select(Run)]),
            ["found"] = new JsonObject(
                summary.Found.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Number(pair.Value)))
            ),
            ["notes"] = Texts(summary.Notes),
            ["figures"] = Texts(summary.Figures),
            ["seconds"] = Math.Round(summary.Seconds, 3),
        };
        Write(folder, "summary.json", json);
    }

    /// <summary>An ending in words.</summary>
    public static string Words(RunEnding ending) =>
        ending switch
        {
            RunEnding.Done => "done",
            RunEnding.NotFinite => "not finite",
            RunEnding.CheckFailed => "check failed",
            RunEnding.Cancelled => "cancelled",
            _ => "failed",
        };

    private static JsonNode Check(Check check) =>
        new JsonObject
        {
            ["name"] = check.Name,
            ["expected"] = Number(check.Expected),
            ["actual"] = check.Produced ? Number(check.Actual) : "not produced",
            ["tolerance"] = Number(check.Tolerance),
            ["ok"] = check.Ok,
            ["source"] = check.Source,
        };

    private static JsonNode Run(RunOutcome run) =>
        new JsonObject
        {
            ["run"] = run.Run,
            ["rule"] = run.Rule,
            ["steps"] = run.Steps,
            ["outcome"] = run.Outcome,
            ["finite"] = run.Finite,
        };

    // JSON knows no infinity and no not-a-number: they are the texts that .NET and Python read as such.
    private static JsonValue Number(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value)
        : double.IsNaN(value) ? JsonValue.Create("NaN")
        : JsonValue.Create(value > 0 ? "Infinity" : "-Infinity");

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(Number)]);

    private static JsonArray Texts(IEnumerable<string> texts) =>
        new([.. texts.Select(text => JsonValue.Create(text))]);

    private static void Write(RunFolder folder, string name, JsonObject json) =>
        AtomicFile.WriteText(folder.PathOf(name), json.ToJsonString(layout) + "\n");
}
