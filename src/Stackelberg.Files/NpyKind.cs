using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace Stackelberg.Files;

/// <summary>A number type of NumPy's, as an array's header names it: <c>&lt;f4</c>, <c>|u1</c>, <c>&gt;i2</c>.</summary>
/// <param name="Code">b for bool, i and u for whole numbers with and without sign, f for the others.</param>
/// <param name="Size">Bytes of a number.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal readonly partial record struct NpyKind(char Code, int Size, bool IsBigEndian)
{
    private bool IsLittle => !IsBigEndian;

    /// <summary>Reads a type's name.</summary>
    /// <exception cref="InvalidDataException">It is no plain number type; the message names it.</exception>
    public static NpyKind Parse(string text, string name)
    {
        var match = Pattern().Match(text);
        var code = match.Groups["code"].Value is [var letter] ? letter : ' ';
        var size = match.Groups["size"].Value is [var digit] ? digit - '0' : 0;
        return (code, size) switch
        {
            ('?', 0) => new('b', 1, false),
            ('b', 1) or ('i' or 'u', 1 or 2 or 4 or 8) or ('f', 2 or 4 or 8) => new(
                code,
                size,
                match.Groups["order"].Value == ">"
            ),
            _ => throw new InvalidDataException(
                $"{name} holds {Words(text)}, but bool, int8 to int64, uint8 to uint64 and float16 to float64 are read. "
                    + "Convert it before, for instance with numpy.asarray(x, dtype='f8')."
            ),
        };
    }

    /// <summary>The numbers as float64 or int64, in the order in which they stand.</summary>
    /// <exception cref="InvalidDataException">An unsigned number is above the greatest int64.</exception>
    public Array Convert(ReadOnlySpan<byte> bytes, string name)
    {
        var count = bytes.Length / Size;
        if (Code == 'f')
        {
            var numbers = new double[count];
            for (var i = 0; i < count; i++)
            {
                numbers[i] = Float(bytes.Slice(i * Size, Size));
            }

            return numbers;
        }

        var whole = new long[count];
        for (var i = 0; i < count; i++)
        {
            whole[i] = Whole(bytes.Slice(i * Size, Size), name);
        }

        return whole;
    }

    private double Float(ReadOnlySpan<byte> at) =>
        (Size, IsLittle) switch
        {
            (8, true) => BinaryPrimitives.ReadDoubleLittleEndian(at),
            (8, false) => BinaryPrimitives.ReadDoubleBigEndian(at),
            (4, true) => BinaryPrimitives.ReadSingleLittleEndian(at),
            (4, false) => BinaryPrimitives.ReadSingleBigEndian(at),
            (_, true) => (double)BinaryPrimitives.ReadHalfLittleEndian(at),
            _ => (double)BinaryPrimitives.ReadHalfBigEndian(at),
        };

    private long Whole(ReadOnlySpan<byte> at, string name)
    {
        var bits = 0UL;
        for (var i = 0; i < Size; i++)
        {
            bits = (bits << 8) | at[IsLittle ? Size - 1 - i : i];
        }

        if (Code == 'i')
        {
            var unused = 64 - 8 * Size;
            return (long)(bits << unused) >> unused;
        }

        if (Code == 'b')
        {
            return bits == 0 ? 0 : 1;
        }

        return bits <= long.MaxValue
            ? (long)bits
            : throw new InvalidDataException(
                $"{name} holds {bits}, but whole numbers up to {long.MaxValue} are read. Convert it to float64 before."
            );
    }

    private static string Words(string text) =>
        text.TrimStart('<', '>', '|', '=') switch
        {
            ['c', ..] => $"complex numbers ({text})",
            ['U' or 'S' or 'a', ..] => $"text ({text})",
            ['O', ..] => $"Python objects ({text})",
            ['M' or 'm', ..] => $"dates or times ({text})",
            ['V', ..] => $"records ({text})",
            _ => $"values of the type \"{text}\"",
        };

    [GeneratedRegex(@"\A(?<order>[<>|=]?)(?<code>[?biuf])(?<size>[0-9]?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
