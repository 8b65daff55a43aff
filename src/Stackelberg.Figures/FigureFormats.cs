namespace Stackelberg.Figures;

/// <summary>The kinds of file that a figure is saved as, by their endings.</summary>
/// <remarks><c>.svg</c> and <c>.html</c> are always there; a package that draws others adds them.</remarks>
public static class FigureFormats
{
    private static readonly Lock changing = new();

    // Replaced as a whole, so that it can be read at any time.
    private static volatile Dictionary<string, Func<Figure, byte[]>> formats = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        [".svg"] = figure => System.Text.Encoding.UTF8.GetBytes(figure.ToSvg()),
        [".html"] = figure => System.Text.Encoding.UTF8.GetBytes(figure.ToHtml()),
    };

    /// <summary>The endings that there are, sorted.</summary>
    public static IReadOnlyList<string> Endings => [.. formats.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Adds a kind of file, or replaces it.</summary>
    /// <param name="ending">Its ending with the dot, for instance <c>.pdf</c>.</param>
    /// <param name="draw">The file's content.</param>
    /// <exception cref="ArgumentException">The ending has no dot in front.</exception>
    public static void Add(string ending, Func<Figure, byte[]> draw)
    {
        ArgumentNullException.ThrowIfNull(ending);
        ArgumentNullException.ThrowIfNull(draw);
        if (ending.Length < 2 || ending[0] != '.')
        {
            throw new ArgumentException(
                $"FigureFormats.Add: ending is \"{ending}\", but a dot and letters are needed, as in .pdf.",
                nameof(ending)
            );
        }

        lock (changing)
        {
            formats = new(formats, StringComparer.OrdinalIgnoreCase) { [ending] = draw };
        }
    }

    /// <summary>What draws a file of a name.</summary>
    internal static Func<Figure, byte[]> For(string path)
    {
        var ending = Path.GetExtension(path);
        if (formats.TryGetValue(ending, out var draw))
        {
            return draw;
        }

        throw new ArgumentException(
            ending.ToUpperInvariant() is ".PNG" or ".PDF"
                ? $"{Path.GetFileName(path)}: {ending} needs the package Stackelberg.Figures.Skia. In a script: "
                    + "#r \"nuget: Stackelberg.Figures.Skia\", then Stackelberg.Figures.Skia.Rendering.Register(); "
                    + "or save as .svg or .html."
                : $"{Path.GetFileName(path)}: a figure is saved by its file's ending, which is "
                    + (ending.Length > 0 ? $"\"{ending}\"" : "missing")
                    + $"; there are {string.Join(", ", Endings)}.",
            nameof(path)
        );
    }
}
