using System.Globalization;
using Stackelberg.Data;
using Stackelberg.Files;
using Stackelberg.Networks;

namespace Stackelberg.Evaluation;

/// <summary>A trained <see cref="Architectures.LeNet"/>: says how probable each digit is, for the inception score.</summary>
/// <remarks>Scores of a classifier that was trained on synthetic digits compare with nothing published.</remarks>
public sealed class DigitClassifier
{
    /// <summary>Rows and columns of the images that it takes.</summary>
    public const int Side = 32;

    private const int classes = 10;

    // Images that pass the network together; more do not fit into the caches.
    private const int together = 250;

    private static readonly Network network = Architectures.LeNet();

    private readonly Tensor parameters;
    private readonly Func<Tensor, Tensor, Tensor> forward;

    internal DigitClassifier(double[] parameters, string trainedOn, bool isSynthetic, double testAccuracy)
    {
        Parameters = parameters;
        (TrainedOn, IsSynthetic, TestAccuracy) = (trainedOn, isSynthetic, testAccuracy);
        this.parameters = TensorModule.cast(DType.Float32, TensorModule.ofArray(parameters));
        var none = TensorModule.cast(DType.Float32, TensorModule.zeros([0]));
        forward = Jit.Compile((p, x) => Tensor.Softmax(network.Evaluate(p, none, x)));
    }

    /// <summary>The network's parameters. The caller may not change them.</summary>
    public double[] Parameters { get; }

    /// <summary>The name of the images that it was trained on.</summary>
    public string TrainedOn { get; }

    /// <summary>Whether a program drew these images.</summary>
    public bool IsSynthetic { get; }

    /// <summary>The share of test images that it names rightly.</summary>
    public double TestAccuracy { get; }

    /// <summary>The probabilities of the ten digits.</summary>
    /// <param name="images">[n, 32, 32], row-major, in [−1, 1].</param>
    /// <returns>[n, 10], row-major.</returns>
    /// <exception cref="ArgumentException">The numbers are no whole images.</exception>
    public double[] Probabilities(ReadOnlySpan<double> images)
    {
        const int size = Side * Side;
        if (images.Length % size != 0)
        {
            throw new ArgumentException(
                $"DigitClassifier: {images.Length} numbers are no whole number of images of {Side} × {Side}.",
                nameof(images)
            );
        }

        var count = images.Length / size;
        var probabilities = new double[count * classes];
        var batch = new double[together * size];
        for (var first = 0; first < count; first += together)
        {
            // The last batch is filled up by what was there before, so that one program serves all.
            var taken = Math.Min(together, count - first);
            images.Slice(first * size, taken * size).CopyTo(batch);
            var input = TensorModule.cast(DType.Float32, TensorModule.ofArray(batch));
            forward(parameters, input.Reshape(together, Side, Side, 1))
                .ToArray()
                .AsSpan(0, taken * classes)
                .CopyTo(probabilities.AsSpan(first * classes));
        }

        return probabilities;
    }

    /// <summary>The inception score of images 28 × 28.</summary>
    /// <param name="images">[n, 28, 28], row-major, in [−1, 1].</param>
    /// <param name="resizing">How they come to 32 × 32: nearest in the sources.</param>
    /// <param name="splits">In how many parts they are scored.</param>
    /// <exception cref="ArgumentException">The numbers are no whole images, or fewer than the splits.</exception>
    public InceptionScore Score(
        ReadOnlySpan<double> images,
        Resizing resizing = Resizing.Nearest,
        int splits = 1
    ) =>
        InceptionScore.Of(
            Probabilities(ImageResize.Apply(resizing, images, SyntheticDigits.Side, Side)),
            classes,
            splits
        );

    /// <summary>The share of images whose most probable digit is their label.</summary>
    /// <param name="images">Images 28 × 28; they are resized bilinearly, as for training.</param>
    public double Accuracy(ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var right = 0;
        for (var first = 0; first < images.Count; first += together)
        {
            int[] indices = [.. Enumerable.Range(first, Math.Min(together, images.Count - first))];
            var pixels = new double[indices.Length * images.Height * images.Width];
            images.Copy(indices, pixels);
            var found = Probabilities(ImageResize.Bilinear(pixels, images.Height, Side));
            for (var i = 0; i < indices.Length; i++)
            {
                var own = found.AsSpan(i * classes, classes);
                var digit = 0;
                for (var other = 1; other < classes; other++)
                {
                    digit = own[other] > own[digit] ? other : digit;
                }

                right += digit == images.Labels[indices[i]] ? 1 : 0;
            }
        }

        return (double)right / images.Count;
    }

    /// <summary>Writes the weights, and what they were trained on, as safetensors.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Safetensors.Write(
            path,
            NetworkWeights.Arrays(network, Parameters),
            new Dictionary<string, string>
            {
                ["network"] = "LeNet",
                ["trained_on"] = TrainedOn,
                ["synthetic"] = IsSynthetic ? "true" : "false",
                ["test_accuracy"] = $"{TestAccuracy:R}",
            }
        );
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is damaged, or holds something else.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static DigitClassifier Load(string path)
    {
        var file = Safetensors.Read(path);
        var words = file.Metadata;
        if (
            words.GetValueOrDefault("network") != "LeNet"
            || !double.TryParse(
                words.GetValueOrDefault("test_accuracy"),
                CultureInfo.InvariantCulture,
                out var accuracy
            )
        )
        {
            throw new InvalidDataException($"{path} holds no trained classifier of digits.");
        }

        return new(
            NetworkWeights.Parameters(network, file),
            words.GetValueOrDefault("trained_on", "unknown images"),
            words.GetValueOrDefault("synthetic") == "true",
            accuracy
        );
    }
}
