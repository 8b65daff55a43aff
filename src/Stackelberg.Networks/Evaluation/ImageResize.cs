namespace Stackelberg.Evaluation;

/// <summary>Square grey images at another size, as Python's Pillow makes them: from 28 × 28 to the classifier's
/// 32 × 32.</summary>
/// <remarks>In the sources the classifier is trained on bilinear images and scores nearest ones, because Pillow's default for
/// numbers of floating point was the nearest pixel. Pillow rounds bytes after each of the two passes of the bilinear method;
/// here nothing is rounded.</remarks>
public static class ImageResize
{
    /// <summary>Each pixel the source's pixel at ⌊(i + ½) · from / to⌋, along both axes.</summary>
    /// <param name="images">[n, from, from], row-major.</param>
    /// <param name="from">Rows and columns of an image.</param>
    /// <param name="to">Rows and columns of the results.</param>
    /// <returns>[n, to, to].</returns>
    /// <exception cref="ArgumentException">The numbers are no whole images, or a size is below 1.</exception>
    public static double[] Nearest(ReadOnlySpan<double> images, int from, int to)
    {
        Need(images.Length, from, to);
        return Apply(images, from, [.. Places(from, to).Select(place => new[] { ((int)place, 1.0) })]);
    }

    /// <summary>Each pixel a mean of up to two of the source's along each axis, weighted by the triangle 1 − |distance| around
    /// the source's place (i + ½) · from / to, with weights that sum to 1 also at the edges.</summary>
    /// <param name="images">[n, from, from], row-major.</param>
    /// <param name="from">Rows and columns of an image.</param>
    /// <param name="to">Rows and columns of the results, at least <paramref name="from"/>.</param>
    /// <returns>[n, to, to].</returns>
    /// <exception cref="ArgumentException">The numbers are no whole images, or a size is too small.</exception>
    public static double[] Bilinear(ReadOnlySpan<double> images, int from, int to)
    {
        Need(images.Length, from, to);
        if (to < from)
        {
            throw new ArgumentException(
                $"ImageResize.Bilinear: from {from} to {to}, but images can only be made larger."
            );
        }

        return Apply(images, from, [.. Places(from, to).Select(place => Triangle(from, place))]);
    }

    /// <summary>Either of the two.</summary>
    /// <param name="resizing">Which.</param>
    /// <param name="images">[n, from, from], row-major.</param>
    /// <param name="from">Rows and columns of an image.</param>
    /// <param name="to">Rows and columns of the results.</param>
    /// <returns>[n, to, to].</returns>
    /// <exception cref="ArgumentException">As for the one that is chosen.</exception>
    public static double[] Apply(Resizing resizing, ReadOnlySpan<double> images, int from, int to) =>
        resizing == Resizing.Nearest ? Nearest(images, from, to) : Bilinear(images, from, to);

    private static IEnumerable<double> Places(int from, int to) =>
        Enumerable.Range(0, to).Select(i => (i + 0.5) * from / to);

    private static (int Pixel, double Weight)[] Triangle(int from, double place)
    {
        (int Pixel, double Weight)[] inside =
        [
            .. Enumerable
                .Range((int)Math.Floor(place - 0.5), 2)
                .Select(pixel => (pixel, Weight: Math.Max(0, 1 - Math.Abs(pixel + 0.5 - place))))
                .Where(entry => entry.pixel >= 0 && entry.pixel < from),
        ];
        var sum = inside.Sum(entry => entry.Weight);
        return [.. inside.Select(entry => (entry.Pixel, entry.Weight / sum))];
    }

    private static double[] Apply(ReadOnlySpan<double> images, int from, (int Pixel, double Weight)[][] parts)
    {
        var to = parts.Length;
        var count = images.Length / (from * from);
        var results = new double[count * to * to];
        for (var image = 0; image < count; image++)
        {
            var source = images.Slice(image * from * from, from * from);
            for (var place = 0; place < to * to; place++)
            {
                var value = 0.0;
                foreach (var (row, down) in parts[place / to])
                {
                    foreach (var (column, across) in parts[place % to])
                    {
                        value += down * across * source[row * from + column];
                    }
                }

                results[image * to * to + place] = value;
            }
        }

        return results;
    }

    private static void Need(int length, int from, int to)
    {
        if (from < 1 || to < 1 || length % (from * from) != 0)
        {
            throw new ArgumentException(
                $"ImageResize: {length} numbers from {from} × {from} to {to} × {to}: whole images and sizes of at least 1 "
                    + "are needed."
            );
        }
    }
}
