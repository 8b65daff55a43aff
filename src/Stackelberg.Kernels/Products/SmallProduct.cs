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

/// <summary>The same with vectors of a width: columns in groups of up to four vectors (two, with 16 registers).</summary>
internal sealed class SmallProduct<T, V>(int m, int k, int n, Matrix a, Matrix b) : SmallProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where V : struct, ISimd<V, T>
{
    private readonly int _vectors = (n + V.Count - 1) / V.Count;

    public override int Scratch => Transposes ? k * _vectors * V.Count : 0;

    private bool Transposes => b.Column != 1;

    private static int Most => V.Registers >= 32 ? 4 : 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override unsafe void Multiply(ref T left, ref T right, ref T result, ref T scratch)
    {
        nint bRow = b.Row;
        if (Transposes)
        {
            bRow = _vectors * V.Count;
            Transposing<T>.Copy(n, k, ref right, b.Column, ref scratch, bRow);
            right = ref scratch;
        }

        int groups = (_vectors + Most - 1) / Most;
        int width = _vectors / groups;
        int wider = _vectors % groups;
        fixed (T* first = &left)
        fixed (T* second = &right)
        fixed (T* sums = &result)
        {
            int j = 0;
            for (int group = 0; group < groups; group++)
            {
                int columns = Math.Min((width + (group < wider ? 1 : 0)) * V.Count, n - j);
                Tiles<T, V>.Multiply(
                    m,
                    (byte*)first,
                    (nint)a.Row * sizeof(T),
                    (nint)a.Column * sizeof(T),
                    second + j,
                    bRow,
                    Transposes,
                    k,
                    sums + j,
                    n,
                    columns,
                    false
                );
                j += columns;
            }
        }
    }
}
