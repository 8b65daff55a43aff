using Stackelberg.Data;
using Xunit;

namespace Stackelberg.Tests;

public class SyntheticDigitsTests
{
    [Fact]
    public void An_image_is_a_function_of_the_seed_and_its_number()
    {
        var all = SyntheticDigits.Make(300, 1);
        var part = SyntheticDigits.Make(20, 1, first: 123);
        var other = SyntheticDigits.Make(20, 2, first: 123);
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(all.Pixels(123 + i).ToArray(), part.Pixels(i).ToArray());
            Assert.NotEqual(all.Pixels(123 + i).ToArray(), other.Pixels(i).ToArray());
            Assert.Equal((123 + i) % 10, part.Labels[i]);
        }
    }

    [Fact]
    public void They_say_that_they_are_synthetic_and_so_do_their_subsets()
    {
        var digits = SyntheticDigits.Make(30, 1).OnlyLabels(0, 1);
        Assert.True(digits.IsSynthetic);
        Assert.StartsWith("synthetic digits", digits.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void No_two_are_alike_and_all_stand_in_the_middle_on_black()
    {
        var digits = SyntheticDigits.Make(2000, 3);
        var seen = new HashSet<string>();
        var edge = 0.0;
        for (var i = 0; i < digits.Count; i++)
        {
            var pixels = digits.Pixels(i);
            Assert.True(seen.Add(Convert.ToBase64String(pixels)));
            var ink = 0.0;
            for (var p = 0; p < pixels.Length; p++)
            {
                ink += pixels[p];
                edge += p % 28 is 0 or 27 || p / 28 is 0 or 27 ? pixels[p] : 0;
            }

            // The lightest is a thin 1, the heaviest a thick 0: about 2 % to 30 % of the area.
            Assert.InRange(ink / (255.0 * 784), 0.02, 0.35);
        }

        // Hardly any stroke leaves the picture: of 108 pixels at the edge, less than a tenth of one is inked.
        Assert.True(edge / (255.0 * digits.Count) < 0.1, $"{edge / (255.0 * digits.Count)}");
    }

    [Fact]
    public void The_nearest_mean_image_tells_most_of_them_apart()
    {
        var train = SyntheticDigits.Make(2000, 1);
        var test = SyntheticDigits.Make(500, 1, first: 60_000);
        var means = new double[10][];
        for (var digit = 0; digit < 10; digit++)
        {
            means[digit] = new double[784];
        }

        for (var i = 0; i < train.Count; i++)
        {
            for (var p = 0; p < 784; p++)
            {
                means[train.Labels[i]][p] += train.Pixels(i)[p] / 200.0;
            }
        }

        var right = 0;
        for (var i = 0; i < test.Count; i++)
        {
            var pixels = test.Pixels(i).ToArray();
            var nearest = Enumerable
                .Range(0, 10)
                .MinBy(digit =>
                    pixels.Zip(means[digit], (pixel, mean) => (pixel - mean) * (pixel - mean)).Sum()
                );
            right += nearest == test.Labels[i] ? 1 : 0;
        }

        // Chance gives 50 of 500; nearest means find about 82 % of MNIST.
        Assert.InRange(right, 375, 500);
    }
}
