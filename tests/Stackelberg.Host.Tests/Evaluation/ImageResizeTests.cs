using Stackelberg.Evaluation;
using Xunit;

namespace Stackelberg.Tests;

public class ImageResizeTests
{
    [Fact]
    public void Both_ways_are_Pillows()
    {
        // Pillow 9.4.0, mode F: Image.fromarray(sin(28 row + column)).resize((32, 32), NEAREST and BILINEAR).
        var image = Enumerable.Range(0, 784).Select(i => (double)(float)Math.Sin(i)).ToArray();
        var nearest = ImageResize.Nearest(image, 28, 32);
        var bilinear = ImageResize.Bilinear(image, 28, 32);
        (int Row, int Column, double Nearest, double Bilinear)[] reference =
        [
            (0, 0, 0, 0),
            (3, 4, -0.821817815, -0.152962402),
            (4, 3, -0.821817815, -0.104369767),
            (15, 16, 0.846236467, 0.706035197),
            (31, 31, -0.676816344, -0.676816344),
            (7, 20, 0.346621186, -0.0748679489),
            (31, 0, 0.901762307, 0.901762307),
        ];
        foreach (var (row, column, near, line) in reference)
        {
            Assert.Equal(near, nearest[32 * row + column], 1e-9);
            // Pillow sums in float32 between the passes.
            Assert.Equal(line, bilinear[32 * row + column], 2e-7);
        }
    }

    [Fact]
    public void Even_images_stay_even_and_each_image_is_resized_by_itself()
    {
        double[] two = [.. Enumerable.Repeat(0.25, 784), .. Enumerable.Repeat(-1.0, 784)];
        foreach (var resized in new[] { ImageResize.Nearest(two, 28, 32), ImageResize.Bilinear(two, 28, 32) })
        {
            Assert.Equal(2 * 1024, resized.Length);
            Assert.All(resized[..1024], pixel => Assert.Equal(0.25, pixel, 1e-15));
            Assert.All(resized[1024..], pixel => Assert.Equal(-1, pixel, 1e-15));
        }
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        Assert.Throws<ArgumentException>(() => ImageResize.Nearest(new double[783], 28, 32));
        Assert.Throws<ArgumentException>(() => ImageResize.Bilinear(new double[784], 28, 14));
    }
}
