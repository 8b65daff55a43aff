using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[o, ·, i] = the indices that put from[o, ·, i] into ascending order, as numbers.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="outer">How many slabs.</param>
    /// <param name="length">Length of the sorted axis.</param>
    /// <param name="inner">How many sorts run side by side.</param>
    /// <param name="from">[outer, length, inner], contiguous.</param>
    /// <param name="to">The same shape, contiguous; it may not overlap the source.</param>
    /// <param name="work">2 · length elements that the step may use.</param>
    /// <exception cref="ArgumentException">A count is negative.</exception>
    /// <remarks>Stable: equal entries keep their order. NaNs come last. Merge sort, O(n log n).</remarks>
    public static Step ArgSort(DType type, int outer, int length, int inner, Place from, Place to, Place work)
    {
        Check.Type("ArgSort", type);
        Check.Count("ArgSort", outer);
        Check.Count("ArgSort", length);
        Check.Count("ArgSort", inner);
        Check.At("ArgSort", from);
        Check.At("ArgSort", to);
        Check.At("ArgSort", work);
        return type == DType.Float64
            ? new ArgSortStep<double>(outer, length, inner, from, to, work)
            : new ArgSortStep<float>(outer, length, inner, from, to, work);
    }
}

internal sealed class ArgSortStep<T>(int outer, int length, int inner, Place from, Place to, Place work)
    : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [
            From(from, (long)outer * length * inner),
            From(to, (long)outer * length * inner),
            From(work, outer == 0 || inner == 0 ? 0 : 2L * length),
        ];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        ref T source = ref workspace.At<T>(from);
        ref T target = ref workspace.At<T>(to);
        Span<T> order = Buffers.Span(ref workspace.At<T>(work), outer == 0 || inner == 0 ? 0 : length);
        Span<T> other = Buffers.Span(ref Unsafe.Add(ref workspace.At<T>(work), order.Length), order.Length);
        for (nint o = 0; o < outer; o++)
        {
            for (nint i = 0; i < inner; i++)
            {
                nint at = o * length * inner + i;
                Span<T> sorted = Sort(ref Unsafe.Add(ref source, at), order, other);
                for (int j = 0; j < length; j++)
                {
                    Unsafe.Add(ref target, at + (nint)j * inner) = sorted[j];
                }
            }
        }
    }

    /// <summary>The order, in one of the two spans.</summary>
    private Span<T> Sort(ref T first, Span<T> order, Span<T> other)
    {
        for (int j = 0; j < length; j++)
        {
            order[j] = T.CreateTruncating(j);
        }

        for (long width = 1; width < length; width *= 2)
        {
            for (long start = 0; start < length; start += 2 * width)
            {
                int middle = (int)Math.Min(start + width, length);
                int end = (int)Math.Min(start + 2 * width, length);
                Merge(ref first, order, other, (int)start, middle, end);
            }

            Span<T> held = order;
            order = other;
            other = held;
        }

        return order;
    }

    private void Merge(ref T first, Span<T> order, Span<T> other, int start, int middle, int end)
    {
        int left = start;
        int right = middle;
        for (int k = start; k < end; k++)
        {
            bool takeRight =
                right < end
                && (
                    left >= middle || Precedes(Entry(ref first, order[right]), Entry(ref first, order[left]))
                );
            other[k] = order[takeRight ? right++ : left++];
        }
    }

    private T Entry(ref T first, T index) => Unsafe.Add(ref first, nint.CreateTruncating(index) * inner);

    private static bool Precedes(T a, T b) => a < b || (T.IsNaN(b) && !T.IsNaN(a));
}
