// Long by its records: this is a run folder's format, all of it.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Stackelberg.Files;
using Stackelberg.Kernels;

namespace Stackelberg;

/// <summary><c>config.json</c>: a run folder's, or one that a user wrote, who may leave out anything.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="ExperimentVersion">The experiment's version.</param>
/// <param name="Script">The script that the experiment was loaded from; null if its name alone finds it.</param>
/// <param name="Fingerprint">What told the script's text apart.</param>
/// <param name="Title">What the experiment shows, in a line.</param>
/// <param name="Source">The experiment's source.</param>
/// <param name="Headlines">The found numbers that tables show first.</param>
/// <param name="Version">The library's version.</param>
/// <param name="Identity">The run's identity.</param>
/// <param name="VectorBits">The width of the vectors that the run was begun with.</param>
/// <param name="Started">When the run began.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Settings">Settings by key: texts, or what a user writes instead.</param>
/// <param name="Changed">The keys of those that differ from their defaults.</param>
/// <param name="Declared">What the experiment says of its settings.</param>
internal sealed record ConfigFile(
    string? Experiment = null,
    int? ExperimentVersion = null,
    string? Script = null,
    string? Fingerprint = null,
    string? Title = null,
    string? Source = null,
    IReadOnlyList<string>? Headlines = null,
    string? Version = null,
    string? Identity = null,
    int? VectorBits = null,
    string? Started = null,
    ulong? Seed = null,
    IReadOnlyDictionary<string, JsonElement>? Settings = null,
    IReadOnlyList<string>? Changed = null,
    IReadOnlyList<DeclaredSetting>? Declared = null
)
{
    public static ConfigFile Of(
        Experiment experiment,
        RunConfiguration configuration,
        IEnumerable<string> changed,
        DateTimeOffset started
    ) =>
        new(
            experiment.Name,
            configuration.ExperimentVersion,
            experiment.Script,
            configuration.Fingerprint,
            experiment.Title,
            experiment.Source,
            experiment.Headlines,
            typeof(ConfigFile).Assembly.GetName().Version?.ToString(3),
            configuration.Identity,
            VectorWidth.Bits,
            $"{started:O}",
            configuration.Seed,
            configuration.Settings.ToDictionary(
                pair => pair.Key,
                pair => JsonSerializer.SerializeToElement(pair.Value, RunFolderFormat.Page.String)
            ),
            [.. changed],
            [
                .. experiment.Settings.Select(setting => new DeclaredSetting(
                    setting.Key,
                    setting.Default,
                    setting.Description
                )),
            ]
        );

    /// <summary>The settings as texts, in the file's order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Texts() =>
        [
            .. (Settings ?? new Dictionary<string, JsonElement>()).Select(pair =>
                KeyValuePair.Create(pair.Key, Text(pair.Value)!)
            ),
        ];

    /// <summary>A setting as text; null where it is no value.</summary>
    public static string? Text(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Array
                when value.EnumerateArray().Select(Text).ToArray() is var entries
                    && !entries.Contains(null) => string.Join(',', entries),
            _ => null,
        };
}

/// <summary>What an experiment says of a setting.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Default">The value that reproduces the source.</param>
/// <param name="Description">What it is.</param>
internal sealed record DeclaredSetting(string Key, string Default, string Description);

/// <summary>What a run's identity is the checksum of.</summary>
internal sealed record IdentityText(
    string Experiment,
    int ExperimentVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Fingerprint,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ulong? Seed,
    IReadOnlyDictionary<string, string> Settings
);

/// <summary><c>summary.json</c>; <see cref="RunResult"/> says what its members are. The first ones are for readers who want
/// little.</summary>
internal sealed record SummaryFile(
    string Experiment,
    string Game,
    string Rule,
    ulong Seed,
    long Steps,
    string Outcome,
    RunEnding Ending,
    OneOrEach Final,
    OneOrEach Costs,
    IReadOnlyList<Check> Checks,
    int ChecksLeftOut,
    string? WhyNoChecks,
    string? Fault,
    IReadOnlyList<RunLine> Runs,
    IReadOnlyDictionary<string, double> Found,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Figures,
    double Seconds
)
{
    public static SummaryFile Of(RunResult result, string game) =>
        new(
            result.Configuration.Experiment,
            game,
            string.Join(", ", result.Runs.Select(run => run.Rule).Distinct()),
            result.Configuration.Seed,
            result.Runs.Sum(run => run.Steps),
            result is { Ending: RunEnding.Done, Runs: [var only] }
                ? only.Outcome.Words
                : EndingWords.Of(result.Ending),
            result.Ending,
            new(result.Runs.Select(run => KeyValuePair.Create(run.Run, run.Final.ToArray()))),
            new(result.Runs.Select(run => KeyValuePair.Create(run.Run, run.Costs.ToArray()))),
            result.Report.Checks,
            result.Report.LeftOut,
            result.Report.WhyNone,
            result.Fault,
            [.. result.Runs.Select(RunLine.Of)],
            result.Found,
            result.Notes,
            result.Figures,
            Math.Round(result.Seconds, 3)
        );

    /// <summary>What a run has come to.</summary>
    /// <exception cref="InvalidDataException">A run has no costs.</exception>
    public RunResult Of(RunResult begun) =>
        begun with
        {
            Ending = Ending,
            Runs = [.. Runs.Select(run => run.ToRun(Costs.Of(run.Run)))],
            Report = new(Checks, WhyNoChecks, ChecksLeftOut),
            Found = Found,
            Notes = Notes,
            Figures = Figures,
            Seconds = Seconds,
            Fault = Fault,
        };
}

/// <summary>A learning run in a summary, or in a checkpoint, which has end point and costs too.</summary>
/// <param name="Run">The run's name within the experiment.</param>
/// <param name="Rule">The learning rule.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Outcome">How it ended, in words.</param>
/// <param name="Finite">Whether it came to something.</param>
/// <param name="Ended">How it ended; null in folders of earlier versions, which have the words alone.</param>
/// <param name="Final">The joint strategy at the end.</param>
/// <param name="Costs">The players' costs there.</param>
internal sealed record RunLine(
    string Run,
    string Rule,
    long Steps,
    string Outcome,
    bool Finite,
    Outcome? Ended = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyList<double>? Final = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        IReadOnlyList<double>? Costs = null
)
{
    public static RunLine Of(RunOutcome run) =>
        new(run.Run, run.Rule, run.Steps, run.Outcome.Words, !run.Outcome.HasFailed, run.Outcome);

    /// <summary>The run, with the costs that stand elsewhere.</summary>
    public RunOutcome ToRun(IReadOnlyList<double> costs) =>
        new(Run, Rule, Ended ?? Stackelberg.Outcome.NewTold(Outcome, !Finite), Steps, Final ?? [], costs);
}

/// <summary><c>checkpoints/n.json</c>.</summary>
/// <param name="Seal">The checksum of all that follows it.</param>
/// <param name="Bytes">The length of the state, <c>checkpoints/n.safetensors</c>.</param>
/// <param name="Sha256">Its checksum.</param>
/// <param name="Record">What had been found by then.</param>
internal sealed record CheckpointFile(string Seal, long Bytes, string Sha256, CheckpointRecord Record);

/// <summary>What a run has been handed by the time of a checkpoint; see <see cref="RunRecord"/>.</summary>
/// <param name="Parts">The parts that run.</param>
/// <param name="Found">Numbers by name.</param>
/// <param name="Figures">The figures' names.</param>
/// <param name="Notes">The notes.</param>
/// <param name="Runs">The learning runs that ended.</param>
/// <param name="Series">The files of the series.</param>
/// <param name="MetricRows">How many rows of metrics.csv are the checkpoint's.</param>
/// <param name="MetricsSha256">Their checksum; null if it was not recorded.</param>
/// <param name="Seconds">The time that the run had taken.</param>
internal sealed record CheckpointRecord(
    IReadOnlyList<string> Parts,
    IReadOnlyDictionary<string, double> Found,
    IReadOnlyList<string> Figures,
    IReadOnlyList<string> Notes,
    IReadOnlyList<RunLine> Runs,
    IReadOnlyList<SeriesPart> Series,
    int MetricRows,
    string? MetricsSha256,
    double Seconds
);

/// <summary>One file of series.</summary>
/// <param name="File">Its name.</param>
/// <param name="Sha256">Its checksum.</param>
internal sealed record SeriesPart(string File, string Sha256);

/// <summary>Numbers of each learning run by the run's name, which of a single run are the numbers alone.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class OneOrEach(IEnumerable<KeyValuePair<string, double[]>> runs)
    : Dictionary<string, double[]>(runs)
{
    /// <summary>A run's numbers.</summary>
    /// <exception cref="InvalidDataException">There are none.</exception>
    public double[] Of(string run) =>
        Count == 1 ? Values.Single()
        : TryGetValue(run, out var numbers) ? numbers
        : throw new InvalidDataException($"has no costs.{run}, which is needed");

    internal sealed class Converter : JsonConverter<OneOrEach>
    {
        public override OneOrEach Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) =>
            new(
                reader.TokenType == JsonTokenType.StartArray
                    ? [new("", JsonSerializer.Deserialize(ref reader, RunFolderFormat.Line.DoubleArray)!)]
                    : JsonSerializer.Deserialize(
                        ref reader,
                        RunFolderFormat.Line.DictionaryStringDoubleArray
                    )!
            );

        public override void Write(Utf8JsonWriter writer, OneOrEach value, JsonSerializerOptions options)
        {
            if (value.Count == 1)
            {
                JsonSerializer.Serialize(writer, value.Values.Single(), RunFolderFormat.Line.DoubleArray);
            }
            else
            {
                JsonSerializer.Serialize(
                    writer,
                    new(value),
                    RunFolderFormat.Line.DictionaryStringDoubleArray
                );
            }
        }
    }
}

/// <summary>Names in words: <c>CheckFailed</c> is <c>check failed</c>.</summary>
internal sealed class EndingWords : JsonNamingPolicy
{
    /// <summary>An ending in words.</summary>
    public static string Of(RunEnding ending) => Spaced($"{ending}");

    /// <summary>The endings that a summary may tell.</summary>
    public static IReadOnlyList<string> All { get; } =
    [.. Enum.GetValues<RunEnding>().Where(ending => ending != RunEnding.Unfinished).Select(Of)];

    public override string ConvertName(string name) => Spaced(name);

    private static string Spaced(string name) => KebabCaseLower.ConvertName(name).Replace('-', ' ');

    internal sealed class Converter()
        : JsonStringEnumConverter<RunEnding>(new EndingWords(), allowIntegerValues: false);
}

/// <summary>A number, or that there is none.</summary>
internal sealed class NumberOrNone : JsonConverter<double?>
{
    /// <summary>What stands where there is none.</summary>
    public const string None = "not produced";

    public override bool HandleNull => true;

    public override double? Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) =>
        reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(None)
            ? null
            : JsonSerializer.Deserialize(ref reader, RunFolderFormat.Line.Double);

    public override void Write(Utf8JsonWriter writer, double? value, JsonSerializerOptions options)
    {
        if (value is { } number)
        {
            JsonSerializer.Serialize(writer, number, RunFolderFormat.Line.Double);
        }
        else
        {
            writer.WriteStringValue(None);
        }
    }
}

/// <summary>The JSON of a run folder: all of it is written and read as a record of this file.</summary>
/// <remarks>Numbers have as many digits as reading them back exactly needs; JSON knows no infinity and no not-a-number, which
/// are the texts <c>Infinity</c>, <c>-Infinity</c> and <c>NaN</c>, as .NET and Python read them.</remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [
        typeof(EndingWords.Converter),
        typeof(NumberOrNone),
        typeof(UnionConverter<Outcome>),
        typeof(UnionConverter<Standstill>),
    ]
)]
[JsonSerializable(typeof(ConfigFile))]
[JsonSerializable(typeof(IdentityText))]
[JsonSerializable(typeof(SummaryFile))]
[JsonSerializable(typeof(CheckpointFile))]
[JsonSerializable(typeof(Standstill))]
[JsonSerializable(typeof(Dictionary<string, double[]>))]
internal sealed partial class RunFolderContext : JsonSerializerContext;

/// <summary>The two ways in which a run folder's records are written.</summary>
internal static class RunFolderFormat
{
    /// <summary>In one line.</summary>
    public static RunFolderContext Line { get; } = With(isIndented: false);

    /// <summary>Indented, for files that people read.</summary>
    public static RunFolderContext Page { get; } = With(isIndented: true);

    /// <summary>Writes a file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write<T>(string path, T content, JsonTypeInfo<T> type) =>
        AtomicFile.WriteText(path, JsonSerializer.Serialize(content, type) + "\n");

    private static RunFolderContext With(bool isIndented) =>
        new(
            new(RunFolderContext.Default.Options)
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                WriteIndented = isIndented,
            }
        );
}
