using Stackelberg.Kernels;
using Stackelberg.Networks;

namespace Stackelberg.Gans;

/// <summary>A generative adversarial network as a game: the generator leads, the discriminator follows, and each one's
/// strategy is the flat vector of its network's parameters.</summary>
/// <remarks>An ordinary <see cref="Stackelberg.Game"/> with a sampler, whose draws are the latent points <c>z</c> and the real
/// examples <c>real</c>: every rule and every analysis takes it. Real and generated examples pass the discriminator as
/// two batches, as in the code of Fiez, Chasnov and Ratliff (2020).</remarks>
/// <example><code>
/// var gan = new Gan(
///     "diamond",
///     Architectures.MixtureGenerator(Activation.Tanh),
///     Architectures.MixtureDiscriminator(Activation.Tanh),
///     GanObjective.Saturating,
///     GaussianMixture.Diamond.Sampler(Gan.Real, 256));
/// Run run = Learner.Stackelberg().WithSteps(1000).Run(gan.Game, gan.Start(Initializer.TorchDefault, seed: 1));
/// </code></example>
public sealed class Gan
{
    /// <summary>The name of the batch of real examples, [n, …].</summary>
    public const string Real = "real";

    /// <summary>The name of the batch of latent points, [n, …].</summary>
    public const string Latent = "z";

    // The networks' starts come from streams far from those of a run's draws, which count up from 1.
    private const ulong startStreams = 1UL << 32;

    /// <summary>Makes the game.</summary>
    /// <param name="name">What messages and files call it.</param>
    /// <param name="generator">Latent points to examples.</param>
    /// <param name="discriminator">Examples to probabilities of being real, or to logits where the objective takes them.</param>
    /// <param name="objective">Both players' costs.</param>
    /// <param name="real">Draws real examples, one batch named <see cref="Real"/> of shape [n, …].</param>
    /// <param name="precision">What costs and derivatives are computed in; Float32 unless said.</param>
    /// <param name="latentSampler">Draws latent points, one batch named <see cref="Latent"/>; standard normal numbers,
    /// as many points as real examples, unless said.</param>
    /// <exception cref="ArgumentException">The networks, the objective and the sampler do not fit together, or a network
    /// has a dropout layer.</exception>
    public Gan(
        string name,
        Network generator,
        Network discriminator,
        GanObjective objective,
        Sampler real,
        DType precision = DType.Float32,
        Sampler? latentSampler = null
    )
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(discriminator);
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(real);
        (Generator, Discriminator, Objective) = (generator, discriminator, objective);
        Check(real);
        GeneratorPlayer = PlayerModule.Vector("generator", generator.ParameterCount);
        DiscriminatorPlayer = PlayerModule.Vector("discriminator", discriminator.ParameterCount);
        var latent = latentSampler ?? Sampler.Normal(Latent, [real.Batches[0].Shape[0], .. generator.Input]);
        Game = Stackelberg.Game.Of(
            name,
            Sampler.All(latent, real),
            precision,
            new Seat(
                GeneratorPlayer,
                0,
                q => objective.Generator(Judge(q, q.Sample(Real)), Judge(q, Fake(q)))
            ),
            new Seat(
                DiscriminatorPlayer,
                1,
                q => objective.Discriminator(Judge(q, q.Sample(Real)), Judge(q, Fake(q)))
            )
        );
    }

    /// <summary>The leader's network.</summary>
    public Network Generator { get; }

    /// <summary>The follower's network.</summary>
    public Network Discriminator { get; }

    /// <summary>Both players' costs.</summary>
    public GanObjective Objective { get; }

    /// <summary>The leader.</summary>
    public Player GeneratorPlayer { get; }

    /// <summary>The follower.</summary>
    public Player DiscriminatorPlayer { get; }

    /// <summary>The game.</summary>
    public Game Game { get; }

    /// <summary>The joint strategy that training begins with: the generator's parameters, then the discriminator's.</summary>
    /// <param name="initializer">How parameters are drawn.</param>
    /// <param name="seed">Where the random numbers begin.</param>
    /// <returns>[d].</returns>
    public double[] Start(Initializer initializer, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        return
        [
            .. Generator.Initial(initializer, new Philox(seed, startStreams)),
            .. Discriminator.Initial(initializer, new Philox(seed, startStreams + 1)),
        ];
    }

    /// <summary>The generator's part of a joint strategy.</summary>
    /// <param name="x">The joint strategy, [d].</param>
    /// <exception cref="ArgumentException">x has another length.</exception>
    public double[] GeneratorOf(ReadOnlySpan<double> x) => Part(x)[..Generator.ParameterCount].ToArray();

    /// <summary>The discriminator's part of a joint strategy.</summary>
    /// <param name="x">The joint strategy, [d].</param>
    /// <exception cref="ArgumentException">x has another length.</exception>
    public double[] DiscriminatorOf(ReadOnlySpan<double> x) => Part(x)[Generator.ParameterCount..].ToArray();

    private ReadOnlySpan<double> Part(ReadOnlySpan<double> x) =>
        x.Length == Game.Dimension
            ? x
            : throw new ArgumentException(
                $"Gan: x has {x.Length} numbers, but {Game.Dimension} are needed ({Generator.ParameterCount} of the "
                    + $"generator, {Discriminator.ParameterCount} of the discriminator).",
                nameof(x)
            );

    private Tensor Fake(Strategies q) => Generator.Apply(q[GeneratorPlayer], q.Sample(Latent));

    private Tensor Judge(Strategies q, Tensor examples) =>
        Discriminator.Apply(q[DiscriminatorPlayer], examples);

    private void Check(Sampler real)
    {
        foreach (var network in new[] { Generator, Discriminator })
        {
            if (network.MaskShapes.Count > 0)
            {
                throw new ArgumentException(
                    $"Gan: the network \"{network.Name}\" has a dropout layer, whose masks nobody draws; leave it out."
                );
            }
        }

        if (real.Batches.Length != 1 || real.Batches[0].Name != Real || real.Batches[0].Shape.Length == 0)
        {
            throw new ArgumentException(
                $"Gan: the sampler draws {real}, but one batch named \"{Real}\" is needed, of shape [n, "
                    + $"{string.Join(", ", Discriminator.Input)}].",
                nameof(real)
            );
        }

        if (!Generator.Output.SequenceEqual(Discriminator.Input))
        {
            throw new ArgumentException(
                $"Gan: the generator makes examples of shape {Network.Show(Generator.Output)}, but the discriminator "
                    + $"takes {Network.Show(Discriminator.Input)}."
            );
        }
    }
}
