using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[o, k, i] = from[o, indices[o, k, i], i].</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="outer">How many slabs.</param>
    /// <param name="length">Length of the indexed axis.</param>
    /// <param name="count">How many entries are taken along it.</param>
    /// <param name="inner">How many columns, each with its own indices.</param>
    /// <param name="from">[outer, length, inner], contiguous.</param>
    /// <param name="indices">[outer, count, inner], contiguous: whole numbers from 0 to length − 1.</param>
    /// <param name="to">[outer, count, inner], contiguous; it may not overlap an operand.</param>
    /// <exception cref="ArgumentException">A count is negative.</exception>
    /// <remarks>An index that is no number of the axis gives NaN.</remarks>
    public static Step TakeAlong(
        DType type,
        int outer,
        int length,
        int count,
        int inner,
        Place from,
        Place indices,
        Place to
    )
    {
        CheckAlong("TakeAlong", type, outer, length, count, inner, from, indices, to);
        return type == DType.Float64
            ? new AlongStep<double>(false, outer, length, count, inner, from, indices, to)
            : new AlongStep<float>(false, outer, length, count, inner, from, indices, to);
    }

    /// <summary>to[o, indices[o, k, i], i] = the sum of the from[o, k, i]; 0 where no index leads. The transpose of
    /// <see cref="TakeAlong"/>.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="outer">How many slabs.</param>
    /// <param name="length">Length of the indexed axis.</param>
    /// <param name="count">How many entries are put along it.</param>
    /// <param name="inner">How many columns, each with its own indices.</param>
    /// <param name="from">[outer, count, inner], contiguous.</param>
    /// <param name="indices">[outer, count, inner], contiguous: whole numbers from 0 to length − 1; others lead nowhere.</param>
    /// <param name="to">[outer, length, inner], contiguous; it may not overlap an operand.</param>
    /// <exception cref="ArgumentException">A count is negative.</exception>
    public static Step PutAlong(
        DType type,
        int outer,
        int length,
        int count,
        int inner,
        Place from,
        Place indices,
        Place to
    )
    {
        CheckAlong("PutAlong", type, outer, length, count, inner, from, indices, to);
        return type == DType.Float64
            ? new AlongStep<double>(true, outer, length, count, inner, from, indices, to)
            : new AlongStep<float>(true, outer, length, count, inner, from, indices, to);
    }

    private static void CheckAlong(
        string function,
        DType type,
        int outer,
        int length,
        int count,
        int inner,
        Place from,
        Place indices,
        Place to
    )
    {
        Check.Type(function, type);
        Check.Count(function, outer);
        Check.Count(function, length);
        Check.Count(function, count);
        Check.Count(function, inner);
        Check.At(function, from);
        Check.At(function, indices);
        Check.At(function, to);
    }
}

/// <summary>Entries taken from a column by the column's own indices, or put there.</summary>
internal sealed class AlongStep<T>(
    bool puts,
    int outer,
    int length,
    int count,
    int inner,
    Place from,
    Place indices,
    Place to
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [
            From(from, (long)outer * (puts ? count : length) * inner),
            From(indices, (long)outer * count * inner),
            From(to, (long)outer * (puts ? length : count) * inner),
        ];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        ref T source = ref workspace.At<T>(from);
        ref T index = ref workspace.At<T>(indices);
        ref T target = ref workspace.At<T>(to);
        T extent = T.CreateTruncating(length);
        if (puts)
        {
            Buffers.Span(ref target, outer * length * inner).Clear();
        }

        for (nint o = 0; o < outer; o++)
        {
            for (nint k = 0; k < count; k++)
            {
                for (nint i = 0; i < inner; i++)
                {
                    nint small = (o * count + k) * inner + i;
                    T at = Unsafe.Add(ref index, small);
                    // Never outside of the column, whatever a program has computed for an index.
                    bool isInside = at >= T.Zero && at < extent;
                    nint large = (o * length + (isInside ? nint.CreateTruncating(at) : 0)) * inner + i;
                    if (puts && isInside)
                    {
                        Unsafe.Add(ref target, large) += Unsafe.Add(ref source, small);
                    }
                    else if (!puts)
                    {
                        Unsafe.Add(ref target, small) = isInside ? Unsafe.Add(ref source, large) : T.NaN;
                    }
                }
            }
        }
    }
}
