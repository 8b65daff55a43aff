using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>An operand of a product of chosen entries, with the mask of its entries that count.</summary>
/// <param name="From">The operand's element 0.</param>
/// <param name="Batch">Its strides in elements along the batch, 0 to repeat.</param>
/// <param name="Row">Its stride from row to row.</param>
/// <param name="Column">Its stride from column to column.</param>
/// <param name="Mask">The mask's element 0; null where all entries count.</param>
/// <param name="MaskBatch">The mask's strides along the batch; null without a mask.</param>
/// <param name="MaskRow">The mask's stride from row to row.</param>
/// <param name="MaskColumn">The mask's stride from column to column.</param>
public sealed record ChosenOperand(
    Place From,
    int[] Batch,
    int Row,
    int Column,
    Place? Mask,
    int[]? MaskBatch,
    int MaskRow,
    int MaskColumn
);

public static partial class Steps
{
    /// <summary>What follows a <see cref="MatMul"/> whose operands have entries that do not count: each NaN of C is
    /// computed again, without the products of such entries: c[i, j] = Σ a[i, p] · b[p, j] over the p where neither
    /// mask is 0.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="batch">Extents of the batch; rank 0 is one product.</param>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B.</param>
    /// <param name="c">C, [batch, m, n], contiguous: what MatMul made of A and B.</param>
    /// <exception cref="ArgumentException">Ranks differ or something is negative.</exception>
    /// <remarks>An entry that does not count is 0 itself; only times an infinity or a NaN does it matter, and then the
    /// product is NaN. So a finite C costs one look at each of its entries.</remarks>
    public static Step ProductOfChosen(
        DType type,
        int[] batch,
        int m,
        int k,
        int n,
        ChosenOperand a,
        ChosenOperand b,
        Place c
    )
    {
        Check.Type("ProductOfChosen", type);
        Check.Counts("ProductOfChosen", batch);
        Check.Count("ProductOfChosen", m);
        Check.Count("ProductOfChosen", k);
        Check.Count("ProductOfChosen", n);
        Check.At("ProductOfChosen", c);
        foreach (ChosenOperand operand in new[] { a, b })
        {
            Check.At("ProductOfChosen", operand.From);
            Check.Counts("ProductOfChosen", operand.Batch);
            Check.SameRank("ProductOfChosen", batch, operand.Batch);
            Check.Count("ProductOfChosen", operand.Row);
            Check.Count("ProductOfChosen", operand.Column);
            if (operand.Mask is { } mask)
            {
                Check.At("ProductOfChosen", mask);
                Check.Counts("ProductOfChosen", operand.MaskBatch!);
                Check.SameRank("ProductOfChosen", batch, operand.MaskBatch!);
                Check.Count("ProductOfChosen", operand.MaskRow);
                Check.Count("ProductOfChosen", operand.MaskColumn);
            }
        }

        return type == DType.Float64
            ? new ProductOfChosenStep<double>(batch, m, k, n, a, b, c)
            : new ProductOfChosenStep<float>(batch, m, k, n, a, b, c);
    }
}

internal sealed class ProductOfChosenStep<T>(
    int[] batch,
    int m,
    int k,
    int n,
    ChosenOperand a,
    ChosenOperand b,
    Place c
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _count = batch.Aggregate(1, (product, extent) => product * extent);

    public override IEnumerable<Region> Regions
    {
        get
        {
            long results = (long)_count * m * n;
            bool reads = results > 0 && k > 0;
            foreach (var (operand, rows, columns) in new[] { (a, m, k), (b, k, n) })
            {
                yield return From(
                    operand.From,
                    reads ? Reach(operand.Batch, rows, operand.Row, columns, operand.Column) : 0
                );
                if (operand.Mask is { } mask)
                {
                    yield return From(
                        mask,
                        reads
                            ? Reach(operand.MaskBatch!, rows, operand.MaskRow, columns, operand.MaskColumn)
                            : 0
                    );
                }
            }

            yield return From(c, results);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        Span<T> all = Buffers.Span(ref workspace.At<T>(c), _count * m * n);
        for (int at = 0; at < all.Length; at++)
        {
            if (T.IsNaN(all[at]))
            {
                all[at] = Entry(workspace, at / (m * n), at / n % m, at % n);
            }
        }
    }

    private long Reach(int[] strides, int rows, int row, int columns, int column)
    {
        long reach = (rows - 1L) * row + (columns - 1L) * column + 1;
        for (int i = 0; i < batch.Length; i++)
        {
            reach += (batch[i] - 1L) * strides[i];
        }

        return reach;
    }

    private T Entry(Workspace workspace, int member, int i, int j)
    {
        ref T left = ref First(workspace, a.From, member, a.Batch, i * (nint)a.Row);
        ref T right = ref First(workspace, b.From, member, b.Batch, j * (nint)b.Column);
        ref T leftMask = ref First(
            workspace,
            a.Mask ?? a.From,
            member,
            a.MaskBatch ?? a.Batch,
            i * (nint)a.MaskRow
        );
        ref T rightMask = ref First(
            workspace,
            b.Mask ?? b.From,
            member,
            b.MaskBatch ?? b.Batch,
            j * (nint)b.MaskColumn
        );
        T sum = T.Zero;
        for (nint p = 0; p < k; p++)
        {
            bool counts =
                (a.Mask is null || Unsafe.Add(ref leftMask, p * a.MaskColumn) != T.Zero)
                && (b.Mask is null || Unsafe.Add(ref rightMask, p * b.MaskRow) != T.Zero);
            if (counts)
            {
                sum += Unsafe.Add(ref left, p * a.Column) * Unsafe.Add(ref right, p * b.Row);
            }
        }

        return sum;
    }

    /// <summary>An operand's element in a member of the batch.</summary>
    private ref T First(Workspace workspace, Place from, int member, int[] strides, nint inside)
    {
        nint offset = inside;
        for (int i = batch.Length - 1; i >= 0; i--)
        {
            offset += (nint)(member % batch[i]) * strides[i];
            member /= batch[i];
        }

        return ref Unsafe.Add(ref workspace.At<T>(from), offset);
    }
}
