using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>C = A · B for each pair of a batch: c[i, j] = Σ a[i, p] · b[p, j] over p.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="batch">Extents of the batch; rank 0 is one product.</param>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="k">Columns of A, rows of B; 0 gives C = 0.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="a">A's element 0.</param>
    /// <param name="aBatchStrides">A's strides in elements along the batch, 0 to repeat.</param>
    /// <param name="aRow">A's stride from row to row.</param>
    /// <param name="aColumn">A's stride from column to column.</param>
    /// <param name="b">B's element 0.</param>
    /// <param name="bBatchStrides">B's strides in elements along the batch, 0 to repeat.</param>
    /// <param name="bRow">B's stride from row to row.</param>
    /// <param name="bColumn">B's stride from column to column.</param>
    /// <param name="c">C, [batch, m, n], contiguous; it may not overlap A or B.</param>
    /// <exception cref="ArgumentException">Ranks differ or something is negative.</exception>
    /// <remarks>An entry is summed in the order of p by fused multiply-adds, whatever its place in C; except that a
    /// product with k of at least 16 and at most three columns, and contiguous rows in A, or at most three rows, and
    /// contiguous columns in B, is made of dot products that are summed lane by lane.</remarks>
    public static Step MatMul(
        DType type,
        int[] batch,
        int m,
        int k,
        int n,
        Place a,
        int[] aBatchStrides,
        int aRow,
        int aColumn,
        Place b,
        int[] bBatchStrides,
        int bRow,
        int bColumn,
        Place c
    )
    {
        Check.Type("MatMul", type);
        Check.Counts("MatMul", batch);
        Check.Count("MatMul", m);
        Check.Count("MatMul", k);
        Check.Count("MatMul", n);
        Check.At("MatMul", a);
        Check.Counts("MatMul", aBatchStrides);
        Check.SameRank("MatMul", batch, aBatchStrides);
        Check.Count("MatMul", aRow);
        Check.Count("MatMul", aColumn);
        Check.At("MatMul", b);
        Check.Counts("MatMul", bBatchStrides);
        Check.SameRank("MatMul", batch, bBatchStrides);
        Check.Count("MatMul", bRow);
        Check.Count("MatMul", bColumn);
        Check.At("MatMul", c);
        var loops = Loops.Simplest(batch, aBatchStrides, bBatchStrides);
        var left = new Matrix(a, aRow, aColumn);
        var right = new Matrix(b, bRow, bColumn);
        return type == DType.Float64
            ? new MatMulStep<double>(loops, m, k, n, left, right, c)
            : new MatMulStep<float>(loops, m, k, n, left, right, c);
    }
}

/// <summary>Where a matrix begins, and its strides in elements.</summary>
internal readonly record struct Matrix(Place From, int Row, int Column);
