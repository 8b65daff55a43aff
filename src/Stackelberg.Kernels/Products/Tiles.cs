using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>The tiles of every shape: rows, vectors to a row, and what may end within a vector.</summary>
internal static unsafe class Tiles<T, V>
    where T : unmanaged
    where V : struct, ISimd<V, T>
{
    /// <summary>Vectors of a tile's row at most: the runtime keeps a struct in registers up to 128 bytes only, which are
    /// two of the widest vectors.</summary>
    public const int Widest = 2;

    /// <summary>Rows of a tile of so many vectors to a row: its sums, a row of B and a factor fill the registers.</summary>
    public static int Height(int vectors) => V.Registers >= 32 || vectors == 1 ? 12 : 6;

    /// <summary>The tiles of a product: of at most two neighbouring heights, one below the other.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="columns">Columns of B and C, at most two vectors.</param>
    /// <param name="isPadded">Whether B has whole vectors in its memory.</param>
    public static TileColumn<T> Column(int m, int columns, bool isPadded)
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
        return new TileColumn<T>(
            Of(rows + 1, vectors, edge),
            Of(rows, vectors, edge),
            rows,
            higher,
            tiles - higher,
            lanes
        );
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
        vectors == 1 ? Of<TRows, Row<V, T>>(edge) : Of<TRows, Row<Row<V, T>, V, T>>(edge);

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

/// <summary>Tiles below each other, the higher ones first.</summary>
internal readonly unsafe struct TileColumn<T>(
    delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, bool, void> higher,
    delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, bool, void> lower,
    int rows,
    int higherTiles,
    int lowerTiles,
    int lanes
)
    where T : unmanaged
{
    private readonly delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, bool, void> _higher =
        higher;
    private readonly delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, bool, void> _lower =
        lower;
    private readonly int _rows = rows;
    private readonly int _higherTiles = higherTiles;
    private readonly int _lowerTiles = lowerTiles;
    private readonly int _lanes = lanes;

    /// <summary>c (+)= A · B.</summary>
    /// <param name="a">A, at byte strides row and column.</param>
    /// <param name="row">Bytes from row to row of A.</param>
    /// <param name="column">Bytes from column to column of A.</param>
    /// <param name="b">B [depth, columns].</param>
    /// <param name="bRow">Elements from row to row of B.</param>
    /// <param name="depth">Columns of A and rows of B, at least 1.</param>
    /// <param name="c">C.</param>
    /// <param name="cRow">Elements from row to row of C.</param>
    /// <param name="add">Whether the product is added to C.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply(
        byte* a,
        nint row,
        nint column,
        T* b,
        nint bRow,
        int depth,
        T* c,
        nint cRow,
        bool add
    )
    {
        if (_higherTiles > 0)
        {
            _higher(a, row, column, b, bRow, depth, c, cRow, _higherTiles, _lanes, add);
            nint rows = _higherTiles * (_rows + 1);
            a += rows * row;
            c += rows * cRow;
        }

        _lower(a, row, column, b, bRow, depth, c, cRow, _lowerTiles, _lanes, add);
    }
}
