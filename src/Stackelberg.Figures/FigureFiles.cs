using System.Security.Cryptography;
using System.Text;
using Stackelberg.Files;

namespace Stackelberg.Figures;

/// <summary>Figures as files of one's own choice, and in the browser.</summary>
public static class FigureFiles
{
    /// <summary>Writes a figure as the kind of file that the ending names: <c>.svg</c>, <c>.html</c>, and with
    /// <c>Stackelberg.Figures.Skia</c> <c>.png</c> and <c>.pdf</c>.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="path">The file; its folder is there. A file of this name is replaced.</param>
    /// <exception cref="ArgumentException">No kind of file has this ending; the message says which do, and which package
    /// is missing.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <example><code>figure.SaveAs("run.html"); // a page of its own, with zoom and values at the pointer</code></example>
    public static void SaveAs(this Figure figure, string path)
    {
        ArgumentNullException.ThrowIfNull(figure);
        ArgumentNullException.ThrowIfNull(path);
        var content = FigureFormats.For(path)(figure);
        AtomicFile.Write(path, stream => stream.Write(content));
    }

    /// <summary>Writes a figure as a page into the system's folder of temporary files, and opens it in the browser.</summary>
    /// <param name="figure">The figure.</param>
    /// <returns>The page's path, whether or not there is a browser.</returns>
    /// <exception cref="IOException">The page cannot be written.</exception>
    /// <remarks>The environment variable <c>STACKELBERG_BROWSER</c> names the program that opens pages; <c>none</c> opens nothing.
    /// Equal figures have equal pages.</remarks>
    public static string Show(this Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        var html = figure.ToHtml();
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(html)))[..16];
        var path = Path.Combine(Path.GetTempPath(), $"stackelberg-{name}.html");
        AtomicFile.WriteText(path, html);
        Browser.Open(path);
        return path;
    }
}
