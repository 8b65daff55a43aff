using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The matrix product by tiles of 12 rows (4, with 256-bit vectors) and two vectors of columns.</summary>
/// <remarks>A is read in place with any strides, so that a transpose costs nothing. B goes panel by panel, two
/// vectors wide, in place where its rows are contiguous and it stays in the first cache, otherwise packed; what is
/// left of n at the right is always packed, with zeros. After K. Goto and R. van de Geijn, Anatomy of
/// High-Performance Matrix Multiplication (2008), less the packing of A.</remarks>
internal static class Panels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of B to a block: 12 rows of A of this length stay in the first cache.</summary>
    private const int Depth = 256;

    /// <summary>Columns of B to a block: with <see cref="Depth"/> rows half a megabyte of doubles.</summary>
    private const int Columns = 256;

    /// <summary>Bytes of B that are read in place.</summary>
    private const int InPlace = 16384;

    /// <summary>Elements of a vector.</summary>
    public static int Width => Vector512.IsHardwareAccelerated ? Vector512<T>.Count : Vector256<T>.Count;

    /// <summary>Rows of the largest tile.</summary>
    public static int TileRows => Vector512.IsHardwareAccelerated ? 12 : 4;

    /// <summary>Elements of scratch memory: a block of packed panels, and one tile.</summary>
    public static int Scratch(int m, int k, int n, Matrix b)
    {
        int panel = 2 * Width;
        int depth = Math.Min(k, Depth);
        int columns = ReadInPlace(m, k, n, b) ? panel : (Math.Min(n, Columns) + panel - 1) / panel * panel;
        return depth * columns + TileRows * panel;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        int m,
        int k,
        int n,
        ref T a,
        Matrix aLayout,
        ref T b,
        Matrix bLayout,
        ref T c,
        ref T scratch
    )
    {
        int panel = 2 * Width;
        bool inPlace = ReadInPlace(m, k, n, bLayout);
        ref T packed = ref Unsafe.Add(ref scratch, TileRows * panel);
        for (int left = 0; left < n; left += Columns)
        {
            int columns = Math.Min(Columns, n - left);
            int whole = inPlace ? columns / panel * panel : 0;
            for (int top = 0; top < k; top += Depth)
            {
                int depth = Math.Min(Depth, k - top);
                ref T block = ref Unsafe.Add(ref b, (nint)top * bLayout.Row + (nint)left * bLayout.Column);
                Pack(
                    ref Unsafe.Add(ref block, (nint)whole * bLayout.Column),
                    bLayout,
                    depth,
                    columns - whole,
                    ref packed
                );
                ref T aBlock = ref Unsafe.Add(ref a, (nint)top * aLayout.Column);
                ref T cBlock = ref Unsafe.Add(ref c, left);
                for (int i = 0; i < m; )
                {
                    int rows =
                        m - i >= TileRows ? TileRows
                        : m - i >= 4 ? 4
                        : 1;
                    ref T aRows = ref Unsafe.Add(ref aBlock, (nint)i * aLayout.Row);
                    ref T cRows = ref Unsafe.Add(ref cBlock, (nint)i * n);
                    for (int j = 0; j < columns; j += panel)
                    {
                        bool isPacked = j >= whole;
                        ref T bPanel = ref isPacked
                            ? ref Unsafe.Add(ref packed, (nint)(j - whole) * depth)
                            : ref Unsafe.Add(ref block, j);
                        nint bRow = isPacked ? Stride(columns - j) : bLayout.Row;
                        Tile(
                            rows,
                            ref aRows,
                            aLayout,
                            ref bPanel,
                            bRow,
                            depth,
                            ref Unsafe.Add(ref cRows, j),
                            n,
                            columns - j,
                            top > 0,
                            ref scratch
                        );
                    }

                    i += rows;
                }
            }
        }
    }

    private static bool ReadInPlace(int m, int k, int n, Matrix b) =>
        b.Column == 1 && (m <= TileRows || (long)k * n * Unsafe.SizeOf<T>() <= InPlace);

    /// <summary>Width of a packed panel that begins with <paramref name="columns"/> columns left.</summary>
    public static int Stride(int columns) => columns <= Width ? Width : 2 * Width;

    /// <summary>One tile of C; a tile that is not a whole number of vectors wide goes by way of scratch memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile(
        int rows,
        ref T a,
        Matrix aLayout,
        ref T b,
        nint bRow,
        int depth,
        ref T c,
        nint cRow,
        int columns,
        bool add,
        ref T tile
    )
    {
        int stride = Stride(columns);
        if (columns >= stride)
        {
            Compute(rows, stride, ref a, aLayout, ref b, bRow, depth, ref c, cRow, add);
            return;
        }

        if (add)
        {
            Move(rows, ref c, cRow, ref tile, stride, columns);
        }

        Compute(rows, stride, ref a, aLayout, ref b, bRow, depth, ref tile, stride, add);
        Move(rows, ref tile, stride, ref c, cRow, columns);
    }

    /// <summary>Copies a few columns of a few rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Move(int rows, ref T from, nint fromRow, ref T to, nint toRow, int columns)
    {
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j += Vector512<T>.Count)
            {
                int lanes = Math.Min(Vector512<T>.Count, columns - j);
                Lanes.Store512(
                    Lanes.Load512(ref Unsafe.Add(ref from, j), lanes),
                    ref Unsafe.Add(ref to, j),
                    lanes
                );
            }

            from = ref Unsafe.Add(ref from, fromRow);
            to = ref Unsafe.Add(ref to, toRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compute(
        int rows,
        int stride,
        ref T a,
        Matrix aLayout,
        ref T b,
        nint bRow,
        int depth,
        ref T c,
        nint cRow,
        bool add
    )
    {
        nint row = (nint)aLayout.Row * Unsafe.SizeOf<T>();
        nint column = (nint)aLayout.Column * Unsafe.SizeOf<T>();
        bool two = stride > Width;
        if (!Vector512.IsHardwareAccelerated)
        {
            if (rows == 4 && two)
            {
                Tile256<T>.Rows4Vectors2(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
            }
            else if (rows == 4)
            {
                Tile256<T>.Rows4Vectors1(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
            }
            else if (two)
            {
                Tile256<T>.Rows1Vectors2(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
            }
            else
            {
                Tile256<T>.Rows1Vectors1(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
            }
        }
        else if (rows == 12)
        {
            if (two)
            {
                Tile12<T>.Vectors2(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
            }
            else
            {
                Tile12<T>.Vectors1(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
            }
        }
        else if (rows == 4 && two)
        {
            Tile512<T>.Rows4Vectors2(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
        }
        else if (rows == 4)
        {
            Tile512<T>.Rows4Vectors1(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
        }
        else if (two)
        {
            Tile512<T>.Rows1Vectors2(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
        }
        else
        {
            Tile512<T>.Rows1Vectors1(ref a, row, column, ref b, bRow, depth, ref c, cRow, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(ref T b, Matrix layout, int depth, int columns, ref T packed)
    {
        for (int j = 0; j < columns; j += 2 * Width)
        {
            int stride = Stride(columns - j);
            int used = Math.Min(stride, columns - j);
            ref T panel = ref Unsafe.Add(ref b, (nint)j * layout.Column);
            ref T target = ref Unsafe.Add(ref packed, (nint)j * depth);
            if (used < stride)
            {
                Buffers.Span(ref target, stride * depth).Clear();
            }

            if (layout.Column == 1)
            {
                for (int p = 0; p < depth; p++)
                {
                    Buffers
                        .Span(ref Unsafe.Add(ref panel, (nint)p * layout.Row), used)
                        .CopyTo(Buffers.Span(ref Unsafe.Add(ref target, (nint)p * stride), used));
                }
            }
            else if (layout.Row == 1)
            {
                Transposing<T>.Copy(used, depth, ref panel, layout.Column, ref target, stride);
            }
            else
            {
                PackColumns(ref panel, layout, depth, used, ref target, stride);
            }
        }
    }

    /// <summary>In squares of 16, so that the lines of both sides stay in the first cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackColumns(
        ref T panel,
        Matrix layout,
        int depth,
        int used,
        ref T target,
        nint stride
    )
    {
        nint row = layout.Row;
        nint column = layout.Column;
        for (int top = 0; top < depth; top += 16)
        {
            int bottom = Math.Min(top + 16, depth);
            for (nint j = 0; j < used; j++)
            {
                ref T source = ref Unsafe.Add(ref panel, j * column);
                for (nint p = top; p < bottom; p++)
                {
                    Unsafe.Add(ref target, p * stride + j) = Unsafe.Add(ref source, p * row);
                }
            }
        }
    }
}
