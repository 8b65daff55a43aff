namespace Stackelberg.Kernels;

/// <summary>The extents of a convolution y[n, i, j, k] = Σ x[n, i·strideY + p − paddingY, j·strideX + q − paddingX, c]
/// · w[p, q, c, k] over p, q, c, where x is 0 outside.</summary>
/// <param name="Batch">n: images.</param>
/// <param name="Height">h: rows of x.</param>
/// <param name="Width">w: columns of x.</param>
/// <param name="Channels">c: channels of x.</param>
/// <param name="KernelHeight">kh: rows of the window.</param>
/// <param name="KernelWidth">kw: columns of the window.</param>
/// <param name="Filters">k: channels of y.</param>
/// <param name="StrideY">Rows of x from window to window.</param>
/// <param name="StrideX">Columns of x from window to window.</param>
/// <param name="PaddingY">Rows of zeros above x, and as many below.</param>
/// <param name="PaddingX">Columns of zeros left of x, and as many at its right.</param>
public readonly record struct ConvolutionGeometry(
    int Batch,
    int Height,
    int Width,
    int Channels,
    int KernelHeight,
    int KernelWidth,
    int Filters,
    int StrideY,
    int StrideX,
    int PaddingY,
    int PaddingX
)
{
    /// <summary>oh = ⌊(h + 2 paddingY − kh) / strideY⌋ + 1: rows of y.</summary>
    public int OutputHeight => Extent(Height, KernelHeight, StrideY, PaddingY);

    /// <summary>ow = ⌊(w + 2 paddingX − kw) / strideX⌋ + 1: columns of y.</summary>
    public int OutputWidth => Extent(Width, KernelWidth, StrideX, PaddingX);

    /// <summary>How many windows of an extent fit along an axis, by PyTorch's rule; 0 if none does.</summary>
    /// <param name="extent">Entries along the axis.</param>
    /// <param name="kernel">The window's extent.</param>
    /// <param name="stride">Entries from window to window, at least 1.</param>
    /// <param name="padding">Entries added at each end.</param>
    public static int Extent(int extent, int kernel, int stride, int padding)
    {
        long room = (long)extent + 2L * padding - kernel;
        return room < 0 ? 0 : (int)(room / stride) + 1;
    }

    /// <summary>Entries of x.</summary>
    internal long Inputs => (long)Batch * Height * Width * Channels;

    /// <summary>Entries of the weights.</summary>
    internal long Weights => (long)KernelHeight * KernelWidth * Channels * Filters;

    /// <summary>Entries of y.</summary>
    internal long Outputs => (long)Batch * OutputHeight * OutputWidth * Filters;

    internal void Require(string function)
    {
        Check.Count(function, Batch);
        AtLeastOne(function, Height);
        AtLeastOne(function, Width);
        AtLeastOne(function, Channels);
        AtLeastOne(function, KernelHeight);
        AtLeastOne(function, KernelWidth);
        AtLeastOne(function, Filters);
        AtLeastOne(function, StrideY);
        AtLeastOne(function, StrideX);
        Check.Count(function, PaddingY);
        Check.Count(function, PaddingX);
        if (OutputHeight == 0 || OutputWidth == 0)
        {
            Check.Fail(
                $"{function}: a window of {KernelHeight} by {KernelWidth} does not fit into {Height} by {Width} "
                    + $"with padding {PaddingY} and {PaddingX}, so that the output would be empty.",
                "geometry"
            );
        }
    }

    private static void AtLeastOne(
        string function,
        int value,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string name = ""
    )
    {
        if (value < 1)
        {
            Check.Fail($"{function}: {name} is {value}, but must be at least 1.", name);
        }
    }
}
