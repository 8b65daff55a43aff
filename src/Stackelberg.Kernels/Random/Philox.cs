using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>Random numbers from a counter: number i of a stream is a function of (seed, stream, i) alone, the same
/// on every machine and however the numbers are asked for.</summary>
/// <remarks>
/// Philox4x32-10 of J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, Parallel Random Numbers: As Easy as
/// 1, 2, 3 (2011). The key is the seed; the 128-bit counter is the number's pair below and the stream above. Each
/// block of 128 bits gives two doubles or four floats; floats come from blocks of their own, whose counters have bit 63
/// set, so that those in one stream are independent of its doubles. A generator is not safe for use by several threads
/// at once; give each its own stream, or its own generator at another <see cref="Position"/>.
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

    /// <summary>2⁻²⁴, the spacing of the uniform floats.</summary>
    private const float SingleSpacing = 1.0f / 16777216.0f;

    /// <summary>Set in the counters of blocks for floats.</summary>
    private const ulong SingleBlocks = 1UL << 63;

    /// <summary>The key.</summary>
    public ulong Seed => seed;

    /// <summary>The stream.</summary>
    public ulong Stream => stream;

    /// <summary>How many numbers, of all kinds together, lie before the next one: the whole state. Setting it
    /// to an earlier value resumes from there.</summary>
    public ulong Position { get; set; }

    /// <summary>to[offset … offset + count − 1] = uniform numbers in [0, 1), multiples of 2⁻⁵³.</summary>
    /// <param name="to">Where the numbers go.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentNullException"><paramref name="to"/> is null.</exception>
    /// <exception cref="ArgumentException">The range does not lie in <paramref name="to"/>.</exception>
    public void FillUniform(double[] to, int offset, int count) => Fill<Uniform>(Range(to, offset, count));

    /// <summary>to[offset … offset + count − 1] = independent standard normal numbers.</summary>
    /// <param name="to">Where the numbers go.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentNullException"><paramref name="to"/> is null.</exception>
    /// <exception cref="ArgumentException">The range does not lie in <paramref name="to"/>.</exception>
    /// <remarks>The normal quantile (<see cref="NormalQuantile"/>) of (j + ½) 2⁻⁵², so that a number and its
    /// negative are equally likely and none is beyond ±8.21. Each uses one place of the stream, as a uniform number
    /// does.</remarks>
    public void FillNormal(double[] to, int offset, int count) => Fill<Normal>(Range(to, offset, count));

    /// <summary>to[offset … offset + count − 1] = uniform numbers in [0, 1), multiples of 2⁻²⁴.</summary>
    /// <param name="to">Where the numbers go.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentNullException"><paramref name="to"/> is null.</exception>
    /// <exception cref="ArgumentException">The range does not lie in <paramref name="to"/>.</exception>
    /// <remarks>Each uses one place of the stream, and 32 random bits of its own: they are not the rounded
    /// doubles.</remarks>
    public void FillUniform(float[] to, int offset, int count) =>
        Fill<SingleUniform>(Range(to, offset, count));

    /// <summary>to[offset … offset + count − 1] = independent standard normal numbers.</summary>
    /// <param name="to">Where the numbers go.</param>
    /// <param name="offset">Index of the first.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentNullException"><paramref name="to"/> is null.</exception>
    /// <exception cref="ArgumentException">The range does not lie in <paramref name="to"/>.</exception>
    /// <remarks>A number and its negative are equally likely, and none is beyond ±6.34. Each uses one place of the
    /// stream, and 32 random bits of its own: they are not the rounded doubles.</remarks>
    public void FillNormal(float[] to, int offset, int count) =>
        Fill<SingleNormals>(Range(to, offset, count));

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

    private static Span<T> Range<T>(T[] to, int offset, int count)
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

    /// <summary>Whole vectors of pairs where the position is even and enough numbers are wanted, one number at a
    /// time before and after; the numbers are the same either way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill<T>(Span<double> to)
        where T : struct, INumber
    {
        int pairs = Vector512<ulong>.Count;
        int i = 0;
        if ((Position & 1) == 1 && to.Length > 0)
        {
            to[i++] = T.Of(Vector512.Create(Next())).ToScalar();
        }

        for (; i <= to.Length - 2 * pairs; i += 2 * pairs)
        {
            (Vector512<ulong> first, Vector512<ulong> second) = Pairs(Position >> 1);
            Vector512<double> a = T.Of(first);
            Vector512<double> b = T.Of(second);
            Interleave(a, b, 0).CopyTo(to[i..]);
            Interleave(a, b, pairs / 2).CopyTo(to[(i + pairs)..]);
            Position += (ulong)(2 * pairs);
        }

        for (; i < to.Length; i++)
        {
            to[i] = T.Of(Vector512.Create(Next())).ToScalar();
        }
    }

    /// <summary>As for doubles, with four numbers to a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Fill<T>(Span<float> to)
        where T : struct, ISingle
    {
        int whole = Vector512<float>.Count;
        int i = 0;
        for (; (Position & 3) != 0 && i < to.Length; i++)
        {
            to[i] = T.Of(Vector512.Create(NextWord())).ToScalar();
        }

        for (; i <= to.Length - 2 * whole; i += 2 * whole)
        {
            (Vector512<ulong> first, Vector512<ulong> second) = Pairs(SingleBlocks | (Position >> 2));
            Vector512<double> a = first.AsDouble();
            Vector512<double> b = second.AsDouble();
            T.Of(Interleave(a, b, 0).AsUInt32()).CopyTo(to[i..]);
            T.Of(Interleave(a, b, Vector512<ulong>.Count / 2).AsUInt32()).CopyTo(to[(i + whole)..]);
            Position += (ulong)(2 * whole);
        }

        for (; i < to.Length; i++)
        {
            to[i] = T.Of(Vector512.Create(NextWord())).ToScalar();
        }
    }

    /// <summary>a[from], b[from], a[from + 1], b[from + 1], ….</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Interleave(Vector512<double> a, Vector512<double> b, int from)
    {
        Vector512<long> order = Vector512.Create(0L, 0, 1, 1, 2, 2, 3, 3) + Vector512.Create((long)from);
        Vector512<double> odd = Vector512.Create(0L, -1, 0, -1, 0, -1, 0, -1).AsDouble();
        return Vector512.ConditionalSelect(odd, Vector512.Shuffle(b, order), Vector512.Shuffle(a, order));
    }

    /// <summary>The two numbers of eight blocks, from this one on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (Vector512<ulong> First, Vector512<ulong> Second) Pairs(ulong pair)
    {
        Vector512<ulong> low = Vector512.Create((ulong)uint.MaxValue);
        Vector512<ulong> counter = Vector512.Create(pair) + Vector512<ulong>.Indices;
        Vector512<ulong> c0 = counter & low;
        Vector512<ulong> c1 = counter >> 32;
        Vector512<ulong> c2 = Vector512.Create((ulong)(uint)stream);
        Vector512<ulong> c3 = Vector512.Create(stream >> 32);
        uint key0 = (uint)seed;
        uint key1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> product0 = Product(c0, Multiplier0);
            Vector512<ulong> product1 = Product(c2, Multiplier1);
            c0 = (product1 >> 32) ^ c1 ^ Vector512.Create((ulong)key0);
            c1 = product1 & low;
            c2 = (product0 >> 32) ^ c3 ^ Vector512.Create((ulong)key1);
            c3 = product0 & low;
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return ((c1 << 32) | c0, (c3 << 32) | c2);
    }

    /// <summary>The product of numbers below 2³².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> a, uint b) =>
        Avx512F.IsSupported
            ? Avx512F.Multiply(a.AsUInt32(), Vector512.Create((ulong)b).AsUInt32())
            : a * Vector512.Create((ulong)b);

    /// <summary>The 64 bits at the position, which moves on. Both halves of a block are computed again rather than
    /// kept, so that the position is the whole state.</summary>
    private ulong Next()
    {
        (uint x0, uint x1, uint x2, uint x3) = Block(Position >> 1);
        bool second = (Position & 1) == 1;
        Position++;
        return second ? ((ulong)x3 << 32) | x2 : ((ulong)x1 << 32) | x0;
    }

    /// <summary>As <see cref="Next"/>, for the 32 bits of a float.</summary>
    private uint NextWord()
    {
        (uint x0, uint x1, uint x2, uint x3) = Block(SingleBlocks | (Position >> 2));
        ulong word = Position & 3;
        Position++;
        return word switch
        {
            0 => x0,
            1 => x1,
            2 => x2,
            _ => x3,
        };
    }

    private (uint, uint, uint, uint) Block(ulong index) =>
        Block(
            ((uint)index, (uint)(index >> 32), (uint)stream, (uint)(stream >> 32)),
            (uint)seed,
            (uint)(seed >> 32)
        );

    /// <summary>How 64 bits become a number.</summary>
    private interface INumber
    {
        static abstract Vector512<double> Of(Vector512<ulong> bits);
    }

    /// <summary>How 32 bits become a float.</summary>
    private interface ISingle
    {
        static abstract Vector512<float> Of(Vector512<uint> bits);
    }

    private readonly struct SingleUniform : ISingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<uint> bits) =>
            Vector512.ConvertToSingle((bits >> 8).AsInt32()) * Vector512.Create(SingleSpacing);
    }

    private readonly struct SingleNormals : ISingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Of(Vector512<uint> bits) => SingleNormal.Of(bits);
    }

    private readonly struct Uniform : INumber
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Of(Vector512<ulong> bits) =>
            Vector512.ConvertToDouble(bits >> 11) * Vector512.Create(Spacing);
    }

    private readonly struct Normal : INumber
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Of(Vector512<ulong> bits) =>
            NormalQuantile.Of(
                (Vector512.ConvertToDouble(bits >> 12) + Vector512.Create(0.5))
                    * Vector512.Create(HalfOpenSpacing)
            );
    }
}
