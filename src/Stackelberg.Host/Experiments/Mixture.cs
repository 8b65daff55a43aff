using Stackelberg.Data;
using Stackelberg.Evaluation;
using Stackelberg.Gans;
using Stackelberg.Kernels;
using Stackelberg.Networks;

namespace Stackelberg.Experiments;

/// <summary>A generator and a discriminator of points in the plane learn a mixture of Gaussians.</summary>
/// <param name="mixture">The mixture that this experiment is named after.</param>
/// <param name="objective">The objective that its script uses.</param>
/// <param name="activation">The activation that its script uses.</param>
/// <param name="rate">The learning rate that its script uses.</param>
/// <param name="extent">Half the side of the square on which densities are compared.</param>
internal sealed class Mixture(
    GaussianMixture mixture,
    GanObjective objective,
    Activation activation,
    string rate,
    string extent
) : Experiment
{
    // What is looked at is drawn from a seed of its own, so that all runs are looked at with the same latent points.
    private const ulong evaluationSeed = 0;
    private const ulong latentStream = 0;
    private const ulong realStream = 1;

    /// <summary>Four modes on the axes.</summary>
    public static Mixture Diamond { get; } =
        new(GaussianMixture.Diamond, GanObjective.Saturating, Activation.Tanh, rate: "1e-4", extent: "2");

    /// <summary>Eight modes on a circle.</summary>
    public static Mixture Circle { get; } =
        new(
            GaussianMixture.Circle,
            GanObjective.NonSaturatingClamped,
            Activation.Relu,
            rate: "4e-4",
            extent: "2"
        );

    /// <summary>Nine modes on a square grid.</summary>
    public static Mixture Grid { get; } =
        new(GaussianMixture.Grid, GanObjective.Saturating, Activation.Tanh, rate: "1e-4", extent: "4");

    /// <inheritdoc/>
    public override string Name => $"mog-{mixture.Name}";

    /// <inheritdoc/>
    public override string Title =>
        $"mixture of Gaussians, {mixture.Name}: GANs trained by simultaneous and by Stackelberg play";

    /// <inheritdoc/>
    public override string Source =>
        "Fiez, Chasnov, Ratliff, Implicit Learning Dynamics in Stackelberg Games, section 4.3, with the settings of the ICML code";

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Headlines => ["kl", "share", "modes"];

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings { get; } =
    [
        .. GanRule.Settings(rate, regularisation: "1", beta1: "0.9"),
        new("mixture", mixture.Name, "the real points", SettingKind.Changes)
        {
            Choices = [.. GaussianMixture.All.Select(one => one.Name)],
        },
        new("objective", objective.Name, "both players' costs", SettingKind.Changes)
        {
            Choices = [.. GanObjective.All.Select(one => one.Name)],
        },
        new("activation", activation.Name, "after each hidden layer", SettingKind.Changes)
        {
            Choices = [.. Activation.All.Select(one => one.Name)],
        },
        new("generatorLayers", "2", "hidden layers of the generator", SettingKind.Changes),
        new("discriminatorLayers", "1", "hidden layers of the discriminator", SettingKind.Changes),
        new("width", "32", "numbers in a hidden layer", SettingKind.Changes),
        new("latent", "16", "numbers of a latent point", SettingKind.Changes),
        new("steps", "60000", "training steps", SettingKind.Changes),
        new("batch", "256", "points in a batch", SettingKind.Changes),
        new("precision", "float32", "number type of costs and derivatives", SettingKind.Changes)
        {
            Choices = ["float32", "float64"],
        },
        new("metricsEvery", "250", "steps between rows of metrics.csv", SettingKind.Neutral),
        new(
            "looks",
            "1000,3000,5000,10000,20000,40000,60000",
            "steps at which the divergence from the real points is measured",
            SettingKind.Neutral
        ),
        new(
            "extent",
            extent,
            "half the side of the square around 0 on which densities are compared",
            SettingKind.Changes
        ),
        new("samples", "4096", "points for that, and for the spectra", SettingKind.Changes),
        new("spectra", "true", "whether the second derivatives at the end are taken", SettingKind.Selects),
    ];

    /// <inheritdoc/>
    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        var real = Named("mixture", GaussianMixture.ByName);
        var costs = Named("objective", GanObjective.ByName);
        var between = Named("activation", Activation.ByName);
        var steps = context.GetCount("steps");
        var samples = context.GetCount("samples");
        var side = context.GetDouble("extent");
        if (
            real.Modes.FirstOrDefault(mode => Math.Max(Math.Abs(mode.X), Math.Abs(mode.Y)) >= side) is var far
            && far != default
        )
        {
            throw new UserInputException(
                FormattableString.Invariant(
                    $"The setting extent is {side}, but {real.Name} has a mode at ({far.X}, {far.Y}), outside; give a larger one."
                )
            );
        }

        var gan = new Gan(
            Name,
            Architectures.MixtureGenerator(
                between,
                context.GetCount("generatorLayers"),
                context.GetCount("width"),
                context.GetCount("latent")
            ),
            Architectures.MixtureDiscriminator(
                between,
                context.GetCount("discriminatorLayers"),
                context.GetCount("width"),
                logits: costs.TakesLogits
            ),
            costs,
            real.Sampler(Gan.Real, context.GetCount("batch")),
            context.GetText("precision") == "float64" ? DType.Float64 : DType.Float32
        );
        context.Found("generator/parameters", gan.Generator.ParameterCount);
        context.Found("discriminator/parameters", gan.Discriminator.ParameterCount);
        context.Note(gan.Generator.Summary());
        context.Note(gan.Discriminator.Summary());
        var eye = new MixtureEye(
            gan,
            real,
            Draw(
                latentStream,
                samples * gan.Generator.Input[0],
                (random, to) => random.FillNormal(to, 0, to.Length)
            ),
            Draw(realStream, 2 * samples, real.Sample),
            side
        );
        var rules = context.GetList("rules");
        foreach (var rule in GanRule.All.Where(rule => rules.Contains(rule.Key)))
        {
            context.Part(rule.Key);
            Train(context, gan, eye, rule, steps, cancellation);
        }

        T Named<T>(string key, Func<string, T> byName)
        {
            try
            {
                return byName(context.GetText(key));
            }
            catch (ArgumentException error)
            {
                throw new UserInputException($"{key}: {error.Message}");
            }
        }
    }

    private static double[] Draw(ulong stream, int count, Action<Philox, double[]> fill)
    {
        var values = new double[count];
        fill(new Philox(evaluationSeed, stream), values);
        return values;
    }

    private static void Train(
        ExperimentContext context,
        Gan gan,
        MixtureEye eye,
        GanRule rule,
        int steps,
        CancellationToken cancellation
    )
    {
        if (context.IsOver(rule.Key))
        {
            return;
        }

        var training = new GanTraining(gan, rule.Learner(context, steps), context.Seed, rule.Key)
        {
            MetricsEvery = context.GetCount("metricsEvery"),
            LookAt =
            [
                .. context.GetInts("looks").Where(step => step <= steps).Append(steps).Distinct().Order(),
            ],
            Look = (_, x) => eye.Look(x).Metrics,
        };
        var run = training.Train(
            gan.Start(Initializer.TorchDefault, context.Seed),
            steps,
            context,
            cancellation
        );
        var x = run.Final.ToArray();
        var seen = eye.Look(x);
        context.Found($"{rule.Key}/kl", seen.Divergence);
        context.Found($"{rule.Key}/share", seen.Coverage.ShareNear);
        context.Found($"{rule.Key}/modes", seen.Coverage.Captured);
        if (seen.Density is { } density)
        {
            context.Figure(
                $"{rule.Key}-density",
                MixtureMaps.Density(density, eye.Mixture, $"{rule.Title}, step {run.Steps}")
            );
        }

        context.Figure(
            $"{rule.Key}-discriminator",
            MixtureMaps.Discriminator(eye.Judge(x), eye.Mixture, $"{rule.Title}, step {run.Steps}")
        );
        if (context.GetBool("spectra"))
        {
            context.Report($"{rule.Key}, spectra", 0);
            GanSpectra
                .At(gan, x, context.GetDouble("regularisation"), eye.Latent, eye.Real, cancellation)
                .HandOver(context, rule);
        }

        if (run.Solves.Count > 0)
        {
            context.Note($"{rule.Key}: {run.Solves}");
        }

        context.Outcome(
            rule.Key,
            run.Rule,
            run.Outcome.ToString(),
            !run.Outcome.HasFailed,
            run.Steps,
            x,
            run.Costs
        );
    }
}
