using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>The matrix product by tiles of 12 rows (6, with 16 registers) and two vectors of columns, for this machine's
/// vectors.</summary>
/// <remarks>B goes panel by panel, two vectors wide, in place where its rows are contiguous and it stays in the first
/// cache, otherwise packed. A panel stays in the first cache while it meets all rows of a block of A, which stays in
/// the second; A is read in place where its rows are contiguous, otherwise from a copy of the block. After K. Goto and
/// R. van de Geijn, Anatomy of High-Performance Matrix Multiplication (2008).</remarks>
internal abstract class Panels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static Panels<T> Here { get; } =
        VectorWidth.Is512 ? new Panels<T, Simd512<T>>()
        : VectorWidth.Is256 ? new Panels<T, Simd256<T>>()
        : new Panels<T, Simd128<T>>();

    /// <summary>Columns of a panel: two vectors.</summary>
    public abstract int Panel { get; }

    /// <summary>Rows of the largest tile.</summary>
    public abstract int TileRows { get; }

    /// <summary>Rows of B that are multiplied together: a panel of them stays in the first cache.</summary>
    public abstract int Depth { get; }

    /// <summary>Width of a packed panel that begins with <paramref name="columns"/> columns left.</summary>
    public int Stride(int columns) => columns <= Panel / 2 ? Panel / 2 : Panel;

    /// <summary>Elements of scratch memory: a block of packed panels, and a copied block of A.</summary>
    public abstract int Scratch(int m, int k, int n, Matrix a, Matrix b);

    public abstract void Multiply(
        int m,
        int k,
        int n,
        ref T a,
        Matrix aLayout,
        ref T b,
        Matrix bLayout,
        ref T c,
        ref T scratch
    );

    /// <summary>c (+)= a · b, where b is packed: for each panel all rows of A.</summary>
    /// <param name="m">Rows.</param>
    /// <param name="a">A [m, depth].</param>
    /// <param name="aLayout">Its strides.</param>
    /// <param name="b">B.</param>
    /// <param name="bRows">Rows of B.</param>
    /// <param name="first">The first of its rows that are multiplied.</param>
    /// <param name="depth">How many of its rows are multiplied.</param>
    /// <param name="c">C [m, columns].</param>
    /// <param name="cRow">Elements from row to row of C.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="add">Whether the product is added to C.</param>
    public abstract void MultiplyPacked(
        int m,
        ref T a,
        Matrix aLayout,
        ref T b,
        int bRows,
        int first,
        int depth,
        ref T c,
        nint cRow,
        int columns,
        bool add
    );

    /// <summary>Packs a matrix [depth, columns] in panels, with zeros beyond its columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(ref T b, Matrix layout, int depth, int columns, ref T packed)
    {
        for (int j = 0; j < columns; j += Panel)
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
                CopyRows(ref panel, layout.Row, depth, used, ref target, stride);
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

    /// <summary>Copies rows of at most a panel.</summary>
    protected abstract void CopyRows(ref T from, nint fromRow, int rows, int columns, ref T to, nint toRow);

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

/// <summary>The same with vectors of a width.</summary>
internal sealed class Panels<T, V> : Panels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct, ISimd<V, T>
{
    /// <summary>Bytes of a panel at most.</summary>
    private const int PanelBytes = 32768;

    /// <summary>Columns of B to a block.</summary>
    private const int Columns = 256;

    /// <summary>Bytes of B that are read in place.</summary>
    private const int InPlace = 16384;

    /// <summary>Rows of A to a block.</summary>
    private const int Rows = 48;

    /// <summary>Elements by which a copied row of A is longer, lest all rows fall into one set of a cache.</summary>
    private const int Stagger = 16;

    public override int Panel => 2 * V.Count;

    public override int TileRows => Tiles<T, V>.Height(2);

    public override int Depth => PanelBytes / (Panel * Unsafe.SizeOf<T>());

    public override int Scratch(int m, int k, int n, Matrix a, Matrix b)
    {
        int depth = Math.Min(k, Depth);
        int columns = ReadInPlace(m, k, n, b) ? 0 : (Math.Min(n, Columns) + Panel - 1) / Panel * Panel;
        return depth * (columns + (CopiesA(m, a) ? CopiedRow(m) : 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Multiply(
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
        bool inPlace = ReadInPlace(m, k, n, bLayout);
        bool copies = CopiesA(m, aLayout);
        ref T copied = ref scratch;
        ref T packed = ref Unsafe.Add(ref scratch, copies ? Math.Min(k, Depth) * CopiedRow(m) : 0);
        for (int left = 0; left < n; left += Columns)
        {
            int columns = Math.Min(Columns, n - left);
            for (int top = 0; top < k; top += Depth)
            {
                int depth = Math.Min(Depth, k - top);
                ref T block = ref Unsafe.Add(ref b, (nint)top * bLayout.Row + (nint)left * bLayout.Column);
                if (!inPlace)
                {
                    Pack(ref block, bLayout, depth, columns, ref packed);
                }

                for (int i = 0; i < m; i += Rows)
                {
                    int rows = Math.Min(Rows, m - i);
                    ref T aBlock = ref Unsafe.Add(ref a, (nint)i * aLayout.Row + (nint)top * aLayout.Column);
                    ref T cBlock = ref Unsafe.Add(ref c, (nint)i * n + left);
                    Matrix layout = aLayout;
                    if (copies)
                    {
                        layout = aLayout with { Row = 1, Column = CopiedRow(m) };
                        Copy(ref aBlock, aLayout, rows, depth, ref copied, layout.Column);
                        aBlock = ref copied;
                    }

                    if (inPlace)
                    {
                        MultiplyInPlace(
                            rows,
                            ref aBlock,
                            layout,
                            ref block,
                            bLayout.Row,
                            depth,
                            ref cBlock,
                            n,
                            columns,
                            top > 0
                        );
                    }
                    else
                    {
                        MultiplyPacked(
                            rows,
                            ref aBlock,
                            layout,
                            ref packed,
                            depth,
                            0,
                            depth,
                            ref cBlock,
                            n,
                            columns,
                            top > 0
                        );
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void MultiplyPacked(
        int m,
        ref T a,
        Matrix aLayout,
        ref T b,
        int bRows,
        int first,
        int depth,
        ref T c,
        nint cRow,
        int columns,
        bool add
    )
    {
        nint row = (nint)aLayout.Row * sizeof(T);
        nint column = (nint)aLayout.Column * sizeof(T);
        fixed (T* left = &a)
        fixed (T* right = &b)
        fixed (T* sums = &c)
        {
            for (int j = 0; j < columns; j += Panel)
            {
                int stride = Stride(columns - j);
                T* panel = right + (nint)j * bRows + (nint)first * stride;
                int used = Math.Min(Panel, columns - j);
                Tiles<T, V>
                    .Column(m, used, true)
                    .Multiply((byte*)left, row, column, panel, stride, depth, sums + j, cRow, add);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void MultiplyInPlace(
        int m,
        ref T a,
        Matrix aLayout,
        ref T b,
        nint bRow,
        int depth,
        ref T c,
        nint cRow,
        int columns,
        bool add
    )
    {
        nint row = (nint)aLayout.Row * sizeof(T);
        nint column = (nint)aLayout.Column * sizeof(T);
        fixed (T* left = &a)
        fixed (T* right = &b)
        fixed (T* sums = &c)
        {
            for (int j = 0; j < columns; j += Panel)
            {
                int used = Math.Min(Panel, columns - j);
                Tiles<T, V>
                    .Column(m, used, false)
                    .Multiply((byte*)left, row, column, right + j, bRow, depth, sums + j, cRow, add);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void CopyRows(ref T from, nint fromRow, int rows, int columns, ref T to, nint toRow)
    {
        for (int p = 0; p < rows; p++)
        {
            if (columns == Panel)
            {
                V.Load(ref from).Store(ref to);
                V.Load(ref from, (nuint)V.Count).Store(ref to, (nuint)V.Count);
            }
            else
            {
                Buffers.Span(ref from, columns).CopyTo(Buffers.Span(ref to, columns));
            }

            from = ref Unsafe.Add(ref from, fromRow);
            to = ref Unsafe.Add(ref to, toRow);
        }
    }

    /// <summary>Copies a block of A whose rows are not contiguous, column by column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(ref T a, Matrix layout, int rows, int depth, ref T copy, nint column)
    {
        for (nint p = 0; p < depth; p++)
        {
            ref T from = ref Unsafe.Add(ref a, p * layout.Column);
            ref T to = ref Unsafe.Add(ref copy, p * column);
            if (layout.Row == 1)
            {
                Buffers.Span(ref from, rows).CopyTo(Buffers.Span(ref to, rows));
                continue;
            }

            for (nint i = 0; i < rows; i++)
            {
                Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i * layout.Row);
            }
        }
    }

    private bool ReadInPlace(int m, int k, int n, Matrix b) =>
        b.Column == 1 && (m <= TileRows || (long)k * n * Unsafe.SizeOf<T>() <= InPlace);

    private bool CopiesA(int m, Matrix a) => a.Column != 1 && m > TileRows;

    private static int CopiedRow(int m) => (Math.Min(m, Rows) + Stagger - 1) / Stagger * Stagger + Stagger;
}
