using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Stackelberg.Kernels;

/// <summary>The windows of a grid on images [n, height, width, channels]: window (i, j) of an image begins at row
/// startY + i·stepY and column startX + j·stepX, and may reach beyond the image, where there are zeros.</summary>
internal readonly record struct Windows(
    int Height,
    int Width,
    int Channels,
    int Rows,
    int Columns,
    int GridHeight,
    int GridWidth,
    int StepY,
    int StepX,
    int StartY,
    int StartX
)
{
    /// <summary>Entries of one window.</summary>
    public int Depth => checked(Rows * Columns * Channels);

    /// <summary>Windows of one image.</summary>
    public int PerImage => checked(GridHeight * GridWidth);

    /// <summary>The windows of x that the entries of y are made from.</summary>
    public static Windows Of(ConvolutionGeometry geometry) =>
        new(
            geometry.Height,
            geometry.Width,
            geometry.Channels,
            geometry.KernelHeight,
            geometry.KernelWidth,
            geometry.OutputHeight,
            geometry.OutputWidth,
            geometry.StrideY,
            geometry.StrideX,
            -geometry.PaddingY,
            -geometry.PaddingX
        );

    /// <summary>Copies entries from … from + length − 1 of the windows first … first + count − 1, one window to a row
    /// of the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather<T>(ref T images, int first, int count, int from, int length, ref T block, nint stride)
        where T : unmanaged
    {
        int line = Columns * Channels;
        int perImage = GridHeight * GridWidth;
        int image = first / perImage;
        int i = first % perImage / GridWidth;
        int j = first % GridWidth;
        int topLine = from / line;
        nint imageSize = (nint)Height * Width * Channels;
        nint imageStart = image * imageSize;
        for (int window = 0; window < count; window++)
        {
            int left = StartX + j * StepX;
            // Where in a line of the window the image begins and ends.
            int inside = Math.Clamp(-left, 0, Columns) * Channels;
            int outside = Math.Clamp(Width - left, 0, Columns) * Channels;
            ref T target = ref Unsafe.Add(ref block, window * stride);
            int start = from - topLine * line;
            int rest = length;
            for (int row = topLine; rest > 0; row++)
            {
                int end = Math.Min(line, start + rest);
                int y = StartY + i * StepY + row;
                int low = start;
                int high = start;
                if ((uint)y < (uint)Height)
                {
                    low = Math.Clamp(inside, start, end);
                    high = Math.Clamp(outside, low, end);
                }

                Clear(ref target, low - start);
                if (high > low)
                {
                    nint origin = imageStart + ((nint)y * Width + left) * Channels;
                    Copy(
                        ref Unsafe.Add(ref images, origin + low),
                        ref Unsafe.Add(ref target, low - start),
                        high - low
                    );
                }

                Clear(ref Unsafe.Add(ref target, high - start), end - high);
                target = ref Unsafe.Add(ref target, end - start);
                rest -= end - start;
                start = 0;
            }

            if (++j == GridWidth)
            {
                j = 0;
                if (++i == GridHeight)
                {
                    i = 0;
                    imageStart += imageSize;
                }
            }
        }
    }

    /// <summary>Adds a window's entries to the image where they lie; those outside are dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add<T>(ref T images, int window, ref T entries)
        where T : unmanaged, INumberBase<T>
    {
        (int image, int rest) = Math.DivRem(window, PerImage);
        (int i, int j) = Math.DivRem(rest, GridWidth);
        int top = StartY + i * StepY;
        int left = StartX + j * StepX;
        int inside = Math.Clamp(-left, 0, Columns);
        int count = (Math.Clamp(Width - left, inside, Columns) - inside) * Channels;
        int last = Math.Min(Rows, Height - top);
        if (count == 0)
        {
            return;
        }

        for (int row = Math.Max(0, -top); row < last; row++)
        {
            nint place = (((nint)image * Height + top + row) * Width + left + inside) * Channels;
            nint from = ((nint)row * Columns + inside) * Channels;
            Add(ref Unsafe.Add(ref entries, from), ref Unsafe.Add(ref images, place), count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(ref T from, ref T to, int count)
        where T : unmanaged, INumberBase<T>
    {
        int i = 0;
        for (; i <= count - Vector512<T>.Count; i += Vector512<T>.Count)
        {
            nuint at = (nuint)i;
            (Vector512.LoadUnsafe(ref from, at) + Vector512.LoadUnsafe(ref to, at)).StoreUnsafe(ref to, at);
        }

        for (; i < count; i++)
        {
            Unsafe.Add(ref to, i) += Unsafe.Add(ref from, i);
        }
    }

    /// <summary>A loop for the few elements of an image with one channel, a block copy for more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(ref T from, ref T to, int count)
        where T : unmanaged
    {
        if (count > 8)
        {
            Buffers.Span(ref from, count).CopyTo(Buffers.Span(ref to, count));
            return;
        }

        for (int i = 0; i < count; i++)
        {
            Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear<T>(ref T to, int count)
        where T : unmanaged
    {
        if (count > 0)
        {
            Buffers.Span(ref to, count).Clear();
        }
    }
}
