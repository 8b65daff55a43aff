using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Stackelberg.Kernels;

/// <summary>Which of a tile's operands may end within a vector.</summary>
internal interface IEdge
{
    /// <summary>Whether nothing may be read beyond B's last column.</summary>
    static abstract bool OfB { get; }

    /// <summary>Whether C ends within the last vector.</summary>
    static abstract bool OfC { get; }
}

internal readonly struct NoEdge : IEdge
{
    public static bool OfB => false;

    public static bool OfC => false;
}

/// <summary>B has zeros beyond its last column.</summary>
internal readonly struct PaddedEdge : IEdge
{
    public static bool OfB => false;

    public static bool OfC => true;
}

internal readonly struct SharpEdge : IEdge
{
    public static bool OfB => true;

    public static bool OfC => true;
}

/// <summary>A few rows of a product, with all sums in registers.</summary>
/// <remarks>c (+)= A · B for tiles of <typeparamref name="TRows"/> rows, one below the other: A [tiles · rows, depth] at
/// byte strides row and column, B [depth, vectors] at element stride bRow, C at element stride cRow. The last vector
/// of a row of C has only its first lanes; nothing beyond them is read or written. Every entry is summed in the order
/// of depth. Every row is written out, because the runtime keeps sums in registers only as locals with names of their
/// own; TRows.Count is known when a method is compiled, so that its untaken branches vanish.</remarks>
internal static unsafe class Tile<T, V, TRow, TRows, TEdge>
    where T : unmanaged
    where V : struct, ISimd<V, T>
    where TRow : struct, IRow<TRow, V, T>
    where TRows : struct, IRows
    where TEdge : struct, IEdge
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        byte* a,
        nint row,
        nint column,
        T* b,
        nint bRow,
        int depth,
        T* c,
        nint cRow,
        int tiles,
        int lanes,
        bool add
    )
    {
        V mask = V.First(lanes);
        nint row2 = 2 * row;
        do
        {
            byte* a0 = a;
            byte* a3 = a0 + row2 + row;
            byte* a6 = a3 + row2 + row;
            byte* a9 = a6 + row2 + row;
            TRow c0 = TRow.Zero;
            TRow c1 = TRow.Zero;
            TRow c2 = TRow.Zero;
            TRow c3 = TRow.Zero;
            TRow c4 = TRow.Zero;
            TRow c5 = TRow.Zero;
            TRow c6 = TRow.Zero;
            TRow c7 = TRow.Zero;
            TRow c8 = TRow.Zero;
            TRow c9 = TRow.Zero;
            TRow c10 = TRow.Zero;
            TRow c11 = TRow.Zero;
            T* to = c;
            if (add)
            {
                c0 = LoadC(to, mask);

                if (TRows.Count > 1)
                {
                    to += cRow;
                    c1 = LoadC(to, mask);
                }

                if (TRows.Count > 2)
                {
                    to += cRow;
                    c2 = LoadC(to, mask);
                }

                if (TRows.Count > 3)
                {
                    to += cRow;
                    c3 = LoadC(to, mask);
                }

                if (TRows.Count > 4)
                {
                    to += cRow;
                    c4 = LoadC(to, mask);
                }

                if (TRows.Count > 5)
                {
                    to += cRow;
                    c5 = LoadC(to, mask);
                }

                if (TRows.Count > 6)
                {
                    to += cRow;
                    c6 = LoadC(to, mask);
                }

                if (TRows.Count > 7)
                {
                    to += cRow;
                    c7 = LoadC(to, mask);
                }

                if (TRows.Count > 8)
                {
                    to += cRow;
                    c8 = LoadC(to, mask);
                }

                if (TRows.Count > 9)
                {
                    to += cRow;
                    c9 = LoadC(to, mask);
                }

                if (TRows.Count > 10)
                {
                    to += cRow;
                    c10 = LoadC(to, mask);
                }

                if (TRows.Count > 11)
                {
                    to += cRow;
                    c11 = LoadC(to, mask);
                }
            }

            if (Sse.IsSupported && tiles > 1)
            {
                // The next tile's sums would come too late, since its first products are added to them.
                T* next = c + TRows.Count * cRow;
                for (int i = 0; i < TRows.Count; i++)
                {
                    Sse.Prefetch0(next);
                    next += cRow;
                }
            }

            T* line = b;
            int p = depth;
            do
            {
                TRow x = TEdge.OfB ? TRow.Load(ref *line, mask) : TRow.Load(ref *line);
                c0 = TRow.Fma(V.Create(*(T*)a0), x, c0);

                if (TRows.Count > 1)
                {
                    c1 = TRow.Fma(V.Create(*(T*)(a0 + row)), x, c1);
                }

                if (TRows.Count > 2)
                {
                    c2 = TRow.Fma(V.Create(*(T*)(a0 + row2)), x, c2);
                }

                if (TRows.Count > 3)
                {
                    c3 = TRow.Fma(V.Create(*(T*)a3), x, c3);
                }

                if (TRows.Count > 4)
                {
                    c4 = TRow.Fma(V.Create(*(T*)(a3 + row)), x, c4);
                }

                if (TRows.Count > 5)
                {
                    c5 = TRow.Fma(V.Create(*(T*)(a3 + row2)), x, c5);
                }

                if (TRows.Count > 6)
                {
                    c6 = TRow.Fma(V.Create(*(T*)a6), x, c6);
                }

                if (TRows.Count > 7)
                {
                    c7 = TRow.Fma(V.Create(*(T*)(a6 + row)), x, c7);
                }

                if (TRows.Count > 8)
                {
                    c8 = TRow.Fma(V.Create(*(T*)(a6 + row2)), x, c8);
                }

                if (TRows.Count > 9)
                {
                    c9 = TRow.Fma(V.Create(*(T*)a9), x, c9);
                }

                if (TRows.Count > 10)
                {
                    c10 = TRow.Fma(V.Create(*(T*)(a9 + row)), x, c10);
                }

                if (TRows.Count > 11)
                {
                    c11 = TRow.Fma(V.Create(*(T*)(a9 + row2)), x, c11);
                }

                a0 += column;
                a3 += column;
                a6 += column;
                a9 += column;
                line += bRow;
            } while (--p > 0);

            to = c;
            StoreC(c0, to, mask);

            if (TRows.Count > 1)
            {
                to += cRow;
                StoreC(c1, to, mask);
            }

            if (TRows.Count > 2)
            {
                to += cRow;
                StoreC(c2, to, mask);
            }

            if (TRows.Count > 3)
            {
                to += cRow;
                StoreC(c3, to, mask);
            }

            if (TRows.Count > 4)
            {
                to += cRow;
                StoreC(c4, to, mask);
            }

            if (TRows.Count > 5)
            {
                to += cRow;
                StoreC(c5, to, mask);
            }

            if (TRows.Count > 6)
            {
                to += cRow;
                StoreC(c6, to, mask);
            }

            if (TRows.Count > 7)
            {
                to += cRow;
                StoreC(c7, to, mask);
            }

            if (TRows.Count > 8)
            {
                to += cRow;
                StoreC(c8, to, mask);
            }

            if (TRows.Count > 9)
            {
                to += cRow;
                StoreC(c9, to, mask);
            }

            if (TRows.Count > 10)
            {
                to += cRow;
                StoreC(c10, to, mask);
            }

            if (TRows.Count > 11)
            {
                to += cRow;
                StoreC(c11, to, mask);
            }

            a += TRows.Count * row;
            c += TRows.Count * cRow;
        } while (--tiles > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TRow LoadC(T* from, V mask) =>
        TEdge.OfC ? TRow.Load(ref *from, mask) : TRow.Load(ref *from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreC(TRow sums, T* to, V mask)
    {
        if (TEdge.OfC)
        {
            sums.Store(ref *to, mask);
        }
        else
        {
            sums.Store(ref *to);
        }
    }
}
