using System.Buffers.Binary;
using System.IO.Compression;
using Stackelberg.Evaluation;
using Xunit;

namespace Stackelberg.Tests;

public class ImageSheetTests
{
    [Fact]
    public void Images_stand_row_by_row_with_two_black_pixels_between()
    {
        // Three images of 1 × 2, two in a row: the sheet has 2 + 2 + 2 + 2 + 2 columns and 2 + 1 + 2 + 1 + 2 rows.
        var png = ImageSheet.Encode([-1, 1, 0, 2, double.NaN, -5], 1, 2, 2);
        Assert.Equal(10, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
        Assert.Equal(8, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
        var rows = Rows(png, 10);
        Assert.Equal(new byte[10], rows[0]);
        Assert.Equal([0, 0, 0, 255, 0, 0, 128, 255, 0, 0], rows[2]);
        Assert.Equal(new byte[10], rows[5]);
    }

    [Fact]
    public void Numbers_that_are_no_images_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ImageSheet.Encode(new double[5], 2, 2, 1));
        Assert.Throws<ArgumentException>(() => ImageSheet.Encode([], 2, 2, 1));
        Assert.Throws<ArgumentException>(() => ImageSheet.Encode(new double[4], 2, 2, 0));
    }

    private static byte[][] Rows(byte[] png, int columns)
    {
        var at = 8;
        using var data = new MemoryStream();
        while (at < png.Length)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at));
            if (png.AsSpan(at + 4, 4).SequenceEqual("IDAT"u8))
            {
                data.Write(png, at + 8, length);
            }

            at += 12 + length;
        }

        data.Position = 0;
        using var zlib = new ZLibStream(data, CompressionMode.Decompress);
        using var all = new MemoryStream();
        zlib.CopyTo(all);
        return [.. all.ToArray().Chunk(columns + 1).Select(row => row[1..])];
    }
}
