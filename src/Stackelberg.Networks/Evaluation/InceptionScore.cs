namespace Stackelberg.Evaluation;

/// <summary>exp of the mean over images x of KL(p(y|x) ‖ p(y)), where p(y|x) are a classifier's probabilities and p(y)
/// their mean: from 1, when all images look alike to the classifier, to the number of classes.</summary>
/// <param name="Mean">The mean over the splits.</param>
/// <param name="Deviation">The standard deviation over the splits (divided by their count); 0 for one.</param>
/// <remarks>T. Salimans et al. (2016), computed as the sources do: splits one after the other, what does not fill the last
/// is left out.</remarks>
public sealed record InceptionScore(double Mean, double Deviation)
{
    /// <summary>Computes the score.</summary>
    /// <param name="probabilities">[n, classes] row-major: of each image, each class's probability.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="splits">In how many parts the images are scored, at least 1 and at most n.</param>
    /// <exception cref="ArgumentException">A count is wrong.</exception>
    public static InceptionScore Of(ReadOnlySpan<double> probabilities, int classes, int splits = 1)
    {
        if (
            classes < 1
            || splits < 1
            || probabilities.Length % classes != 0
            || probabilities.Length / classes < splits
        )
        {
            throw new ArgumentException(
                $"InceptionScore.Of: {probabilities.Length} probabilities of {classes} classes in {splits} splits: whole "
                    + "images, and at least one in each split, are needed."
            );
        }

        var perSplit = probabilities.Length / classes / splits * classes;
        var scores = new double[splits];
        for (var split = 0; split < splits; split++)
        {
            scores[split] = Score(probabilities.Slice(split * perSplit, perSplit), classes);
        }

        var mean = scores.Average();
        return new(mean, Math.Sqrt(scores.Average(score => (score - mean) * (score - mean))));
    }

    private static double Score(ReadOnlySpan<double> probabilities, int classes)
    {
        var images = probabilities.Length / classes;
        var marginal = new double[classes];
        for (var i = 0; i < probabilities.Length; i++)
        {
            marginal[i % classes] += probabilities[i] / images;
        }

        var sum = 0.0;
        for (var image = 0; image < images; image++)
        {
            sum += Divergence.KullbackLeibler(probabilities.Slice(image * classes, classes), marginal);
        }

        return Math.Exp(sum / images);
    }
}
