using System.Buffers.Binary;
using System.Security.Cryptography;
using Stackelberg.Files;

namespace Stackelberg.Data;

/// <summary>An array of bytes from a file in the IDX format.</summary>
/// <param name="Shape">The length along each axis.</param>
/// <param name="Values">The bytes in C order.</param>
/// <param name="Sha256">Of the file as it lies on the disk, in lower-case hexadecimal digits.</param>
public sealed record IdxArray(IReadOnlyList<int> Shape, byte[] Values, string Sha256);

/// <summary>Reads IDX files of bytes, compressed by gzip (in one member or several) or not: the format of the MNIST
/// database.</summary>
/// <remarks>Y. LeCun, C. Cortes and C. Burges: two zeros, the type (8 for bytes), the number of axes; the lengths of the
/// axes as 32-bit integers, big-endian; the values.</remarks>
public static class Idx
{
    private const byte unsignedByte = 8;

    /// <summary>Reads a file as a whole, and unpacks no more of it than its header tells of.</summary>
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

        var start = 4 + 4 * axes;
        var isPacked = Gzip.IsOne(file);
        ReadOnlySpan<byte> header = isPacked ? Unpack(path, file, start) : file;
        if (header.Length < 4)
        {
            throw Short(path, (uint)start, header.Length);
        }

        var expected = (unsignedByte << 8) | axes;
        var magic = BinaryPrimitives.ReadInt32BigEndian(header);
        if (magic != expected)
        {
            throw new InvalidDataException(
                $"{path} is no IDX file of bytes with {axes} {(axes == 1 ? "axis" : "axes")}: it begins with the number "
                    + $"{magic}, but {expected} is needed. {Hint(magic)}"
            );
        }

        if (header.Length < start)
        {
            throw Short(path, (uint)start, header.Length);
        }

        var lengths = new uint[axes];
        for (var axis = 0; axis < axes; axis++)
        {
            lengths[axis] = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + 4 * axis)..]);
        }

        var shape = string.Join(", ", lengths);
        if (lengths.Contains(0u))
        {
            throw new InvalidDataException(
                $"{path} holds nothing: its shape is [{shape}]. Lengths of at least 1 are needed."
            );
        }

        // Unpacked to one byte after what the header tells of, however much there is.
        var needed = (uint)start + lengths.Aggregate((UInt128)1, (product, length) => product * length);
        var most = (long)UInt128.Min(needed, (UInt128)Array.MaxLength) + 1;
        var data = isPacked ? Unpack(path, file, most) : file;
        if ((UInt128)data.Length < needed)
        {
            throw Short(path, needed, data.Length);
        }

        if ((UInt128)data.Length > needed)
        {
            var found = isPacked ? "more" : $"{data.Length}";
            throw new InvalidDataException(
                $"{path} is too long: its shape [{shape}] needs {needed} bytes, but there are {found}. Get it again."
            );
        }

        return new([.. lengths.Select(length => (int)length)], data[start..], sha256);
    }

    private static byte[] Unpack(string path, byte[] file, long most)
    {
        try
        {
            return Gzip.Unpack(file, most);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException(
                $"{path} is damaged or cut short: it cannot be unpacked ({fault.Message.TrimEnd('.')}). Get it again.",
                fault
            );
        }
    }

    private static InvalidDataException Short(string path, UInt128 needed, int found) =>
        new($"{path} is cut short: {needed} bytes are needed, but there are {found}. Get it again.");

    private static string Hint(int magic) =>
        magic switch
        {
            (unsignedByte << 8) | 1 => "It seems to hold labels.",
            (unsignedByte << 8) | 3 => "It seems to hold images.",
            _ => "Is it another file, or a page of an error?",
        };
}
