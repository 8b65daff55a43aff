using Stackelberg.Figures;
using Stackelberg.Files;

namespace Stackelberg.Evaluation;

/// <summary>Many small grey images on one sheet, as PNG.</summary>
/// <remarks>The layout of torchvision's <c>make_grid</c>: two black pixels between and around the images, rows filled from
/// the left.</remarks>
public static class ImageSheet
{
    private const int gap = 2;

    /// <summary>A sheet as a PNG file's bytes.</summary>
    /// <param name="images">[n, height, width], row-major; what is not finite is black.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="perRow">Images in each row of the sheet.</param>
    /// <param name="low">The value of black.</param>
    /// <param name="high">The value of white, above <paramref name="low"/>.</param>
    /// <exception cref="ArgumentException">The numbers are not those of at least one image, or a size is wrong.</exception>
    public static byte[] Encode(
        ReadOnlySpan<double> images,
        int height,
        int width,
        int perRow,
        double low = -1,
        double high = 1
    )
    {
        if (height < 1 || width < 1 || perRow < 1 || !(high > low))
        {
            throw new ArgumentException(
                $"ImageSheet: images of {height} × {width}, {perRow} in a row, from {low} to {high}: sizes of at least 1 and "
                    + "an upper value above the lower are needed."
            );
        }

        var count = images.Length / (height * width);
        if (count == 0 || images.Length != (long)count * height * width)
        {
            throw new ArgumentException(
                $"ImageSheet: {images.Length} numbers are no whole number of images of {height} × {width}.",
                nameof(images)
            );
        }

        var across = Math.Min(perRow, count);
        var down = (count + across - 1) / across;
        var (columns, rows) = (across * (width + gap) + gap, down * (height + gap) + gap);
        var pixels = new byte[columns * rows];
        for (var image = 0; image < count; image++)
        {
            var (left, top) = (gap + image % across * (width + gap), gap + image / across * (height + gap));
            for (var i = 0; i < height * width; i++)
            {
                var value = (images[image * height * width + i] - low) / (high - low);
                pixels[(top + i / width) * columns + left + i % width] = double.IsFinite(value)
                    ? (byte)Math.Round(255 * Math.Clamp(value, 0, 1))
                    : (byte)0;
            }
        }

        return Png.Encode(columns, rows, pixels, greys);
    }

    /// <summary>Writes a sheet.</summary>
    /// <param name="path">The PNG file; its folder must exist.</param>
    /// <param name="images">[n, height, width], row-major, in [−1, 1].</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="perRow">Images in each row of the sheet; 16 in the sources.</param>
    /// <exception cref="ArgumentException">The numbers are not those of at least one image.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, ReadOnlySpan<double> images, int height, int width, int perRow = 16)
    {
        var png = Encode(images, height, width, perRow);
        AtomicFile.Write(path, stream => stream.Write(png));
    }

    private static readonly (byte, byte, byte)[] greys =
    [
        .. Enumerable.Range(0, 256).Select(level => ((byte)level, (byte)level, (byte)level)),
    ];
}
