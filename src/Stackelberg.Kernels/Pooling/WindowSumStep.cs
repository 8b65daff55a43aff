using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>Sums windows, or spreads their sums.</summary>
internal sealed class WindowSumStep<T>(PoolGeometry geometry, bool spread, Place x, Place y) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Entries of a window that are added up one after the other, at most.</summary>
    private const int LongestSum = 256;

    private readonly bool _inRows = !spread && geometry.WindowHeight * geometry.WindowWidth > LongestSum;

    public override int Scratch => _inRows ? geometry.Channels : 0;

    public override IEnumerable<Region> Regions => [From(x, geometry.Inputs), From(y, geometry.Outputs)];

    public override void Run(Workspace workspace)
    {
        PoolGeometry g = geometry;
        nint imageSize = (nint)g.Height * g.Width * g.Channels;
        int outputs = g.Batch * g.OutputHeight * g.OutputWidth;
        if (spread)
        {
            Buffers.Span(ref workspace.At<T>(x), (int)(imageSize * g.Batch)).Clear();
        }
        else
        {
            Buffers.Span(ref workspace.At<T>(y), outputs * g.Channels).Clear();
        }

        for (int window = 0; window < outputs; window++)
        {
            (int image, int rest) = Math.DivRem(window, g.OutputHeight * g.OutputWidth);
            (int i, int j) = Math.DivRem(rest, g.OutputWidth);
            (int top, int rows) = PoolGeometry.Inside(i, g.WindowHeight, g.StrideY, g.PaddingY, g.Height);
            (int left, int columns) = PoolGeometry.Inside(j, g.WindowWidth, g.StrideX, g.PaddingX, g.Width);
            ref T pooled = ref Unsafe.Add(ref workspace.At<T>(y), (nint)window * g.Channels);
            for (int p = top; p < top + rows; p++)
            {
                // A window of many rows is a sum of their sums.
                ref T sums = ref pooled;
                if (_inRows)
                {
                    sums = ref workspace.Scratch<T>()[0];
                    Buffers.Span(ref sums, g.Channels).Clear();
                }

                nint row = i * g.StrideY - g.PaddingY + p;
                nint column = j * g.StrideX - g.PaddingX + left;
                ref T entry = ref Unsafe.Add(
                    ref workspace.At<T>(x),
                    image * imageSize + (row * g.Width + column) * g.Channels
                );
                for (int q = 0; q < columns; q++)
                {
                    ref T place = ref Unsafe.Add(ref entry, (nint)q * g.Channels);
                    if (spread)
                    {
                        PartialSums<T>.Add(ref pooled, ref place, g.Channels);
                    }
                    else
                    {
                        PartialSums<T>.Add(ref place, ref sums, g.Channels);
                    }
                }

                if (_inRows)
                {
                    PartialSums<T>.Add(ref sums, ref pooled, g.Channels);
                }
            }
        }
    }
}
