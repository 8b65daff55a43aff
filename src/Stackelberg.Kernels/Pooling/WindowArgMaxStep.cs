using System.Numerics;
using System.Runtime.CompilerServices;

namespace Stackelberg.Kernels;

/// <summary>Finds the first largest entry of each window.</summary>
internal sealed class WindowArgMaxStep<T>(PoolGeometry geometry, Place x, Place indices) : Step<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override IEnumerable<Region> Regions =>
        [From(x, geometry.Inputs), From(indices, geometry.Outputs)];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(Workspace workspace)
    {
        PoolGeometry g = geometry;
        int outputs = g.Batch * g.OutputHeight * g.OutputWidth;
        for (int window = 0; window < outputs; window++)
        {
            (int image, int rest) = Math.DivRem(window, g.OutputHeight * g.OutputWidth);
            (int i, int j) = Math.DivRem(rest, g.OutputWidth);
            (int top, int rows) = PoolGeometry.Inside(i, g.WindowHeight, g.StrideY, g.PaddingY, g.Height);
            (int left, int columns) = PoolGeometry.Inside(j, g.WindowWidth, g.StrideX, g.PaddingX, g.Width);
            nint row = (nint)image * g.Height + i * g.StrideY - g.PaddingY + top;
            nint column = j * g.StrideX - g.PaddingX + left;
            ref T first = ref Unsafe.Add(ref workspace.At<T>(x), (row * g.Width + column) * g.Channels);
            ref T found = ref Unsafe.Add(ref workspace.At<T>(indices), (nint)window * g.Channels);
            for (nint c = 0; c < g.Channels; c++)
            {
                T best = Unsafe.Add(ref first, c);
                int index = top * g.WindowWidth + left;
                for (int p = 0; p < rows; p++)
                {
                    for (int q = 0; q < columns; q++)
                    {
                        T entry = Unsafe.Add(ref first, ((nint)p * g.Width + q) * g.Channels + c);
                        if (entry > best || (T.IsNaN(entry) && !T.IsNaN(best)))
                        {
                            best = entry;
                            index = (top + p) * g.WindowWidth + left + q;
                        }
                    }
                }

                Unsafe.Add(ref found, c) = T.CreateTruncating(index);
            }
        }
    }
}
