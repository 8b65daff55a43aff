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
    /// <remarks>Summed in the order of the axis, for float in double, so that each sum is rounded once.</remarks>
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

    /// <summary>Sums that run side by side in one pass.</summary>
    private const int Together = 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        ref T source = ref workspace.At<T>(from);
        ref T target = ref workspace.At<T>(to);
        nint step = fromEnd ? -inner : inner;
        for (int o = 0; o < outer; o++)
        {
            nint at = ((nint)o * length + (fromEnd ? length - 1 : 0)) * inner;
            for (int i = 0; i < inner; i += Together)
            {
                int count = Math.Min(Together, inner - i);
                ref T first = ref Unsafe.Add(ref source, at + i);
                ref T sums = ref Unsafe.Add(ref target, at + i);
                if (count == 1)
                {
                    One(ref first, ref sums, step);
                }
                else
                {
                    Several(ref first, ref sums, step, count);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void One(ref T source, ref T target, nint step)
    {
        // From −0 on, so that a sum that begins with −0 is −0.
        double sum = double.NegativeZero;
        for (nint at = 0, j = 0; j < length; j++, at += step)
        {
            sum += double.CreateTruncating(Unsafe.Add(ref source, at));
            Unsafe.Add(ref target, at) = T.CreateTruncating(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Several(ref T source, ref T target, nint step, int count)
    {
        Span<double> sums = stackalloc double[Together];
        sums.Fill(double.NegativeZero);
        for (nint at = 0, j = 0; j < length; j++, at += step)
        {
            for (int i = 0; i < count; i++)
            {
                sums[i] += double.CreateTruncating(Unsafe.Add(ref source, at + i));
                Unsafe.Add(ref target, at + i) = T.CreateTruncating(sums[i]);
            }
        }
    }
}
