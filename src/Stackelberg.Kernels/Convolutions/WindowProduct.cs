namespace Stackelberg.Kernels;

/// <summary>A map from images to images: every pixel of the result is a window of the source, as a row, times a
/// matrix of weights.</summary>
/// <param name="Batch">Images.</param>
/// <param name="Height">Rows of a result.</param>
/// <param name="Width">Columns of a result.</param>
/// <param name="Columns">Channels of a result.</param>
/// <param name="Phases">Parts of the result's grid, with windows and weights of their own.</param>
internal sealed record WindowProduct(int Batch, int Height, int Width, int Columns, Phase[] Phases)
{
    public static WindowProduct Forward(ConvolutionGeometry geometry)
    {
        var windows = Windows.Of(geometry);
        var taps = new Tap[] { new(0, 0, windows.Depth, geometry.Filters, 1) };
        return new WindowProduct(
            geometry.Batch,
            geometry.OutputHeight,
            geometry.OutputWidth,
            geometry.Filters,
            [new Phase(windows, 1, 1, 0, 0, taps)]
        );
    }

    /// <summary>Row r of x, with r + paddingY = q·stride + t, meets the windows whose row t + s·stride, for s = 0, 1, …,
    /// lies on it: those at rows q − s of y. So all rows of one remainder see a dense window of y.</summary>
    public static WindowProduct DataGradient(ConvolutionGeometry geometry)
    {
        var phases = new List<Phase>();
        for (int y = 0; y < Math.Min(geometry.StrideY, geometry.Height); y++)
        {
            for (int x = 0; x < Math.Min(geometry.StrideX, geometry.Width); x++)
            {
                phases.Add(PhaseOf(geometry, y, x));
            }
        }

        return new WindowProduct(
            geometry.Batch,
            geometry.Height,
            geometry.Width,
            geometry.Channels,
            [.. phases]
        );
    }

    private static Phase PhaseOf(ConvolutionGeometry geometry, int y, int x)
    {
        (int quotientY, int tapY) = Math.DivRem(y + geometry.PaddingY, geometry.StrideY);
        (int quotientX, int tapX) = Math.DivRem(x + geometry.PaddingX, geometry.StrideX);
        int rows = Steps(geometry.KernelHeight - tapY, geometry.StrideY);
        int columns = Steps(geometry.KernelWidth - tapX, geometry.StrideX);
        var windows = new Windows(
            geometry.OutputHeight,
            geometry.OutputWidth,
            geometry.Filters,
            rows,
            columns,
            Steps(geometry.Height - y, geometry.StrideY),
            Steps(geometry.Width - x, geometry.StrideX),
            1,
            1,
            quotientY - rows + 1,
            quotientX - columns + 1
        );
        var taps = new Tap[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                // The window's rows ascend in y, and so descend in the weights.
                int p = tapY + (rows - 1 - i) * geometry.StrideY;
                int q = tapX + (columns - 1 - j) * geometry.StrideX;
                int from = checked((p * geometry.KernelWidth + q) * geometry.Channels * geometry.Filters);
                int row = (i * columns + j) * geometry.Filters;
                taps[i * columns + j] = new Tap(from, row, geometry.Filters, 1, geometry.Filters);
            }
        }

        return new Phase(windows, geometry.StrideY, geometry.StrideX, y, x, taps);
    }

    /// <summary>How many steps of <paramref name="stride"/> begin within <paramref name="extent"/>.</summary>
    private static int Steps(int extent, int stride) => extent <= 0 ? 0 : (extent + stride - 1) / stride;
}

/// <summary>The pixels (i·stepY + offsetY, j·stepX + offsetX) of a result, made from window (i, j).</summary>
/// <param name="Windows">The windows of the source.</param>
/// <param name="StepY">Rows of the result from window to window.</param>
/// <param name="StepX">Columns of the result from window to window.</param>
/// <param name="OffsetY">The first row.</param>
/// <param name="OffsetX">The first column.</param>
/// <param name="Taps">Where the rows of the matrix of weights come from.</param>
internal sealed record Phase(Windows Windows, int StepY, int StepX, int OffsetY, int OffsetX, Tap[] Taps);

/// <summary>Rows of a matrix of weights.</summary>
/// <param name="From">Their first element in the weights.</param>
/// <param name="Row">The first of these rows in the matrix.</param>
/// <param name="Rows">How many.</param>
/// <param name="RowStride">Elements in the weights from row to row.</param>
/// <param name="ColumnStride">Elements in the weights from column to column.</param>
internal readonly record struct Tap(int From, int Row, int Rows, int RowStride, int ColumnStride);
