using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>The tiles of every shape: rows, vectors to a row, and what may end within a vector.</summary>
internal static unsafe class Tiles<T, V>
    where T : unmanaged
    where V : struct, ISimd<V, T>
{
    /// <summary>Rows of a tile of so many vectors to a row: its sums, a row of B and a factor fill the registers.</summary>
    public static int Height(int vectors) =>
        V.Registers >= 32
            ? vectors switch
            {
                1 or 2 => 12,
                3 => 8,
                _ => 6,
            }
        : vectors == 1 ? 12
        : 12 / vectors;

    /// <summary>c (+)= A · B for a few vectors of columns: tiles of at most two neighbouring heights, one below the
    /// other.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="a">A, at byte strides row and column.</param>
    /// <param name="row">Bytes from row to row of A.</param>
    /// <param name="column">Bytes from column to column of A.</param>
    /// <param name="b">B [depth, columns].</param>
    /// <param name="bRow">Elements from row to row of B.</param>
    /// <param name="isPadded">Whether B has whole vectors in its memory.</param>
    /// <param name="depth">Columns of A and rows of B, at least 1.</param>
    /// <param name="c">C.</param>
    /// <param name="cRow">Elements from row to row of C.</param>
    /// <param name="columns">Columns of B and C, at most four vectors.</param>
    /// <param name="add">Whether the product is added to C.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        int m,
        byte* a,
        nint row,
        nint column,
        T* b,
        nint bRow,
        bool isPadded,
        int depth,
        T* c,
        nint cRow,
        int columns,
        bool add
    )
    {
        int vectors = (columns + V.Count - 1) / V.Count;
        int lanes = columns - (vectors - 1) * V.Count;
        int height = Height(vectors);
        int tiles = (m + height - 1) / height;
        int rows = m / tiles;
        int higher = m % tiles;
        int edge =
            lanes == V.Count ? 0
            : isPadded ? 1
            : 2;
        if (higher > 0)
        {
            Of(rows + 1, vectors, edge)(a, row, column, b, bRow, depth, c, cRow, higher, lanes, add);
            a += higher * (rows + 1) * row;
            c += higher * (rows + 1) * cRow;
        }

        Of(rows, vectors, edge)(a, row, column, b, bRow, depth, c, cRow, tiles - higher, lanes, add);
    }

    private static delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, bool, void> Of(
        int rows,
        int vectors,
        int edge
    ) =>
        rows switch
        {
            1 => Of<Rows1>(vectors, edge),
            2 => Of<Rows2>(vectors, edge),
            3 => Of<Rows3>(vectors, edge),
            4 => Of<Rows4>(vectors, edge),
            5 => Of<Rows5>(vectors, edge),
            6 => Of<Rows6>(vectors, edge),
            7 => Of<Rows7>(vectors, edge),
            8 => Of<Rows8>(vectors, edge),
            9 => Of<Rows9>(vectors, edge),
            10 => Of<Rows10>(vectors, edge),
            11 => Of<Rows11>(vectors, edge),
            _ => Of<Rows12>(vectors, edge),
        };

    private static delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, bool, void> Of<TRows>(
        int vectors,
        int edge
    )
        where TRows : struct, IRows =>
        vectors switch
        {
            1 => Of<TRows, Row<V, T>>(edge),
            2 => Of<TRows, Row<Row<V, T>, V, T>>(edge),
            3 => Of<TRows, Row<Row<Row<V, T>, V, T>, V, T>>(edge),
            _ => Of<TRows, Row<Row<Row<Row<V, T>, V, T>, V, T>, V, T>>(edge),
        };

    private static delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, bool, void> Of<
        TRows,
        TRow
    >(int edge)
        where TRows : struct, IRows
        where TRow : struct, IRow<TRow, V, T> =>
        edge switch
        {
            0 => &Tile<T, V, TRow, TRows, NoEdge>.Multiply,
            1 => &Tile<T, V, TRow, TRows, PaddedEdge>.Multiply,
            _ => &Tile<T, V, TRow, TRows, SharpEdge>.Multiply,
        };
}
