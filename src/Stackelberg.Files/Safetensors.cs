using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Stackelberg.Files;

/// <summary>Named arrays in the safetensors layout, which Python's <c>safetensors.numpy.load_file</c> reads.</summary>
/// <remarks>
/// Layout: the length of the header, 8 bytes little-endian; the header, JSON in UTF-8, filled with spaces to a multiple
/// of 8; the values one array after the other, without gaps. The header maps each name to
/// <c>{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]}</c>, offsets counted from the header's end, and
/// <c>__metadata__</c> to words by key. One of these is our own: <c>sha256</c> over all names, shapes, words and values,
/// so that a changed bit is noticed. Bytes are written as they lie in memory, so the machine must be little-endian.
/// </remarks>
public static class Safetensors
{
    private const string metadataKey = "__metadata__";
    private const string checksumKey = "sha256";
    private const int preamble = 8;

    // SHA-256 in hexadecimal digits.
    private const int checksumLength = 64;

    /// <summary>What the reference reader takes at most.</summary>
    private const long longestHeader = 100_000_000;

    /// <summary>Writes a file as a whole: a reader sees the old content or the new one, never a part.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">The arrays by name; each name once.</param>
    /// <param name="metadata">Words by key; none if not given.</param>
    /// <exception cref="ArgumentException">A name or a key comes twice or is reserved.</exception>
    /// <exception cref="IOException">The file cannot be written; the message names the folder and the remedy.</exception>
    /// <example><code>
    /// Safetensors.Write("run.safetensors", [new("x", SafetensorsArray.Of([1.0, 2.0]))], new Dictionary&lt;string, string&gt; { ["step"] = "7" });
    /// Safetensors.Read("run.safetensors")["x"].F64 // [1, 2]
    /// </code></example>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, SafetensorsArray>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        ArgumentNullException.ThrowIfNull(tensors);
        KeyValuePair<string, SafetensorsArray>[] all = [.. tensors];
        var words = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, word) in metadata ?? new Dictionary<string, string>())
        {
            words.Add(key, word);
        }

        var names = new HashSet<string>(StringComparer.Ordinal) { metadataKey };
        if (all.FirstOrDefault(entry => !names.Add(entry.Key)).Key is { } twice)
        {
            throw new ArgumentException(
                $"Safetensors.Write: the name \"{twice}\" is used already; each name is needed once.",
                nameof(tensors)
            );
        }

        if (words.ContainsKey(checksumKey))
        {
            throw new ArgumentException(
                $"Safetensors.Write: the key \"{checksumKey}\" is kept for the checksum; choose another.",
                nameof(metadata)
            );
        }

        var checksum = Checksum(all, words);
        words[checksumKey] = checksum;
        var header = Header(all, words);
        AtomicFile.Write(
            path,
            stream =>
            {
                Span<byte> length = stackalloc byte[preamble];
                BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
                stream.Write(length);
                stream.Write(header);
                foreach (var (_, array) in all)
                {
                    stream.Write(array.Bytes);
                }
            }
        );
    }

    /// <summary>Reads a file and checks it: its layout, its length, and the checksum where there is one.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is cut short, was changed, or is no safetensors file of the kinds in
    /// <see cref="SafetensorsKind"/>; the message says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
        var json = ReadHeader(stream, path);
        var header = SafetensorsHeader.Parse(json, path, metadataKey);
        var start = stream.Position;
        var found = stream.Length - start;
        if (found != header.DataLength)
        {
            var problem = found < header.DataLength ? "is cut short" : "has bytes after its last array";
            throw new InvalidDataException(
                $"{path} {problem}: its header tells of {header.DataLength} bytes of values, but there are {found}."
            );
        }

        var tensors = new Dictionary<string, SafetensorsArray>(StringComparer.Ordinal);
        foreach (var entry in header.Entries)
        {
            var array = SafetensorsArray.Zeros(entry.Kind, entry.Shape);
            stream.ReadExactly(array.Bytes);
            tensors.Add(entry.Name, array);
        }

        var words = new SortedDictionary<string, string>(header.Metadata, StringComparer.Ordinal);
        var isVerified = words.Remove(checksumKey, out var checksum);
        // Two ways of writing one header, "\u00fc" and "\u00FC", differ by one bit.
        if (
            isVerified
            && (
                Checksum(tensors, words) != checksum
                || !json.AsSpan()
                    .SequenceEqual(Header(InFile(), new(header.Metadata, StringComparer.Ordinal)))
            )
        )
        {
            throw new InvalidDataException(
                $"{path} was changed after it was written: its checksum does not fit its content. Use another copy."
            );
        }

        if (!isVerified && words.Keys.Any(key => IsChecksumUnder(key)))
        {
            throw new InvalidDataException(
                $"{path} was changed after it was written: its checksum stands under another name. Use another copy."
            );
        }

        return new(tensors, words, isVerified);

        IEnumerable<KeyValuePair<string, SafetensorsArray>> InFile() =>
            header.Entries.Select(entry => KeyValuePair.Create(entry.Name, tensors[entry.Name]));

        // A changed bit may be one of the word "sha256" itself, and must not make a file one without a checksum.
        bool IsChecksumUnder(string key)
        {
            var others = new SortedDictionary<string, string>(words, StringComparer.Ordinal);
            return others.Remove(key, out var word)
                && word.Length == checksumLength
                && word.All(char.IsAsciiHexDigitLower)
                && Checksum(tensors, others) == word;
        }
    }

    private static byte[] ReadHeader(FileStream stream, string path)
    {
        Span<byte> preambleBytes = stackalloc byte[preamble];
        if (stream.ReadAtLeast(preambleBytes, preamble, throwOnEndOfStream: false) < preamble)
        {
            throw new InvalidDataException(
                $"{path} has only {stream.Length} bytes: it is empty or cut short, or no safetensors file."
            );
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(preambleBytes);
        if (length is < 2 or > longestHeader)
        {
            throw new InvalidDataException(
                $"{path} is no safetensors file: its first 8 bytes would give a header of {length} bytes."
            );
        }

        if ((long)length > stream.Length - preamble)
        {
            throw new InvalidDataException(
                $"{path} is cut short, or no safetensors file: a header of {length} bytes is announced, but "
                    + $"{stream.Length - preamble} bytes follow."
            );
        }

        var header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    private static byte[] Header(
        IEnumerable<KeyValuePair<string, SafetensorsArray>> tensors,
        SortedDictionary<string, string> words
    )
    {
        var context = SafetensorsJson.Default;
        var header = new Dictionary<string, JsonElement>
        {
            [metadataKey] = JsonSerializer.SerializeToElement(new(words), context.DictionaryStringString),
        };
        var offset = 0L;
        foreach (var (name, array) in tensors)
        {
            var entry = new SafetensorsEntry(
                array.Kind.ToString(),
                [.. array.Shape],
                [offset, offset += array.Bytes.Length]
            );
            header.Add(name, JsonSerializer.SerializeToElement(entry, context.SafetensorsEntry));
        }

        using var memory = new MemoryStream();
        JsonSerializer.Serialize(memory, header, context.DictionaryStringJsonElement);
        while (memory.Length % preamble != 0)
        {
            memory.WriteByte((byte)' ');
        }

        return memory.ToArray();
    }

    private static string Checksum(
        IEnumerable<KeyValuePair<string, SafetensorsArray>> tensors,
        SortedDictionary<string, string> words
    )
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (key, word) in words)
        {
            Add(hash, key);
            Add(hash, word);
        }

        // The order in the file is no part of the content.
        foreach (var (name, array) in tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            Add(hash, name);
            Add(hash, $"{array.Kind} {string.Join(',', array.Shape)}");
            hash.AppendData(array.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // With its length before it, so that no two lists of texts give the same bytes.
    private static void Add(IncrementalHash hash, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        hash.AppendData(Encoding.UTF8.GetBytes($"{bytes.Length}:"));
        hash.AppendData(bytes);
    }
}
