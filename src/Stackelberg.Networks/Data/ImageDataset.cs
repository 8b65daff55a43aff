namespace Stackelberg.Data;

/// <summary>Grey images with labels. Pixels are kept as bytes and given as numbers in [−1, 1]: byte k as 2k/255 − 1.</summary>
public sealed class ImageDataset
{
    private readonly byte[] pixels;
    private readonly byte[] labels;

    /// <summary>A dataset.</summary>
    /// <param name="name">What reports call it.</param>
    /// <param name="isSynthetic">Whether a program drew the images; reports say so.</param>
    /// <param name="height">Rows of an image.</param>
    /// <param name="width">Columns of an image.</param>
    /// <param name="pixels">The images one after the other, row by row; not copied.</param>
    /// <param name="labels">One for each image; not copied.</param>
    /// <exception cref="ArgumentException">The pixels are not as many as the labels ask for, or there is no
    /// image.</exception>
    public ImageDataset(string name, bool isSynthetic, int height, int width, byte[] pixels, byte[] labels)
    {
        ArgumentNullException.ThrowIfNull(name);

        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        if (labels.Length == 0 || (long)labels.Length * height * width != pixels.Length)
        {
            throw new ArgumentException(
                $"ImageDataset: \"{name}\" has {pixels.Length} pixels for {labels.Length} labels and images of {height} × "
                    + $"{width}, but at least one image and {(long)labels.Length * height * width} pixels are needed."
            );
        }

        (Name, IsSynthetic, Height, Width) = (name, isSynthetic, height, width);
        (this.pixels, this.labels) = (pixels, labels);
    }

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>Whether a program drew the images.</summary>
    public bool IsSynthetic { get; }

    /// <summary>Rows of an image.</summary>
    public int Height { get; }

    /// <summary>Columns of an image.</summary>
    public int Width { get; }

    /// <summary>The number of images.</summary>
    public int Count => labels.Length;

    /// <summary>One label for each image.</summary>
    public ReadOnlySpan<byte> Labels => labels;

    /// <summary>The bytes of one image, row by row.</summary>
    /// <param name="index">From 0 to before <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ReadOnlySpan<byte> Pixels(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return pixels.AsSpan(index * Height * Width, Height * Width);
    }

    /// <summary>Chosen images as numbers in [−1, 1].</summary>
    /// <param name="indices">Which, one image after the other.</param>
    /// <param name="to">[indices, height, width, 1], row-major.</param>
    /// <exception cref="ArgumentException">The length is another, or there is no such image.</exception>
    public void Copy(ReadOnlySpan<int> indices, Span<double> to)
    {
        Need(indices.Length, to.Length);
        var next = 0;
        foreach (var index in indices)
        {
            foreach (var pixel in Pixels(index))
            {
                to[next++] = 2.0 * pixel / 255 - 1;
            }
        }
    }

    /// <summary>As the other, rounded to float32.</summary>
    /// <param name="indices">Which, one image after the other.</param>
    /// <param name="to">[indices, height, width, 1], row-major.</param>
    /// <exception cref="ArgumentException">The length is another, or there is no such image.</exception>
    public void Copy(ReadOnlySpan<int> indices, Span<float> to)
    {
        Need(indices.Length, to.Length);
        var next = 0;
        foreach (var index in indices)
        {
            foreach (var pixel in Pixels(index))
            {
                to[next++] = (float)(2.0 * pixel / 255 - 1);
            }
        }
    }

    /// <summary>Batches of images for a game: every pass in a new random order, incomplete batches left out.</summary>
    /// <param name="name">What costs ask for, as in <c>q.Sample("real")</c>.</param>
    /// <param name="batchSize">Images in a batch; the tensor is [batchSize, height, width, 1].</param>
    /// <exception cref="ArgumentException">There are fewer images.</exception>
    public Sampler Sampler(string name, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(name);

        var images = new float[pixels.Length];
        Copy([.. Enumerable.Range(0, Count)], images);
        return Stackelberg.Sampler.Rows(batchSize, (name, [Height, Width, 1], images));
    }

    /// <summary>The images with certain labels, in their order: <c>OnlyLabels(0, 1)</c> for the paper's subset.</summary>
    /// <param name="wanted">The labels to keep.</param>
    /// <exception cref="ArgumentException">No image has one of them.</exception>
    public ImageDataset OnlyLabels(params byte[] wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);

        int[] kept = [.. Enumerable.Range(0, Count).Where(i => wanted.Contains(labels[i]))];
        if (kept.Length == 0)
        {
            throw new ArgumentException(
                $"ImageDataset.OnlyLabels: \"{Name}\" has no image with a label of [{string.Join(", ", wanted)}]; it has "
                    + $"{string.Join(", ", labels.Distinct().Order())}.",
                nameof(wanted)
            );
        }

        var size = Height * Width;
        var chosen = new byte[kept.Length * size];
        for (var i = 0; i < kept.Length; i++)
        {
            Pixels(kept[i]).CopyTo(chosen.AsSpan(i * size));
        }

        return new(
            $"{Name}, labels {string.Join(", ", wanted)}",
            IsSynthetic,
            Height,
            Width,
            chosen,
            [.. kept.Select(i => labels[i])]
        );
    }

    private void Need(int images, int length)
    {
        if ((long)images * Height * Width != length)
        {
            throw new ArgumentException(
                $"ImageDataset.Copy: to has {length} entries, but {images} images of {Height} × {Width} need "
                    + $"{(long)images * Height * Width}."
            );
        }
    }
}
