namespace Stackelberg.Data;

/// <summary>The MNIST database of handwritten digits, or another one of its form, in a folder that the user names. Nothing
/// is downloaded.</summary>
/// <remarks>Y. LeCun, C. Cortes and C. Burges: 60,000 images 28 × 28 to train with and 10,000 to test with. The files are
/// <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c> and
/// <c>t10k-labels-idx1-ubyte</c>, each as it is or with <c>.gz</c>, with a hyphen or a dot before <c>idx</c>.</remarks>
public static class MnistFolder
{
    private const int side = 28;

    // SHA-256 of the published files, packed and unpacked.
    private static readonly Dictionary<string, string[]> published = new(StringComparer.Ordinal)
    {
        ["train-images-idx3-ubyte"] =
        [
            "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        ],
        ["train-labels-idx1-ubyte"] =
        [
            "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        ],
        ["t10k-images-idx3-ubyte"] =
        [
            "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        ],
        ["t10k-labels-idx1-ubyte"] =
        [
            "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ],
    };

    /// <summary>Reads one part and checks it.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="part">Which images.</param>
    /// <param name="anyDigits">Whether files with other checksums than the published ones are taken: other images 28 × 28
    /// in files of the same names.</param>
    /// <exception cref="InvalidDataException">A file is damaged, of another format, or not the published one.</exception>
    /// <exception cref="IOException">The folder or a file is not there or cannot be read.</exception>
    public static ImageDataset Read(string folder, MnistPart part, bool anyDigits = false)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var prefix = part == MnistPart.Train ? "train" : "t10k";
        var (images, imagesPath, isImages) = Read(folder, $"{prefix}-images-idx3-ubyte", 3, anyDigits);
        var (labels, labelsPath, isLabels) = Read(folder, $"{prefix}-labels-idx1-ubyte", 1, anyDigits);
        if (images.Shape[1] != side || images.Shape[2] != side)
        {
            throw new InvalidDataException(
                $"{imagesPath} holds images of {images.Shape[1]} × {images.Shape[2]}, but {side} × {side} are needed."
            );
        }

        if (images.Shape[0] != labels.Shape[0])
        {
            throw new InvalidDataException(
                $"{imagesPath} holds {images.Shape[0]} images, but {labelsPath} {labels.Shape[0]} labels. Get both again."
            );
        }

        if (labels.Values.FirstOrDefault(label => label > 9) is var wrong and > 9)
        {
            throw new InvalidDataException(
                $"{labelsPath} has a label {wrong}, but digits 0 to 9 are needed."
            );
        }

        var name =
            isImages && isLabels
                ? $"MNIST, {prefix}"
                : $"{Path.GetFileName(Path.GetFullPath(folder))}, {prefix}";
        return new(name, false, side, side, images.Values, labels.Values);
    }

    private static (IdxArray Array, string Path, bool IsPublished) Read(
        string folder,
        string name,
        int axes,
        bool anyDigits
    )
    {
        // As the database's page names the files, and as its archive and other copies do.
        var dotted = name.Replace("-idx", ".idx", StringComparison.Ordinal);
        string[] candidates =
        [
            .. new[] { name, dotted }.SelectMany(form =>
                new[] { Path.Combine(folder, form + ".gz"), Path.Combine(folder, form) }
            ),
        ];
        var path =
            candidates.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException(
                $"The folder {folder} has no {name}.gz, no {name} and no {dotted}. Put the four files of the MNIST database there, or "
                    + "use the synthetic digits."
            );
        var array = Idx.Read(path, axes);
        var isPublished = published[name].Contains(array.Sha256);
        if (!isPublished && !anyDigits)
        {
            throw new InvalidDataException(
                $"{path} is not the published file: its SHA-256 is {array.Sha256}, but {published[name][0]} (packed) or "
                    + $"{published[name][1]} is needed. Get it again, or say that any digits will do."
            );
        }

        return (array, path, isPublished);
    }
}
