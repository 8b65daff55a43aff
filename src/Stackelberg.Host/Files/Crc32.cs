using Stackelberg.Figures;

namespace Stackelberg.Files;

/// <summary>The checksum of PNG, gzip and zip, of bytes that come in parts.</summary>
internal struct Crc32
{
    private uint sum;

    public Crc32() => sum = 0;

    /// <summary>The checksum of all parts so far.</summary>
    public readonly uint Value => sum;

    /// <summary>Adds a part.</summary>
    public void Append(ReadOnlySpan<byte> part) => sum = Png.Checksum(part, sum);
}
