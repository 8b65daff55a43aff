using Stackelberg.Data;
using Stackelberg.Evaluation;
using Stackelberg.Kernels;

namespace Stackelberg.Gans;

/// <summary>What a classifier says of images of digits.</summary>
/// <param name="Score">The inception score.</param>
/// <param name="Sure">The share of images in which the classifier sees one digit with a probability above 0.9.</param>
/// <param name="Digits">How many digits it sees in at least one image of a hundred.</param>
public sealed record DigitEvaluation(double Score, double Sure, int Digits)
{
    private const double sureAbove = 0.9;
    private const double leastShare = 0.01;

    /// <summary>The numbers for <c>metrics.csv</c>.</summary>
    public (string Name, double Value)[] Metrics =>
        [("inceptionScore", Score), ("sure", Sure), ("digits", Digits)];

    /// <summary>From the classifier's probabilities.</summary>
    /// <param name="probabilities">[n, 10], row-major.</param>
    public static DigitEvaluation Of(double[] probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        const int digits = 10;
        var images = probabilities.Length / digits;
        var seen = new int[digits];
        var sure = 0;
        for (var i = 0; i < images; i++)
        {
            var own = probabilities.AsSpan(i * digits, digits);
            var best = 0;
            for (var digit = 1; digit < digits; digit++)
            {
                best = own[digit] > own[best] ? digit : best;
            }

            seen[best]++;
            sure += own[best] > sureAbove ? 1 : 0;
        }

        return new(
            InceptionScore.Of(probabilities, digits).Mean,
            (double)sure / images,
            seen.Count(count => count >= leastShare * images)
        );
    }
}

/// <summary>Evaluates a generator of digits, always on the same latent points. The generator normalises each batch by its
/// own statistics, as that of Fiez, Chasnov and Ratliff (2020) does when it is scored.</summary>
public sealed class DigitEvaluator
{
    private const int side = 28;

    // The same latent points for all runs.
    private const ulong seed = 0;
    private const ulong sheetStream = 0;
    private const ulong scoreStream = 1;

    private readonly Gan gan;
    private readonly DigitClassifier classifier;

    /// <summary>Prepares to evaluate.</summary>
    /// <param name="gan">The networks.</param>
    /// <param name="classifier">Says which digits it sees.</param>
    public DigitEvaluator(Gan gan, DigitClassifier classifier)
    {
        ArgumentNullException.ThrowIfNull(gan);
        ArgumentNullException.ThrowIfNull(classifier);
        (this.gan, this.classifier) = (gan, classifier);
    }

    /// <summary>Images on a sheet.</summary>
    public required int OnSheet { get; init; }

    /// <summary>Batches that are scored.</summary>
    public required int Batches { get; init; }

    /// <summary>Images in each of them.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The images of a sheet.</summary>
    /// <param name="x">The joint strategy, [d].</param>
    /// <returns>[OnSheet, 28, 28], row-major, in [−1, 1].</returns>
    public double[] Sheet(double[] x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Generate(Compiled(), Parameters(x), new Philox(seed, sheetStream), OnSheet);
    }

    /// <summary>The sheet of as many real images, or of all if they are fewer.</summary>
    /// <param name="images">The images.</param>
    public double[] Sheet(ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Pixels(images, 0, Math.Min(images.Count, OnSheet));
    }

    /// <summary>Scores the generator's images.</summary>
    /// <param name="x">The joint strategy, [d].</param>
    public DigitEvaluation Evaluate(double[] x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var generate = Compiled();
        var parameters = Parameters(x);
        var random = new Philox(seed, scoreStream);
        var probabilities = new List<double>();
        for (var batch = 0; batch < Batches; batch++)
        {
            probabilities.AddRange(Probabilities(Generate(generate, parameters, random, BatchSize)));
        }

        return DigitEvaluation.Of([.. probabilities]);
    }

    /// <summary>Scores real images in the same way, as many as there are if they are fewer.</summary>
    /// <param name="images">The images.</param>
    public DigitEvaluation Evaluate(ImageDataset images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var probabilities = new List<double>();
        var count = Math.Min(images.Count, Batches * BatchSize);
        for (var first = 0; first < count; first += BatchSize)
        {
            probabilities.AddRange(Probabilities(Pixels(images, first, Math.Min(BatchSize, count - first))));
        }

        return DigitEvaluation.Of([.. probabilities]);
    }

    // The nearest pixel, as in the sources.
    private double[] Probabilities(ReadOnlySpan<double> images) =>
        classifier.Probabilities(ImageResize.Nearest(images, side, DigitClassifier.Side));

    private static double[] Pixels(ImageDataset images, int first, int count)
    {
        var pixels = new double[count * side * side];
        images.Copy([.. Enumerable.Range(first, count)], pixels);
        return pixels;
    }

    private Tensor Parameters(double[] x) => Single(gan.GeneratorOf(x));

    // Anew each time, which costs little: what it computes with is let go in between.
    private Func<Tensor, Tensor, Tensor> Compiled() =>
        Jit.Compile((parameters, latent) => gan.Generator.Apply(parameters, latent));

    private double[] Generate(
        Func<Tensor, Tensor, Tensor> generate,
        Tensor parameters,
        Philox random,
        int count
    )
    {
        var latent = new double[count * gan.Generator.Input[0]];
        random.FillNormal(latent, 0, latent.Length);
        return generate(parameters, Single(latent).Reshape(count, gan.Generator.Input[0])).ToArray();
    }

    private static Tensor Single(double[] values) =>
        TensorModule.cast(DType.Float32, TensorModule.ofArray(values));
}
