using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>The powers of two of one solve, in its working memory: it solves (2^Matrix A) x = 2^Right b.</summary>
internal readonly ref struct Scales<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ref T state;

    public Scales(ref T state) => this.state = ref state;

    public int Right
    {
        get => int.CreateTruncating(state);
        set => state = T.CreateTruncating(value);
    }

    public int Matrix
    {
        get => int.CreateTruncating(Unsafe.Add(ref state, 1));
        set => Unsafe.Add(ref state, 1) = T.CreateTruncating(value);
    }

    /// <summary>Whether the matrix' power is known: the first product tells it.</summary>
    public bool IsKnown
    {
        get => Unsafe.Add(ref state, 2) != T.Zero;
        set => Unsafe.Add(ref state, 2) = value ? T.One : T.Zero;
    }
}

internal static class Scales
{
    /// <summary>Elements that the three take.</summary>
    public const int Length = 3;
}
