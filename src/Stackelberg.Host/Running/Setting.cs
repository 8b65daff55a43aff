namespace Stackelberg;

/// <summary>Something that a user may set for an experiment as <c>key=value</c>.</summary>
/// <param name="Key">The name, lower case.</param>
/// <param name="Default">The value that reproduces the source.</param>
/// <param name="Description">One line: what it is, with the unit.</param>
/// <param name="Kind">What changing it does to the checks.</param>
public sealed record Setting(string Key, string Default, string Description, SettingKind Kind)
{
    /// <summary>
    /// The only values that are allowed; of a list, separated by commas, each must be one of them. Null allows
    /// all.
    /// </summary>
    public IReadOnlyList<string>? Choices { get; init; }
}
