using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>How <see cref="Steps.Reduce"/> combines elements.</summary>
public enum Reduction
{
    /// <summary>Their sum; 0 for none.</summary>
    Sum = 0,

    /// <summary>The largest; −∞ for none, NaN if one is NaN.</summary>
    Max = 1,

    /// <summary>The smallest; +∞ for none, NaN if one is NaN.</summary>
    Min = 2,
}

public static partial class Steps
{
    /// <summary>to[i] = the reduction of from[Σ i·keptStrides + Σ j·reducedStrides] over all j of
    /// <paramref name="reduced"/>, for every i of <paramref name="kept"/>.</summary>
    /// <param name="type">The number type of both buffers.</param>
    /// <param name="reduction">Sum, largest or smallest.</param>
    /// <param name="kept">The extents that remain.</param>
    /// <param name="keptStrides">The source's strides in elements along them.</param>
    /// <param name="reduced">The extents that are reduced.</param>
    /// <param name="reducedStrides">The source's strides in elements along them.</param>
    /// <param name="from">The source's element 0.</param>
    /// <param name="to">The results, contiguous and row-major over <paramref name="kept"/>; they may not overlap
    /// the source.</param>
    /// <exception cref="ArgumentException">Ranks differ or something is negative.</exception>
    /// <remarks>The order of a sum depends on the shape and the vector width only. A sum over contiguous elements
    /// runs in 32 (float: 64) partial sums, so its error grows like n / 32.</remarks>
    public static Step Reduce(
        DType type,
        Reduction reduction,
        int[] kept,
        int[] keptStrides,
        int[] reduced,
        int[] reducedStrides,
        Place from,
        Place to
    )
    {
        Check.Type("Reduce", type);
        if (reduction is not (Reduction.Sum or Reduction.Max or Reduction.Min))
        {
            Check.Fail($"Reduce: reduction is {(int)reduction}, which is none.", nameof(reduction));
        }

        Check.Counts("Reduce", kept);
        Check.Counts("Reduce", keptStrides);
        Check.SameRank("Reduce", kept, keptStrides);
        Check.Counts("Reduce", reduced);
        Check.Counts("Reduce", reducedStrides);
        Check.SameRank("Reduce", reduced, reducedStrides);
        Check.At("Reduce", from);
        Check.At("Reduce", to);
        var rows = Loops.Simplest(kept, keptStrides, Loops.Contiguous(kept));
        // Any order of the reduced axes gives the reduction; the largest stride outermost makes long inner loops.
        int[] order = [.. Enumerable.Range(0, reduced.Length).OrderByDescending(i => reducedStrides[i])];
        int[] extents = [.. order.Select(i => reduced[i])];
        int[] strides = [.. order.Select(i => reducedStrides[i])];
        var inside = Loops.Simplest(extents, strides, strides);
        int count = kept.Aggregate(1, (product, extent) => product * extent);
        return type == DType.Float64
            ? Make<double>(reduction, rows, inside, from, to, count)
            : Make<float>(reduction, rows, inside, from, to, count);
    }

    private static Step Make<T>(
        Reduction reduction,
        Loops rows,
        Loops inside,
        Place from,
        Place to,
        int count
    )
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        reduction switch
        {
            Reduction.Sum => new ReduceStep<T, SumReducer<T>>(rows, inside, from, to, count),
            Reduction.Max => new ReduceStep<T, MaxReducer<T>>(rows, inside, from, to, count),
            _ => new ReduceStep<T, MinReducer<T>>(rows, inside, from, to, count),
        };
}

internal sealed class ReduceStep<T, TReducer>(Loops rows, Loops inside, Place from, Place to, int count)
    : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TReducer : struct, IReducer<T>
{
    /// <summary>The innermost reduced loop; one element if there is none.</summary>
    private readonly int _length = inside.Rank == 0 ? 1 : inside.Extents[^1];
    private readonly nint _stride = inside.Rank == 0 ? 1 : inside.First[^1];

    public override IEnumerable<Region> Regions
    {
        get
        {
            bool reads = !inside.IsEmpty && !rows.IsEmpty;
            return [From(from, reads ? rows.ReachOfFirst + inside.ReachOfFirst - 1 : 0), From(to, count)];
        }
    }

    public override void Run(Workspace workspace)
    {
        ref T target = ref workspace.At<T>(to);
        Buffers.Span(ref target, count).Fill(TReducer.Identity);
        if (!inside.IsEmpty && !rows.IsEmpty)
        {
            WalkReduced(0, ref workspace.At<T>(from), ref target);
        }
    }

    private void WalkReduced(int loop, ref T source, ref T target)
    {
        if (loop >= inside.Rank - 1)
        {
            WalkKept(0, ref source, ref target);
            return;
        }

        for (int i = 0; i < inside.Extents[loop]; i++)
        {
            WalkReduced(loop + 1, ref Unsafe.Add(ref source, (nint)i * inside.First[loop]), ref target);
        }
    }

    private void WalkKept(int loop, ref T source, ref T target)
    {
        if (loop == rows.Rank)
        {
            ReduceLoop<T, TReducer>.Rows(ref source, 0, _stride, _length, ref target, 1);
        }
        else if (loop == rows.Rank - 1)
        {
            ReduceLoop<T, TReducer>.Run(
                ref source,
                rows.First[loop],
                _stride,
                _length,
                ref target,
                rows.Extents[loop]
            );
        }
        else
        {
            for (int i = 0; i < rows.Extents[loop]; i++)
            {
                WalkKept(
                    loop + 1,
                    ref Unsafe.Add(ref source, (nint)i * rows.First[loop]),
                    ref Unsafe.Add(ref target, (nint)i * rows.Second[loop])
                );
            }
        }
    }
}
