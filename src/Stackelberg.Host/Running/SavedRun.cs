using System.Text.Json;

namespace Stackelberg;

/// <summary>A run as its folder holds it.</summary>
/// <param name="Folder">The folder, a full path.</param>
/// <param name="Configuration">What was run.</param>
/// <param name="Summary">What it came to; null if it is still running or was killed. No final strategies.</param>
/// <param name="Fault">The exception that ended it, in words; null if none did.</param>
/// <param name="File">What its configuration file says besides.</param>
internal sealed record SavedRun(
    string Folder,
    RunConfiguration Configuration,
    RunSummary? Summary,
    string? Fault,
    ConfigFile File
)
{
    /// <summary>The width of the vectors that it was begun with; null if it was not recorded.</summary>
    public int? VectorBits => File.VectorBits;

    /// <summary>What finds its experiment: the script, or else the name.</summary>
    public string Experiment => File.Script ?? Configuration.Experiment;

    /// <summary>What its experiment shows, in a line.</summary>
    public string Title => File.Title ?? Configuration.Experiment;

    /// <summary>Whether it reached its end, so that running it again would give the same.</summary>
    public bool IsOver => Summary?.Outcome is RunEnding.Done or RunEnding.NotFinite or RunEnding.CheckFailed;

    /// <summary>Reads a run folder.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="UserInputException">There is none, it holds no run, or its files are not a run's.</exception>
    public static SavedRun Read(string path)
    {
        var folder = Path.GetFullPath(path);
        if (!Directory.Exists(folder))
        {
            throw new UserInputException($"There is no folder {folder}; give a run folder.");
        }

        var config = Path.Combine(folder, ConfigFile.Name);
        if (!System.IO.File.Exists(config))
        {
            throw new UserInputException(
                $"{folder} is no run folder: it has no {ConfigFile.Name}. stackelberg run makes run folders."
            );
        }

        var file = ConfigFile.Read(config);
        if (file is not { Experiment: { } experiment, ExperimentVersion: { } version, Seed: { } seed })
        {
            throw new UserInputException(
                $"{config} is no run's: experiment, experimentVersion and seed are needed."
            );
        }

        var configuration = new RunConfiguration(experiment, version, seed, file.Settings, file.Fingerprint);
        if (file.Identity is { } identity && identity != configuration.Identity)
        {
            throw new UserInputException(
                $"{config} was changed after the run: its settings no longer give its identity {identity}. Undo "
                    + $"the change, or run it again: stackelberg run {file.Script ?? experiment} --config {config}."
            );
        }

        var summary = Path.Combine(folder, RunFiles.SummaryName);
        if (!System.IO.File.Exists(summary))
        {
            return new(folder, configuration, null, null, file);
        }

        try
        {
            using var document = JsonFile.Read(summary);
            return new(
                folder,
                configuration,
                ReadSummary(folder, configuration, document.RootElement),
                document.RootElement.GetProperty("fault").GetString(),
                file
            );
        }
        catch (Exception fault)
            when (fault
                    is InvalidDataException
                        or KeyNotFoundException
                        or InvalidOperationException
                        or FormatException
                        or ArgumentException
            )
        {
            throw new UserInputException(
                $"{summary} is no run's summary ({fault.Message.TrimEnd('.')}). Delete it, or run the experiment "
                    + "again into another folder.",
                fault
            );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException($"{summary} cannot be read: {fault.Message}", fault);
        }
    }

    private static RunSummary ReadSummary(string folder, RunConfiguration configuration, JsonElement json)
    {
        var runs = json.GetProperty("runs").EnumerateArray().ToArray();
        var costs = json.GetProperty("costs");
        return new RunSummary(
            configuration.Experiment,
            folder,
            configuration.Seed,
            Ending(json.GetProperty("ending").GetString()),
            [.. runs.Select(run => Run(run, runs.Length == 1 ? costs : costs.GetProperty(Text(run, "run"))))],
            new CheckReport(
                [.. json.GetProperty("checks").EnumerateArray().Select(Check)],
                json.GetProperty("whyNoChecks").GetString(),
                json.GetProperty("checksLeftOut").GetInt32()
            ),
            json.GetProperty("found")
                .EnumerateObject()
                .ToDictionary(pair => pair.Name, pair => Number(pair.Value)),
            [.. json.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)],
            [.. json.GetProperty("figures").EnumerateArray().Select(figure => figure.GetString()!)],
            json.GetProperty("seconds").GetDouble()
        );
    }

    private static RunOutcome Run(JsonElement json, JsonElement costs) =>
        new(
            Text(json, "run"),
            Text(json, "rule"),
            Text(json, "outcome"),
            json.GetProperty("finite").GetBoolean(),
            json.GetProperty("steps").GetInt64(),
            [],
            [.. costs.EnumerateArray().Select(Number)],
            MayDiverge: false
        );

    private static Check Check(JsonElement json)
    {
        var actual = JsonText.ReadNumber(json.GetProperty("actual"));
        return new(
            Text(json, "name"),
            Number(json.GetProperty("expected")),
            actual ?? double.NaN,
            Number(json.GetProperty("tolerance")),
            json.GetProperty("ok").GetBoolean(),
            Text(json, "source"),
            actual is not null
        );
    }

    private static RunEnding Ending(string? words) =>
        Enum.GetValues<RunEnding>()
            .Cast<RunEnding?>()
            .FirstOrDefault(ending => RunFiles.Words(ending!.Value) == words)
        ?? throw new FormatException($"there is no ending \"{words}\"");

    private static double Number(JsonElement value) =>
        JsonText.ReadNumber(value) ?? throw new FormatException($"{value.GetRawText()} is no number");

    private static string Text(JsonElement json, string key) =>
        json.GetProperty(key).GetString() ?? throw new FormatException($"{key} is null");
}
