using System.Globalization;

namespace Stackelberg.Files;

/// <summary>The saved state of a learning run as safetensors: one float64 array for each of its arrays, so that other
/// programs can read the strategies and the preconditioners' moments.</summary>
public static class LearnStateFile
{
    private const string gameKey = "game";
    private const string ruleKey = "rule";
    private const string seedKey = "seed";
    private const string stepsKey = "steps";

    /// <summary>Writes a state.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="state">What <c>Learning.Save</c> gave.</param>
    public static void Write(Stream stream, LearnState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Safetensors.Write(
            stream,
            state.Arrays.Select(pair => KeyValuePair.Create(pair.Key, SafetensorsArray.Of(pair.Value))),
            new Dictionary<string, string>
            {
                [gameKey] = state.Game,
                [ruleKey] = state.Rule,
                [seedKey] = state.Seed.ToString(CultureInfo.InvariantCulture),
                [stepsKey] = state.Steps.ToString(CultureInfo.InvariantCulture),
            }
        );
    }

    /// <summary>Reads a state.</summary>
    /// <param name="stream">Where from; it must know its length, and stays open.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">It is cut short, was changed, or holds no state of a run.</exception>
    public static LearnState Read(Stream stream, string name)
    {
        var file = Safetensors.Read(stream, name);
        if (
            !file.Metadata.TryGetValue(gameKey, out var game)
            || !file.Metadata.TryGetValue(ruleKey, out var rule)
            || !file.Metadata.TryGetValue(seedKey, out var seedText)
            || !ulong.TryParse(seedText, CultureInfo.InvariantCulture, out var seed)
            || !file.Metadata.TryGetValue(stepsKey, out var stepsText)
            || !int.TryParse(stepsText, CultureInfo.InvariantCulture, out var steps)
        )
        {
            throw new InvalidDataException(
                $"{name} holds arrays, but no state of a learning run: its header lacks the game, the rule, the seed or the "
                    + "steps. Give a checkpoint that a run has written."
            );
        }

        return new(
            game,
            rule,
            seed,
            steps,
            [.. file.Tensors.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.F64))]
        );
    }
}
