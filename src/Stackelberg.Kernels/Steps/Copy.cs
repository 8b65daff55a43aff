using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>to[Σ i·toStrides] = from[Σ i·fromStrides] for every index i of <paramref name="extents"/>:
    /// broadcasts, permutations, slices, padding and plain copies.</summary>
    /// <param name="type">The number type of both buffers.</param>
    /// <param name="extents">The index space; rank 0 is one element, an extent of 0 none.</param>
    /// <param name="from">Where the source's index 0 … 0 is.</param>
    /// <param name="fromStrides">The source's strides in elements, 0 to repeat.</param>
    /// <param name="to">Where the destination's index 0 … 0 is; it may not overlap the source.</param>
    /// <param name="toStrides">The destination's strides in elements.</param>
    /// <exception cref="ArgumentException">The ranks differ, something is negative, or a destination stride is 0
    /// where the extent is above 1.</exception>
    public static Step Copy(
        DType type,
        int[] extents,
        Place from,
        int[] fromStrides,
        Place to,
        int[] toStrides
    )
    {
        Check.Type("Copy", type);
        Check.Counts("Copy", extents);
        Check.At("Copy", from);
        Check.Counts("Copy", fromStrides);
        Check.SameRank("Copy", extents, fromStrides);
        Check.At("Copy", to);
        Check.Counts("Copy", toStrides);
        Check.SameRank("Copy", extents, toStrides);
        for (int i = 0; i < extents.Length; i++)
        {
            if (toStrides[i] == 0 && extents[i] > 1 && !extents.Contains(0))
            {
                Check.Fail(
                    $"Copy: toStrides is {Check.Show(toStrides)} for extents {Check.Show(extents)}, "
                        + "which writes several elements to one place.",
                    nameof(toStrides)
                );
            }
        }

        var loops = Loops.Simplest(extents, fromStrides, toStrides);
        return type == DType.Float64
            ? new CopyStep<double>(loops, from, to)
            : new CopyStep<float>(loops, from, to);
    }
}

internal sealed class CopyStep<T>(Loops loops, Place from, Place to) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Side of the squares in which a transpose goes, so that their lines stay in the first cache.</summary>
    private const int Tile = 16;

    private readonly int _rank = loops.Rank;
    private readonly int[] _extents = loops.Extents;
    private readonly int[] _from = loops.First;
    private readonly int[] _to = loops.Second;

    public override IEnumerable<Region> Regions =>
        [From(from, loops.ReachOfFirst), From(to, loops.ReachOfSecond)];

    public override void Run(Workspace workspace)
    {
        if (!loops.IsEmpty)
        {
            Walk(0, ref workspace.At<T>(from), ref workspace.At<T>(to));
        }
    }

    private void Walk(int loop, ref T source, ref T target)
    {
        if (loop == _rank)
        {
            target = source;
        }
        else if (loop == _rank - 1)
        {
            Line(ref source, _from[loop], ref target, _to[loop], _extents[loop]);
        }
        else if (loop == _rank - 2 && _from[loop] == 1 && _to[loop + 1] == 1 && _from[loop + 1] != 0)
        {
            Transposing<T>.Copy(
                _extents[loop + 1],
                _extents[loop],
                ref source,
                _from[loop + 1],
                ref target,
                _to[loop]
            );
        }
        else if (loop == _rank - 2 && _from[loop] == 1 && _from[loop + 1] != 0)
        {
            Transpose(loop, ref source, ref target);
        }
        else
        {
            for (int i = 0; i < _extents[loop]; i++)
            {
                Walk(
                    loop + 1,
                    ref Unsafe.Add(ref source, (nint)i * _from[loop]),
                    ref Unsafe.Add(ref target, (nint)i * _to[loop])
                );
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Line(ref T source, nint sourceStride, ref T target, nint targetStride, int count)
    {
        if (sourceStride == 1 && targetStride == 1)
        {
            Buffers.Span(ref source, count).CopyTo(Buffers.Span(ref target, count));
        }
        else if (sourceStride == 0 && targetStride == 1)
        {
            Buffers.Span(ref target, count).Fill(source);
        }
        else
        {
            for (nint i = 0; i < count; i++)
            {
                Unsafe.Add(ref target, i * targetStride) = Unsafe.Add(ref source, i * sourceStride);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Transpose(int loop, ref T source, ref T target)
    {
        int rows = _extents[loop];
        int columns = _extents[loop + 1];
        nint sourceColumn = _from[loop + 1];
        nint targetRow = _to[loop];
        nint targetColumn = _to[loop + 1];
        for (int top = 0; top < rows; top += Tile)
        {
            int bottom = Math.Min(top + Tile, rows);
            for (int left = 0; left < columns; left += Tile)
            {
                int right = Math.Min(left + Tile, columns);
                for (nint i = top; i < bottom; i++)
                {
                    for (nint j = left; j < right; j++)
                    {
                        Unsafe.Add(ref target, i * targetRow + j * targetColumn) = Unsafe.Add(
                            ref source,
                            i + j * sourceColumn
                        );
                    }
                }
            }
        }
    }
}
