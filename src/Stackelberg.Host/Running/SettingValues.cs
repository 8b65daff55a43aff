using System.Globalization;

namespace Stackelberg;

/// <summary>The values of all settings of one run.</summary>
public sealed class SettingValues
{
    private readonly string owner;
    private readonly IReadOnlyList<Setting> settings;
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private SettingValues(string owner, IReadOnlyList<Setting> settings)
    {
        this.owner = owner;
        this.settings = settings;
    }

    /// <summary>Every key with its value, in the settings' order.</summary>
    public IEnumerable<KeyValuePair<string, string>> All =>
        settings.Select(setting => KeyValuePair.Create(setting.Key, values[setting.Key]));

    /// <summary>The settings whose value is not the default.</summary>
    public IEnumerable<Setting> Changed =>
        settings.Where(setting => values[setting.Key] != Clean(setting.Default));

    /// <summary>Fills the defaults in and rejects unknown keys and values that are no choice.</summary>
    /// <param name="owner">Whose settings they are, for messages.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="overrides">The values that the user gives.</param>
    /// <exception cref="UserInputException">A key is unknown or a value is not allowed.</exception>
    public static SettingValues Resolve(
        string owner,
        IReadOnlyList<Setting> settings,
        IReadOnlyDictionary<string, string> overrides
    )
    {
        var resolved = new SettingValues(owner, settings);
        foreach (var setting in settings)
        {
            resolved.values.Add(setting.Key, Clean(setting.Default));
        }

        foreach (var (key, value) in overrides)
        {
            var setting =
                settings.FirstOrDefault(one => one.Key == key) ?? throw Unknown(owner, key, settings);
            CheckChoices(setting, value);
            resolved.values[key] = Clean(value);
        }

        return resolved;
    }

    /// <summary>A setting as text.</summary>
    /// <param name="key">The setting's key.</param>
    public string Text(string key) =>
        values.TryGetValue(key, out var value)
            ? value
            : throw new InvalidOperationException($"The experiment {owner} declares no setting \"{key}\".");

    /// <summary>A setting as a whole number.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">It is no whole number of 32 bits.</exception>
    public int Int(string key) => Whole(key, Text(key));

    /// <summary>A setting as a number; <c>inf</c> and <c>nan</c> are none.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">It is no number.</exception>
    public double Double(string key) => Number(key, Text(key));

    /// <summary>A setting as yes or no: <c>true</c>, <c>false</c>, <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">It is neither.</exception>
    public bool Bool(string key) =>
        Text(key).ToLowerInvariant() switch
        {
            "true" or "yes" or "on" => true,
            "false" or "no" or "off" => false,
            _ => throw Wrong(key, Text(key), "true or false", "true"),
        };

    /// <summary>A setting as a list of texts, separated by commas, none empty.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">The list or an entry is empty.</exception>
    public string[] List(string key)
    {
        var entries = Text(key).Split(',', StringSplitOptions.TrimEntries);
        return entries.Any(entry => entry.Length == 0)
            ? throw Wrong(key, Text(key), "a list separated by commas", Default(key))
            : entries;
    }

    /// <summary>A setting as a list of whole numbers.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">An entry is no whole number.</exception>
    public int[] Ints(string key) => Array.ConvertAll(List(key), entry => Whole(key, entry));

    /// <summary>A setting as a list of numbers.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="UserInputException">An entry is no number.</exception>
    public double[] Doubles(string key) => Array.ConvertAll(List(key), entry => Number(key, entry));

    private int Whole(string key, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Wrong(
                key,
                text,
                text.All(char.IsAsciiDigit) ? $"a whole number up to {int.MaxValue}" : "a whole number",
                Default(key)
            );

    private double Number(string key, string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : throw Wrong(key, text, "a number", Default(key));

    /// <summary>The value that a setting has if the user gives none.</summary>
    /// <param name="key">The setting's key.</param>
    internal string Default(string key) => settings.First(setting => setting.Key == key).Default;

    private static UserInputException Wrong(string key, string found, string needed, string example) =>
        new($"The setting {key} is \"{found}\", but {needed} is needed, for instance {key}={example}.");

    private static UserInputException Unknown(string owner, string key, IReadOnlyList<Setting> settings)
    {
        var keys = settings.Select(setting => setting.Key).ToArray();
        var known =
            keys.Length == 0 ? "It has no settings." : $"Its settings are: {string.Join(", ", keys)}.";
        return new($"The experiment {owner} has no setting \"{key}\".{Suggestion.For(key, keys)} {known}");
    }

    private static void CheckChoices(Setting setting, string value)
    {
        if (setting.Choices is not { } choices)
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in value.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!choices.Contains(entry))
            {
                throw new UserInputException(
                    $"The setting {setting.Key} holds \"{entry}\".{Suggestion.For(entry, choices)} "
                        + $"Allowed are {string.Join(", ", choices)}, for instance "
                        + $"{setting.Key}={setting.Default}."
                );
            }

            if (!seen.Add(entry))
            {
                throw new UserInputException(
                    $"The setting {setting.Key} names {entry} twice; leave one out."
                );
            }
        }
    }

    // "d=3, 9" and "d=3,9" are one value, so that blanks do not switch the checks off.
    private static string Clean(string value) =>
        string.Join(',', value.Split(',', StringSplitOptions.TrimEntries));
}
