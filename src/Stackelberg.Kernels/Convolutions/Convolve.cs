using System.Numerics;

namespace Stackelberg.Kernels;

public static partial class Steps
{
    /// <summary>One of the three maps of a two-dimensional convolution, channels last.</summary>
    /// <param name="type">The number type of all operands.</param>
    /// <param name="kind">Which map; it decides which two of x, y and the weights are operands.</param>
    /// <param name="geometry">The extents.</param>
    /// <param name="first">The first operand as <see cref="ConvolutionKind"/> names them, contiguous.</param>
    /// <param name="second">The second operand, contiguous.</param>
    /// <param name="target">The result, contiguous; it may not overlap an operand.</param>
    /// <exception cref="ArgumentException">An extent or stride is below 1, something is negative, or no window fits
    /// into x.</exception>
    /// <remarks>No matrix of all windows is ever made: the windows of a few pixels at a time are gathered into a block,
    /// or added up out of one, that stays in the first caches, and multiplied with the tiles of
    /// <see cref="MatMul"/>. Every entry is summed in one order whatever its place and the number of threads. Threads
    /// divide the pixels of y, the images of x, or the rows of the weights.</remarks>
    public static Step Convolve(
        DType type,
        ConvolutionKind kind,
        ConvolutionGeometry geometry,
        Place first,
        Place second,
        Place target
    )
    {
        Check.Type("Convolve", type);
        geometry.Require("Convolve");
        Check.At("Convolve", first);
        Check.At("Convolve", second);
        Check.At("Convolve", target);
        return type == DType.Float64
            ? Convolve<double>(kind, geometry, first, second, target)
            : Convolve<float>(kind, geometry, first, second, target);
    }

    private static Step<T> Convolve<T>(
        ConvolutionKind kind,
        ConvolutionGeometry geometry,
        Place first,
        Place second,
        Place target
    )
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        kind switch
        {
            ConvolutionKind.Forward => new ForwardStep<T>(geometry, first, second, target),
            ConvolutionKind.DataGradient => new DataGradientStep<T>(geometry, first, second, target),
            ConvolutionKind.WeightGradient => new WeightGradientStep<T>(geometry, first, second, target),
            _ => throw new ArgumentException(
                $"Convolve: kind is {(int)kind}, which is no map of a convolution.",
                nameof(kind)
            ),
        };
}
