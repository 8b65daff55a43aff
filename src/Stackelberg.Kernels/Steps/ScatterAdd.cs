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
    /// <remarks>The addends of an entry are added in the order of their j, for float in double, so that a sum is rounded
    /// once.</remarks>
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

internal sealed class ScatterAddStep<T> : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Sums that run side by side in one pass.</summary>
    private const int Together = 64;

    private readonly int _outer;
    private readonly int _length;
    private readonly int _inner;
    private readonly Place _from;
    private readonly Place _to;

    /// <summary>The addends in the order of the entries they go to, and where in it each entry's begin.</summary>
    private readonly int[] _addends;
    private readonly int[] _starts;

    public ScatterAddStep(int outer, int length, int inner, int[] indices, Place from, Place to)
    {
        (_outer, _length, _inner, _from, _to) = (outer, length, inner, from, to);
        _addends = [.. Enumerable.Range(0, indices.Length).OrderBy(j => indices[j])];
        _starts = new int[length + 1];
        foreach (int index in indices)
        {
            _starts[index + 1]++;
        }

        for (int i = 0; i < length; i++)
        {
            _starts[i + 1] += _starts[i];
        }
    }

    public override IEnumerable<Region> Regions =>
        [From(_from, (long)_outer * _addends.Length * _inner), From(_to, (long)_outer * _length * _inner)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        ref T source = ref workspace.At<T>(_from);
        ref T target = ref workspace.At<T>(_to);
        for (int o = 0; o < _outer; o++)
        {
            for (int entry = 0; entry < _length; entry++)
            {
                ReadOnlySpan<int> addends = _addends.AsSpan(_starts[entry].._starts[entry + 1]);
                if (_inner == 1)
                {
                    target = One(ref source, addends);
                }
                else
                {
                    Several(ref source, addends, ref target);
                }

                target = ref Unsafe.Add(ref target, _inner);
            }

            source = ref Unsafe.Add(ref source, (nint)_addends.Length * _inner);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T One(ref T source, ReadOnlySpan<int> addends)
    {
        double sum = 0.0;
        foreach (int j in addends)
        {
            sum += double.CreateTruncating(Unsafe.Add(ref source, j));
        }

        return T.CreateTruncating(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Several(ref T source, ReadOnlySpan<int> addends, ref T target)
    {
        Span<double> sums = stackalloc double[Together];
        for (int first = 0; first < _inner; first += Together)
        {
            int count = Math.Min(Together, _inner - first);
            sums.Clear();
            foreach (int j in addends)
            {
                ref T from = ref Unsafe.Add(ref source, (nint)j * _inner + first);
                for (int i = 0; i < count; i++)
                {
                    sums[i] += double.CreateTruncating(Unsafe.Add(ref from, i));
                }
            }

            for (int i = 0; i < count; i++)
            {
                Unsafe.Add(ref target, first + i) = T.CreateTruncating(sums[i]);
            }
        }
    }
}
