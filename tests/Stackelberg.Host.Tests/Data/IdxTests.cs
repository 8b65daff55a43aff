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
    public void Several_members_and_padding_are_read_and_what_else_follows_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("images.gz");
        var data = Images(2, 3, 4);
        byte[] parts = [.. Maybe(true, data[..10]), .. Maybe(true, []), .. Maybe(true, data[10..])];
        foreach (var padding in new[] { 0, 1, 8, 511 })
        {
            File.WriteAllBytes(path, [.. parts, .. new byte[padding]]);
            Assert.Equal(data[16..], Idx.Read(path, 3).Values);
        }

        // A name, a comment, further fields and a checksum in the header.
        var plain = Maybe(true, data);
        byte[] header = [.. plain[..3], 4 + 8 + 16 + 2, .. plain[4..10], 2, 0, 7, 7, .. "a\0b\0"u8, 1, 2];
        File.WriteAllBytes(path, [.. header, .. plain[10..]]);
        Assert.Equal(data[16..], Idx.Read(path, 3).Values);
        foreach (var rest in new byte[][] { [0, 1], "more"u8.ToArray(), [0x1F, 0x8B, 8], plain[..20] })
        {
            File.WriteAllBytes(path, [.. plain, .. rest]);
            Assert.Throws<InvalidDataException>(() => Idx.Read(path, 3));
        }
    }

    [Fact]
    public void A_packed_file_is_unpacked_no_further_than_its_header_tells_of()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("images.gz");
        File.WriteAllBytes(path, Maybe(true, [.. Images(2, 3, 4), .. new byte[200_000_000]]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<InvalidDataException>(() => Idx.Read(path, 3));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
        Assert.Contains("needs 40 bytes, but there are more", fault.Message, StringComparison.Ordinal);

        // What the header tells of is not there: as much memory as there are bytes.
        foreach (var length in new[] { 40_000, int.MaxValue, -1 })
        {
            File.WriteAllBytes(path, Maybe(true, Header(length, length, length)));
            before = GC.GetAllocatedBytesForCurrentThread();
            fault = Assert.Throws<InvalidDataException>(() => Idx.Read(path, 3));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
            Assert.Contains("is cut short", fault.Message, StringComparison.Ordinal);
        }
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
