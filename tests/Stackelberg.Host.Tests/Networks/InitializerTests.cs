using Stackelberg.Kernels;
using Stackelberg.Networks;
using Xunit;

namespace Stackelberg.Tests;

public class InitializerTests
{
    [Fact]
    public void Torchs_default_is_uniform_within_one_over_the_root_of_the_fan_in()
    {
        var network = Architectures.MixtureGenerator(Activation.Tanh);
        var start = network.Initial(Initializer.TorchDefault, new Philox(1, 0));
        foreach (var array in network.Parameters)
        {
            var bound = 1 / Math.Sqrt(array.Name[0] == '0' ? 16 : 32);
            var part = start.AsSpan(array.Offset, array.Count).ToArray();
            Assert.All(part, number => Assert.InRange(number, -bound, bound));
            // The largest of n uniform numbers is below 1 − 20/n of the bound with probability e⁻²⁰.
            if (array.Count >= 64)
            {
                Assert.True(part.Max() > bound * (1 - 40.0 / array.Count));
                Assert.True(part.Min() < -bound * (1 - 40.0 / array.Count));
            }
        }
    }

    [Fact]
    public void The_fan_in_of_convolutions_is_PyTorchs()
    {
        Assert.Equal(5 * 5 * 16, new Conv2d(16, 32, 5).Parameters[1].FanIn);
        Assert.Equal(4 * 4 * 32, new ConvTranspose2d(16, 32, 4).Parameters[0].FanIn);
    }

    [Fact]
    public void The_Dcgans_weights_are_normal_of_deviation_two_hundredths()
    {
        var network = Architectures.DcganGenerator(8);
        var start = network.Initial(Initializer.Dcgan, new Philox(5, 0));
        var (weights, gains, shifts) = (new List<double>(), new List<double>(), new List<double>());
        foreach (var array in network.Parameters)
        {
            var to =
                array.Shape.Count == 4 ? weights
                : array.Name.EndsWith("weight", StringComparison.Ordinal) ? gains
                : shifts;
            to.AddRange(start.AsSpan(array.Offset, array.Count));
        }

        Assert.All(shifts, shift => Assert.Equal(0, shift));
        // Five standard errors of a mean, and of a standard deviation (about σ/√(2n)).
        foreach (var (numbers, mean) in new[] { (weights, 0.0), (gains, 1.0) })
        {
            var error = 0.02 / Math.Sqrt(numbers.Count);
            Assert.Equal(mean, numbers.Average(), 5 * error);
            var deviation = Math.Sqrt(numbers.Average(x => (x - mean) * (x - mean)));
            Assert.Equal(0.02, deviation, 5 * error / Math.Sqrt(2));
        }
    }

    [Fact]
    public void Equal_seeds_give_equal_bits_and_others_give_others()
    {
        var network = Architectures.LeNet();
        double[] Draw(ulong seed, ulong stream) =>
            network.Initial(Initializer.TorchDefault, new Philox(seed, stream));
        Assert.Equal(Draw(1, 0), Draw(1, 0));
        Assert.NotEqual(Draw(1, 0), Draw(2, 0));
        Assert.NotEqual(Draw(1, 0), Draw(1, 1));
    }
}
