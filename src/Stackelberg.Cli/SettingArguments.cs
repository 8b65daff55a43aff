using System.Globalization;

namespace Stackelberg.Cli;

/// <summary>Reads <c>key=value</c> from the command line.</summary>
internal static class SettingArguments
{
    /// <summary>The key that is the seed's, in any experiment.</summary>
    public const string SeedKey = "seed";

    /// <summary>The values by key, in their order.</summary>
    public static Dictionary<string, string> Read(
        Experiment experiment,
        string command,
        IEnumerable<string> options,
        IEnumerable<string> tokens
    )
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            if (token.StartsWith('-'))
            {
                throw new UserInputException(
                    $"There is no option \"{token}\".{Suggestion.For(token, options)} "
                        + $"See stackelberg {command} --help."
                );
            }

            var at = token.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                var example = experiment.Settings is [var setting, ..]
                    ? $"{setting.Key}={setting.Default}"
                    : "seed=1";
                throw new UserInputException(
                    $"\"{token}\" is no setting; settings are written key=value, for instance {example}."
                );
            }

            if (!values.TryAdd(token[..at], token[(at + 1)..]))
            {
                throw new UserInputException($"The setting {token[..at]} is given twice; leave one out.");
            }
        }

        return values;
    }

    /// <summary>A seed, or null for none.</summary>
    public static ulong? Seed(string? text) =>
        text is null ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new UserInputException(
            $"The seed is \"{text}\", but a whole number from 0 is needed, for instance --seed 1."
        );
}
