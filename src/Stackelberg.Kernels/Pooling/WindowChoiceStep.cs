using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>Takes chosen entries of windows, or puts them back.</summary>
internal sealed class WindowChoiceStep<T>(PoolGeometry geometry, bool put, Place x, Place indices, Place y)
    : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(x, geometry.Inputs), From(indices, geometry.Outputs), From(y, geometry.Outputs)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        PoolGeometry g = geometry;
        ref T entries = ref workspace.At<T>(x);
        if (put)
        {
            Buffers.Span(ref entries, g.Batch * g.Height * g.Width * g.Channels).Clear();
        }

        int outputs = g.Batch * g.OutputHeight * g.OutputWidth;
        for (int window = 0; window < outputs; window++)
        {
            (int image, int rest) = Math.DivRem(window, g.OutputHeight * g.OutputWidth);
            (int i, int j) = Math.DivRem(rest, g.OutputWidth);
            int top = i * g.StrideY - g.PaddingY;
            int left = j * g.StrideX - g.PaddingX;
            ref T chosen = ref Unsafe.Add(ref workspace.At<T>(indices), (nint)window * g.Channels);
            ref T pooled = ref Unsafe.Add(ref workspace.At<T>(y), (nint)window * g.Channels);
            for (nint c = 0; c < g.Channels; c++)
            {
                (int p, int q) = Math.DivRem(int.CreateSaturating(Unsafe.Add(ref chosen, c)), g.WindowWidth);
                int row = top + p;
                int column = left + q;
                bool inside =
                    p >= 0
                    && q >= 0
                    && p < g.WindowHeight
                    && (uint)row < (uint)g.Height
                    && (uint)column < (uint)g.Width;
                nint at = (((nint)image * g.Height + row) * g.Width + column) * g.Channels + c;
                if (!put)
                {
                    Unsafe.Add(ref pooled, c) = inside ? Unsafe.Add(ref entries, at) : T.Zero;
                }
                else if (inside)
                {
                    Unsafe.Add(ref entries, at) += Unsafe.Add(ref pooled, c);
                }
            }
        }
    }
}
