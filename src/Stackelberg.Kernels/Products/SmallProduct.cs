using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>The matrix product of operands that stay in the first cache.</summary>
/// <remarks>A and B are read in place; a B whose columns are contiguous, instead of its rows, is transposed first.
/// Sums go in the order of k, as in <see cref="Panels{T}"/>.</remarks>
internal abstract class SmallProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bytes of B at most.</summary>
    private const int Bytes = 32768;

    /// <summary>Elements of scratch memory.</summary>
    public abstract int Scratch { get; }

    public static bool Suits(int k, int n, Matrix b) =>
        (b.Column == 1 || b.Row == 1) && (long)k * n * Unsafe.SizeOf<T>() <= Bytes;

    public static SmallProduct<T> Create(int m, int k, int n, Matrix a, Matrix b) =>
        VectorWidth.Is512 ? new SmallProduct<T, Simd512<T>>(m, k, n, a, b)
        : VectorWidth.Is256 ? new SmallProduct<T, Simd256<T>>(m, k, n, a, b)
        : new SmallProduct<T, Simd128<T>>(m, k, n, a, b);

    public abstract void Multiply(ref T a, ref T b, ref T c, ref T scratch);
}

/// <summary>The same with vectors of a width: columns in groups of up to two vectors.</summary>
internal sealed class SmallProduct<T, V> : SmallProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct, ISimd<V, T>
{
    private readonly int _k;
    private readonly int _n;
    private readonly nint _aRow;
    private readonly nint _aColumn;
    private readonly Matrix _b;
    private readonly int _bRow;
    private readonly (int Left, TileColumn<T> Tiles)[] _columns;

    public SmallProduct(int m, int k, int n, Matrix a, Matrix b)
    {
        int size = Unsafe.SizeOf<T>();
        (_k, _n, _b) = (k, n, b);
        (_aRow, _aColumn) = ((nint)a.Row * size, (nint)a.Column * size);
        int vectors = (n + V.Count - 1) / V.Count;
        _bRow = Transposes ? vectors * V.Count : b.Row;
        int groups = (vectors + Tiles<T, V>.Widest - 1) / Tiles<T, V>.Widest;
        _columns = new (int, TileColumn<T>)[groups];
        int left = 0;
        for (int group = 0; group < groups; group++)
        {
            int width = vectors / groups + (group < vectors % groups ? 1 : 0);
            int columns = Math.Min(width * V.Count, n - left);
            _columns[group] = (left, Tiles<T, V>.Column(m, columns, Transposes));
            left += columns;
        }
    }

    public override int Scratch => Transposes ? _k * _bRow : 0;

    private bool Transposes => _b.Column != 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Multiply(ref T left, ref T right, ref T result, ref T scratch)
    {
        if (Transposes)
        {
            Transposing<T>.Copy(_n, _k, ref right, _b.Column, ref scratch, _bRow);
            right = ref scratch;
        }

        fixed (T* a = &left)
        fixed (T* b = &right)
        fixed (T* c = &result)
        {
            foreach (ref readonly var column in _columns.AsSpan())
            {
                column.Tiles.Multiply(
                    (byte*)a,
                    _aRow,
                    _aColumn,
                    b + column.Left,
                    _bRow,
                    _k,
                    c + column.Left,
                    _n,
                    false
                );
            }
        }
    }
}
