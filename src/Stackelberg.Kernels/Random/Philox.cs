namespace Stackelberg.Kernels;

/// <summary>Random numbers from a counter: number i of a stream is a function of (seed, stream, i) alone, the same
/// on every machine and however the numbers are asked for.</summary>
/// <remarks>
/// Philox4x32-10 of J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, Parallel Random Numbers: As Easy as
/// 1, 2, 3 (2011). The key is the seed; the 128-bit counter is the number's pair below and the stream above. Each
/// block of 128 bits gives two numbers. A generator is not safe for use by several threads at once; give each its own
/// stream, or its own generator at another <see cref="Position"/>.
/// </remarks>
/// <param name="seed">The key: chooses one of 2⁶⁴ families of streams.</param>
/// <param name="stream">Which of the family's 2⁶⁴ independent streams.</param>
public sealed class Philox(ulong seed, ulong stream)
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>2⁻⁵³, the spacing of the uniform numbers.</summary>
    private const double Spacing = 1.0 / 9007199254740992.0;

    /// <summary>2⁻⁵², the spacing of the probabilities behind the normal numbers.</summary>
    private const double HalfOpenSpacing = 1.0 / 4503599627370496.0;

    /// <summary>The key.</summary>
    public ulong Seed => seed;

    /// <summary>The stream.</summary>
    public ulong Stream => stream;

    /// <summary>How many numbers, uniform and normal together, lie before the next one: the whole state. Setting it
    /// to an earlier value resumes from there.</summary>
    public ulong Position { get; set; }

    /// <summary>to[offset … offset + count − 1] = uniform numbers in [0, 1), multiples of 2⁻⁵³.</summary>
    /// <param name="to">Where the numbers go.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentNullException"><paramref name="to"/> is null.</exception>
    /// <exception cref="ArgumentException">The range does not lie in <paramref name="to"/>.</exception>
    public void FillUniform(double[] to, int offset, int count)
    {
        foreach (ref double number in Range(to, offset, count))
        {
            number = (Next() >> 11) * Spacing;
        }
    }

    /// <summary>to[offset … offset + count − 1] = independent standard normal numbers.</summary>
    /// <param name="to">Where the numbers go.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentNullException"><paramref name="to"/> is null.</exception>
    /// <exception cref="ArgumentException">The range does not lie in <paramref name="to"/>.</exception>
    /// <remarks>The normal quantile (<see cref="NormalQuantile"/>) of (j + ½) 2⁻⁵², so that a number and its
    /// negative are equally likely and none is beyond ±8.21. Each uses one place of the stream, as a uniform number
    /// does.</remarks>
    public void FillNormal(double[] to, int offset, int count)
    {
        foreach (ref double number in Range(to, offset, count))
        {
            number = NormalQuantile.Of(((Next() >> 12) + 0.5) * HalfOpenSpacing);
        }
    }

    /// <summary>The bijection of 128 bits that the generator is: ten rounds of <paramref name="counter"/> under a
    /// 64-bit key.</summary>
    internal static (uint, uint, uint, uint) Block((uint, uint, uint, uint) counter, uint key0, uint key1)
    {
        (uint c0, uint c1, uint c2, uint c3) = counter;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = (
                (uint)(product1 >> 32) ^ c1 ^ key0,
                (uint)product1,
                (uint)(product0 >> 32) ^ c3 ^ key1,
                (uint)product0
            );
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    private static Span<double> Range(double[] to, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (offset < 0 || count < 0 || offset > to.Length - count)
        {
            Check.Fail(
                $"Philox: offset is {offset} and count {count}, but the array has {to.Length} elements.",
                nameof(count)
            );
        }

        return to.AsSpan(offset, count);
    }

    /// <summary>The 64 bits at the position, which moves on. Both halves of a block are computed again rather than
    /// kept, so that the position is the whole state.</summary>
    private ulong Next()
    {
        ulong pair = Position >> 1;
        (uint, uint, uint, uint) counter = (
            (uint)pair,
            (uint)(pair >> 32),
            (uint)stream,
            (uint)(stream >> 32)
        );
        (uint x0, uint x1, uint x2, uint x3) = Block(counter, (uint)seed, (uint)(seed >> 32));
        bool second = (Position & 1) == 1;
        Position++;
        return second ? ((ulong)x3 << 32) | x2 : ((ulong)x1 << 32) | x0;
    }
}
