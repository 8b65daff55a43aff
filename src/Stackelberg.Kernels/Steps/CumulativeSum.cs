using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[o, j, i] = Σ from[o, p, i] over p ≤ j, or over p ≥ j.</summary>
    /// <param name="type">The number type of both buffers.</param>
    /// <param name="outer">How many slabs.</param>
    /// <param name="length">Length of the summed axis.</param>
    /// <param name="inner">How many sums run side by side.</param>
    /// <param name="fromEnd">Whether the sums begin at the end of the axis: p ≥ j.</param>
    /// <param name="from">[outer, length, inner], contiguous.</param>
    /// <param name="to">[outer, length, inner], contiguous; may be the place of the source, but may not overlap it
    /// otherwise.</param>
    /// <exception cref="ArgumentException">A count is negative.</exception>
    /// <remarks>Summed in the order of the axis.</remarks>
    public static Step CumulativeSum(
        DType type,
        int outer,
        int length,
        int inner,
        bool fromEnd,
        Place from,
        Place to
    )
    {
        Check.Type("CumulativeSum", type);
        Check.Count("CumulativeSum", outer);
        Check.Count("CumulativeSum", length);
        Check.Count("CumulativeSum", inner);
        Check.At("CumulativeSum", from);
        Check.At("CumulativeSum", to);
        return type == DType.Float64
            ? new CumulativeSumStep<double>(outer, length, inner, fromEnd, from, to)
            : new CumulativeSumStep<float>(outer, length, inner, fromEnd, from, to);
    }
}

internal sealed class CumulativeSumStep<T>(
    int outer,
    int length,
    int inner,
    bool fromEnd,
    Place from,
    Place to
) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(from, (long)outer * length * inner), From(to, (long)outer * length * inner)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        ref T source = ref workspace.At<T>(from);
        ref T target = ref workspace.At<T>(to);
        nint step = fromEnd ? -inner : inner;
        for (int o = 0; o < outer && length > 0; o++)
        {
            nint at = ((nint)o * length + (fromEnd ? length - 1 : 0)) * inner;
            Buffers
                .Span(ref Unsafe.Add(ref source, at), inner)
                .CopyTo(Buffers.Span(ref Unsafe.Add(ref target, at), inner));
            for (int j = 1; j < length; j++)
            {
                at += step;
                for (nint i = at; i < at + inner; i++)
                {
                    Unsafe.Add(ref target, i) = Unsafe.Add(ref target, i - step) + Unsafe.Add(ref source, i);
                }
            }
        }
    }
}
