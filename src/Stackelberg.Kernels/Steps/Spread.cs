using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>A broadcast operand of a fused block, spread over a slot of scratch memory.</summary>
internal readonly record struct Spread(Place From, int Slot, Load Load)
{
    private int Stretch => Load.Stretch;

    private int Period => Load.Period;

    private int Gap => Load.Gap;

    /// <summary>to[i] = from[(((start + i) / Stretch) mod Period) · Gap].</summary>
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
                int run = Period > 0 ? Math.Min(Period - element, to.Length - at) : to.Length - at;
                ref T first = ref Unsafe.Add(ref from, element * Gap);
                if (Gap == 1)
                {
                    Buffers.Span(ref first, run).CopyTo(to.Slice(at, run));
                }
                else
                {
                    for (int i = 0; i < run; i++)
                    {
                        to[at + i] = Unsafe.Add(ref first, i * Gap);
                    }
                }

                element = 0;
                at += run;
            }
            else
            {
                int run = Math.Min(Stretch - within, to.Length - at);
                to.Slice(at, run).Fill(Unsafe.Add(ref from, element * Gap));
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
