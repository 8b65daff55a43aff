using System.Globalization;
using System.Numerics;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>A checkpoint of a learning run: what <see cref="Learning.Save"/> gave, and what the experiment added.</summary>
/// <remarks>
/// The file is a safetensors file with the arrays of the learning run by their names, the added ones below
/// <c>added/</c>, and the words <c>run game rule seed step</c>.
/// </remarks>
public sealed class Checkpoint
{
    private const string addedPrefix = "added/";

    private Checkpoint(
        string run,
        LearnState state,
        IReadOnlyDictionary<string, SafetensorsArray> added,
        string fileName
    ) => (Run, State, Added, FileName) = (run, state, added, fileName);

    /// <summary>Which learning run of the experiment it belongs to.</summary>
    public string Run { get; }

    /// <summary>The state for <see cref="Learner.Resume"/>.</summary>
    public LearnState State { get; }

    /// <summary>The arrays that the experiment added, by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsArray> Added { get; }

    /// <summary>The file's name, for messages.</summary>
    internal string FileName { get; }

    internal static void Write(
        string path,
        string run,
        LearnState state,
        IEnumerable<KeyValuePair<string, SafetensorsArray>> added
    ) =>
        Safetensors.Write(
            path,
            [
                .. state.Arrays.Select(pair =>
                    KeyValuePair.Create(pair.Key, SafetensorsArray.Of(pair.Value))
                ),
                .. added.Select(pair => KeyValuePair.Create(addedPrefix + pair.Key, pair.Value)),
            ],
            new Dictionary<string, string>
            {
                ["run"] = run,
                ["game"] = state.Game,
                ["rule"] = state.Rule,
                ["seed"] = $"{state.Seed}",
                ["step"] = $"{state.Steps}",
            }
        );

    /// <exception cref="InvalidDataException">The file is no such checkpoint.</exception>
    internal static Checkpoint Read(string path)
    {
        var file = Safetensors.Read(path);
        if (!file.IsVerified)
        {
            throw new InvalidDataException("it has no checksum");
        }

        var own = file.Tensors.Where(pair => !IsAdded(pair.Key));
        return new(
            Word("run"),
            new LearnState(
                Word("game"),
                Word("rule"),
                Number<ulong>("seed"),
                Number<int>("step"),
                [.. own.Select(pair => KeyValuePair.Create(pair.Key, Values(pair.Key, pair.Value)))]
            ),
            file.Tensors.Where(pair => IsAdded(pair.Key))
                .ToDictionary(pair => pair.Key[addedPrefix.Length..], pair => pair.Value),
            Path.GetFileName(path)
        );

        T Number<T>(string key)
            where T : struct, INumber<T> =>
            T.TryParse(Word(key), CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new InvalidDataException($"its word \"{key}\" is no whole number");

        static double[] Values(string name, SafetensorsArray array) =>
            array.Kind == SafetensorsKind.F64
                ? array.F64
                : throw new InvalidDataException($"its array \"{name}\" holds {array.Kind}");

        string Word(string key) =>
            file.Metadata.TryGetValue(key, out var word)
                ? word
                : throw new InvalidDataException($"it has no word \"{key}\"");
    }

    private static bool IsAdded(string name) => name.StartsWith(addedPrefix, StringComparison.Ordinal);
}
