using Stackelberg.Data;
using Stackelberg.Kernels;
using Stackelberg.Networks;

namespace Stackelberg.Evaluation;

/// <summary>How the classifier behind the inception score is trained: as a game of one player, whose cost is the cross
/// entropy on a batch.</summary>
/// <remarks>The sources' settings: Adam with rate 10⁻³, batches of 100, 50 passes, bilinear images; the parameters of the
/// pass with the best test accuracy are kept.</remarks>
public sealed class ClassifierTraining
{
    private const string images = "images";
    private const string labels = "labels";
    private const int classes = 10;

    // The start's stream lies far from those of a run's draws, which count up from 1.
    private const ulong startStream = 1UL << 32;

    private readonly ImageDataset train;
    private readonly ImageDataset test;

    /// <summary>Prepares a training.</summary>
    /// <param name="train">Images 28 × 28 with labels 0 to 9.</param>
    /// <param name="test">Other such images, for the choice among the passes.</param>
    /// <exception cref="ArgumentException">There are fewer images than a batch, or they have another size or other
    /// labels.</exception>
    public ClassifierTraining(ImageDataset train, ImageDataset test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        foreach (var data in new[] { train, test })
        {
            if (
                (data.Height, data.Width) != (SyntheticDigits.Side, SyntheticDigits.Side)
                || data.Labels.ContainsAnyExceptInRange((byte)0, (byte)(classes - 1))
            )
            {
                throw new ArgumentException(
                    $"ClassifierTraining: \"{data.Name}\" has images of {data.Height} × {data.Width} and labels up to "
                        + $"{data.Labels.ToArray().Max()}, but 28 × 28 and labels 0 to 9 are needed."
                );
            }
        }

        (this.train, this.test) = (train, test);
    }

    /// <summary>Passes over the training images; default 50.</summary>
    public int Epochs { get; init; } = 50;

    /// <summary>Images in a batch; default 100.</summary>
    public int BatchSize { get; init; } = 100;

    /// <summary>The learning rate; default 10⁻³.</summary>
    public double Rate { get; init; } = 1e-3;

    /// <summary>Where the random numbers begin; default 0. The same seed gives the same bits.</summary>
    public ulong Seed { get; init; }

    /// <summary>Who is told the test accuracy after each pass.</summary>
    public IProgress<(int Epoch, double TestAccuracy)>? Progress { get; init; }

    /// <summary>Trains.</summary>
    /// <param name="cancellation">Ends the training after the present step.</param>
    /// <returns>The classifier of the best pass. When a number stops being finite the training ends early, with the best
    /// until then.</returns>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public DigitClassifier Run(CancellationToken cancellation = default)
    {
        if (Epochs < 1 || BatchSize < 1 || BatchSize > train.Count)
        {
            throw new ArgumentException(
                $"ClassifierTraining: {Epochs} passes with batches of {BatchSize} over {train.Count} images: at least one pass "
                    + "and batches from 1 image to all are needed."
            );
        }

        var network = Architectures.LeNet();
        var stepsPerEpoch = train.Count / BatchSize;
        var learning = Learner
            .Simultaneous()
            .WithPreconditioners(PreconditionerModule.adam)
            .WithRates(_ => Rate)
            .WithSteps(checked(Epochs * stepsPerEpoch))
            .WithRecordEvery(0)
            .WithSeed(Seed)
            .Start(
                Game(network),
                network.Initial(Initializer.TorchDefault, new Philox(Seed, startStream)),
                cancellation
            );
        DigitClassifier? best = null;
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            learning.Advance(stepsPerEpoch);
            cancellation.ThrowIfCancellationRequested();
            var accuracy = Classifier(learning.X, 0).Accuracy(test);
            if (!(accuracy <= best?.TestAccuracy))
            {
                best = Classifier(learning.X, accuracy);
            }

            Progress?.Report((epoch, accuracy));
            if (learning.IsFinished)
            {
                break;
            }
        }

        return best!;
    }

    private DigitClassifier Classifier(double[] parameters, double accuracy) =>
        new([.. parameters], train.Name, train.IsSynthetic, accuracy);

    private Game Game(Network network)
    {
        var player = PlayerModule.Vector("classifier", network.ParameterCount);
        Sampler[] masks =
        [
            .. network
                .Layers.OfType<Dropout>()
                .Zip(network.MaskShapes)
                .Select(
                    (dropout, i) =>
                        Sampler.OfFunction(
                            MaskName(i),
                            [BatchSize, .. dropout.Second],
                            (random, to) =>
                            {
                                random.FillUniform(to, 0, to.Length);
                                for (var entry = 0; entry < to.Length; entry++)
                                {
                                    to[entry] = to[entry] < dropout.First.Rate ? 0 : 1;
                                }
                            }
                        )
                ),
        ];
        return Stackelberg.Game.Of(
            "classifier",
            Sampler.All([Examples(), .. masks]),
            DType.Float32,
            new Seat(
                player,
                0,
                q =>
                {
                    var logits = network.Apply(
                        q[player],
                        q.Sample(images),
                        [.. masks.Select((_, i) => q.Sample(MaskName(i)))]
                    );
                    var own = TensorModule.sumAxis(1, logits * q.Sample(labels));
                    return Tensor.Mean(TensorModule.logsumexp(logits) - own);
                }
            )
        );
    }

    /// <summary>Images 32 × 32, and ten numbers for each: 1 for its label, 0 for the others.</summary>
    private Sampler Examples()
    {
        const int size = DigitClassifier.Side * DigitClassifier.Side;
        var pixels = new float[train.Count * size];
        var digits = new float[train.Count * classes];
        Parallel.For(
            0,
            train.Count,
            i =>
            {
                var image = new double[train.Height * train.Width];
                train.Copy([i], image);
                var resized = ImageResize.Bilinear(image, train.Height, DigitClassifier.Side);
                for (var pixel = 0; pixel < size; pixel++)
                {
                    pixels[i * size + pixel] = (float)resized[pixel];
                }

                digits[i * classes + train.Labels[i]] = 1;
            }
        );
        return Sampler.Rows(
            BatchSize,
            (images, [DigitClassifier.Side, DigitClassifier.Side, 1], pixels),
            (labels, [classes], digits)
        );
    }

    private static string MaskName(int dropout) => $"mask{dropout}";
}
