using Stackelberg.Data;
using Xunit;

namespace Stackelberg.Tests;

public class EpochOrderTests
{
    [Fact]
    public void A_pass_takes_no_example_twice_and_leaves_out_the_incomplete_batch()
    {
        var order = new EpochOrder(103, 10, 1);
        Assert.Equal(10, order.BatchesPerEpoch);
        var first = Pass(order, 0);
        Assert.Equal(100, first.Distinct().Count());
        Assert.All(first, index => Assert.InRange(index, 0, 102));
        Assert.NotEqual(first, Pass(order, 1));
        Assert.NotEqual(first, Pass(new EpochOrder(103, 10, 2), 0));
    }

    [Fact]
    public void A_batch_depends_on_its_number_alone()
    {
        var forwards = new EpochOrder(50, 7, 3);
        var all = Enumerable.Range(0, 40).Select(i => forwards.Batch(i).ToArray()).ToArray();
        var backwards = new EpochOrder(50, 7, 3);
        for (var i = 39; i >= 0; i--)
        {
            Assert.Equal(all[i], backwards.Batch(i).ToArray());
        }
    }

    [Fact]
    public void Every_place_of_a_pass_meets_every_example_alike()
    {
        // 8000 passes over 8 examples: each meets the first place 1000 times, with deviation √(8000 · 7/64) = 30.
        var order = new EpochOrder(8, 8, 5);
        var counts = new int[8];
        for (var pass = 0; pass < 8000; pass++)
        {
            counts[order.Batch(pass)[0]]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 1000 - 5 * 30, 1000 + 5 * 30));
    }

    [Fact]
    public void Fewer_examples_than_a_batch_are_refused() =>
        Assert.Contains(
            "There are 3 examples for batches of 4",
            Assert.Throws<ArgumentException>(() => new EpochOrder(3, 4, 1)).Message,
            StringComparison.OrdinalIgnoreCase
        );

    private static int[] Pass(EpochOrder order, int pass) =>
        [.. Enumerable.Range(10 * pass, 10).SelectMany(i => order.Batch(i).ToArray())];
}
