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
