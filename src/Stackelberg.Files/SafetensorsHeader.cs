using System.Text.Json;

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
            using var document = JsonDocument.Parse(json);
            var entries = new List<Entry>();
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name != metadataKey)
                {
                    entries.Add(ParseEntry(property, path));
                    continue;
                }

                foreach (var word in property.Value.EnumerateObject())
                {
                    metadata[word.Name] =
                        word.Value.GetString() ?? throw new JsonException("a metadata value is null");
                }
            }

            return new(Ordered(entries, path), metadata, entries.Count == 0 ? 0 : entries.Max(e => e.End));
        }
        // What JsonDocument raises for bad JSON, a wrong type, a missing property and a number out of range.
        catch (Exception fault)
            when (fault
                    is JsonException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or FormatException
                        or OverflowException
            )
        {
            throw new InvalidDataException(
                $"{path} is no safetensors file, or was changed: its header cannot be read ({fault.Message.TrimEnd('.')}).",
                fault
            );
        }
    }

    private static Entry ParseEntry(JsonProperty property, string path)
    {
        var type = property.Value.GetProperty("dtype").GetString();
        if (!Enum.GetNames<SafetensorsKind>().Contains(type))
        {
            throw new InvalidDataException(
                $"{path}: the array \"{property.Name}\" holds {type}, but only "
                    + $"{string.Join(", ", Enum.GetNames<SafetensorsKind>())} are read here. Convert it before."
            );
        }

        var kind = Enum.Parse<SafetensorsKind>(type!);
        int[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(n => n.GetInt32())];
        long[] offsets =
        [
            .. property.Value.GetProperty("data_offsets").EnumerateArray().Select(n => n.GetInt64()),
        ];
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
                $"{path}: the array \"{property.Name}\" of {kind} and shape [{string.Join(", ", shape)}] needs {size} "
                    + $"bytes, but its offsets are [{string.Join(", ", offsets)}]."
            );
        }

        return new(property.Name, kind, shape, offsets[0], offsets[1]);
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
