namespace Stackelberg;

/// <summary>Something that a user may set for an experiment as <c>key=value</c>.</summary>
/// <param name="Key">The name, lower case.</param>
/// <param name="Default">The value that reproduces the source.</param>
/// <param name="Type">Which values are allowed.</param>
/// <param name="Description">One line: what it is.</param>
/// <param name="Kind">What changing it does to the checks.</param>
public sealed record Setting(
    string Key,
    string Default,
    SettingType Type,
    string Description,
    SettingKind Kind
)
{
    /// <summary>The unit of the value, for instance <c>radians</c>; null for a plain number or a word.</summary>
    public string? Unit { get; init; }

    /// <summary>Whether a value is allowed.</summary>
    /// <param name="text">The value as a user writes it.</param>
    public bool Allows(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Type.Accepts(Type.Clean(text));
    }

    /// <summary>Refuses a value that is not allowed.</summary>
    /// <exception cref="UserInputException">It is not.</exception>
    internal void Check(string text)
    {
        if (Type.Fault(Key, text, Default) is { } fault)
        {
            throw new UserInputException(fault);
        }
    }
}
