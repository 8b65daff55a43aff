using System.Numerics;

namespace Stackelberg.Kernels;

/// <summary>A matrix packed for the tiles: panels of two vectors of columns (the last one of one vector where that is
/// enough), each with all rows one after the other, zeros in the columns beyond the matrix.</summary>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Columns of the matrix.</param>
internal readonly record struct PackedColumns<T>(int Rows, int Columns)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static Panels<T> Panels => Panels<T>.Here;

    /// <summary>Columns with those of zeros.</summary>
    public int Padded =>
        Columns / Panels.Panel * Panels.Panel
        + (Columns % Panels.Panel == 0 ? 0 : Panels.Stride(Columns % Panels.Panel));

    public int Length => checked(Rows * Padded);

    /// <summary>Packs all rows of a matrix.</summary>
    /// <param name="matrix">Its first element.</param>
    /// <param name="row">Elements from row to row.</param>
    /// <param name="column">Elements from column to column.</param>
    /// <param name="packed">The packed matrix.</param>
    public void Pack(ref T matrix, int row, int column, ref T packed) =>
        Panels.Pack(ref matrix, new Matrix(default, row, column), Rows, Columns, ref packed);

    /// <summary>c (+)= a · some rows of the packed matrix.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="a">A [m, count], at these strides.</param>
    /// <param name="row">Elements from row to row of A.</param>
    /// <param name="column">Elements from column to column of A.</param>
    /// <param name="packed">The packed matrix.</param>
    /// <param name="first">The first of its rows.</param>
    /// <param name="count">How many of its rows.</param>
    /// <param name="c">C [m, columns].</param>
    /// <param name="cRow">Elements from row to row of C.</param>
    /// <param name="add">Whether the product is added to C.</param>
    public void Multiply(
        int m,
        ref T a,
        int row,
        int column,
        ref T packed,
        int first,
        int count,
        ref T c,
        nint cRow,
        bool add
    ) =>
        Panels.MultiplyPacked(
            m,
            ref a,
            new Matrix(default, row, column),
            ref packed,
            Rows,
            first,
            count,
            ref c,
            cRow,
            Columns,
            add
        );
}
