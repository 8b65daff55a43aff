using Stackelberg.Data;
using Xunit;

namespace Stackelberg.Tests;

public class ImageDatasetTests
{
    private static readonly ImageDataset three = new(
        "three",
        false,
        1,
        2,
        [0, 255, 51, 204, 1, 2],
        [5, 7, 5]
    );

    [Fact]
    public void Bytes_become_numbers_from_minus_one_to_one()
    {
        var doubles = new double[4];
        three.Copy([1, 0], doubles);
        Assert.Equal(-0.6, doubles[0], 1e-15);
        Assert.Equal(0.6, doubles[1], 1e-15);
        Assert.Equal([-1, 1], doubles[2..]);
        var singles = new float[4];
        three.Copy([1, 0], singles);
        Assert.Equal(doubles.Select(x => (float)x), singles);
    }

    [Fact]
    public void A_subset_keeps_the_order()
    {
        var fives = three.OnlyLabels(5);
        Assert.Equal("three, labels 5", fives.Name);
        Assert.Equal([5, 5], fives.Labels.ToArray());
        Assert.Equal([1, 2], fives.Pixels(1).ToArray());
        var fault = Assert.Throws<ArgumentException>(() => three.OnlyLabels(1));
        Assert.Contains("it has 5, 7", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_sizes_and_places_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new ImageDataset("wrong", false, 2, 2, new byte[5], [1]));
        Assert.Throws<ArgumentException>(() => new ImageDataset("none", false, 2, 2, [], []));
        Assert.Throws<ArgumentException>(() => three.Copy([0], new double[3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => three.Copy([3], new double[2]));
    }
}
