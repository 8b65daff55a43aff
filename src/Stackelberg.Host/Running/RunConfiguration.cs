using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Stackelberg;

/// <summary>Everything that decides a run's numbers: the experiment, its version, the seed and every setting.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="ExperimentVersion">The experiment's version.</param>
/// <param name="Seed">The seed of the random numbers.</param>
/// <param name="Settings">Every setting with its value, in the experiment's order.</param>
/// <param name="Fingerprint">What tells the text of the experiment's script apart from other texts; null where the version
/// alone says it.</param>
public sealed record RunConfiguration(
    string Experiment,
    int ExperimentVersion,
    ulong Seed,
    IReadOnlyList<KeyValuePair<string, string>> Settings,
    string? Fingerprint = null
)
{
    // 64 bits: among a million configurations two are alike with a chance of 3e-8.
    private const int identityDigits = 16;

    /// <summary>The run's identity, 16 hexadecimal digits: two runs of one identity have the same numbers.</summary>
    /// <remarks>
    /// The first 8 bytes of the SHA-256 of <see cref="Canonical"/>. Values are compared as text, except that
    /// blanks around the entries of a list do not count: <c>0.1</c> and <c>1e-1</c> are two configurations.
    /// </remarks>
    public string Identity => Hash(Canonical);

    /// <summary>The identity of all but the seed: runs that share it differ in the seed alone.</summary>
    public string IdentityWithoutSeed => Hash(Json(isWithSeed: false));

    /// <summary>
    /// The configuration as JSON in one way of writing only: the keys <c>experiment</c>,
    /// <c>experimentVersion</c>, <c>seed</c>, <c>settings</c>, the settings in the order of their bytes, all
    /// after <c>experimentVersion</c> a <c>fingerprint</c> where there is one, values as text but version and seed, no blanks, UTF-8, no escapes but those that JSON demands.
    /// </summary>
    /// <example>
    /// <code>{"experiment":"duopoly","experimentVersion":1,"seed":1,"settings":{"cost1":"5","cost2":"2"}}</code>
    /// </example>
    public string Canonical => Json(isWithSeed: true);

    /// <summary>Fills the defaults in.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="overrides">The settings that are not to have their default.</param>
    /// <param name="seed">The seed; null for the experiment's own.</param>
    /// <exception cref="UserInputException">A key is unknown or a value is not allowed.</exception>
    public static RunConfiguration Resolve(
        Experiment experiment,
        IReadOnlyDictionary<string, string> overrides,
        ulong? seed = null
    ) => Of(experiment, SettingValues.Resolve(experiment, overrides), seed);

    internal static RunConfiguration Of(Experiment experiment, SettingValues settings, ulong? seed) =>
        new(
            experiment.Name,
            experiment.Version,
            seed ?? experiment.DefaultSeed,
            [.. settings.All],
            experiment.Fingerprint
        );

    private string Json(bool isWithSeed) =>
        JsonSerializer.Serialize(
            new(
                Experiment,
                ExperimentVersion,
                Fingerprint,
                isWithSeed ? Seed : null,
                new SortedDictionary<string, string>(
                    Settings.ToDictionary(pair => pair.Key, pair => pair.Value),
                    StringComparer.Ordinal
                )
            ),
            RunFolderFormat.Line.IdentityText
        );

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..identityDigits];
}
