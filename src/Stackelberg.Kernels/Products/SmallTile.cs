// Long, because every height and width of a tile is written out: the runtime keeps sums in registers only as locals with
// names of their own, not as an array of them.
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>Some rows of a small product, with 512-bit vectors and all sums in registers.</summary>
/// <remarks>c = A · B for tiles of <typeparamref name="TRows"/> rows, one below the other: A [tiles · rows, depth] at
/// byte strides row and column, B [depth, vectors] at element stride bRow, C at element stride cRow. The last vector
/// of a row has only its first lanes; nothing beyond them is read or written. Every entry is summed in the order of
/// depth. TRows.Count is known when a method is compiled, so that its untaken branches vanish.</remarks>
internal static unsafe class SmallTile<T, TRows>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRows : struct, IRows
{
    /// <summary>Up to 12 rows by one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vectors1(
        byte* a,
        nint row,
        nint column,
        T* b,
        nint bRow,
        int depth,
        T* c,
        nint cRow,
        int tiles,
        int lanes
    )
    {
        Vector512<T> mask = Lanes.First512<T>(lanes);
        nint row2 = 2 * row;
        do
        {
            byte* a0 = a;
            byte* a3 = a0 + row2 + row;
            byte* a6 = a3 + row2 + row;
            byte* a9 = a6 + row2 + row;
            Vector512<T> c0x = Vector512<T>.Zero;
            Vector512<T> c1x = Vector512<T>.Zero;
            Vector512<T> c2x = Vector512<T>.Zero;
            Vector512<T> c3x = Vector512<T>.Zero;
            Vector512<T> c4x = Vector512<T>.Zero;
            Vector512<T> c5x = Vector512<T>.Zero;
            Vector512<T> c6x = Vector512<T>.Zero;
            Vector512<T> c7x = Vector512<T>.Zero;
            Vector512<T> c8x = Vector512<T>.Zero;
            Vector512<T> c9x = Vector512<T>.Zero;
            Vector512<T> c10x = Vector512<T>.Zero;
            Vector512<T> c11x = Vector512<T>.Zero;
            T* line = b;
            int p = depth;
            do
            {
                Vector512<T> x = Lanes.Load512(line, mask);
                Vector512<T> s = Vector512.Create(*(T*)a0);
                c0x = VectorMath.Fma(s, x, c0x);
                if (TRows.Count > 1)
                {
                    s = Vector512.Create(*(T*)(a0 + row));
                    c1x = VectorMath.Fma(s, x, c1x);
                }

                if (TRows.Count > 2)
                {
                    s = Vector512.Create(*(T*)(a0 + row2));
                    c2x = VectorMath.Fma(s, x, c2x);
                }

                if (TRows.Count > 3)
                {
                    s = Vector512.Create(*(T*)a3);
                    c3x = VectorMath.Fma(s, x, c3x);
                }

                if (TRows.Count > 4)
                {
                    s = Vector512.Create(*(T*)(a3 + row));
                    c4x = VectorMath.Fma(s, x, c4x);
                }

                if (TRows.Count > 5)
                {
                    s = Vector512.Create(*(T*)(a3 + row2));
                    c5x = VectorMath.Fma(s, x, c5x);
                }

                if (TRows.Count > 6)
                {
                    s = Vector512.Create(*(T*)a6);
                    c6x = VectorMath.Fma(s, x, c6x);
                }

                if (TRows.Count > 7)
                {
                    s = Vector512.Create(*(T*)(a6 + row));
                    c7x = VectorMath.Fma(s, x, c7x);
                }

                if (TRows.Count > 8)
                {
                    s = Vector512.Create(*(T*)(a6 + row2));
                    c8x = VectorMath.Fma(s, x, c8x);
                }

                if (TRows.Count > 9)
                {
                    s = Vector512.Create(*(T*)a9);
                    c9x = VectorMath.Fma(s, x, c9x);
                }

                if (TRows.Count > 10)
                {
                    s = Vector512.Create(*(T*)(a9 + row));
                    c10x = VectorMath.Fma(s, x, c10x);
                }

                if (TRows.Count > 11)
                {
                    s = Vector512.Create(*(T*)(a9 + row2));
                    c11x = VectorMath.Fma(s, x, c11x);
                }

                a0 += column;
                a3 += column;
                a6 += column;
                a9 += column;
                line += bRow;
            } while (--p > 0);

            T* to = c;
            Lanes.Store512(c0x, to, mask);
            if (TRows.Count > 1)
            {
                to += cRow;
                Lanes.Store512(c1x, to, mask);
            }

            if (TRows.Count > 2)
            {
                to += cRow;
                Lanes.Store512(c2x, to, mask);
            }

            if (TRows.Count > 3)
            {
                to += cRow;
                Lanes.Store512(c3x, to, mask);
            }

            if (TRows.Count > 4)
            {
                to += cRow;
                Lanes.Store512(c4x, to, mask);
            }

            if (TRows.Count > 5)
            {
                to += cRow;
                Lanes.Store512(c5x, to, mask);
            }

            if (TRows.Count > 6)
            {
                to += cRow;
                Lanes.Store512(c6x, to, mask);
            }

            if (TRows.Count > 7)
            {
                to += cRow;
                Lanes.Store512(c7x, to, mask);
            }

            if (TRows.Count > 8)
            {
                to += cRow;
                Lanes.Store512(c8x, to, mask);
            }

            if (TRows.Count > 9)
            {
                to += cRow;
                Lanes.Store512(c9x, to, mask);
            }

            if (TRows.Count > 10)
            {
                to += cRow;
                Lanes.Store512(c10x, to, mask);
            }

            if (TRows.Count > 11)
            {
                to += cRow;
                Lanes.Store512(c11x, to, mask);
            }

            a += TRows.Count * row;
            c += TRows.Count * cRow;
        } while (--tiles > 0);
    }

    /// <summary>Up to 12 rows by two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vectors2(
        byte* a,
        nint row,
        nint column,
        T* b,
        nint bRow,
        int depth,
        T* c,
        nint cRow,
        int tiles,
        int lanes
    )
    {
        Vector512<T> mask = Lanes.First512<T>(lanes);
        nint row2 = 2 * row;
        do
        {
            byte* a0 = a;
            byte* a3 = a0 + row2 + row;
            byte* a6 = a3 + row2 + row;
            byte* a9 = a6 + row2 + row;
            Vector512<T> c0x = Vector512<T>.Zero;
            Vector512<T> c0y = Vector512<T>.Zero;
            Vector512<T> c1x = Vector512<T>.Zero;
            Vector512<T> c1y = Vector512<T>.Zero;
            Vector512<T> c2x = Vector512<T>.Zero;
            Vector512<T> c2y = Vector512<T>.Zero;
            Vector512<T> c3x = Vector512<T>.Zero;
            Vector512<T> c3y = Vector512<T>.Zero;
            Vector512<T> c4x = Vector512<T>.Zero;
            Vector512<T> c4y = Vector512<T>.Zero;
            Vector512<T> c5x = Vector512<T>.Zero;
            Vector512<T> c5y = Vector512<T>.Zero;
            Vector512<T> c6x = Vector512<T>.Zero;
            Vector512<T> c6y = Vector512<T>.Zero;
            Vector512<T> c7x = Vector512<T>.Zero;
            Vector512<T> c7y = Vector512<T>.Zero;
            Vector512<T> c8x = Vector512<T>.Zero;
            Vector512<T> c8y = Vector512<T>.Zero;
            Vector512<T> c9x = Vector512<T>.Zero;
            Vector512<T> c9y = Vector512<T>.Zero;
            Vector512<T> c10x = Vector512<T>.Zero;
            Vector512<T> c10y = Vector512<T>.Zero;
            Vector512<T> c11x = Vector512<T>.Zero;
            Vector512<T> c11y = Vector512<T>.Zero;
            T* line = b;
            int p = depth;
            do
            {
                Vector512<T> x = Vector512.Load(line);
                Vector512<T> y = Lanes.Load512(line + Vector512<T>.Count, mask);
                Vector512<T> s = Vector512.Create(*(T*)a0);
                c0x = VectorMath.Fma(s, x, c0x);
                c0y = VectorMath.Fma(s, y, c0y);
                if (TRows.Count > 1)
                {
                    s = Vector512.Create(*(T*)(a0 + row));
                    c1x = VectorMath.Fma(s, x, c1x);
                    c1y = VectorMath.Fma(s, y, c1y);
                }

                if (TRows.Count > 2)
                {
                    s = Vector512.Create(*(T*)(a0 + row2));
                    c2x = VectorMath.Fma(s, x, c2x);
                    c2y = VectorMath.Fma(s, y, c2y);
                }

                if (TRows.Count > 3)
                {
                    s = Vector512.Create(*(T*)a3);
                    c3x = VectorMath.Fma(s, x, c3x);
                    c3y = VectorMath.Fma(s, y, c3y);
                }

                if (TRows.Count > 4)
                {
                    s = Vector512.Create(*(T*)(a3 + row));
                    c4x = VectorMath.Fma(s, x, c4x);
                    c4y = VectorMath.Fma(s, y, c4y);
                }

                if (TRows.Count > 5)
                {
                    s = Vector512.Create(*(T*)(a3 + row2));
                    c5x = VectorMath.Fma(s, x, c5x);
                    c5y = VectorMath.Fma(s, y, c5y);
                }

                if (TRows.Count > 6)
                {
                    s = Vector512.Create(*(T*)a6);
                    c6x = VectorMath.Fma(s, x, c6x);
                    c6y = VectorMath.Fma(s, y, c6y);
                }

                if (TRows.Count > 7)
                {
                    s = Vector512.Create(*(T*)(a6 + row));
                    c7x = VectorMath.Fma(s, x, c7x);
                    c7y = VectorMath.Fma(s, y, c7y);
                }

                if (TRows.Count > 8)
                {
                    s = Vector512.Create(*(T*)(a6 + row2));
                    c8x = VectorMath.Fma(s, x, c8x);
                    c8y = VectorMath.Fma(s, y, c8y);
                }

                if (TRows.Count > 9)
                {
                    s = Vector512.Create(*(T*)a9);
                    c9x = VectorMath.Fma(s, x, c9x);
                    c9y = VectorMath.Fma(s, y, c9y);
                }

                if (TRows.Count > 10)
                {
                    s = Vector512.Create(*(T*)(a9 + row));
                    c10x = VectorMath.Fma(s, x, c10x);
                    c10y = VectorMath.Fma(s, y, c10y);
                }

                if (TRows.Count > 11)
                {
                    s = Vector512.Create(*(T*)(a9 + row2));
                    c11x = VectorMath.Fma(s, x, c11x);
                    c11y = VectorMath.Fma(s, y, c11y);
                }

                a0 += column;
                a3 += column;
                a6 += column;
                a9 += column;
                line += bRow;
            } while (--p > 0);

            T* to = c;
            c0x.Store(to);
            Lanes.Store512(c0y, to + Vector512<T>.Count, mask);
            if (TRows.Count > 1)
            {
                to += cRow;
                c1x.Store(to);
                Lanes.Store512(c1y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 2)
            {
                to += cRow;
                c2x.Store(to);
                Lanes.Store512(c2y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 3)
            {
                to += cRow;
                c3x.Store(to);
                Lanes.Store512(c3y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 4)
            {
                to += cRow;
                c4x.Store(to);
                Lanes.Store512(c4y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 5)
            {
                to += cRow;
                c5x.Store(to);
                Lanes.Store512(c5y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 6)
            {
                to += cRow;
                c6x.Store(to);
                Lanes.Store512(c6y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 7)
            {
                to += cRow;
                c7x.Store(to);
                Lanes.Store512(c7y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 8)
            {
                to += cRow;
                c8x.Store(to);
                Lanes.Store512(c8y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 9)
            {
                to += cRow;
                c9x.Store(to);
                Lanes.Store512(c9y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 10)
            {
                to += cRow;
                c10x.Store(to);
                Lanes.Store512(c10y, to + Vector512<T>.Count, mask);
            }

            if (TRows.Count > 11)
            {
                to += cRow;
                c11x.Store(to);
                Lanes.Store512(c11y, to + Vector512<T>.Count, mask);
            }

            a += TRows.Count * row;
            c += TRows.Count * cRow;
        } while (--tiles > 0);
    }

    /// <summary>Up to 8 rows by three vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vectors3(
        byte* a,
        nint row,
        nint column,
        T* b,
        nint bRow,
        int depth,
        T* c,
        nint cRow,
        int tiles,
        int lanes
    )
    {
        Vector512<T> mask = Lanes.First512<T>(lanes);
        nint row2 = 2 * row;
        do
        {
            byte* a0 = a;
            byte* a3 = a0 + row2 + row;
            byte* a6 = a3 + row2 + row;
            Vector512<T> c0x = Vector512<T>.Zero;
            Vector512<T> c0y = Vector512<T>.Zero;
            Vector512<T> c0z = Vector512<T>.Zero;
            Vector512<T> c1x = Vector512<T>.Zero;
            Vector512<T> c1y = Vector512<T>.Zero;
            Vector512<T> c1z = Vector512<T>.Zero;
            Vector512<T> c2x = Vector512<T>.Zero;
            Vector512<T> c2y = Vector512<T>.Zero;
            Vector512<T> c2z = Vector512<T>.Zero;
            Vector512<T> c3x = Vector512<T>.Zero;
            Vector512<T> c3y = Vector512<T>.Zero;
            Vector512<T> c3z = Vector512<T>.Zero;
            Vector512<T> c4x = Vector512<T>.Zero;
            Vector512<T> c4y = Vector512<T>.Zero;
            Vector512<T> c4z = Vector512<T>.Zero;
            Vector512<T> c5x = Vector512<T>.Zero;
            Vector512<T> c5y = Vector512<T>.Zero;
            Vector512<T> c5z = Vector512<T>.Zero;
            Vector512<T> c6x = Vector512<T>.Zero;
            Vector512<T> c6y = Vector512<T>.Zero;
            Vector512<T> c6z = Vector512<T>.Zero;
            Vector512<T> c7x = Vector512<T>.Zero;
            Vector512<T> c7y = Vector512<T>.Zero;
            Vector512<T> c7z = Vector512<T>.Zero;
            T* line = b;
            int p = depth;
            do
            {
                Vector512<T> x = Vector512.Load(line);
                Vector512<T> y = Vector512.Load(line + Vector512<T>.Count);
                Vector512<T> z = Lanes.Load512(line + 2 * Vector512<T>.Count, mask);
                Vector512<T> s = Vector512.Create(*(T*)a0);
                c0x = VectorMath.Fma(s, x, c0x);
                c0y = VectorMath.Fma(s, y, c0y);
                c0z = VectorMath.Fma(s, z, c0z);
                if (TRows.Count > 1)
                {
                    s = Vector512.Create(*(T*)(a0 + row));
                    c1x = VectorMath.Fma(s, x, c1x);
                    c1y = VectorMath.Fma(s, y, c1y);
                    c1z = VectorMath.Fma(s, z, c1z);
                }

                if (TRows.Count > 2)
                {
                    s = Vector512.Create(*(T*)(a0 + row2));
                    c2x = VectorMath.Fma(s, x, c2x);
                    c2y = VectorMath.Fma(s, y, c2y);
                    c2z = VectorMath.Fma(s, z, c2z);
                }

                if (TRows.Count > 3)
                {
                    s = Vector512.Create(*(T*)a3);
                    c3x = VectorMath.Fma(s, x, c3x);
                    c3y = VectorMath.Fma(s, y, c3y);
                    c3z = VectorMath.Fma(s, z, c3z);
                }

                if (TRows.Count > 4)
                {
                    s = Vector512.Create(*(T*)(a3 + row));
                    c4x = VectorMath.Fma(s, x, c4x);
                    c4y = VectorMath.Fma(s, y, c4y);
                    c4z = VectorMath.Fma(s, z, c4z);
                }

                if (TRows.Count > 5)
                {
                    s = Vector512.Create(*(T*)(a3 + row2));
                    c5x = VectorMath.Fma(s, x, c5x);
                    c5y = VectorMath.Fma(s, y, c5y);
                    c5z = VectorMath.Fma(s, z, c5z);
                }

                if (TRows.Count > 6)
                {
                    s = Vector512.Create(*(T*)a6);
                    c6x = VectorMath.Fma(s, x, c6x);
                    c6y = VectorMath.Fma(s, y, c6y);
                    c6z = VectorMath.Fma(s, z, c6z);
                }

                if (TRows.Count > 7)
                {
                    s = Vector512.Create(*(T*)(a6 + row));
                    c7x = VectorMath.Fma(s, x, c7x);
                    c7y = VectorMath.Fma(s, y, c7y);
                    c7z = VectorMath.Fma(s, z, c7z);
                }

                a0 += column;
                a3 += column;
                a6 += column;
                line += bRow;
            } while (--p > 0);

            T* to = c;
            c0x.Store(to);
            c0y.Store(to + Vector512<T>.Count);
            Lanes.Store512(c0z, to + 2 * Vector512<T>.Count, mask);
            if (TRows.Count > 1)
            {
                to += cRow;
                c1x.Store(to);
                c1y.Store(to + Vector512<T>.Count);
                Lanes.Store512(c1z, to + 2 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 2)
            {
                to += cRow;
                c2x.Store(to);
                c2y.Store(to + Vector512<T>.Count);
                Lanes.Store512(c2z, to + 2 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 3)
            {
                to += cRow;
                c3x.Store(to);
                c3y.Store(to + Vector512<T>.Count);
                Lanes.Store512(c3z, to + 2 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 4)
            {
                to += cRow;
                c4x.Store(to);
                c4y.Store(to + Vector512<T>.Count);
                Lanes.Store512(c4z, to + 2 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 5)
            {
                to += cRow;
                c5x.Store(to);
                c5y.Store(to + Vector512<T>.Count);
                Lanes.Store512(c5z, to + 2 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 6)
            {
                to += cRow;
                c6x.Store(to);
                c6y.Store(to + Vector512<T>.Count);
                Lanes.Store512(c6z, to + 2 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 7)
            {
                to += cRow;
                c7x.Store(to);
                c7y.Store(to + Vector512<T>.Count);
                Lanes.Store512(c7z, to + 2 * Vector512<T>.Count, mask);
            }

            a += TRows.Count * row;
            c += TRows.Count * cRow;
        } while (--tiles > 0);
    }

    /// <summary>Up to 6 rows by four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vectors4(
        byte* a,
        nint row,
        nint column,
        T* b,
        nint bRow,
        int depth,
        T* c,
        nint cRow,
        int tiles,
        int lanes
    )
    {
        Vector512<T> mask = Lanes.First512<T>(lanes);
        nint row2 = 2 * row;
        do
        {
            byte* a0 = a;
            byte* a3 = a0 + row2 + row;
            Vector512<T> c0x = Vector512<T>.Zero;
            Vector512<T> c0y = Vector512<T>.Zero;
            Vector512<T> c0z = Vector512<T>.Zero;
            Vector512<T> c0w = Vector512<T>.Zero;
            Vector512<T> c1x = Vector512<T>.Zero;
            Vector512<T> c1y = Vector512<T>.Zero;
            Vector512<T> c1z = Vector512<T>.Zero;
            Vector512<T> c1w = Vector512<T>.Zero;
            Vector512<T> c2x = Vector512<T>.Zero;
            Vector512<T> c2y = Vector512<T>.Zero;
            Vector512<T> c2z = Vector512<T>.Zero;
            Vector512<T> c2w = Vector512<T>.Zero;
            Vector512<T> c3x = Vector512<T>.Zero;
            Vector512<T> c3y = Vector512<T>.Zero;
            Vector512<T> c3z = Vector512<T>.Zero;
            Vector512<T> c3w = Vector512<T>.Zero;
            Vector512<T> c4x = Vector512<T>.Zero;
            Vector512<T> c4y = Vector512<T>.Zero;
            Vector512<T> c4z = Vector512<T>.Zero;
            Vector512<T> c4w = Vector512<T>.Zero;
            Vector512<T> c5x = Vector512<T>.Zero;
            Vector512<T> c5y = Vector512<T>.Zero;
            Vector512<T> c5z = Vector512<T>.Zero;
            Vector512<T> c5w = Vector512<T>.Zero;
            T* line = b;
            int p = depth;
            do
            {
                Vector512<T> x = Vector512.Load(line);
                Vector512<T> y = Vector512.Load(line + Vector512<T>.Count);
                Vector512<T> z = Vector512.Load(line + 2 * Vector512<T>.Count);
                Vector512<T> w = Lanes.Load512(line + 3 * Vector512<T>.Count, mask);
                Vector512<T> s = Vector512.Create(*(T*)a0);
                c0x = VectorMath.Fma(s, x, c0x);
                c0y = VectorMath.Fma(s, y, c0y);
                c0z = VectorMath.Fma(s, z, c0z);
                c0w = VectorMath.Fma(s, w, c0w);
                if (TRows.Count > 1)
                {
                    s = Vector512.Create(*(T*)(a0 + row));
                    c1x = VectorMath.Fma(s, x, c1x);
                    c1y = VectorMath.Fma(s, y, c1y);
                    c1z = VectorMath.Fma(s, z, c1z);
                    c1w = VectorMath.Fma(s, w, c1w);
                }

                if (TRows.Count > 2)
                {
                    s = Vector512.Create(*(T*)(a0 + row2));
                    c2x = VectorMath.Fma(s, x, c2x);
                    c2y = VectorMath.Fma(s, y, c2y);
                    c2z = VectorMath.Fma(s, z, c2z);
                    c2w = VectorMath.Fma(s, w, c2w);
                }

                if (TRows.Count > 3)
                {
                    s = Vector512.Create(*(T*)a3);
                    c3x = VectorMath.Fma(s, x, c3x);
                    c3y = VectorMath.Fma(s, y, c3y);
                    c3z = VectorMath.Fma(s, z, c3z);
                    c3w = VectorMath.Fma(s, w, c3w);
                }

                if (TRows.Count > 4)
                {
                    s = Vector512.Create(*(T*)(a3 + row));
                    c4x = VectorMath.Fma(s, x, c4x);
                    c4y = VectorMath.Fma(s, y, c4y);
                    c4z = VectorMath.Fma(s, z, c4z);
                    c4w = VectorMath.Fma(s, w, c4w);
                }

                if (TRows.Count > 5)
                {
                    s = Vector512.Create(*(T*)(a3 + row2));
                    c5x = VectorMath.Fma(s, x, c5x);
                    c5y = VectorMath.Fma(s, y, c5y);
                    c5z = VectorMath.Fma(s, z, c5z);
                    c5w = VectorMath.Fma(s, w, c5w);
                }

                a0 += column;
                a3 += column;
                line += bRow;
            } while (--p > 0);

            T* to = c;
            c0x.Store(to);
            c0y.Store(to + Vector512<T>.Count);
            c0z.Store(to + 2 * Vector512<T>.Count);
            Lanes.Store512(c0w, to + 3 * Vector512<T>.Count, mask);
            if (TRows.Count > 1)
            {
                to += cRow;
                c1x.Store(to);
                c1y.Store(to + Vector512<T>.Count);
                c1z.Store(to + 2 * Vector512<T>.Count);
                Lanes.Store512(c1w, to + 3 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 2)
            {
                to += cRow;
                c2x.Store(to);
                c2y.Store(to + Vector512<T>.Count);
                c2z.Store(to + 2 * Vector512<T>.Count);
                Lanes.Store512(c2w, to + 3 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 3)
            {
                to += cRow;
                c3x.Store(to);
                c3y.Store(to + Vector512<T>.Count);
                c3z.Store(to + 2 * Vector512<T>.Count);
                Lanes.Store512(c3w, to + 3 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 4)
            {
                to += cRow;
                c4x.Store(to);
                c4y.Store(to + Vector512<T>.Count);
                c4z.Store(to + 2 * Vector512<T>.Count);
                Lanes.Store512(c4w, to + 3 * Vector512<T>.Count, mask);
            }

            if (TRows.Count > 5)
            {
                to += cRow;
                c5x.Store(to);
                c5y.Store(to + Vector512<T>.Count);
                c5z.Store(to + 2 * Vector512<T>.Count);
                Lanes.Store512(c5w, to + 3 * Vector512<T>.Count, mask);
            }

            a += TRows.Count * row;
            c += TRows.Count * cRow;
        } while (--tiles > 0);
    }
}
