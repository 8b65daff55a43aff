using System.Xml;
using SkiaSharp;
using Stackelberg.Files;
using Svg.Skia;

namespace Stackelberg.Figures.Skia;

/// <summary>Figures as PNG and PDF, drawn from their SVG by Skia.</summary>
/// <remarks>
/// SkiaSharp's native part needs fontconfig and a font on Linux: <c>apt-get install libfontconfig1 fonts-dejavu-core</c>.
/// Letters are those of the machine; the same machine gives the same bytes.
/// </remarks>
/// <example>
/// <code>
/// using Stackelberg.Figures.Skia;
/// figure.SavePdf("distance.pdf");
/// figure.SavePng("distance.png", scale: 3);
/// </code>
/// </example>
public static class Rendering
{
    // SVG's pixel is 1/96 of an inch, PDF's point 1/72.
    private const float pointsPerPixel = 0.75f;

    // Beyond this a picture needs gigabytes.
    private const double mostPixels = 1e8;

    /// <summary>Lets <c>figure.SaveAs</c> and a script's <c>Chart.save</c> write <c>.png</c>, with two pixels for one of the
    /// figure, and <c>.pdf</c>.</summary>
    /// <example>
    /// <code lang="fsharp">
    /// #r "nuget: Stackelberg.Figures.Skia"
    /// Stackelberg.Figures.Skia.Rendering.Register()
    /// run |> Chart.trajectory |> Chart.save "run.pdf"
    /// </code>
    /// </example>
    public static void Register()
    {
        FigureFormats.Add(".png", figure => figure.ToPng());
        FigureFormats.Add(".pdf", figure => figure.ToPdf());
    }

    /// <summary>A figure as PNG.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="scale">Pixels of the image for one of the figure, above 0.</param>
    /// <exception cref="InvalidOperationException">Skia or a font is missing; the message says what to install.</exception>
    public static byte[] ToPng(this Figure figure, double scale = 2)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return Png(figure.ToSvg(), scale);
    }

    /// <summary>A figure as PDF of one page, its lines and letters as such.</summary>
    /// <param name="figure">The figure.</param>
    /// <exception cref="InvalidOperationException">Skia or a font is missing; the message says what to install.</exception>
    public static byte[] ToPdf(this Figure figure)
    {
        ArgumentNullException.ThrowIfNull(figure);
        return Pdf(figure.ToSvg());
    }

    /// <summary>Writes a figure as PNG.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="path">The file.</param>
    /// <param name="scale">Pixels of the image for one of the figure, above 0.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">Skia or a font is missing; the message says what to install.</exception>
    public static void SavePng(this Figure figure, string path, double scale = 2)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, stream => stream.Write(figure.ToPng(scale)));
    }

    /// <summary>Writes a figure as PDF.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">Skia or a font is missing; the message says what to install.</exception>
    public static void SavePdf(this Figure figure, string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        AtomicFile.Write(path, stream => stream.Write(figure.ToPdf()));
    }

    /// <summary>A saved figure as PNG.</summary>
    /// <param name="svg">What <see cref="Figure.ToSvg"/> gives.</param>
    /// <param name="scale">Pixels of the image for one of the figure, above 0.</param>
    /// <exception cref="ArgumentException">It is no SVG, or the image would be too large.</exception>
    /// <exception cref="InvalidOperationException">Skia or a font is missing; the message says what to install.</exception>
    public static byte[] Png(string svg, double scale = 2)
    {
        ArgumentNullException.ThrowIfNull(svg);
        if (!(scale > 0))
        {
            throw new ArgumentException(
                $"Rendering.Png: scale is {scale}, but must be above 0.",
                nameof(scale)
            );
        }

        return Native.Guard(() =>
        {
            using var drawing = new SKSvg();
            var picture = Load(drawing, svg);
            var (width, height) = (picture.CullRect.Width * scale, picture.CullRect.Height * scale);
            if (!(width * height <= mostPixels))
            {
                throw new ArgumentException(
                    $"Rendering.Png: the image would have {width:0} x {height:0} pixels; take a smaller scale.",
                    nameof(scale)
                );
            }

            var size = new SKImageInfo((int)Math.Ceiling(width), (int)Math.Ceiling(height));
            using var surface = SKSurface.Create(size);
            surface.Canvas.Clear(SKColors.White);
            surface.Canvas.Scale((float)scale);
            surface.Canvas.DrawPicture(picture);
            using var image = surface.Snapshot();
            using var data = image.Encode(SKEncodedImageFormat.Png, 100);
            return data.ToArray();
        });
    }

    /// <summary>A saved figure as PDF.</summary>
    /// <param name="svg">What <see cref="Figure.ToSvg"/> gives.</param>
    /// <exception cref="ArgumentException">It is no SVG.</exception>
    /// <exception cref="InvalidOperationException">Skia or a font is missing; the message says what to install.</exception>
    public static byte[] Pdf(string svg)
    {
        ArgumentNullException.ThrowIfNull(svg);
        return Native.Guard(() =>
        {
            using var drawing = new SKSvg();
            var picture = Load(drawing, svg);
            using var file = new MemoryStream();
            using (var document = SKDocument.CreatePdf(file))
            {
                // Skia writes whole points.
                var page = document.BeginPage(
                    MathF.Ceiling(picture.CullRect.Width * pointsPerPixel),
                    MathF.Ceiling(picture.CullRect.Height * pointsPerPixel)
                );
                page.Scale(pointsPerPixel);
                page.DrawPicture(picture);
                document.EndPage();
                document.Close();
            }

            return file.ToArray();
        });
    }

    private static SKPicture Load(SKSvg drawing, string svg)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(svg));
            reader.MoveToContent();
            if (reader.LocalName != "svg")
            {
                throw NoSvg(null);
            }

            return drawing.FromSvg(svg) ?? throw NoSvg(null);
        }
        catch (XmlException exception)
        {
            throw NoSvg(exception);
        }
    }

    private static ArgumentException NoSvg(Exception? inner) =>
        new("Rendering: the text is not an SVG document.", inner);
}
