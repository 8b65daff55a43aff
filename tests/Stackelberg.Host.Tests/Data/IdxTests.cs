using System.Buffers.Binary;
using System.IO.Compression;
using Stackelberg.Data;
using Xunit;

namespace Stackelberg.Tests;

public class IdxTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_is_read_packed_or_not(bool packed)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("images");
        File.WriteAllBytes(path, Maybe(packed, Images(2, 3, 4)));
        var read = Idx.Read(path, 3);
        Assert.Equal([2, 3, 4], read.Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (byte)(7 * i)), read.Values);
        Assert.Equal(64, read.Sha256.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_cut_short_anywhere_is_refused(bool packed)
    {
        using var folder = new TemporaryFolder();
        var whole = Maybe(packed, Images(2, 3, 4));
        for (var length = 0; length < whole.Length; length++)
        {
            var path = folder.Of("cut");
            File.WriteAllBytes(path, whole[..length]);
            var fault = Assert.Throws<InvalidDataException>(() => Idx.Read(path, 3));
            Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
            Assert.Contains(length == 0 ? "is empty" : "cut short", fault.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_changed_bit_of_a_packed_file_changes_the_values_unnoticed()
    {
        using var folder = new TemporaryFolder();
        var whole = Maybe(true, Images(2, 3, 4));
        File.WriteAllBytes(folder.Of("good"), whole);
        var noticed = 0;
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            var changed = (byte[])whole.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(folder.Of("changed"), changed);
            try
            {
                // The time in gzip's header and the filling of the last byte are of no account.
                Assert.Equal(Idx.Read(folder.Of("good"), 3).Values, Idx.Read(folder.Of("changed"), 3).Values);
            }
            catch (InvalidDataException)
            {
                noticed++;
            }
        }

        Assert.True(noticed > 6 * whole.Length, $"{noticed} of {8 * whole.Length}");
    }

    [Fact]
    public void Other_files_are_refused_in_words()
    {
        using var folder = new TemporaryFolder();
        (byte[] Content, string Words)[] wrong =
        [
            (Labels(5), "begins with the number 2049, but 2051 is needed. It seems to hold labels."),
            ("<!DOCTYPE html><p>404"u8.ToArray(), "Is it another file, or a page of an error?"),
            (Images(0, 3, 4), "holds nothing: its shape is [0, 3, 4]"),
            ([.. Images(2, 3, 4), 0], "is too long: its shape [2, 3, 4] needs 40 bytes, but there are 41"),
            (Header(int.MaxValue, int.MaxValue, int.MaxValue), "is cut short"),
        ];
        foreach (var (content, words) in wrong)
        {
            File.WriteAllBytes(folder.Of("wrong"), content);
            var fault = Assert.Throws<InvalidDataException>(() => Idx.Read(folder.Of("wrong"), 3));
            Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        }
    }

    internal static byte[] Images(int count, int height, int width) =>
        [
            .. Header(count, height, width),
            .. Enumerable.Range(0, count * height * width).Select(i => (byte)(7 * i)),
        ];

    internal static byte[] Labels(int count) =>
        [.. Header(count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];

    internal static byte[] Maybe(bool packed, byte[] data)
    {
        if (!packed)
        {
            return data;
        }

        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return memory.ToArray();
    }

    private static byte[] Header(params int[] shape)
    {
        var header = new byte[4 + 4 * shape.Length];
        (header[2], header[3]) = (8, (byte)shape.Length);
        for (var i = 0; i < shape.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), shape[i]);
        }

        return header;
    }
}
