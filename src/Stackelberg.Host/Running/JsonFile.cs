using System.Text;
using System.Text.Json;

namespace Stackelberg;

/// <summary>Reads JSON files that a user may have written or changed.</summary>
internal static class JsonFile
{
    // A summary of a run with thousands of numbers has a megabyte.
    private const int mostBytes = 256 << 20;

    /// <summary>Reads a file whose keys are all different and whose texts are all Unicode, so that whoever looks at it meets
    /// neither.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is no such JSON; the message says what it is, as in <c>is no JSON (line
    /// 3)</c>.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static JsonDocument Read(string path)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(Bytes(path));
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"is no JSON (line {fault.LineNumber + 1})", fault);
        }

        try
        {
            Check(document.RootElement);
            return document;
        }
        catch (InvalidDataException)
        {
            document.Dispose();
            throw;
        }
    }

    // A pipe or a device tells no length, and may never end.
    private static byte[] Bytes(string path)
    {
        using var stream = File.OpenRead(path);
        using var bytes = new MemoryStream();
        var part = new byte[1 << 16];
        for (int count; (count = stream.Read(part)) > 0; )
        {
            bytes.Write(part, 0, count);
            if (bytes.Length > mostBytes)
            {
                throw new InvalidDataException($"is longer than {mostBytes} bytes");
            }
        }

        ReadOnlySpan<byte> text = bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
        return (
            text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text
        ).ToArray();
    }

    private static void Check(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var keys = new HashSet<string>(StringComparer.Ordinal);
                foreach (var pair in value.EnumerateObject())
                {
                    var key = Text(() => pair.Name);
                    if (!keys.Add(key))
                    {
                        throw new InvalidDataException($"gives {key} twice");
                    }

                    Check(pair.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var entry in value.EnumerateArray())
                {
                    Check(entry);
                }

                break;
            case JsonValueKind.String:
                Text(() => value.GetString()!);
                break;
        }
    }

    private static string Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException fault)
        {
            throw new InvalidDataException("holds a text that is no Unicode", fault);
        }
    }
}
