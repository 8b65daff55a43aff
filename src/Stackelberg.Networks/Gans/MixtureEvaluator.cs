using Stackelberg.Data;
using Stackelberg.Evaluation;
using Stackelberg.Figures;

namespace Stackelberg.Gans;

/// <summary>How near a generator's points come to a mixture.</summary>
/// <param name="Density">The kernel estimate of its points' density; null if they have none.</param>
/// <param name="Divergence">KL(fake ‖ real) on the grid [−e, e]², e = 2 in the sources; NaN if the points have no density.</param>
/// <param name="Coverage">Which modes the points come near.</param>
public sealed record MixtureEvaluation(Grid? Density, double Divergence, ModeCoverage Coverage)
{
    /// <summary>The numbers for <c>metrics.csv</c>.</summary>
    public (string Name, double Value)[] Metrics =>
        [("kl", Divergence), ("share", Coverage.ShareNear), ("modes", Coverage.Captured)];
}

/// <summary>Evaluates the networks of a GAN of points in the plane, always on the same latent and real points.</summary>
/// <remarks>As the evaluation notebook of Fiez, Chasnov and Ratliff (2020) does: kernel estimates of both densities, their
/// divergence, and the modes that are reached.</remarks>
public sealed class MixtureEvaluator
{
    private readonly Gan gan;
    private readonly Grid realDensity;
    private readonly Tensor latent;
    private readonly Tensor places;
    private readonly double extent;

    /// <summary>Estimates the real points' density.</summary>
    /// <param name="gan">The networks.</param>
    /// <param name="mixture">The real points' mixture.</param>
    /// <param name="latent">Latent points, [n, l] row-major.</param>
    /// <param name="real">Real points, [n, 2] row-major.</param>
    /// <param name="extent">e, half the side of the square on which densities are compared.</param>
    /// <exception cref="ArgumentException">The points do not fill whole rows, or the real ones have no density.</exception>
    public MixtureEvaluator(Gan gan, GaussianMixture mixture, double[] latent, double[] real, double extent)
    {
        ArgumentNullException.ThrowIfNull(gan);
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(latent);
        ArgumentNullException.ThrowIfNull(real);
        (this.gan, Mixture, this.extent) = (gan, mixture, extent);
        places = Batch(MixtureMaps.Places(-extent, extent), 2);
        this.latent = Batch(latent, gan.Generator.Input[0]);
        Latent = this.latent;
        Real = Batch(real, 2);
        realDensity = KernelDensity.Fit(real).On(-extent, extent);
    }

    /// <summary>The real points' mixture.</summary>
    public GaussianMixture Mixture { get; }

    /// <summary>The latent points, [n, l].</summary>
    public Tensor Latent { get; }

    /// <summary>The real points, [n, 2].</summary>
    public Tensor Real { get; }

    /// <summary>Generates points and compares them with the real ones.</summary>
    /// <param name="x">The joint strategy, [d].</param>
    public MixtureEvaluation Evaluate(double[] x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var points = gan.Generator.Apply(TensorModule.ofArray(gan.GeneratorOf(x)), latent).ToArray();
        var coverage = ModeCoverage.Of(points, Mixture);
        if (!KernelDensity.TryFit(points, out var fit, out _))
        {
            return new(null, double.NaN, coverage);
        }

        var density = fit.On(-extent, extent);
        return new(density, Divergence.KullbackLeibler(density, realDensity), coverage);
    }

    /// <summary>What the discriminator says on the same square: probabilities, whatever its objective takes.</summary>
    /// <param name="x">The joint strategy, [d].</param>
    public Grid Discriminate(double[] x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var said = gan.Discriminator.Apply(TensorModule.ofArray(gan.DiscriminatorOf(x)), places);
        return MixtureMaps.OfPlaces(
            (gan.Objective.TakesLogits ? TensorModule.sigmoid(said) : said).ToArray(),
            -extent,
            extent
        );
    }

    private static Tensor Batch(double[] values, int width) =>
        TensorModule.ofArray(values).Reshape([values.Length / width, width]);
}
