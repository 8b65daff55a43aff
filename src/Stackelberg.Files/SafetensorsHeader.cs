using System.Text.Json;
using System.Text.Json.Serialization;

namespace Stackelberg.Files;

/// <summary>The header of a safetensors file, checked.</summary>
/// <param name="Entries">The arrays in the order of their values.</param>
/// <param name="Metadata">Words by key.</param>
/// <param name="DataLength">How many bytes of values follow the header.</param>
internal sealed record SafetensorsHeader(
    IReadOnlyList<SafetensorsHeader.Entry> Entries,
    IDictionary<string, string> Metadata,
    long DataLength
)
{
    /// <summary>One array: its values lie from byte <paramref name="Begin"/> to before <paramref name="End"/>.</summary>
    internal sealed record Entry(
        string Name,
        SafetensorsKind Kind,
        IReadOnlyList<int> Shape,
        long Begin,
        long End
    );

    /// <summary>Reads the JSON.</summary>
    /// <exception cref="InvalidDataException">It is not a header; the message says what is wrong.</exception>
    public static SafetensorsHeader Parse(byte[] json, string path, string metadataKey)
    {
        try
        {
            var all =
                JsonSerializer.Deserialize(json, SafetensorsJson.Default.DictionaryStringJsonElement)
                ?? throw new JsonException("it is null");
            var metadata =
                all.Remove(metadataKey, out var words)
                && words.Deserialize(SafetensorsJson.Default.DictionaryStringString) is { } texts
                    ? texts
                    : [];
            if (metadata.ContainsValue(null!))
            {
                throw new JsonException("a metadata value is null");
            }

            Entry[] entries =
            [
                .. all.Select(pair =>
                    ParseEntry(
                        pair.Key,
                        pair.Value.Deserialize(SafetensorsJson.Default.SafetensorsEntry)
                            ?? throw new JsonException($"the array \"{pair.Key}\" is null"),
                        path
                    )
                ),
            ];
            return new(Ordered(entries, path), metadata, entries.Length == 0 ? 0 : entries.Max(e => e.End));
        }
        catch (Exception fault) when (fault is JsonException or OverflowException)
        {
            throw new InvalidDataException(
                $"{path} is no safetensors file, or was changed: its header cannot be read ({fault.Message.TrimEnd('.')}).",
                fault
            );
        }
    }

    private static Entry ParseEntry(string name, SafetensorsEntry entry, string path)
    {
        if (!Enum.GetNames<SafetensorsKind>().Contains(entry.Dtype))
        {
            throw new InvalidDataException(
                $"{path}: the array \"{name}\" holds {entry.Dtype}, but only "
                    + $"{string.Join(", ", Enum.GetNames<SafetensorsKind>())} are read here. Convert it before."
            );
        }

        var kind = Enum.Parse<SafetensorsKind>(entry.Dtype);
        var (shape, offsets) = (entry.Shape, entry.Offsets);
        var width = kind switch
        {
            SafetensorsKind.U8 => 1L,
            SafetensorsKind.F32 => 4L,
            _ => 8L,
        };
        var size = shape.Aggregate(width, (product, length) => checked(product * length));
        if (
            offsets.Length != 2
            || shape.Any(length => length < 0)
            || checked(offsets[1] - offsets[0]) != size
        )
        {
            throw new InvalidDataException(
                $"{path}: the array \"{name}\" of {kind} and shape [{string.Join(", ", shape)}] needs {size} "
                    + $"bytes, but its offsets are [{string.Join(", ", offsets)}]."
            );
        }

        return new(name, kind, shape, offsets[0], offsets[1]);
    }

    private static Entry[] Ordered(IEnumerable<Entry> entries, string path)
    {
        Entry[] ordered = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        var end = 0L;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in ordered)
        {
            if (entry.Begin != end || !names.Add(entry.Name))
            {
                throw new InvalidDataException(
                    $"{path}: the array \"{entry.Name}\" begins at byte {entry.Begin}, but {end} is needed: arrays "
                        + "follow each other without gaps, each name once."
                );
            }

            end = entry.End;
        }

        return ordered;
    }
}

/// <summary>What a header says of an array.</summary>
/// <param name="Dtype">The kind of its numbers.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Offsets">Where its values begin and end.</param>
internal sealed record SafetensorsEntry(
    [property: JsonPropertyName("dtype")] string Dtype,
    [property: JsonPropertyName("shape")] int[] Shape,
    [property: JsonPropertyName("data_offsets")] long[] Offsets
);

[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(SafetensorsEntry))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class SafetensorsJson : JsonSerializerContext;
