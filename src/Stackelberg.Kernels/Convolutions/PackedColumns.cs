using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>A matrix packed for the tiles: panels of two vectors of columns (the last one of one vector where that is
/// enough), each with all rows one after the other, zeros in the columns beyond the matrix.</summary>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
internal readonly record struct PackedColumns<T>(int Rows, int Columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Square = 16;

    private static int Panel => 2 * Panels<T>.Width;

    /// <summary>Columns with those of zeros.</summary>
    public int Padded =>
        Columns / Panel * Panel + (Columns % Panel == 0 ? 0 : Panels<T>.Stride(Columns % Panel));

    public int Length => checked(Rows * Padded);

    /// <summary>Packs <paramref name="count"/> of the rows, from row <paramref name="first"/> on.</summary>
    /// <param name="matrix">The first of these rows.</param>
    /// <param name="row">Elements from row to row.</param>
    /// <param name="column">Elements from column to column.</param>
    /// <param name="first">Where in the packed matrix they go.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="packed">The packed matrix.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(ref T matrix, nint row, nint column, int first, int count, ref T packed)
    {
        for (int j = 0; j < Columns; j += Panel)
        {
            int stride = Panels<T>.Stride(Columns - j);
            int used = Math.Min(stride, Columns - j);
            ref T source = ref Unsafe.Add(ref matrix, j * column);
            ref T target = ref Unsafe.Add(ref packed, (nint)j * Rows + (nint)first * stride);
            if (used < stride)
            {
                Buffers.Span(ref target, stride * count).Clear();
            }

            if (column == 1)
            {
                for (nint p = 0; p < count; p++)
                {
                    Buffers
                        .Span(ref Unsafe.Add(ref source, p * row), used)
                        .CopyTo(Buffers.Span(ref Unsafe.Add(ref target, p * stride), used));
                }
            }
            else
            {
                Transpose(ref source, row, column, count, used, ref target, stride);
            }
        }
    }

    /// <summary>In squares, so that the lines of both sides stay in the first cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose(
        ref T source,
        nint row,
        nint column,
        int count,
        int used,
        ref T target,
        nint stride
    )
    {
        for (int top = 0; top < count; top += Square)
        {
            int bottom = Math.Min(top + Square, count);
            for (nint j = 0; j < used; j++)
            {
                ref T line = ref Unsafe.Add(ref source, j * column);
                for (nint p = top; p < bottom; p++)
                {
                    Unsafe.Add(ref target, p * stride + j) = Unsafe.Add(ref line, p * row);
                }
            }
        }
    }
}
