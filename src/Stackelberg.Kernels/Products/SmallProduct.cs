using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The matrix product of operands that stay in the first cache, with 512-bit vectors.</summary>
/// <remarks>A and B are read in place; a B whose columns are contiguous, instead of its rows, is transposed first.
/// The columns of C are divided into groups of up to four vectors, the rows of a group into tiles of at most two
/// neighbouring heights, once and for all. Sums go in the order of k, as in <see cref="Panels{T}"/>.</remarks>
internal sealed unsafe class SmallProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of B at most.</summary>
    private const int Bytes = 32768;

    private readonly int _k;
    private readonly int _n;
    private readonly nint _aRow;
    private readonly nint _aColumn;
    private readonly Matrix _b;
    private readonly int _bRow;
    private readonly Part[] _parts;

    public SmallProduct(int m, int k, int n, Matrix a, Matrix b)
    {
        (_k, _n, _b) = (k, n, b);
        (_aRow, _aColumn) = ((nint)a.Row * sizeof(T), (nint)a.Column * sizeof(T));
        Transposes = b.Column != 1;
        int vectors = (n + Vector512<T>.Count - 1) / Vector512<T>.Count;
        _bRow = Transposes ? vectors * Vector512<T>.Count : b.Row;
        var parts = new List<Part>();
        int groups = (vectors + 3) / 4;
        int left = 0;
        for (int group = 0; group < groups; group++)
        {
            int width = vectors / groups + (group < vectors % groups ? 1 : 0);
            int lanes = Math.Min(Vector512<T>.Count, n - left - (width - 1) * Vector512<T>.Count);
            int height = width switch
            {
                1 or 2 => 12,
                3 => 8,
                _ => 6,
            };
            int tiles = (m + height - 1) / height;
            int rows = m / tiles;
            int higher = m % tiles;
            if (higher > 0)
            {
                parts.Add(new Part(Tile(width, rows + 1), 0, left, higher, lanes));
            }

            parts.Add(new Part(Tile(width, rows), higher * (rows + 1), left, tiles - higher, lanes));
            left += width * Vector512<T>.Count;
        }

        _parts = [.. parts];
    }

    /// <summary>Elements of scratch memory.</summary>
    public int Scratch => Transposes ? _k * _bRow : 0;

    private bool Transposes { get; }

    public static bool Suits(int k, int n, Matrix b) =>
        Vector512.IsHardwareAccelerated && (b.Column == 1 || b.Row == 1) && (long)k * n * sizeof(T) <= Bytes;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Multiply(ref T a, ref T b, ref T c, ref T scratch)
    {
        if (Transposes)
        {
            Transposing<T>.Copy(_n, _k, ref b, _b.Column, ref scratch, _bRow);
            b = ref scratch;
        }

        fixed (T* first = &a)
        fixed (T* second = &b)
        fixed (T* result = &c)
        {
            foreach (ref readonly Part part in _parts.AsSpan())
            {
                part.Tile(
                    (byte*)first + part.Top * _aRow,
                    _aRow,
                    _aColumn,
                    second + part.Left,
                    _bRow,
                    _k,
                    result + (nint)part.Top * _n + part.Left,
                    _n,
                    part.Tiles,
                    part.Lanes
                );
            }
        }
    }

    private static delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, void> Tile(
        int width,
        int rows
    ) =>
        rows switch
        {
            1 => Tile<Rows1>(width),
            2 => Tile<Rows2>(width),
            3 => Tile<Rows3>(width),
            4 => Tile<Rows4>(width),
            5 => Tile<Rows5>(width),
            6 => Tile<Rows6>(width),
            7 => Tile<Rows7>(width),
            8 => Tile<Rows8>(width),
            9 => Tile<Rows9>(width),
            10 => Tile<Rows10>(width),
            11 => Tile<Rows11>(width),
            _ => Tile<Rows12>(width),
        };

    private static delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, void> Tile<TRows>(
        int width
    )
        where TRows : struct, IRows =>
        width switch
        {
            1 => &SmallTile<T, TRows>.Vectors1,
            2 => &SmallTile<T, TRows>.Vectors2,
            3 => &SmallTile<T, TRows>.Vectors3,
            _ => &SmallTile<T, TRows>.Vectors4,
        };

    /// <summary>Some tiles of the same shape, one below the other.</summary>
    private readonly struct Part(
        delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, void> tile,
        int top,
        int left,
        int tiles,
        int lanes
    )
    {
        public readonly delegate* <byte*, nint, nint, T*, nint, int, T*, nint, int, int, void> Tile = tile;
        public readonly int Top = top;
        public readonly int Left = left;
        public readonly int Tiles = tiles;

        /// <summary>Lanes of the last vector of a row.</summary>
        public readonly int Lanes = lanes;
    }
}
