using Stackelberg.Evaluation;
using Xunit;

namespace Stackelberg.Tests;

public class InceptionScoreTests
{
    private static readonly double[] four = [0.7, 0.2, 0.1, 0.1, 0.8, 0.1, 0.2, 0.2, 0.6, 0.05, 0.05, 0.9];

    [Fact]
    public void Scores_are_those_of_the_published_formula()
    {
        // The same with numpy 1.24 and scipy.stats.entropy 1.10.1.
        Assert.Equal(1.46500391646404, InceptionScore.Of(four, 3).Mean, 1e-13);
        Assert.Equal(0, InceptionScore.Of(four, 3).Deviation);
        var two = InceptionScore.Of(four, 3, 2);
        Assert.Equal(1.15752899903849, two.Mean, 1e-13);
        Assert.Equal(0.0921955749573541, two.Deviation, 1e-13);
    }

    [Fact]
    public void Certain_and_even_is_the_number_of_classes_and_always_the_same_is_one()
    {
        Assert.Equal(3, InceptionScore.Of([1, 0, 0, 0, 1, 0, 0, 0, 1], 3).Mean, 1e-14);
        Assert.Equal(1, InceptionScore.Of([0.2, 0.8, 0.2, 0.8], 2).Mean, 1e-14);
    }

    [Fact]
    public void What_does_not_fill_the_last_split_is_left_out() =>
        Assert.Equal(InceptionScore.Of(four.AsSpan(0, 6), 3, 2), InceptionScore.Of(four.AsSpan(0, 9), 3, 2));

    [Fact]
    public void Wrong_counts_are_refused()
    {
        Assert.Throws<ArgumentException>(() => InceptionScore.Of(four, 5));
        Assert.Throws<ArgumentException>(() => InceptionScore.Of(four, 3, 5));
        Assert.Throws<ArgumentException>(() => InceptionScore.Of([], 3));
    }
}
