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
    public IEnumerable<Setting> Changed => settings.Where(setting => IsChanged(setting.Key));

    /// <summary>Fills the defaults in and refuses unknown keys, values that their setting does not allow, and values that
    /// do not fit each other.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="overrides">The values that the user gives.</param>
    /// <exception cref="UserInputException">A key is unknown or a value is not allowed.</exception>
    public static SettingValues Resolve(Experiment experiment, IReadOnlyDictionary<string, string> overrides)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var values = Resolve(experiment.Name, experiment.Settings, overrides);
        experiment.Validate(values);
        return values;
    }

    /// <summary>Fills the defaults in and refuses unknown keys and values that their setting does not allow.</summary>
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
            resolved.values.Add(setting.Key, setting.Type.Clean(setting.Default));
        }

        foreach (var (key, value) in overrides)
        {
            var setting =
                settings.FirstOrDefault(one => one.Key == key) ?? throw Unknown(owner, key, settings);
            var clean = setting.Type.Clean(value);
            setting.Check(clean);
            resolved.values[key] = clean;
        }

        return resolved;
    }

    /// <summary>A setting as text.</summary>
    /// <param name="key">The setting's key.</param>
    public string Text(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return values.TryGetValue(key, out var value)
            ? value
            : throw new InvalidOperationException($"The experiment {owner} declares no setting \"{key}\".");
    }

    /// <summary>A setting as a whole number.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="InvalidOperationException">The setting's type allows other values.</exception>
    public int Int(string key) => Read(key, Text(key), SettingType.ReadWhole);

    /// <summary>A setting as a number.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="InvalidOperationException">The setting's type allows other values.</exception>
    public double Double(string key) => Read(key, Text(key), SettingType.ReadNumber);

    /// <summary>A setting as yes or no: <c>true</c>, <c>false</c>, <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="InvalidOperationException">The setting's type allows other values.</exception>
    public bool Bool(string key) => Read(key, Text(key), SettingType.ReadYesNo);

    /// <summary>A setting as a list of texts, separated by commas.</summary>
    /// <param name="key">The setting's key.</param>
    public string[] List(string key) => Text(key).Split(',');

    /// <summary>A setting as a list of whole numbers.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="InvalidOperationException">The setting's type allows other values.</exception>
    public int[] Ints(string key) =>
        Array.ConvertAll(List(key), entry => Read(key, entry, SettingType.ReadWhole));

    /// <summary>A setting as a list of numbers.</summary>
    /// <param name="key">The setting's key.</param>
    /// <exception cref="InvalidOperationException">The setting's type allows other values.</exception>
    public double[] Doubles(string key) =>
        Array.ConvertAll(List(key), entry => Read(key, entry, SettingType.ReadNumber));

    /// <summary>Whether the user gave a value that is not the default.</summary>
    /// <param name="key">The setting's key.</param>
    public bool IsChanged(string key)
    {
        ArgumentNullException.ThrowIfNull(key);

        var setting = settings.First(one => one.Key == key);
        return Text(key) != setting.Type.Clean(setting.Default);
    }

    // The types have let all values in: one that cannot be read is the experiment's own fault.
    private T Read<T>(string key, string text, Func<string, T?> read)
        where T : struct =>
        read(text)
        ?? throw new InvalidOperationException(
            $"The experiment {owner} reads its setting {key}, \"{text}\", as a {typeof(T).Name}, which its type does not "
                + "promise."
        );

    /// <summary>The value that a setting has if the user gives none.</summary>
    /// <param name="key">The setting's key.</param>
    internal string Default(string key) => settings.First(setting => setting.Key == key).Default;

    private static UserInputException Unknown(string owner, string key, IReadOnlyList<Setting> settings)
    {
        var keys = settings.Select(setting => setting.Key).ToArray();
        var known =
            keys.Length == 0 ? "It has no settings." : $"Its settings are: {string.Join(", ", keys)}.";
        return new($"The experiment {owner} has no setting \"{key}\".{Suggestion.For(key, keys)} {known}");
    }
}
