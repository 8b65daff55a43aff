using Stackelberg.Data;
using Stackelberg.Evaluation;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public class DigitClassifierTests
{
    private static readonly Lazy<DigitClassifier> trained = new(() => Train(1, 1000));

    [Fact]
    public void A_short_training_on_synthetic_digits_learns_to_read_them()
    {
        var classifier = trained.Value;
        Assert.True(classifier.IsSynthetic);
        Assert.StartsWith("synthetic digits", classifier.TrainedOn, StringComparison.Ordinal);
        // Chance gives 0.1; sixty steps give about 0.9.
        Assert.InRange(classifier.TestAccuracy, 0.7, 1);
    }

    [Fact]
    public void Equal_seeds_give_equal_bits()
    {
        Assert.Equal(Train(1, 100).Parameters, Train(1, 100).Parameters);
        Assert.NotEqual(Train(1, 100).Parameters, Train(2, 100).Parameters);
    }

    [Fact]
    public void Digits_of_all_kinds_score_high_and_of_one_kind_low()
    {
        var digits = SyntheticDigits.Make(300, 5);
        double Score(ImageDataset data, Resizing resizing)
        {
            var images = new double[data.Count * 784];
            data.Copy([.. Enumerable.Range(0, data.Count)], images);
            return trained.Value.Score(images, resizing).Mean;
        }

        foreach (var resizing in Enum.GetValues<Resizing>())
        {
            var (all, one) = (Score(digits, resizing), Score(digits.OnlyLabels(1), resizing));
            Assert.InRange(all, 3, 10);
            Assert.InRange(one, 1, 0.7 * all);
        }
    }

    [Fact]
    public void Probabilities_of_an_image_do_not_depend_on_the_others()
    {
        var images = new double[260 * 1024];
        for (var i = 0; i < images.Length; i++)
        {
            images[i] = Math.Sin(i * 0.37);
        }

        var all = trained.Value.Probabilities(images);
        Assert.Equal(2600, all.Length);
        Assert.All(all.Chunk(10), one => Assert.Equal(1, one.Sum(), 1e-5));
        Assert.Equal(all[2550..], trained.Value.Probabilities(images.AsSpan(255 * 1024)));
    }

    [Fact]
    public void A_saved_classifier_is_the_same_and_another_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Of("classifier.safetensors");
        trained.Value.Save(path);
        var read = DigitClassifier.Load(path);
        Assert.Equal(trained.Value.Parameters, read.Parameters);
        Assert.Equal(trained.Value.TestAccuracy, read.TestAccuracy);
        Assert.Equal(trained.Value.TrainedOn, read.TrainedOn);
        Assert.True(read.IsSynthetic);
        Assert.Equal([5, 5, 1, 16], Safetensors.Read(path)["0.weight"].Shape);
        Safetensors.Write(path, []);
        var fault = Assert.Throws<InvalidDataException>(() => DigitClassifier.Load(path));
        Assert.Contains("holds no trained classifier", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_and_settings_that_do_not_fit_are_refused()
    {
        var digits = SyntheticDigits.Make(10, 1);
        var small = new ImageDataset("small", false, 2, 2, new byte[4], [0]);
        var eleven = new ImageDataset("eleven", false, 28, 28, new byte[784], [10]);
        Assert.Throws<ArgumentException>(() => new ClassifierTraining(small, digits));
        Assert.Throws<ArgumentException>(() => new ClassifierTraining(digits, eleven));
        Assert.Throws<ArgumentException>(() => new ClassifierTraining(digits, digits).Run());
        Assert.Throws<ArgumentException>(() => trained.Value.Probabilities(new double[1000]));
    }

    private static DigitClassifier Train(ulong seed, int images) =>
        new ClassifierTraining(SyntheticDigits.Make(images, 1), SyntheticDigits.Make(250, 1, first: 60_000))
        {
            Epochs = 2,
            BatchSize = 32,
            Seed = seed,
        }.Run();
}
