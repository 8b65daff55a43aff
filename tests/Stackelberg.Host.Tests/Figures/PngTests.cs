using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Stackelberg.Figures;
using Xunit;

namespace Stackelberg.Tests;

public class PngTests
{
    [Fact]
    public void An_image_holds_its_pixels_with_valid_chunks()
    {
        byte[] pixels = [0, 1, 2, 2, 1, 0];
        var chunks = Chunks(Png.Encode(3, 2, pixels, [(1, 2, 3), (4, 5, 6), (7, 8, 9)], transparent: 2));
        Assert.Equal(["IHDR", "PLTE", "tRNS", "IDAT", "IEND"], chunks.Select(chunk => chunk.Type));
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0], chunks[0].Data);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9], chunks[1].Data);
        Assert.Equal([255, 255, 0], chunks[2].Data);
        using var zlib = new ZLibStream(new MemoryStream(chunks[3].Data), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        Assert.Equal([0, 0, 1, 2, 0, 2, 1, 0], raw.ToArray());
    }

    [Fact]
    public void A_heat_maps_top_row_is_the_highest_y_and_missing_values_are_transparent()
    {
        var grid = new Grid(
            new[,]
            {
                { 0.0, 1.0 },
                { double.NaN, 0.5 },
            },
            0,
            1,
            0,
            1
        );
        var chunks = Chunks(HeatImage.Png(new Heat(grid)));
        using var zlib = new ZLibStream(
            new MemoryStream(chunks.Single(chunk => chunk.Type == "IDAT").Data),
            CompressionMode.Decompress
        );
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        Assert.Equal([0, 255, 127, 0, 0, 254], raw.ToArray());
        Assert.Equal(0, chunks.Single(chunk => chunk.Type == "tRNS").Data[255]);
    }

    private static List<(string Type, byte[] Data)> Chunks(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var chunks = new List<(string, byte[])>();
        for (var at = 8; at < file.Length; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var body = file.AsSpan(at + 4, length + 4);
            var sum = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length));
            Assert.Equal(SlowChecksum(body), sum);
            chunks.Add((Encoding.ASCII.GetString(body[..4]), body[4..].ToArray()));
            at += 12 + length;
        }

        return chunks;
    }

    /// <summary>Bit by bit from the definition, without the encoder's table.</summary>
    private static uint SlowChecksum(ReadOnlySpan<byte> data)
    {
        var sum = 0xFFFFFFFFu;
        foreach (var value in data)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var odd = ((sum ^ (uint)(value >> bit)) & 1) == 1;
                sum = odd ? (sum >> 1) ^ 0xEDB88320u : sum >> 1;
            }
        }

        return sum ^ 0xFFFFFFFFu;
    }
}
