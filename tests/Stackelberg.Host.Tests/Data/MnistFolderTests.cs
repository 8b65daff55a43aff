using Stackelberg.Data;
using Xunit;

namespace Stackelberg.Tests;

public class MnistFolderTests
{
    [Fact]
    public void Other_digits_are_read_only_where_that_is_said()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "train-images-idx3-ubyte.gz", IdxTests.Maybe(true, IdxTests.Images(20, 28, 28)));
        Write(folder, "train-labels-idx1-ubyte", IdxTests.Labels(20));
        var fault = Assert.Throws<InvalidDataException>(() => MnistFolder.Read(folder.Path, MnistPart.Train));
        Assert.Contains("is not the published file: its SHA-256 is", fault.Message, StringComparison.Ordinal);
        var read = MnistFolder.Read(folder.Path, MnistPart.Train, anyDigits: true);
        Assert.Equal(20, read.Count);
        Assert.False(read.IsSynthetic);
        Assert.Equal(7 * 784 % 256, read.Pixels(1)[0]);
        Assert.Equal([0, 1, 0, 1], read.OnlyLabels(0, 1).Labels.ToArray());
    }

    [Theory]
    [InlineData("-", ".gz", "")]
    [InlineData(".", "", ".gz")]
    [InlineData(".", "", "")]
    [InlineData(".", ".gz", ".gz")]
    public void The_names_have_a_hyphen_or_a_dot(string mark, string images, string labels)
    {
        using var folder = new TemporaryFolder();
        Write(
            folder,
            $"t10k-images{mark}idx3-ubyte{images}",
            IdxTests.Maybe(images.Length > 0, IdxTests.Images(2, 28, 28))
        );
        Write(
            folder,
            $"t10k-labels{mark}idx1-ubyte{labels}",
            IdxTests.Maybe(labels.Length > 0, IdxTests.Labels(2))
        );
        Assert.Equal(2, Read(folder).Count);
    }

    [Fact]
    public void What_is_missing_or_does_not_fit_is_named()
    {
        using var folder = new TemporaryFolder();
        var missing = Assert.Throws<FileNotFoundException>(() => Read(folder));
        Assert.Contains("has no t10k-images-idx3-ubyte.gz", missing.Message, StringComparison.Ordinal);
        Write(folder, "t10k-images-idx3-ubyte", IdxTests.Images(20, 28, 28));
        Write(folder, "t10k-labels-idx1-ubyte", IdxTests.Labels(21));
        var fault = Assert.Throws<InvalidDataException>(() => Read(folder));
        Assert.Contains("holds 20 images, but", fault.Message, StringComparison.Ordinal);
        Write(folder, "t10k-images-idx3-ubyte", IdxTests.Images(20, 32, 32));
        fault = Assert.Throws<InvalidDataException>(() => Read(folder));
        Assert.Contains("images of 32 × 32, but 28 × 28", fault.Message, StringComparison.Ordinal);
        Write(folder, "t10k-images-idx3-ubyte", IdxTests.Images(2, 28, 28));
        byte[] labels = [.. IdxTests.Labels(2)];
        labels[^1] = 10;
        Write(folder, "t10k-labels-idx1-ubyte", labels);
        fault = Assert.Throws<InvalidDataException>(() => Read(folder));
        Assert.Contains("has a label 10", fault.Message, StringComparison.Ordinal);
    }

    private static ImageDataset Read(TemporaryFolder folder) =>
        MnistFolder.Read(folder.Path, MnistPart.Test, anyDigits: true);

    private static void Write(TemporaryFolder folder, string name, byte[] content) =>
        File.WriteAllBytes(folder.Of(name), content);
}
