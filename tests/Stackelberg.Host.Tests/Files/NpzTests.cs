using System.IO.Compression;
using System.Text;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public class NpzTests
{
    private static readonly double[] matrix = [1.5, -2, double.NaN, double.PositiveInfinity, 1e-300, -0.0];
    private static readonly double[] seven = [7];
    private static readonly long[] numbers = [long.MinValue, 0, long.MaxValue];

    [Fact]
    public void What_is_written_is_what_the_format_says()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Of("a.npz"));

        // Read by the letter of NumPy Enhancement Proposal 1, not by the library.
        using var archive = ZipFile.OpenRead(folder.Of("a.npz"));
        Assert.Equal(["run/x.npy", "n.npy", "scalar.npy"], archive.Entries.Select(entry => entry.FullName));
        var (header, data) = Parse(archive.GetEntry("run/x.npy")!);
        Assert.StartsWith("{'descr': '<f8', 'fortran_order': False, 'shape': (2,3,), }", header);
        var expected = matrix.SelectMany(BitConverter.GetBytes);
        Assert.Equal(expected, data);

        (header, data) = Parse(archive.GetEntry("n.npy")!);
        Assert.StartsWith("{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }", header);
        Assert.Equal(numbers.SelectMany(BitConverter.GetBytes), data);

        (header, data) = Parse(archive.GetEntry("scalar.npy")!);
        Assert.Contains("'shape': ()", header, StringComparison.Ordinal);
        Assert.Equal(BitConverter.GetBytes(7.0), data);
    }

    [Fact]
    public void What_is_read_is_what_was_written()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Of("a.npz"));
        var read = Npz.Read(folder.Of("a.npz"));
        Assert.Equal([2, 3], read["run/x"].Shape);
        Assert.Equal(matrix, read["run/x"].Float64);
        Assert.True(double.IsNegative(read["run/x"].Float64[5]));
        Assert.Equal(numbers, read["n"].Int64);
        Assert.Empty(read["scalar"].Shape);
        Assert.Throws<InvalidOperationException>(() => read["n"].Float64);
    }

    [Fact]
    public void Equal_arrays_give_equal_bytes()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Of("a.npz"));
        Write(folder.Of("b.npz"));
        Assert.Equal(File.ReadAllBytes(folder.Of("a.npz")), File.ReadAllBytes(folder.Of("b.npz")));
    }

    [Fact]
    public void Values_that_do_not_fill_the_shape_are_refused()
    {
        var fault = Assert.Throws<ArgumentException>(() => NpyArray.Of(new double[3], 2, 2));
        Assert.Equal("NpyArray: 3 values do not fill the shape [2, 2], which needs 4.", fault.Message);
    }

    public static TheoryData<string, string> Kinds { get; } =
        new(
            from kind in new[] { "?", "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8" }
            from order in new[] { "<", ">", "|", "=" }
            select (kind, order)
        );

    [Theory]
    [MemberData(nameof(Kinds))]
    public void All_plain_number_types_are_read_in_both_orders_and_byte_orders(string kind, string order)
    {
        // [[0, 1, 2], [3, 4, 5]], of which bool makes false and true.
        double[] values = [0, 1, 2, 3, 4, 5];
        double[] fortran = [0, 3, 1, 4, 2, 5];
        var isBool = kind is "?" or "b1";
        var expected = isBool ? values.Select(value => Math.Min(value, 1)).ToArray() : values;
        foreach (var version in new byte[] { 1, 2, 3 })
        {
            foreach (var isFortran in new[] { false, true })
            {
                var bytes = (isFortran ? fortran : values).SelectMany(value => Bytes(kind, order, value));
                var read = Read(Content(version, order + kind, isFortran, "2, 3", [.. bytes]));
                Assert.Equal([2, 3], read.Shape);
                Assert.Equal(kind[0] == 'f', read.IsFloat64);
                Assert.Equal(
                    expected,
                    read.IsFloat64 ? read.Float64 : Array.ConvertAll(read.Int64, value => (double)value)
                );
            }
        }
    }

    [Fact]
    public void Ends_of_the_number_types_are_kept()
    {
        Assert.Equal([-128L, 127], Read(Content(1, "|i1", false, "2,", [0x80, 0x7F])).Int64);
        Assert.Equal([65535L], Read(Content(1, ">u2", false, "1,", [0xFF, 0xFF])).Int64);
        Assert.Equal(
            [long.MinValue],
            Read(Content(1, "<i8", false, "1,", [0, 0, 0, 0, 0, 0, 0, 0x80])).Int64
        );
        Assert.Equal(
            [65504.0, double.NegativeInfinity],
            Read(Content(1, "<f2", false, "2,", [0xFF, 0x7B, 0, 0xFC])).Float64
        );
        Assert.Equal([7L], Read(Content(1, "<i8", true, "", [7, 0, 0, 0, 0, 0, 0, 0])).Int64);
        Assert.Empty(Read(Content(1, "<f8", true, "0, 2147483647, 2147483647", [])).Float64);
        Assert.Equal(
            [1L, 2],
            Read(Text("{\"shape\": (2L,), \"fortran_order\": False, \"descr\": \"|u1\"}", [1, 2])).Int64
        );
    }

    [Theory]
    [InlineData("<c16", "1,", 16, "holds complex numbers (<c16)")]
    [InlineData("<U3", "1,", 12, "holds text (<U3)")]
    [InlineData("|O", "1,", 8, "holds Python objects (|O)")]
    [InlineData("<M8[s]", "1,", 8, "holds dates or times (<M8[s])")]
    [InlineData("<f16", "1,", 16, "values of the type \"<f16\"")]
    [InlineData("<i3", "1,", 3, "values of the type \"<i3\"")]
    [InlineData("<f8", "2147483648,", 8, "a length of 2147483648 along one axis")]
    [InlineData("<f8", "2147483647, 2147483647, 2147483647", 8, "more than can be read")]
    [InlineData("<f8", "500000000", 8, "a header that does not give shape")]
    [InlineData("<f8", "100000000,", 8, "is cut short")]
    [InlineData("<f8", "1,", 9, "is too long")]
    public void Other_arrays_are_refused_in_words_and_cost_no_memory(
        string kind,
        string shape,
        int length,
        string words
    )
    {
        var content = Content(1, kind, false, shape, new byte[length]);
        if (shape == "500000000")
        {
            content = Text(
                "{'descr': '<f8', 'fortran_order': False, 'shape': 500000000, }",
                new byte[length]
            );
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<InvalidDataException>(() => Read(content));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unsigned_numbers_above_the_greatest_signed_one_are_refused() =>
        Assert.Contains(
            "holds 18446744073709551615, but whole numbers up to 9223372036854775807 are read",
            Assert
                .Throws<InvalidDataException>(() =>
                    Read(Content(1, "<u8", false, "1,", [255, 255, 255, 255, 255, 255, 255, 255]))
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void No_changed_bit_of_the_values_goes_unnoticed()
    {
        using var folder = new TemporaryFolder();
        Write(folder.Of("a.npz"));
        var whole = File.ReadAllBytes(folder.Of("a.npz"));
        var right = Npz.Read(folder.Of("a.npz"));
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var changed = (byte[])whole.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(folder.Of("b.npz"), changed);
            try
            {
                var read = Npz.Read(folder.Of("b.npz"));
                foreach (var name in right.Keys.Where(read.ContainsKey))
                {
                    Assert.Equal(right[name].Values, read[name].Values);
                }
            }
            catch (InvalidDataException)
            {
                // Noticed.
            }
        }
    }

    private static IEnumerable<byte> Bytes(string kind, string order, double value)
    {
        var bytes = kind switch
        {
            "f2" => BitConverter.GetBytes((Half)value),
            "f4" => BitConverter.GetBytes((float)value),
            "f8" => BitConverter.GetBytes(value),
            "?" => [(byte)value],
            _ => BitConverter.GetBytes((long)value)[..(kind[1] - '0')],
        };
        return order == ">" ? bytes.Reverse() : bytes;
    }

    /// <summary>By the letter of NumPy Enhancement Proposal 1.</summary>
    internal static byte[] Content(byte version, string kind, bool isFortran, string shape, byte[] values) =>
        Text(
            $"{{'descr': '{kind}', 'fortran_order': {(isFortran ? "True" : "False")}, 'shape': ({shape}), }}",
            values,
            version
        );

    private static byte[] Text(string header, byte[] values, byte version = 1)
    {
        var length = BitConverter.GetBytes(header.Length + 1)[..(version == 1 ? 2 : 4)];
        return
        [
            0x93,
            .. "NUMPY"u8,
            version,
            0,
            .. length,
            .. Encoding.ASCII.GetBytes(header + "\n"),
            .. values,
        ];
    }

    private static NpyArray Read(byte[] content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.Of("a.npz"), Archive(content));
        return Npz.Read(folder.Of("a.npz"))["x"];
    }

    internal static byte[] Archive(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("x.npy").Open();
            entry.Write(content);
        }

        return memory.ToArray();
    }

    private static void Write(string path) =>
        Npz.Write(
            path,
            [new("run/x", NpyArray.Of(matrix, 2, 3)), new("n", NpyArray.Of(numbers)), new("scalar", Scalar())]
        );

    private static NpyArray Scalar() => NpyArray.OfShape(seven, []);

    private static (string Header, byte[] Data) Parse(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        Assert.Equal([0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0], bytes[..8]);
        var length = bytes[8] + 256 * bytes[9];
        Assert.Equal(0, (10 + length) % 64);
        Assert.Equal((byte)'\n', bytes[10 + length - 1]);
        return (Encoding.ASCII.GetString(bytes, 10, length), bytes[(10 + length)..]);
    }
}
