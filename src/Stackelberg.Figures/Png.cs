using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Stackelberg.Figures;

/// <summary>Writes small PNG images with a palette.</summary>
/// <remarks>Portable Network Graphics, third edition (W3C, 2025): chunks IHDR, PLTE, tRNS, IDAT, IEND.</remarks>
public static class Png
{
    private const int depth = 8;
    private const int paletteColour = 3;

    /// <summary>An image whose pixels are indices into a palette.</summary>
    /// <param name="width">The number of columns.</param>
    /// <param name="height">The number of rows.</param>
    /// <param name="pixels">width · height indices, the top row first.</param>
    /// <param name="palette">At most 256 colours.</param>
    /// <param name="transparent">The index that is not drawn, or −1.</param>
    public static byte[] Encode(
        int width,
        int height,
        byte[] pixels,
        IReadOnlyList<(byte R, byte G, byte B)> palette,
        int transparent = -1
    )
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(palette);

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, paletteColour);
        Chunk(file, "IHDR"u8, header);
        Chunk(file, "PLTE"u8, [.. palette.SelectMany(colour => new[] { colour.R, colour.G, colour.B })]);
        if (transparent >= 0)
        {
            var alpha = new byte[transparent + 1];
            alpha.AsSpan(0, transparent).Fill(255);
            Chunk(file, "tRNS"u8, alpha);
        }

        Chunk(file, "IDAT"u8, Compress(width, height, pixels));
        Chunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Compress(int width, int height, byte[] pixels)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var row = 0; row < height; row++)
            {
                // Filter 0: indices of a palette do not gain by differences.
                zlib.WriteByte(0);
                zlib.Write(pixels, row * width, width);
            }
        }

        return packed.ToArray();
    }

    private static void Chunk(Stream file, ReadOnlySpan<byte> type, byte[] data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        byte[] body = [.. type, .. data];
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32.HashToUInt32(body));
        file.Write(number);
    }
}
