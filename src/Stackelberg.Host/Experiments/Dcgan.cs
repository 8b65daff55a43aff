using Stackelberg.Data;
using Stackelberg.Evaluation;
using Stackelberg.Figures;
using Stackelberg.Files;
using Stackelberg.Gans;
using Stackelberg.Kernels;
using Stackelberg.Networks;

namespace Stackelberg.Experiments;

/// <summary>A convolutional generator and discriminator learn handwritten digits.</summary>
/// <param name="preset">The settings' defaults.</param>
internal sealed class Dcgan(DcganPreset preset) : Experiment
{
    private const string trainHere = "train";
    private const string classifierFile = "classifier.safetensors";

    // The statistics of a batch of one image would divide by zero.
    private const int leastBatch = 2;

    // 10 GB for the numbers between the layers, of which an image takes about 2000 a channel.
    private const long mostImagesTimesChannels = 600_000;

    /// <inheritdoc/>
    public override string Name => preset.Name;

    /// <inheritdoc/>
    public override string Title => preset.Title;

    /// <inheritdoc/>
    public override string Source => preset.Source;

    /// <inheritdoc/>
    public override ulong DefaultSeed => preset.Seed;

    /// <inheritdoc/>
    public override bool IsResumable => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files =>
        [classifierFile, DigitDiary.Folder, .. GanRule.All.Select(WeightsFile)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Headlines => ["inceptionScore", "sure", "digits"];

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings { get; } =
    [
        .. DcganData.Settings(preset.Digits, preset.Images),
        .. GanRule.Settings(preset.Rate, preset.Regularisation, beta1: "0.5", preset.Rules),
        new(
            "objective",
            preset.Objective,
            SettingType.OneOf(GanObjective.All.Select(one => one.Name)),
            "both players' costs",
            SettingKind.Changes
        ),
        new(
            "channels",
            preset.Channels,
            SettingType.Whole(1, 256),
            "channels next to the images; those farther in are multiples",
            SettingKind.Changes
        ),
        new("latent", "100", SettingType.Whole(1, 1000), "numbers of a latent point", SettingKind.Changes),
        new(
            "batch",
            preset.Batch,
            SettingType.Whole(leastBatch, 65_536),
            "images in a batch",
            SettingKind.Changes
        ),
        new("steps", preset.Steps, SettingType.Whole(1, 10_000_000), "training steps", SettingKind.Changes),
        new(
            "metricsEvery",
            "50",
            SettingType.Whole(),
            "steps between rows of metrics.csv",
            SettingKind.Neutral
        ),
        new(
            "lookEvery",
            "250",
            SettingType.Whole(),
            "steps between inception scores, and between sheets of samples",
            SettingKind.Neutral
        ),
        new("sheet", "256", SettingType.Whole(1, 10_000), "samples on a sheet", SettingKind.Neutral),
        new(
            "scoreBatches",
            "10",
            SettingType.Whole(1, 1000),
            "batches of samples that are scored",
            SettingKind.Changes
        ),
        new(
            "scoreBatch",
            "500",
            SettingType.Whole(leastBatch, 10_000),
            "samples in each of them",
            SettingKind.Changes
        ),
        new(
            "classifier",
            trainHere,
            SettingType.Text("a path"),
            $"the file of a trained classifier, or {trainHere} to train one",
            SettingKind.Changes
        ),
        new(
            "classifierPasses",
            preset.ClassifierPasses,
            SettingType.Whole(1, 10_000),
            "how often a classifier sees all images",
            SettingKind.Changes
        ),
        new(
            "spectra",
            "0",
            SettingType.Whole(0, 100),
            "eigenvalues sought at each end of the second derivatives' spectra, on one draw; 0 for none",
            SettingKind.Selects
        ),
    ];

    /// <inheritdoc/>
    public override void Validate(SettingValues settings)
    {
        DcganData.Validate(settings);
        long channels = settings.Int("channels");
        foreach (var key in new[] { "batch", "scoreBatch" })
        {
            if (settings.Int(key) * channels > mostImagesTimesChannels)
            {
                throw new UserInputException(
                    $"The setting {key} is {settings.Int(key)}, but with channels={channels} at most "
                        + $"{mostImagesTimesChannels / channels} images are possible at a time; give fewer."
                );
            }
        }

        if (settings.Text("classifier") is var path && path != trainHere && !File.Exists(path))
        {
            throw new UserInputException(
                $"The setting classifier is \"{path}\", but there is no such file; the file of a trained classifier or "
                    + $"{trainHere} is needed, for instance classifier={trainHere}."
            );
        }
    }

    /// <inheritdoc/>
    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        var given = context.GetText("classifier") is var path && path != trainHere ? Load(path) : null;
        var data = DcganData.Of(context);
        var gan = Networks(context, data.Wanted);
        var classifier = given ?? Trained(context, data, cancellation);
        Describe(context, classifier);
        var eye = new DigitEye(gan, classifier)
        {
            OnSheet = context.GetInt("sheet"),
            Batches = context.GetInt("scoreBatches"),
            BatchSize = context.GetInt("scoreBatch"),
        };
        Real(context, data.Wanted, eye);
        var steps = context.GetInt("steps");
        var rules = context.GetList("rules");
        foreach (var rule in GanRule.All.Where(rule => rules.Contains(rule.Key)))
        {
            context.Part(rule.Key);
            if (!context.IsOver(rule.Key))
            {
                Train(context, gan, eye, rule, steps, data.Wanted.Name, cancellation);
            }
        }
    }

    private Gan Networks(ExperimentContext context, ImageDataset images)
    {
        var costs = GanObjective.ByName(context.GetText("objective"));
        var channels = context.GetInt("channels");
        var batch = context.GetInt("batch");
        if (batch > images.Count)
        {
            throw new UserInputException(
                $"The setting batch is {batch}, but \"{images.Name}\" has {images.Count} images; take at most so many."
            );
        }

        var gan = new Gan(
            Name,
            Architectures.DcganGenerator(channels, context.GetInt("latent")),
            Architectures.DcganDiscriminator(channels, costs.TakesLogits),
            costs,
            images.Sampler(Gan.Real, batch)
        );
        foreach (var network in new[] { gan.Generator, gan.Discriminator })
        {
            context.Part(network.Name);
            context.Found($"{network.Name}/parameters", network.ParameterCount);
            context.Note(network.Summary());
        }

        context.Note(
            images.IsSynthetic
                ? $"The images are {images.Name}: a program drew them. Scores on them compare with nothing published."
                : $"The images are {images.Name}, {images.Count} of them."
        );
        return gan;
    }

    private static void Describe(ExperimentContext context, DigitClassifier classifier)
    {
        context.Part("classifier");
        context.Found("classifier/accuracy", classifier.TestAccuracy);
        context.Note(
            FormattableString.Invariant(
                $"The classifier was trained on {classifier.TrainedOn} and names {classifier.TestAccuracy:P2} of the test images rightly."
            )
        );
    }

    private static DigitClassifier Load(string path)
    {
        try
        {
            return DigitClassifier.Load(path);
        }
        catch (Exception fault)
            when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UserInputException($"classifier: {fault.Message}", fault);
        }
    }

    private static DigitClassifier Trained(
        ExperimentContext context,
        DcganData data,
        CancellationToken cancellation
    )
    {
        const int batch = 100;
        var passes = context.GetInt("classifierPasses");
        var file = context.PathOf(classifierFile);
        if (context.Resumed is not null && File.Exists(file))
        {
            return DigitClassifier.Load(file);
        }

        context.Report("classifier", 0);
        // A seed of its own, so that all runs are scored by the same classifier.
        var classifier = new ClassifierTraining(data.Train, data.Test)
        {
            Epochs = passes,
            BatchSize = Math.Min(batch, data.Train.Count),
            Progress = new Passes(context, passes),
        }.Run(cancellation);
        classifier.Save(file);
        return classifier;
    }

    private static void Real(ExperimentContext context, ImageDataset images, DigitEye eye)
    {
        ImageSheet.Save(
            context.PathOf($"{DigitDiary.Folder}/real.png"),
            eye.Sheet(images),
            images.Height,
            images.Width
        );
        context.Part("real");
        foreach (var (name, value) in eye.Judge(images).Metrics)
        {
            context.Found($"real/{name}", value);
        }
    }

    private static void Train(
        ExperimentContext context,
        Gan gan,
        DigitEye eye,
        GanRule rule,
        int steps,
        string images,
        CancellationToken cancellation
    )
    {
        var lookEvery = context.GetInt("lookEvery");
        var diary = new DigitDiary(context, rule.Key);
        var training = new GanTraining(gan, rule.Learner(context, steps), context.Seed, rule.Key)
        {
            MetricsEvery = context.GetInt("metricsEvery"),
            LookAt =
            [
                .. Enumerable.Range(1, steps / lookEvery).Select(i => i * lookEvery).Append(steps).Distinct(),
            ],
            Look = Look,
            Added = () => diary.Saved,
            StepsAtOnce = 1,
        };
        var run = training.Train(gan.Start(Initializer.Dcgan, context.Seed), steps, context, cancellation);
        var x = run.Final.ToArray();
        // A training that ended early has not been looked at.
        var metrics =
            diary.Last is { } last && last.Step == run.Steps ? last.Sight.Metrics : Look(run.Steps, x);
        foreach (var (name, value) in metrics)
        {
            context.Found($"{rule.Key}/{name}", value);
        }

        context.Figure($"{rule.Key}-inception-score", diary.Curve($"{rule.Title}, {images}"));
        Safetensors.Write(
            context.PathOf(WeightsFile(rule)),
            [
                .. NetworkWeights.Arrays(gan.Generator, gan.GeneratorOf(x), "generator/"),
                .. NetworkWeights.Arrays(gan.Discriminator, gan.DiscriminatorOf(x), "discriminator/"),
            ]
        );
        context.NoteWarnings(run);
        if (run.Solves.Count > 0)
        {
            context.Note($"{rule.Key}: {run.Solves}");
        }

        if (context.GetInt("spectra") is var ends and > 0)
        {
            GanEnds.HandOver(context, gan, rule, x, ends);
        }

        // The strategies are in the file of weights: they are too long for a summary.
        context.Outcome(
            rule.Key,
            run.Rule,
            run.Outcome.ToString(),
            !run.Outcome.HasFailed,
            run.Steps,
            [],
            run.Costs
        );

        (string Name, double Value)[] Look(int step, double[] at)
        {
            diary.Sheet(step, eye.Sheet(at));
            return diary.Add(step, eye.Look(at));
        }
    }

    private static string WeightsFile(GanRule rule) => $"weights-{rule.Key}.safetensors";

    private sealed class Passes(ExperimentContext context, int passes)
        : IProgress<(int Epoch, double TestAccuracy)>
    {
        public void Report((int Epoch, double TestAccuracy) value) =>
            context.Report("classifier", value.Epoch / (double)passes);
    }
}
