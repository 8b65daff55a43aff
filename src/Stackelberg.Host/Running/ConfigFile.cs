using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackelberg.Files;
using Stackelberg.Kernels;

namespace Stackelberg;

/// <summary>What a configuration file says: config.json of a run folder, or one that a user wrote.</summary>
/// <param name="Experiment">The experiment's name; null if the file does not say.</param>
/// <param name="ExperimentVersion">The experiment's version; null if the file does not say.</param>
/// <param name="Seed">The seed; null if the file does not say.</param>
/// <param name="Identity">The identity of the run that the file was written for; null if the file does not say.</param>
/// <param name="Settings">The settings that the file gives.</param>
/// <param name="VectorBits">The width of the vectors that the run was begun with; null if the file does not say.</param>
/// <param name="Fingerprint">What told the script's text apart; null if the file does not say.</param>
/// <param name="Script">The script that the experiment was loaded from; null if its name alone finds it.</param>
/// <param name="Title">What the experiment shows, in a line; null if the file does not say.</param>
/// <param name="Source">The experiment's source; null if the file does not say.</param>
/// <param name="Headlines">The found numbers that tables show first.</param>
/// <param name="Declared">What the experiment says of its settings.</param>
internal sealed record ConfigFile(
    string? Experiment,
    int? ExperimentVersion,
    ulong? Seed,
    string? Identity,
    IReadOnlyList<KeyValuePair<string, string>> Settings,
    int? VectorBits,
    string? Fingerprint,
    string? Script,
    string? Title,
    string? Source,
    IReadOnlyList<string> Headlines,
    IReadOnlyList<DeclaredSetting> Declared
)
{
    /// <summary>The file's name in a run folder.</summary>
    public const string Name = "config.json";

    private const string example = """{ "seed": 1, "settings": { "steps": "100" } }""";

    /// <summary>Every setting written out, so that the run can be done again.</summary>
    public static void Write(
        string path,
        Experiment experiment,
        RunConfiguration configuration,
        IEnumerable<string> changed,
        DateTimeOffset started
    ) =>
        AtomicFile.WriteText(
            path,
            JsonText.Of(
                new JsonObject
                {
                    ["experiment"] = experiment.Name,
                    ["experimentVersion"] = configuration.ExperimentVersion,
                    ["script"] = experiment.Script,
                    ["fingerprint"] = configuration.Fingerprint,
                    ["title"] = experiment.Title,
                    ["source"] = experiment.Source,
                    ["headlines"] = JsonText.Texts(experiment.Headlines),
                    ["version"] = typeof(ConfigFile).Assembly.GetName().Version?.ToString(3),
                    ["identity"] = configuration.Identity,
                    ["vectorBits"] = VectorWidth.Bits,
                    ["started"] = started.ToString("O", CultureInfo.InvariantCulture),
                    ["seed"] = configuration.Seed,
                    ["settings"] = new JsonObject(
                        configuration.Settings.Select(pair =>
                            KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)
                        )
                    ),
                    ["changed"] = JsonText.Texts(changed),
                    ["declared"] = new JsonArray([
                        .. experiment.Settings.Select(setting => new JsonObject
                        {
                            ["key"] = setting.Key,
                            ["default"] = setting.Default,
                            ["description"] = setting.Description,
                        }),
                    ]),
                }
            )
        );

    /// <summary>Reads such a file; keys that it does not know are left alone.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="UserInputException">It cannot be read, is no JSON, or holds something else.</exception>
    public static ConfigFile Read(string path)
    {
        try
        {
            using var document = JsonFile.Read(path);
            var root = document.RootElement;
            Need(path, root.ValueKind == JsonValueKind.Object, "is no object");
            return new(
                Word("experiment"),
                Optional(root, "experimentVersion") is { } version
                    ? (int)Whole(path, "experimentVersion", version, int.MaxValue)
                    : null,
                Optional(root, "seed") is { } seed ? Whole(path, "seed", seed, ulong.MaxValue) : null,
                Word("identity"),
                Optional(root, "settings") is { } settings ? ReadSettings(path, settings) : [],
                Optional(root, "vectorBits") is { } bits
                    ? (int)Whole(path, "vectorBits", bits, int.MaxValue)
                    : null,
                Word("fingerprint"),
                Word("script"),
                Word("title"),
                Word("source"),
                Optional(root, "headlines") is { } headlines ? Texts(path, "headlines", headlines) : [],
                Optional(root, "declared") is { ValueKind: JsonValueKind.Array } declared
                    ? [.. declared.EnumerateArray().Select(one => Declaration(path, one))]
                    : []
            );

            string? Word(string key) => Optional(root, key) is { } text ? Text(path, key, text) : null;
        }
        catch (InvalidDataException fault)
        {
            throw new UserInputException(
                $"The configuration {path} {fault.Message}; needed is {example}",
                fault
            );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException(
                $"The configuration {path} cannot be read: {fault.Message.TrimEnd('.')}.",
                fault
            );
        }
    }

    private static JsonElement? Optional(JsonElement root, string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static KeyValuePair<string, string>[] ReadSettings(string path, JsonElement settings)
    {
        Need(path, settings.ValueKind == JsonValueKind.Object, "has settings that are no object");
        var pairs = settings
            .EnumerateObject()
            .Select(pair => KeyValuePair.Create(pair.Name, Value(path, pair.Name, pair.Value)))
            .ToArray();
        return pairs;
    }

    private static string Value(string path, string key, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            JsonValueKind.Array => string.Join(
                ',',
                value.EnumerateArray().Select(entry => Value(path, key, entry))
            ),
            _ => Text(path, key, value),
        };

    private static DeclaredSetting Declaration(string path, JsonElement value)
    {
        Need(path, value.ValueKind == JsonValueKind.Object, "declares something that is no setting");
        return new(Word("key"), Word("default"), Word("description"));

        string Word(string key) => Optional(value, key) is { } text ? Text(path, key, text) : "";
    }

    private static string[] Texts(string path, string key, JsonElement value)
    {
        Need(path, value.ValueKind == JsonValueKind.Array, $"gives {key} as something that is no list");
        return [.. value.EnumerateArray().Select(entry => Text(path, key, entry))];
    }

    private static string Text(string path, string key, JsonElement value)
    {
        Need(path, value.ValueKind == JsonValueKind.String, $"gives {key} as something that is no text");
        return value.GetString()!;
    }

    private static ulong Whole(string path, string key, JsonElement value, ulong most)
    {
        var number = 0UL;
        Need(
            path,
            value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out number) && number <= most,
            $"gives {key} as {value.GetRawText()}, which is no whole number from 0 to {most}"
        );
        return number;
    }

    private static void Need(string path, bool holds, string fault)
    {
        if (!holds)
        {
            throw new UserInputException($"The configuration {path} {fault}; needed is {example}");
        }
    }
}

/// <summary>What an experiment says of a setting, as a run folder keeps it.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Default">The value that reproduces the source.</param>
/// <param name="Description">What it is.</param>
internal sealed record DeclaredSetting(string Key, string Default, string Description);
