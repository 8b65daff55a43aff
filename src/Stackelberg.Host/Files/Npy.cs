using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Stackelberg.Files;

/// <summary>One array in NumPy's format, version 1.0.</summary>
/// <remarks>NumPy Enhancement Proposal 1: magic, version, header length, a Python dict as text, the bytes.</remarks>
internal static partial class Npy
{
    // The bytes of the values start at a multiple of this.
    private const int alignment = 64;

    private const int preamble = 10;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static void Write(Stream stream, NpyArray array)
    {
        var shape = string.Concat(
            array.Shape.Select(length => length.ToString(CultureInfo.InvariantCulture) + ",")
        );
        // Python writes (3,) but (3, 4); it reads (3,4,) as well.
        var kind = array.IsFloat64 ? "<f8" : "<i8";
        var header = $"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}";
        var length = (preamble + header.Length + alignment) / alignment * alignment - preamble;
        stream.Write(Magic);
        stream.Write([1, 0, (byte)(length & 255), (byte)(length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        stream.Write(Bytes(array.Values));
    }

    public static NpyArray Read(Stream stream, string name)
    {
        var start = new byte[preamble];
        stream.ReadExactly(start);
        if (!start.AsSpan(0, 6).SequenceEqual(Magic) || start[6] != 1)
        {
            throw new InvalidDataException($"{name} is not an array in NumPy's format 1.0.");
        }

        var headerBytes = new byte[BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8))];
        stream.ReadExactly(headerBytes);
        var header = HeaderPattern().Match(Encoding.ASCII.GetString(headerBytes));
        if (!header.Success)
        {
            throw new InvalidDataException($"{name} holds other values than float64 or int64 in C order.");
        }

        int[] shape =
        [
            .. header
                .Groups["shape"]
                .Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(length => int.Parse(length, CultureInfo.InvariantCulture)),
        ];
        var size = checked((int)shape.Aggregate(1L, (product, length) => checked(product * length)));
        Array values = header.Groups["kind"].Value == "f" ? new double[size] : new long[size];
        stream.ReadExactly(Bytes(values));
        return NpyArray.OfShape(values, shape);
    }

    private static Span<byte> Bytes(Array values) =>
        values is double[] numbers
            ? MemoryMarshal.AsBytes(numbers.AsSpan())
            : MemoryMarshal.AsBytes(((long[])values).AsSpan());

    [GeneratedRegex(
        @"'descr': '<(?<kind>[fi])8', 'fortran_order': False, 'shape': \((?<shape>[0-9, ]*)\)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex HeaderPattern();
}
