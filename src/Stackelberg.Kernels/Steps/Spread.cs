using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>A broadcast operand of a fused block, spread over a slot of scratch memory.</summary>
internal readonly record struct Spread(Place From, int Slot, int Stretch, int Period)
{
    /// <summary>to[i] = from[((start + i) / Stretch) mod Period].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill<T>(ref T from, Span<T> to, int start)
        where T : unmanaged
    {
        if (Period == 1)
        {
            to.Fill(from);
            return;
        }

        int element = start / Stretch;
        int within = start - element * Stretch;
        if (Period > 0)
        {
            element %= Period;
        }

        int at = 0;
        while (at < to.Length)
        {
            if (Stretch == 1)
            {
                int run = Math.Min(Period - element, to.Length - at);
                Buffers.Span(ref Unsafe.Add(ref from, element), run).CopyTo(to.Slice(at, run));
                element = 0;
                at += run;
            }
            else
            {
                int run = Math.Min(Stretch - within, to.Length - at);
                to.Slice(at, run).Fill(Unsafe.Add(ref from, element));
                within = 0;
                at += run;
                element++;
                if (element == Period)
                {
                    element = 0;
                }
            }
        }
    }
}
