namespace Stackelberg.Kernels;

/// <summary>A nest of loops over two operands with element strides, in its simplest form: no extent is 1, and loops
/// that both operands run through without a gap are one loop.</summary>
internal sealed class Loops
{
    private Loops(int[] extents, int[] first, int[] second)
    {
        Extents = extents;
        First = first;
        Second = second;
    }

    /// <summary>The loops' lengths, outermost first; [0] if there is nothing to do.</summary>
    public int[] Extents { get; }

    /// <summary>The first operand's stride in each loop.</summary>
    public int[] First { get; }

    /// <summary>The second operand's stride in each loop.</summary>
    public int[] Second { get; }

    public int Rank => Extents.Length;

    public bool IsEmpty => Rank > 0 && Extents[0] == 0;

    /// <summary>Elements from the first operand's first one to its last, both counted; 0 if there is nothing to do.</summary>
    public long ReachOfFirst => Reach(First);

    /// <summary>As <see cref="ReachOfFirst"/>, for the second operand.</summary>
    public long ReachOfSecond => Reach(Second);

    public static Loops Simplest(int[] extents, int[] first, int[] second)
    {
        if (Array.IndexOf(extents, 0) >= 0)
        {
            return new Loops([0], [0], [0]);
        }

        var kept = new List<(int Extent, int First, int Second)>();
        for (int i = 0; i < extents.Length; i++)
        {
            if (extents[i] == 1)
            {
                continue;
            }

            var loop = (extents[i], first[i], second[i]);
            if (
                kept.Count > 0
                && kept[^1].First == first[i] * extents[i]
                && kept[^1].Second == second[i] * extents[i]
            )
            {
                loop.Item1 *= kept[^1].Extent;
                kept[^1] = loop;
            }
            else
            {
                kept.Add(loop);
            }
        }

        return new Loops(
            [.. kept.Select(l => l.Extent)],
            [.. kept.Select(l => l.First)],
            [.. kept.Select(l => l.Second)]
        );
    }

    /// <summary>The strides of a contiguous row-major array.</summary>
    public static int[] Contiguous(int[] extents)
    {
        int[] strides = new int[extents.Length];
        int stride = 1;
        for (int i = extents.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= extents[i];
        }

        return strides;
    }

    private long Reach(int[] strides)
    {
        if (IsEmpty)
        {
            return 0;
        }

        long reach = 1;
        for (int i = 0; i < strides.Length; i++)
        {
            reach += (Extents[i] - 1L) * strides[i];
        }

        return reach;
    }
}
