namespace Stackelberg.Kernels;

/// <summary>The windows of a pooling on images [n, h, w, c]: window (i, j) holds rows i·strideY − paddingY + p and
/// columns j·strideX − paddingX + q, for p below windowHeight and q below windowWidth, as far as they lie inside.</summary>
/// <param name="Batch">n: images.</param>
/// <param name="Height">h: rows of an image.</param>
/// <param name="Width">w: columns of an image.</param>
/// <param name="Channels">c: channels, each pooled by itself.</param>
/// <param name="WindowHeight">Rows of a window.</param>
/// <param name="WindowWidth">Columns of a window.</param>
/// <param name="StrideY">Rows from window to window.</param>
/// <param name="StrideX">Columns from window to window.</param>
/// <param name="PaddingY">Rows by which the first and the last window may lie outside; less than the window's.</param>
/// <param name="PaddingX">Columns by which they may lie outside; less than the window's.</param>
public readonly record struct PoolGeometry(
    int Batch,
    int Height,
    int Width,
    int Channels,
    int WindowHeight,
    int WindowWidth,
    int StrideY,
    int StrideX,
    int PaddingY,
    int PaddingX
)
{
    /// <summary>⌊(h + 2 paddingY − windowHeight) / strideY⌋ + 1.</summary>
    public int OutputHeight => ConvolutionGeometry.Extent(Height, WindowHeight, StrideY, PaddingY);

    /// <summary>⌊(w + 2 paddingX − windowWidth) / strideX⌋ + 1.</summary>
    public int OutputWidth => ConvolutionGeometry.Extent(Width, WindowWidth, StrideX, PaddingX);

    /// <summary>Entries of x.</summary>
    internal long Inputs => (long)Batch * Height * Width * Channels;

    /// <summary>Entries of y.</summary>
    internal long Outputs => (long)Batch * OutputHeight * OutputWidth * Channels;

    internal void Require(string function)
    {
        new ConvolutionGeometry(
            Batch,
            Height,
            Width,
            Channels,
            WindowHeight,
            WindowWidth,
            1,
            StrideY,
            StrideX,
            PaddingY,
            PaddingX
        ).Require(function);
        if (PaddingY >= WindowHeight || PaddingX >= WindowWidth)
        {
            Check.Fail(
                $"{function}: padding {PaddingY} and {PaddingX} must be less than the window, {WindowHeight} by "
                    + $"{WindowWidth}, so that no window lies outside.",
                "geometry"
            );
        }
    }

    /// <summary>Where a window begins along an axis: its first entry inside, counted in the window, and how many lie
    /// inside.</summary>
    internal static (int First, int Count) Inside(int index, int window, int stride, int padding, int extent)
    {
        int start = index * stride - padding;
        int first = Math.Max(0, -start);
        return (first, Math.Min(window, extent - start) - first);
    }
}
