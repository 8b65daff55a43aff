using Microsoft.FSharp.Core;
using Stackelberg.Networks;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>The same numbers as PyTorch 1.13 in float64, from weights 0.3 sin i in the order of our flat vector (its arrays
/// permuted to PyTorch's layouts).</summary>
public class TorchReferenceTests
{
    /// <summary>The reference has 15 digits, and both sides sum thousands of terms in other orders.</summary>
    private const double relative = 1e-11;

    private readonly Network generator = Architectures.DcganGenerator(2, latent: 5);
    private readonly Network discriminator = Architectures.DcganDiscriminator(2);
    private readonly Tensor latent = Waves(15, i => Math.Cos(i + 1)).Reshape(3, 5);
    private readonly Tensor real = Waves(3 * 784, i => Math.Sin(0.37 * i)).Reshape(3, 28, 28, 1);

    [Fact]
    public void The_Dcgan_in_training_makes_and_judges_the_same_images()
    {
        var (g, d) = (Weights(generator), Weights(discriminator));
        var fake = generator.Apply(g, latent);
        var pixels = fake.ToArray();
        Close(0.15491909288091, pixels[3 * 28 + 4]);
        Close(0.138948406985451, pixels[784 + 14 * 28 + 15]);
        Close(328.629745784932, pixels.Sum());
        Close([0.0958829465107168, 0.666617850769548, 0.564683443443772], discriminator.Apply(d, real));
        Close([0.653648654312068, 0.268001337504644, 0.131230948553739], discriminator.Apply(d, fake));
        Close(1.25758171580742, Generator(g, d).ToArray()[0]);
        Close(1.61153718974832, Discriminator(g, d).ToArray()[0]);
    }

    [Fact]
    public void Its_first_and_second_derivatives_are_the_same()
    {
        var (g, d) = (Weights(generator), Weights(discriminator));
        Close(22.619577150384, Norm(Gradient(x => Generator(x, d), g)));
        var omega = Gradient(y => Discriminator(g, y), d);
        Close(31.0529730788989, Norm(omega));
        // Through the statistics of batch normalisation as well: D22f2 D2f2 and (D12f2)ᵀ D2f2.
        Tensor HalfSquare(Tensor x, Tensor y)
        {
            var slope = Gradient(v => Discriminator(x, v), y);
            return Tensor.Dot(slope, slope) / 2;
        }

        Close(22416.5803845826, Norm(Gradient(y => HalfSquare(g, y), d)));
        Close(434.181161384106, Norm(Gradient(x => HalfSquare(x, d), g)));
    }

    [Fact]
    public void Its_running_statistics_after_two_batches_are_the_same()
    {
        var (g, d) = (Weights(generator), Weights(discriminator));
        var state = TensorModule.ofArray(discriminator.InitialState());
        state = discriminator.NextState(d, state, real);
        state = discriminator.NextState(d, state, generator.Apply(g, latent));
        var first = TensorModule.slice(0, 0, 8, state);
        Close(
            [
                0.00226410492612626,
                0.00324199226006736,
                0.00123920686131586,
                -0.00190289961083421,
                0.810533794344678,
                0.810389367011739,
                0.810643069964037,
                0.810576341934932,
            ],
            first
        );
    }

    [Fact]
    public void The_classifier_gives_the_same_logits()
    {
        var network = Architectures.LeNet();
        var weights = Weights(network).ToArray();
        // The reference takes a tenth of the linear layers' weights, so that the logits are of order 1.
        foreach (var array in network.Parameters.Where(array => array.Shape.Count == 2))
        {
            for (var i = array.Offset; i < array.Offset + array.Count; i++)
            {
                weights[i] *= 0.1;
            }
        }

        var x = Waves(2 * 1024, i => Math.Sin(0.37 * i)).Reshape(2, 32, 32, 1);
        var logits = network.Evaluate(TensorModule.ofArray(weights), Tensor.Of(), x).ToArray();
        Close([0.302097748898584, 0.17173201650016, -0.11652333988574], TensorModule.ofArray(logits[..3]));
        Close(
            [0.302084051491429, 0.171684257301685, -0.11656125128871],
            TensorModule.ofArray(logits[10..13])
        );
    }

    private Tensor Generator(Tensor g, Tensor d) => Cost(GanObjective.NonSaturatingClamped.Generator, g, d);

    private Tensor Discriminator(Tensor g, Tensor d) =>
        Cost(GanObjective.NonSaturatingClamped.Discriminator, g, d);

    private Tensor Cost(Func<Tensor, Tensor, Tensor> cost, Tensor g, Tensor d) =>
        cost(discriminator.Apply(d, real), discriminator.Apply(d, generator.Apply(g, latent)));

    private static Tensor Weights(Network network) =>
        Waves(network.ParameterCount, i => 0.3 * Math.Sin(i + 1)) + TensorModule.ofArray(Gains(network));

    /// <summary>Gains are 1 + 0.3 sin i, so that no channel vanishes.</summary>
    private static double[] Gains(Network network)
    {
        var ones = new double[network.ParameterCount];
        for (var layer = 0; layer < network.Layers.Count; layer++)
        {
            if (network.Layers[layer] is BatchNorm)
            {
                var gain = network.Parameters.First(array => array.Name == $"{layer}.weight");
                Array.Fill(ones, 1, gain.Offset, gain.Count);
            }
        }

        return ones;
    }

    private static Tensor Waves(int count, Func<int, double> entry) =>
        TensorModule.ofArray([.. Enumerable.Range(0, count).Select(entry)]);

    private static Tensor Gradient(Func<Tensor, Tensor> function, Tensor at) =>
        Diff.grad(FuncConvert.FromFunc(function), at);

    private static double Norm(Tensor vector) => Math.Sqrt(vector.ToArray().Sum(entry => entry * entry));

    private static void Close(double[] expected, Tensor found)
    {
        var numbers = found.ToArray();
        Assert.Equal(expected.Length, numbers.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Close(expected[i], numbers[i]);
        }
    }

    private static void Close(double expected, double found) =>
        Assert.True(
            Math.Abs(expected - found) <= relative * Math.Abs(expected) + 1e-14,
            $"{found:R} instead of {expected:R}"
        );
}
