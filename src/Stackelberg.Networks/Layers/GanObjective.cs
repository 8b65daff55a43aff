namespace Stackelberg.Networks;

/// <summary>Both players' costs of a generative adversarial network, as functions of what the discriminator says of real
/// and of generated examples. Each is a mean over the batch, and both players minimise.</summary>
/// <param name="name">What configurations call it.</param>
/// <param name="generator">The generator's cost from D(x) and D(G(z)), each of any shape.</param>
/// <param name="discriminator">The discriminator's cost from the same.</param>
/// <param name="takesLogits">Whether D gives logits or scores, from −∞ to ∞, and not probabilities.</param>
/// <remarks>Where two forms of one objective stand here, one takes the probabilities of a last sigmoid, as the authors'
/// code does, and becomes infinite when one is 0 or 1 to all digits; the other takes logits and does not.</remarks>
public sealed class GanObjective(
    string name,
    Func<Tensor, Tensor, Tensor> generator,
    Func<Tensor, Tensor, Tensor> discriminator,
    bool takesLogits
)
{
    /// <summary>The clamps of the ICML code keep probabilities this far from 0 and 1.</summary>
    private const double margin = 1e-4;

    /// <summary>"gan", the zero-sum game f1 = mean log D(x) + mean log(1 − D(G(z))), f2 = −f1, from probabilities.</summary>
    /// <remarks>I. Goodfellow et al. (2014), eq. 1. The generator's cost holds its first term too, though no derivative by
    /// the generator sees it: the follower's derivative of the leader's cost does.</remarks>
    public static GanObjective Saturating { get; } =
        ZeroSum("gan", (real, fake) => MeanLog(real) + MeanLog(1 - fake), takesLogits: false);

    /// <summary>"nsgan-unclamped": f1 = −mean log D(G(z)), f2 = −mean log D(x) − mean log(1 − D(G(z))), from
    /// probabilities.</summary>
    /// <remarks>I. Goodfellow et al. (2014), section 3; the arXiv code of Fiez, Chasnov and Ratliff.</remarks>
    public static GanObjective NonSaturating { get; } =
        new(
            "nsgan-unclamped",
            (_, fake) => -MeanLog(fake),
            (real, fake) => -(MeanLog(real) + MeanLog(1 - fake)),
            takesLogits: false
        );

    /// <summary>"nsgan": f1 = −mean log max(D(G(z)), 10⁻⁴), f2 = −mean log max(D(x), 10⁻⁴) − mean log(1 − min(D(G(z)),
    /// 1 − 10⁻⁴)), from probabilities. Beyond a clamp the derivative is 0.</summary>
    /// <remarks>The ICML code of Fiez, Chasnov and Ratliff (2020).</remarks>
    public static GanObjective NonSaturatingClamped { get; } =
        new(
            "nsgan",
            (_, fake) => -MeanLog(AtLeastMargin(fake)),
            (real, fake) => -(MeanLog(AtLeastMargin(real)) + MeanLog(1 - AtMostOneLessMargin(fake))),
            takesLogits: false
        );

    /// <summary>"wgan", the zero-sum game f1 = mean D(x) − mean D(G(z)), f2 = −f1, from unbounded scores.</summary>
    /// <remarks>M. Arjovsky, S. Chintala and L. Bottou (2017). Whoever keeps D Lipschitz must do so besides.</remarks>
    public static GanObjective Wasserstein { get; } =
        ZeroSum("wgan", (real, fake) => TensorModule.mean(real) - TensorModule.mean(fake), takesLogits: true);

    /// <summary>"gan-logits": <see cref="Saturating"/> from logits l, with log D = −softplus(−l) and log(1 − D) =
    /// −softplus(l).</summary>
    public static GanObjective SaturatingFromLogits { get; } =
        ZeroSum("gan-logits", (real, fake) => -(MeanSoftplus(-real) + MeanSoftplus(fake)), takesLogits: true);

    /// <summary>"nsgan-logits": <see cref="NonSaturating"/> from logits.</summary>
    public static GanObjective NonSaturatingFromLogits { get; } =
        new(
            "nsgan-logits",
            (_, fake) => MeanSoftplus(-fake),
            (real, fake) => MeanSoftplus(-real) + MeanSoftplus(fake),
            takesLogits: true
        );

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GanObjective> All { get; } =
    [
        Saturating,
        NonSaturating,
        NonSaturatingClamped,
        Wasserstein,
        SaturatingFromLogits,
        NonSaturatingFromLogits,
    ];

    /// <summary>What configurations call it.</summary>
    public string Name { get; } = name;

    /// <summary>Whether D gives logits or scores, and not probabilities.</summary>
    public bool TakesLogits { get; } = takesLogits;

    /// <summary>The objective of a name.</summary>
    /// <param name="name">For example <c>nsgan</c>.</param>
    /// <exception cref="ArgumentException">There is none; the message names those that there are.</exception>
    public static GanObjective ByName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(one => one.Name == name)
            ?? throw new ArgumentException(
                $"GanObjective.ByName: there is no \"{name}\"; there are {string.Join(", ", All.Select(one => one.Name))}."
                    + Suggestion.For(name, All.Select(one => one.Name)),
                nameof(name)
            );
    }

    /// <summary>The generator's cost, a scalar.</summary>
    /// <param name="real">D(x), any shape.</param>
    /// <param name="fake">D(G(z)), any shape.</param>
    public Tensor Generator(Tensor real, Tensor fake)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(fake);
        return generator(real, fake);
    }

    /// <summary>The discriminator's cost, a scalar.</summary>
    /// <param name="real">D(x), any shape.</param>
    /// <param name="fake">D(G(z)), any shape.</param>
    public Tensor Discriminator(Tensor real, Tensor fake)
    {
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(fake);
        return discriminator(real, fake);
    }

    private static GanObjective ZeroSum(
        string name,
        Func<Tensor, Tensor, Tensor> generator,
        bool takesLogits
    ) => new(name, generator, (real, fake) => -generator(real, fake), takesLogits);

    private static Tensor MeanLog(Tensor probability) => TensorModule.mean(Tensor.Log(probability));

    private static Tensor MeanSoftplus(Tensor logit) => TensorModule.mean(TensorModule.softplus(logit));

    // As PyTorch's clamp: derivative 1 on the bound, and a NaN is handed on.
    private static Tensor AtLeastMargin(Tensor probability) =>
        Tensor.Clamp(probability, margin, double.PositiveInfinity);

    private static Tensor AtMostOneLessMargin(Tensor probability) =>
        Tensor.Clamp(probability, double.NegativeInfinity, 1 - margin);
}
