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
    /// <remarks>The order of a sum depends on the shape and the vector width only. It is a sum of partial sums of at most
    /// 128 roundings each, so that its error grows like the logarithm of n, as for pairwise summation: N. Higham, The
    /// Accuracy of Floating Point Summation (1993).</remarks>
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
    /// <summary>Rows that neighbouring sums take one after the other.</summary>
    private const int Chunk = 128;

    /// <summary>Partial sums that are added up one after the other.</summary>
    private const int Radix = 32;

    /// <summary>The innermost reduced loop; one element if there is none.</summary>
    private readonly int _length = inside.Rank == 0 ? 1 : inside.Extents[^1];
    private readonly nint _stride = inside.Rank == 0 ? 1 : inside.First[^1];

    /// <summary>Where neighbouring results come from neighbouring elements, a long loop is done in chunks, lest all of it
    /// be one sum.</summary>
    private readonly int _chunk =
        typeof(TReducer) == typeof(SumReducer<T>) && rows.Rank > 0 && rows.First[^1] == 1 && inside.Rank > 0
            ? Math.Min(inside.Extents[^1], Chunk)
        : inside.Rank == 0 ? 1
        : inside.Extents[^1];

    /// <summary>Levels of partial sums below the result, each of up to Radix partial sums of the level below.</summary>
    private readonly int _levels = Levels(rows, inside);

    public override int Scratch => checked(_levels * count);

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
        if (inside.IsEmpty || rows.IsEmpty)
        {
            return;
        }

        Span<T> levels = workspace.Scratch<T>().AsSpan(0, _levels * count);
        levels.Clear();
        long passes = 0;
        ref T lowest = ref (_levels > 0 ? ref levels[0] : ref target);
        WalkReduced(0, ref workspace.At<T>(from), ref lowest, ref target, levels, ref passes);
        for (int level = 0; level < _levels; level++)
        {
            Raise(levels, level, ref target);
        }
    }

    private static int Levels(Loops rows, Loops inside)
    {
        if (typeof(TReducer) != typeof(SumReducer<T>) || inside.IsEmpty || rows.IsEmpty || inside.Rank == 0)
        {
            return 0;
        }

        long passes = rows.Rank > 0 && rows.First[^1] == 1 ? (inside.Extents[^1] + Chunk - 1) / Chunk : 1;
        for (int loop = 0; loop < inside.Rank - 1; loop++)
        {
            passes *= inside.Extents[loop];
        }

        int levels = 0;
        for (; passes > Radix; passes = (passes + Radix - 1) / Radix)
        {
            levels++;
        }

        return levels;
    }

    private void WalkReduced(
        int loop,
        ref T source,
        ref T lowest,
        ref T target,
        Span<T> levels,
        ref long passes
    )
    {
        if (loop < inside.Rank - 1)
        {
            for (int i = 0; i < inside.Extents[loop]; i++)
            {
                ref T part = ref Unsafe.Add(ref source, (nint)i * inside.First[loop]);
                WalkReduced(loop + 1, ref part, ref lowest, ref target, levels, ref passes);
            }

            return;
        }

        for (int first = 0; first < _length; first += _chunk)
        {
            int length = Math.Min(_chunk, _length - first);
            WalkKept(0, ref Unsafe.Add(ref source, first * _stride), length, ref lowest);
            passes++;
            long due = passes;
            for (int level = 0; level < _levels && due % Radix == 0; level++)
            {
                Raise(levels, level, ref target);
                due /= Radix;
            }
        }
    }

    /// <summary>Adds the sums of one level to those of the next one, and begins the level anew.</summary>
    private void Raise(Span<T> levels, int level, ref T target)
    {
        Span<T> sums = levels.Slice(level * count, count);
        Span<T> next =
            level + 1 < _levels ? levels.Slice((level + 1) * count, count) : Buffers.Span(ref target, count);
        PartialSums<T>.Add(ref sums[0], ref next[0], count);
        sums.Clear();
    }

    private void WalkKept(int loop, ref T source, int length, ref T target)
    {
        if (loop == rows.Rank)
        {
            ReduceLoop<T, TReducer>.Rows(ref source, 0, _stride, length, ref target, 1);
        }
        else if (loop == rows.Rank - 1)
        {
            ReduceLoop<T, TReducer>.Run(
                ref source,
                rows.First[loop],
                _stride,
                length,
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
                    length,
                    ref Unsafe.Add(ref target, (nint)i * rows.Second[loop])
                );
            }
        }
    }
}
