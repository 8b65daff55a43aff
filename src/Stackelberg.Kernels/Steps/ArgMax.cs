using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[o, i] = the j of the largest from[o, j, i], as a number.</summary>
    /// <param name="type">The number type of both buffers.</param>
    /// <param name="outer">How many slabs.</param>
    /// <param name="length">Length of the searched axis, at least 1.</param>
    /// <param name="inner">How many searches run side by side.</param>
    /// <param name="from">[outer, length, inner], contiguous.</param>
    /// <param name="to">[outer, inner], contiguous; it may not overlap the source.</param>
    /// <exception cref="ArgumentException">A count is negative, or the length 0.</exception>
    /// <remarks>Of several equal entries the first; a NaN counts as larger than any number.</remarks>
    public static Step ArgMax(DType type, int outer, int length, int inner, Place from, Place to)
    {
        Check.Type("ArgMax", type);
        Check.Count("ArgMax", outer);
        Check.Count("ArgMax", length);
        Check.Count("ArgMax", inner);
        Check.At("ArgMax", from);
        Check.At("ArgMax", to);
        if (length == 0)
        {
            Check.Fail("ArgMax: length is 0, but no entries have no largest.", nameof(length));
        }

        return type == DType.Float64
            ? new ArgMaxStep<double>(outer, length, inner, from, to)
            : new ArgMaxStep<float>(outer, length, inner, from, to);
    }
}

internal sealed class ArgMaxStep<T>(int outer, int length, int inner, Place from, Place to) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(from, (long)outer * length * inner), From(to, (long)outer * inner)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        ref T source = ref workspace.At<T>(from);
        ref T target = ref workspace.At<T>(to);
        for (nint o = 0; o < outer; o++)
        {
            for (nint i = 0; i < inner; i++)
            {
                ref T first = ref Unsafe.Add(ref source, o * length * inner + i);
                T best = first;
                int found = 0;
                for (int j = 1; j < length; j++)
                {
                    T entry = Unsafe.Add(ref first, (nint)j * inner);
                    if (entry > best || (T.IsNaN(entry) && !T.IsNaN(best)))
                    {
                        best = entry;
                        found = j;
                    }
                }

                Unsafe.Add(ref target, o * inner + i) = T.CreateTruncating(found);
            }
        }
    }
}
