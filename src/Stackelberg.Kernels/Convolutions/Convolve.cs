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
    /// <remarks>The windows of a few output pixels at a time are gathered into a block that stays in the first
    /// caches, with zeros where they lie outside, and multiplied by the packed weights with the tiles of
    /// <see cref="MatMul"/>. The data gradient is strideY · strideX such products, one for each phase of the output's
    /// grid, none of which multiplies a zero between strides. Every entry is summed in one order whatever its place
    /// and the number of threads.</remarks>
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
        bool wide = type == DType.Float64;
        switch (kind)
        {
            case ConvolutionKind.Forward:
                WindowProduct forward = WindowProduct.Forward(geometry);
                return wide
                    ? new WindowProductStep<double>(forward, first, second, target)
                    : new WindowProductStep<float>(forward, first, second, target);
            case ConvolutionKind.DataGradient:
                WindowProduct transposed = WindowProduct.DataGradient(geometry);
                return wide
                    ? new WindowProductStep<double>(transposed, first, second, target)
                    : new WindowProductStep<float>(transposed, first, second, target);
            case ConvolutionKind.WeightGradient:
                return wide
                    ? new WeightGradientStep<double>(geometry, first, second, target)
                    : new WeightGradientStep<float>(geometry, first, second, target);
            default:
                throw new ArgumentException(
                    $"Convolve: kind is {(int)kind}, which is no map of a convolution.",
                    nameof(kind)
                );
        }
    }
}
