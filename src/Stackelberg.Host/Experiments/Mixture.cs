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

    // A density in the plane needs three points that are not on a line; fewer than ten show nothing of it.
    private const int leastSamples = 10;

    // 400 MB of weights in double precision, of which a step keeps several copies.
    private const long mostWeights = 50_000_000;

    // 4 GB for the numbers between the layers.
    private const long mostNumbers = 500_000_000;

    // The spectra decompose d × d matrices.
    private const long mostWeightsForSpectra = 4000;

    private static readonly SettingType layers = SettingType.Whole(1, 1000);

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
        "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217), section 4.3, "
        + "with the settings of the code of its version at ICML 2020";

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Headlines => ["kl", "share", "modes"];

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings { get; } =
    [
        .. GanRule.Settings(rate, regularisation: "1", beta1: "0.9"),
        new(
            "mixture",
            mixture.Name,
            SettingType.OneOf(GaussianMixture.All.Select(one => one.Name)),
            "the real points",
            SettingKind.Changes
        ),
        new(
            "objective",
            objective.Name,
            SettingType.OneOf(GanObjective.All.Select(one => one.Name)),
            "both players' costs",
            SettingKind.Changes
        ),
        new(
            "activation",
            activation.Name,
            SettingType.OneOf(Activation.All.Select(one => one.Name)),
            "after each hidden layer",
            SettingKind.Changes
        ),
        new("generatorLayers", "2", layers, "hidden layers of the generator", SettingKind.Changes),
        new("discriminatorLayers", "1", layers, "hidden layers of the discriminator", SettingKind.Changes),
        new("width", "32", SettingType.Whole(1, 65_536), "numbers in a hidden layer", SettingKind.Changes),
        new("latent", "16", SettingType.Whole(1, 65_536), "numbers of a latent point", SettingKind.Changes),
        new("steps", "60000", SettingType.Whole(), "training steps", SettingKind.Changes),
        new("batch", "256", SettingType.Whole(1, 1_000_000), "points in a batch", SettingKind.Changes),
        new(
            "precision",
            "float32",
            SettingType.OneOf("float32", "float64"),
            "number type of costs and derivatives",
            SettingKind.Changes
        ),
        new(
            "metricsEvery",
            "250",
            SettingType.Whole(),
            "steps between rows of metrics.csv",
            SettingKind.Neutral
        ),
        new(
            "looks",
            "1000,3000,5000,10000,20000,40000,60000",
            SettingType.RisingWhole(0),
            "steps at which the divergence from the real points is measured",
            SettingKind.Neutral
        ),
        new(
            "extent",
            extent,
            SettingType.Above(0),
            "half the side of the square around 0 on which densities are compared",
            SettingKind.Changes
        ),
        new(
            "samples",
            "4096",
            SettingType.Whole(leastSamples, 1_000_000),
            "points for that, and for the spectra",
            SettingKind.Changes
        ),
        new(
            "spectra",
            "true",
            SettingType.YesNo,
            "whether the second derivatives at the end are taken",
            SettingKind.Selects
        ),
    ];

    /// <inheritdoc/>
    public override void Validate(SettingValues settings)
    {
        var real = GaussianMixture.ByName(settings.Text("mixture"));
        var side = settings.Double("extent");
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

        long width = settings.Int("width"),
            latent = settings.Int("latent"),
            generator = settings.Int("generatorLayers"),
            discriminator = settings.Int("discriminatorLayers"),
            batch = settings.Int("batch"),
            samples = settings.Int("samples");
        var weights =
            (latent + 3) * width
            + 2
            + (4 * width + 1)
            + (generator + discriminator - 2) * width * (width + 1);
        Need(
            weights <= mostWeights,
            "width",
            width,
            $"the networks then have {weights} weights, of which at most {mostWeights} are possible; give fewer layers or a smaller width"
        );
        var numbers = Math.Max(batch, samples) * Math.Max(latent, width * (generator + 2 * discriminator));
        Need(
            numbers <= mostNumbers,
            batch >= samples ? "batch" : "samples",
            Math.Max(batch, samples),
            $"the layers then hold {numbers} numbers, of which at most {mostNumbers} are possible; give fewer of them, fewer layers or a smaller width"
        );
        Need(
            weights <= mostWeightsForSpectra || !settings.Bool("spectra"),
            "spectra",
            settings.Text("spectra"),
            $"the networks have {weights} weights, and spectra of at most {mostWeightsForSpectra} are possible; give spectra=false"
        );
        int steps = settings.Int("steps"),
            last = settings.Ints("looks")[^1];
        Need(
            last <= steps || !settings.IsChanged("looks"),
            "looks",
            settings.Text("looks"),
            $"the training has only {steps} steps; leave out what is later"
        );
    }

    private static void Need(bool holds, string key, object value, string fault)
    {
        if (!holds)
        {
            throw new UserInputException(
                FormattableString.Invariant($"The setting {key} is {value}, but {fault}.")
            );
        }
    }

    /// <inheritdoc/>
    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        var real = GaussianMixture.ByName(context.GetText("mixture"));
        var costs = GanObjective.ByName(context.GetText("objective"));
        var between = Activation.ByName(context.GetText("activation"));
        var steps = context.GetInt("steps");
        var samples = context.GetInt("samples");
        var side = context.GetDouble("extent");
        var gan = new Gan(
            Name,
            Architectures.MixtureGenerator(
                between,
                context.GetInt("generatorLayers"),
                context.GetInt("width"),
                context.GetInt("latent")
            ),
            Architectures.MixtureDiscriminator(
                between,
                context.GetInt("discriminatorLayers"),
                context.GetInt("width"),
                logits: costs.TakesLogits
            ),
            costs,
            real.Sampler(Gan.Real, context.GetInt("batch")),
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
            MetricsEvery = context.GetInt("metricsEvery"),
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
            var stage = $"{rule.Key}, spectra";
            context.Report(stage, 0);
            GanSpectra
                .At(
                    gan,
                    x,
                    context.GetDouble("regularisation"),
                    eye.Latent,
                    eye.Real,
                    share => context.Report(stage, share),
                    cancellation
                )
                .HandOver(context, rule);
        }

        context.NoteWarnings(run);
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
