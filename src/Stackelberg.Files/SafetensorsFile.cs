namespace Stackelberg.Files;

/// <summary>What a safetensors file holds.</summary>
/// <param name="Tensors">The arrays by name.</param>
/// <param name="Metadata">The writer's words by key, without the checksum; empty if there are none.</param>
/// <param name="IsVerified">Whether the file had a checksum of <see cref="Safetensors.Write"/>, which it then fits;
/// files of other writers have none.</param>
public sealed record SafetensorsFile(
    IReadOnlyDictionary<string, SafetensorsArray> Tensors,
    IReadOnlyDictionary<string, string> Metadata,
    bool IsVerified
)
{
    /// <summary>An array by name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="InvalidDataException">There is none; the message names those that there are.</exception>
    public SafetensorsArray this[string name] =>
        Tensors.TryGetValue(name, out var array)
            ? array
            : throw new InvalidDataException(
                $"The file has no array \"{name}\".{Suggestion.For(name, Tensors.Keys)} It has "
                    + $"{string.Join(", ", Tensors.Keys.Order(StringComparer.Ordinal))}."
            );
}
