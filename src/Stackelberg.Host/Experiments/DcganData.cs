using System.Globalization;
using Stackelberg.Data;

namespace Stackelberg.Experiments;

/// <summary>The images of a DCGAN experiment.</summary>
/// <param name="Train">All digits, to train the classifier with.</param>
/// <param name="Test">Others, to test it with.</param>
/// <param name="Wanted">Those of the training images that the generator is to learn.</param>
internal sealed record DcganData(ImageDataset Train, ImageDataset Test, ImageDataset Wanted)
{
    /// <summary>The value of the setting "data" that stands for drawn digits.</summary>
    public const string Synthetic = "synthetic";

    /// <summary>The value of the setting "digits" that stands for all ten.</summary>
    public const string AllDigits = "all";

    // One set of images for all runs; of seven drawn images six are to train with, as in MNIST.
    private const ulong seed = 1;
    private const int trainPerTest = 6;

    // One of each digit.
    private const int leastImages = 10;

    private static readonly string[] everyDigit = [.. "0123456789".Select(digit => $"{digit}")];

    /// <summary>The settings of the images.</summary>
    /// <param name="digits">The digits that are learnt.</param>
    /// <param name="images">The number of synthetic images.</param>
    public static IEnumerable<Setting> Settings(string digits, string images) =>
        [
            new(
                "data",
                Synthetic,
                SettingType.Text("a path"),
                "a folder with the four files of MNIST, or synthetic for drawn digits",
                SettingKind.Changes
            ),
            new(
                "anyDigits",
                "false",
                SettingType.YesNo,
                "whether a folder may hold other images than the published ones",
                SettingKind.Neutral
            ),
            new(
                "digits",
                digits,
                SettingType.WordOr(AllDigits, SettingType.SomeOf(everyDigit)),
                "the digits to learn: all, or a list as 0,1",
                SettingKind.Changes
            ),
            new(
                "images",
                images,
                SettingType.Whole(leastImages, 1_000_000),
                "synthetic images to train with",
                SettingKind.Changes
            ),
        ];

    /// <summary>Refuses a folder that is not there, and batches larger than what is drawn.</summary>
    /// <param name="settings">The settings.</param>
    /// <exception cref="UserInputException">They do not fit.</exception>
    public static void Validate(SettingValues settings)
    {
        var folder = settings.Text("data");
        if (folder != Synthetic)
        {
            if (!Directory.Exists(folder))
            {
                throw new UserInputException(
                    $"The setting data is \"{folder}\", but there is no such folder; one with the four files of MNIST or "
                        + $"{Synthetic} is needed, for instance data={Synthetic}."
                );
            }

            return;
        }

        int images = settings.Int("images"),
            batch = settings.Int("batch");
        // The labels are 0, 1, …, 9, 0, 1, ….
        var drawn = Digits(settings.Text("digits")) is { } wanted
            ? wanted.Sum(digit => (images + 9 - digit) / 10)
            : images;
        if (batch > drawn)
        {
            throw new UserInputException(
                $"The setting batch is {batch}, but of the images={images} that are drawn {drawn} show the digits that are "
                    + "to be learnt; take at most so many, or draw more."
            );
        }
    }

    /// <summary>Reads or draws the images.</summary>
    /// <param name="context">The settings.</param>
    /// <exception cref="UserInputException">A setting is wrong, or the folder's files are.</exception>
    public static DcganData Of(ExperimentContext context)
    {
        var wanted = Digits(context.GetText("digits"));
        var images = context.GetInt("images");
        var folder = context.GetText("data");
        var (train, test) =
            folder == Synthetic
                ? (
                    SyntheticDigits.Make(images, seed),
                    SyntheticDigits.Make((images + trainPerTest - 1) / trainPerTest, seed, first: images)
                )
                : Read(folder, context.GetBool("anyDigits"));
        if (wanted is null)
        {
            return new(train, test, train);
        }

        var missing = wanted.Except(train.Labels.ToArray()).ToArray();
        return missing.Length == 0
            ? new(train, test, train.OnlyLabels(wanted))
            : throw new UserInputException(
                $"The setting digits is \"{context.GetText("digits")}\", but \"{train.Name}\" has no "
                    + $"{string.Join(", ", missing)}; it has {string.Join(", ", train.Labels.ToArray().Distinct().Order())}."
            );
    }

    private static (ImageDataset Train, ImageDataset Test) Read(string folder, bool anyDigits)
    {
        try
        {
            return (
                MnistFolder.Read(folder, MnistPart.Train, anyDigits),
                MnistFolder.Read(folder, MnistPart.Test, anyDigits)
            );
        }
        catch (InvalidDataException fault) when (!anyDigits)
        {
            throw new UserInputException(
                $"data: {fault.Message.TrimEnd('.')}; anyDigits=true takes other images in files of these names.",
                fault
            );
        }
        catch (Exception fault)
            when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UserInputException($"data: {fault.Message}", fault);
        }
    }

    // The labels, or null for all.
    private static byte[]? Digits(string text) =>
        text == AllDigits
            ? null
            : Array.ConvertAll(text.Split(','), entry => byte.Parse(entry, CultureInfo.InvariantCulture));
}
