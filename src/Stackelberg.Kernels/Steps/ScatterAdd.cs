using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[o, indices[j], i] = Σ from[o, j, i] over the j that name it, 0 where none does: the transpose of
    /// <see cref="Gather"/>.</summary>
    /// <param name="type">The number type of both buffers.</param>
    /// <param name="outer">How many slabs.</param>
    /// <param name="length">Length of the indexed axis.</param>
    /// <param name="inner">How many elements each index stands for.</param>
    /// <param name="indices">Which entry of the axis each addend goes to.</param>
    /// <param name="from">[outer, indices.Length, inner], contiguous.</param>
    /// <param name="to">[outer, length, inner], contiguous; it may not overlap the source.</param>
    /// <exception cref="ArgumentException">A count is negative or an index outside 0 … length − 1.</exception>
    /// <remarks>The addends of an entry are added in the order of their j.</remarks>
    public static Step ScatterAdd(
        DType type,
        int outer,
        int length,
        int inner,
        int[] indices,
        Place from,
        Place to
    )
    {
        int[] copy = CheckedIndices("ScatterAdd", type, outer, length, inner, indices, from, to);
        return type == DType.Float64
            ? new ScatterAddStep<double>(outer, length, inner, copy, from, to)
            : new ScatterAddStep<float>(outer, length, inner, copy, from, to);
    }
}

internal sealed class ScatterAddStep<T>(int outer, int length, int inner, int[] indices, Place from, Place to)
    : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(from, (long)outer * indices.Length * inner), From(to, (long)outer * length * inner)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        ref T source = ref workspace.At<T>(from);
        ref T target = ref workspace.At<T>(to);
        for (int o = 0; o < outer; o++)
        {
            Buffers.Span(ref target, length * inner).Clear();
            foreach (int index in indices)
            {
                ref T sum = ref Unsafe.Add(ref target, (nint)index * inner);
                for (nint i = 0; i < inner; i++)
                {
                    Unsafe.Add(ref sum, i) += Unsafe.Add(ref source, i);
                }

                source = ref Unsafe.Add(ref source, inner);
            }

            target = ref Unsafe.Add(ref target, (nint)length * inner);
        }
    }
}
