using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[o, j, i] = from[o, indices[j], i].</summary>
    /// <param name="type">The number type of both buffers.</param>
    /// <param name="outer">How many slabs.</param>
    /// <param name="length">Length of the indexed axis.</param>
    /// <param name="inner">How many elements each index stands for.</param>
    /// <param name="indices">Which entries of the axis, in order; repeats are allowed.</param>
    /// <param name="from">[outer, length, inner], contiguous.</param>
    /// <param name="to">[outer, indices.Length, inner], contiguous; it may not overlap the source.</param>
    /// <exception cref="ArgumentException">A count is negative or an index outside 0 … length − 1.</exception>
    public static Step Gather(
        DType type,
        int outer,
        int length,
        int inner,
        int[] indices,
        Place from,
        Place to
    )
    {
        int[] copy = CheckedIndices("Gather", type, outer, length, inner, indices, from, to);
        return type == DType.Float64
            ? new GatherStep<double>(outer, length, inner, copy, from, to)
            : new GatherStep<float>(outer, length, inner, copy, from, to);
    }

    private static int[] CheckedIndices(
        string function,
        DType type,
        int outer,
        int length,
        int inner,
        int[] indices,
        Place from,
        Place to
    )
    {
        Check.Type(function, type);
        Check.Count(function, outer);
        Check.Count(function, length);
        Check.Count(function, inner);
        Check.At(function, from);
        Check.At(function, to);
        ArgumentNullException.ThrowIfNull(indices);
        for (int j = 0; j < indices.Length; j++)
        {
            if (indices[j] < 0 || indices[j] >= length)
            {
                Check.Fail(
                    $"{function}: indices[{j}] is {indices[j]}, but the axis has length {length}.",
                    nameof(indices)
                );
            }
        }

        return [.. indices];
    }
}

internal sealed class GatherStep<T>(int outer, int length, int inner, int[] indices, Place from, Place to)
    : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(from, (long)outer * length * inner), From(to, (long)outer * indices.Length * inner)];

    public override void Run(Workspace workspace)
    {
        ref T source = ref workspace.At<T>(from);
        ref T target = ref workspace.At<T>(to);
        for (int o = 0; o < outer; o++)
        {
            foreach (int index in indices)
            {
                Buffers
                    .Span(ref Unsafe.Add(ref source, (nint)index * inner), inner)
                    .CopyTo(Buffers.Span(ref target, inner));
                target = ref Unsafe.Add(ref target, inner);
            }

            source = ref Unsafe.Add(ref source, (nint)length * inner);
        }
    }
}
