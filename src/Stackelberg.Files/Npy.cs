using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Stackelberg.Files;

/// <summary>One array in NumPy's format: written in version 1.0, read in versions 1 to 3.</summary>
/// <remarks>NumPy Enhancement Proposal 1: magic, version, header length, a Python dict as text, the bytes.</remarks>
public static class Npy
{
    // The bytes of the values start at a multiple of this.
    private const int alignment = 64;

    private const int magicLength = 8;
    private const int preamble = 10;

    // NumPy itself takes no header of more than 10,000 bytes without being asked to.
    private const int longestHeader = 1 << 16;

    private const int chunk = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes one array with its header.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="array">The array.</param>
    public static void Write(Stream stream, NpyArray array)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(array);

        var shape = string.Concat(array.Shape.Select(length => $"{length},"));
        // Python writes (3,) but (3, 4); it reads (3,4,) as well.
        var kind = array.IsFloat64 ? "<f8" : "<i8";
        var header = $"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}";
        var length = (preamble + header.Length + alignment) / alignment * alignment - preamble;
        stream.Write(Magic);
        stream.Write([1, 0, (byte)(length & 255), (byte)(length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        stream.Write(Bytes(array.Values));
    }

    /// <summary>Reads an array. Memory grows with what the stream has, not with what its header tells of.</summary>
    /// <exception cref="InvalidDataException">It is no array of plain numbers, is cut short or too long.</exception>
    public static NpyArray Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);

        var start = Bytes(stream, magicLength, name);
        var version = start[6];
        if (!start.AsSpan(0, Magic.Length).SequenceEqual(Magic) || version is 0 or > 3)
        {
            throw new InvalidDataException($"{name} is not an array in NumPy's format, versions 1 to 3.");
        }

        var length =
            version == 1
                ? BinaryPrimitives.ReadUInt16LittleEndian(Bytes(stream, sizeof(ushort), name))
                : BinaryPrimitives.ReadUInt32LittleEndian(Bytes(stream, sizeof(uint), name));
        if (length > longestHeader)
        {
            throw new InvalidDataException(
                $"{name} would have a header of {length} bytes, but {longestHeader} are the most that is read."
            );
        }

        var text = Encoding.Latin1.GetString(Bytes(stream, length, name));
        var header = NpyHeader.Parse(text, name);
        var needed = header.Count * (UInt128)header.Kind.Size;
        if (header.Count > (UInt128)Array.MaxLength || needed > (UInt128)Array.MaxLength)
        {
            throw new InvalidDataException(
                $"{name} would hold {header.Words} of {needed} bytes, which is more than can be read."
            );
        }

        var bytes = Bytes(stream, (long)needed, name);
        if (stream.ReadByte() >= 0)
        {
            throw new InvalidDataException(
                $"{name} is too long: its shape {header.Words} needs {needed} bytes, and more follow."
            );
        }

        return NpyArray.OfShape(header.InCOrder(header.Kind.Convert(bytes, name)), header.Shape);
    }

    private static byte[] Bytes(Stream stream, long count, string name)
    {
        using var read = new MemoryStream((int)Math.Min(count, chunk));
        var buffer = new byte[(int)Math.Min(Math.Max(count, 1), chunk)];
        while (read.Length < count)
        {
            var found = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, count - read.Length));
            if (found == 0)
            {
                throw new InvalidDataException(
                    $"{name} is cut short: {count} bytes are needed at one place, but there are {read.Length}."
                );
            }

            read.Write(buffer, 0, found);
        }

        return read.ToArray();
    }

    private static Span<byte> Bytes(Array values) =>
        values is double[] numbers
            ? MemoryMarshal.AsBytes(numbers.AsSpan())
            : MemoryMarshal.AsBytes(((long[])values).AsSpan());
}
