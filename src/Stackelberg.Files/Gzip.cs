using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Stackelberg.Files;

/// <summary>Unpacks gzip files, of one member or several, with or without zeros after the last.</summary>
/// <remarks>RFC 1952. .NET's stream looks neither at the checksum nor at the length at a member's end, nor whether they are
/// there.</remarks>
public static class Gzip
{
    private const int headerLength = 10;
    private const int trailerLength = 8;
    private const int chunk = 1 << 16;

    // Deflate's shortest end of a member.
    private const int shortestBody = 2;

    [Flags]
    private enum Parts
    {
        HeaderChecksum = 2,
        Extra = 4,
        Name = 8,
        Comment = 16,
        Unknown = 0xE0,
    }

    /// <summary>Whether the bytes begin as a gzip file does.</summary>
    public static bool IsOne(ReadOnlySpan<byte> file) => file is [0x1F, 0x8B, ..];

    /// <summary>Unpacks a file, but no further than so many bytes.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="most">Where to stop, at least 1. What was unpacked to its end before is checked.</param>
    /// <exception cref="InvalidDataException">A member is damaged or cut short, or something else follows the last.</exception>
    public static byte[] Unpack(byte[] file, long most)
    {
        ArgumentNullException.ThrowIfNull(file);

        using var unpacked = new MemoryStream();
        var at = 0;
        while (unpacked.Length < most)
        {
            var body = BodyOf(file, at);
            var (sum, length) = Unpack(file, body, most, unpacked);
            if (unpacked.Length >= most)
            {
                break;
            }

            at = EndOf(file, body, sum, (uint)length);
            if (!file.AsSpan(at).ContainsAnyExcept((byte)0))
            {
                break;
            }
        }

        return unpacked.ToArray();
    }

    private static (uint Checksum, long Length) Unpack(byte[] file, int from, long most, MemoryStream into)
    {
        using var packed = new DeflateStream(
            new MemoryStream(file, from, file.Length - from),
            CompressionMode.Decompress
        );
        var buffer = new byte[(int)Math.Min(chunk, most)];
        var sum = new Crc32();
        var length = 0L;
        while (into.Length < most)
        {
            var read = packed.Read(buffer, 0, (int)Math.Min(buffer.Length, most - into.Length));
            if (read == 0)
            {
                break;
            }

            sum.Append(buffer.AsSpan(0, read));
            into.Write(buffer, 0, read);
            length += read;
        }

        return (sum.GetCurrentHashAsUInt32(), length);
    }

    /// <summary>Where a member's packed bytes begin.</summary>
    private static int BodyOf(byte[] file, int at)
    {
        var member = file.AsSpan(at);
        if (member.Length < headerLength + shortestBody + trailerLength || !IsOne(member))
        {
            throw new InvalidDataException("it ends within a member");
        }

        var parts = (Parts)member[3];
        if (member[2] != 8 || (parts & Parts.Unknown) != 0)
        {
            throw new InvalidDataException("it is packed in a way that gzip does not know");
        }

        var body = headerLength;
        if (parts.HasFlag(Parts.Extra))
        {
            body += 2 + BinaryPrimitives.ReadUInt16LittleEndian(member[body..]);
        }

        foreach (var part in (ReadOnlySpan<Parts>)[Parts.Name, Parts.Comment])
        {
            if (parts.HasFlag(part) && body <= member.Length)
            {
                var end = member[body..].IndexOf((byte)0);
                body = end < 0 ? member.Length : body + end + 1;
            }
        }

        body += parts.HasFlag(Parts.HeaderChecksum) ? 2 : 0;
        return body + shortestBody + trailerLength <= member.Length
            ? at + body
            : throw new InvalidDataException("it ends within a member's header");
    }

    /// <summary>Where a member ends: after its checksum and its length, behind which nothing, zeros or another member
    /// stand.</summary>
    private static int EndOf(byte[] file, int body, uint sum, uint length)
    {
        Span<byte> trailer = stackalloc byte[trailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, sum);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[(trailerLength / 2)..], length);
        for (var at = body + shortestBody; ; at++)
        {
            var next = file.AsSpan(at).IndexOf(trailer);
            if (next < 0)
            {
                throw new InvalidDataException("its checksum does not fit");
            }

            at += next;
            var rest = file.AsSpan(at + trailerLength);
            if (IsOne(rest) || !rest.ContainsAnyExcept((byte)0))
            {
                return at + trailerLength;
            }
        }
    }
}
