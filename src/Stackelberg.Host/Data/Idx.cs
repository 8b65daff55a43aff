using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Stackelberg.Figures;

namespace Stackelberg.Data;

/// <summary>An array of bytes from a file in the IDX format.</summary>
/// <param name="Shape">The length along each axis.</param>
/// <param name="Values">The bytes in C order.</param>
/// <param name="Sha256">Of the file as it lies on the disk, in lower-case hexadecimal digits.</param>
public sealed record IdxArray(IReadOnlyList<int> Shape, byte[] Values, string Sha256);

/// <summary>Reads IDX files of bytes, compressed by gzip or not: the format of the MNIST database.</summary>
/// <remarks>Y. LeCun, C. Cortes and C. Burges: two zeros, the type (8 for bytes), the number of axes; the lengths of the
/// axes as 32-bit integers, big-endian; the values.</remarks>
public static class Idx
{
    private const byte unsignedByte = 8;
    private const int gzipHeader = 10;
    private const int gzipTrailer = 8;

    /// <summary>Reads a file as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="axes">How many axes it must have: 3 for images, 1 for labels.</param>
    /// <exception cref="InvalidDataException">The file is empty, cut short, damaged, too long, or of another format; the
    /// message says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IdxArray Read(string path, int axes)
    {
        var file = File.ReadAllBytes(path);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        if (file.Length == 0)
        {
            throw new InvalidDataException($"{path} is empty. Get it again.");
        }

        var data = Unpack(path, file);
        var start = 4 + 4 * axes;
        if (data.Length < 4)
        {
            throw Short(path, start, data.Length);
        }

        var expected = (unsignedByte << 8) | axes;
        var magic = BinaryPrimitives.ReadInt32BigEndian(data);
        if (magic != expected)
        {
            throw new InvalidDataException(
                $"{path} is no IDX file of bytes with {axes} {(axes == 1 ? "axis" : "axes")}: it begins with the number "
                    + $"{magic}, but {expected} is needed. {Hint(magic)}"
            );
        }

        if (data.Length < start)
        {
            throw Short(path, start, data.Length);
        }

        int[] shape =
        [
            .. Enumerable
                .Range(0, axes)
                .Select(axis => BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(4 + 4 * axis))),
        ];
        if (shape.Any(length => length < 1))
        {
            throw new InvalidDataException(
                $"{path} holds nothing: its shape is [{string.Join(", ", shape)}]. Lengths of at least 1 are needed."
            );
        }

        var needed = start + shape.Aggregate((Int128)1, (product, length) => product * length);
        if (data.Length < needed)
        {
            throw Short(path, needed, data.Length);
        }

        if (data.Length > needed)
        {
            throw new InvalidDataException(
                $"{path} is too long: its shape [{string.Join(", ", shape)}] needs {needed} bytes, but there are "
                    + $"{data.Length}. Get it again."
            );
        }

        return new(shape, data[start..], sha256);
    }

    private static byte[] Unpack(string path, byte[] file)
    {
        if (file.Length < 2 || file[0] != 0x1F || file[1] != 0x8B)
        {
            return file;
        }

        try
        {
            using var packed = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
            using var unpacked = new MemoryStream();
            packed.CopyTo(unpacked);
            var data = unpacked.ToArray();
            // GZipStream looks neither at the checksum nor at the length at the end, nor whether they are there.
            var (checksum, length) = file.Length < gzipHeader + gzipTrailer ? (0, 0) : Trailer(file);
            return checksum == Png.Checksum(data) && length == (uint)data.Length
                ? data
                : throw new InvalidDataException("its checksum does not fit");
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException(
                $"{path} is damaged or cut short: it cannot be unpacked ({fault.Message.TrimEnd('.')}). Get it again.",
                fault
            );
        }
    }

    private static (uint Checksum, uint Length) Trailer(ReadOnlySpan<byte> file) =>
        (
            BinaryPrimitives.ReadUInt32LittleEndian(file[^gzipTrailer..]),
            BinaryPrimitives.ReadUInt32LittleEndian(file[^(gzipTrailer / 2)..])
        );

    private static InvalidDataException Short(string path, Int128 needed, int found) =>
        new($"{path} is cut short: {needed} bytes are needed, but there are {found}. Get it again.");

    private static string Hint(int magic) =>
        magic switch
        {
            (unsignedByte << 8) | 1 => "It seems to hold labels.",
            (unsignedByte << 8) | 3 => "It seems to hold images.",
            _ => "Is it another file, or a page of an error?",
        };
}
