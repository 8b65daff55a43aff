using Stackelberg.Gans;
using Stackelberg.Kernels;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>What is measured of a GAN's steps and at its end.</summary>
public class GanSpectraTests
{
    // Exact up to rounding in float64, relative to sums of some hundred numbers of size 1.
    private const double tolerance = 1e-9;

    private const int examples = 8;

    [Fact]
    public void Spectra_are_ascending_and_have_the_traces_of_their_matrices()
    {
        var (gan, _, x) = SmallGan.Mixture("gan", "tanh", (1, 1));
        var shares = new List<double>();
        var spectra = GanSpectra.At(
            gan,
            x,
            regularisation: 1,
            Normal(gan.Generator.Input[0]),
            Normal(gan.Discriminator.Input[0]),
            shares.Add,
            default
        );
        Assert.Empty(spectra.Undefined);
        Assert.All(spectra.Parts, part => Assert.Equal(part.Real.Order(), part.Real));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], tolerance);
        var traces = spectra.Parts.ToDictionary(part => part.Name, part => part.Real.Sum());
        Assert.Equal(traces["D11f1"] + traces["D22f2"], traces["J"], tolerance);
        Assert.Equal(gan.Game.Dimension, spectra.Parts.Single(part => part.Name == "J").Real.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_gauge_tells_a_gradient_from_what_the_rule_adds_to_it(bool leads)
    {
        var (gan, _, x) = SmallGan.Mixture("gan", "tanh", (1, 1));
        var learner = leads ? Learner.Stackelberg(ConjectureModule.Regularized(1)) : Learner.Simultaneous();
        var learning = learner.WithSteps(2).Start(gan.Game, x);
        var gauge = new GanGauge(gan, seed: 0, learning.X, learning.NextDraw);
        learning.Advance(1);
        var norms = gauge.After(learning.Direction);
        Assert.Equal(-norms.GeneratorCost, norms.DiscriminatorCost, tolerance);
        Assert.True(norms.Generator > 0 && norms.Discriminator > 0);
        Assert.Equal(leads, norms.Correction > tolerance);
        if (!leads)
        {
            Assert.Equal(norms.Generator, norms.Leader, tolerance);
        }

        Assert.Equal(
            ["generatorCost", "discriminatorCost", "D1f1", "D2f2", "correction", "leader"],
            norms.Metrics.Select(metric => metric.Name)
        );
    }

    private static Tensor Normal(int width)
    {
        var drawn = new double[examples * width];
        new Philox(3, 0).FillNormal(drawn, 0, drawn.Length);
        return Tensor.Of(drawn).Reshape(examples, width);
    }
}
