using System.Text.Json.Nodes;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>The files of a run folder besides the figures.</summary>
internal static class RunFiles
{
    /// <summary>The summary's file in a run folder.</summary>
    public const string SummaryName = "summary.json";

    /// <summary>The file of all series.</summary>
    public const string SeriesName = "trajectory.npz";

    /// <summary>The series, as far as there are any.</summary>
    public static void WriteSeries(RunFolder folder, RunRecord record) =>
        Npz.Write(folder.Own(SeriesName), record.Series);

    /// <summary>The summary, written last: where it stands, the run has ended, if only for now.</summary>
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
            ["ending"] = Words(summary.Outcome),
            ["final"] = Each(run => JsonText.Numbers(run.Final)),
            ["costs"] = Each(run => JsonText.Numbers(run.Costs)),
            ["checks"] = new JsonArray([.. summary.Report.Checks.Select(Check)]),
            ["checksLeftOut"] = summary.Report.LeftOut,
            ["whyNoChecks"] = summary.Report.WhyNone,
            ["fault"] = fault,
            ["runs"] = new JsonArray([.. summary.Runs.Select(Run)]),
            ["found"] = new JsonObject(
                summary.Found.Select(pair =>
                    KeyValuePair.Create(pair.Key, (JsonNode?)JsonText.Number(pair.Value))
                )
            ),
            ["notes"] = JsonText.Texts(summary.Notes),
            ["figures"] = JsonText.Texts(summary.Figures),
            ["seconds"] = Math.Round(summary.Seconds, 3),
        };
        AtomicFile.WriteText(folder.Own(SummaryName), JsonText.Of(json));
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
            ["expected"] = JsonText.Number(check.Expected),
            ["actual"] = check.Produced ? JsonText.Number(check.Actual) : "not produced",
            ["tolerance"] = JsonText.Number(check.Tolerance),
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
}
