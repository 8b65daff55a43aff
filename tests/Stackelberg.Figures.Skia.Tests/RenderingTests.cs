using System.Reflection;
using System.Text;
using SkiaSharp;
using Stackelberg.Figures;
using Stackelberg.Figures.Skia;
using Xunit;

namespace Stackelberg.Tests;

public class RenderingTests
{
    private const string why = "Skia or a font is missing on this machine.";

    /// <summary>Whether the machine can draw at all.</summary>
    public static bool CanDraw
    {
        get
        {
            try
            {
                return Native.Guard(() => true);
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    [Fact(Skip = why, SkipUnless = nameof(CanDraw))]
    public void Registered_a_figure_is_saved_by_its_files_ending()
    {
        var folder = Directory.CreateTempSubdirectory("stackelberg-");
        try
        {
            var file = Path.Combine(folder.FullName, "figure");
            Rendering.Register();
            Example().SaveAs(file + ".png");
            Example().SaveAs(file + ".PDF");
            Assert.Equal(Example().ToPng(), File.ReadAllBytes(file + ".png"));
            Assert.Equal("%PDF"u8, File.ReadAllBytes(file + ".PDF").AsSpan(0, 4));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static Figure Example() =>
        new(
            new Panel(
                new Line([0, 1, 2], [0, 2, 1])
                {
                    Label = "/{x}_{1}",
                    Colour = "#FF0000",
                    Width = 6,
                    ArrowEvery = 90,
                },
                new Points(1, 1) { Label = "start" }
            )
            {
                Title = "Two words",
                Width = 200,
                Height = 150,
            }
        );

    [Fact(Skip = why, SkipUnless = nameof(CanDraw))]
    public void A_png_has_the_figure_s_size_times_the_scale_and_its_colours()
    {
        using var picture = SKBitmap.Decode(Example().ToPng(2));
        var svg = Example().ToSvg();
        Assert.StartsWith(
            $"<svg width=\"{picture.Width / 2}\" height=\"{picture.Height / 2}\"",
            svg,
            StringComparison.Ordinal
        );
        Assert.Equal(SKColors.White, picture.GetPixel(0, 0));
        Assert.Contains(new SKColor(255, 0, 0), picture.Pixels);
    }

    [Fact(Skip = why, SkipUnless = nameof(CanDraw))]
    public void Letters_are_drawn_and_scripts_are_smaller()
    {
        int Ink(string words) =>
            Dark(
                new Figure(
                    new Panel
                    {
                        Title = words,
                        Width = 200,
                        Height = 60,
                    }
                )
            );
        var (none, large, small) = (Ink(""), Ink("x0000"), Ink("x_{0000}"));
        Assert.InRange(small, none + 1, large - 1);
    }

    [Fact(Skip = why, SkipUnless = nameof(CanDraw))]
    public void A_pdf_has_one_page_of_the_figure_s_size_in_points_and_no_image_of_it()
    {
        var pdf = Encoding.Latin1.GetString(Example().ToPdf());
        Assert.StartsWith("%PDF-", pdf, StringComparison.Ordinal);
        Assert.Contains("/Count 1", pdf, StringComparison.Ordinal);
        var size = SKBitmap.DecodeBounds(Example().ToPng(1));
        var box = $"/MediaBox [0 0 {(size.Width * 3 + 3) / 4} {(size.Height * 3 + 3) / 4}]";
        Assert.Contains(box, pdf, StringComparison.Ordinal);
        Assert.DoesNotContain("/Subtype /Image", pdf, StringComparison.Ordinal);
        Assert.Contains("/Font", pdf, StringComparison.Ordinal);
    }

    [Fact(Skip = why, SkipUnless = nameof(CanDraw))]
    public void The_same_figure_gives_the_same_bytes()
    {
        Assert.Equal(Example().ToPng(), Example().ToPng());
        Assert.Equal(Example().ToPdf(), Example().ToPdf());
    }

    [Fact(Skip = why, SkipUnless = nameof(CanDraw))]
    public void Files_are_written()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var (png, pdf) = (Path.Combine(folder.FullName, "a.png"), Path.Combine(folder.FullName, "a.pdf"));
            Example().SavePng(png, 1);
            Example().SavePdf(pdf);
            Assert.Equal(Example().ToPng(1), File.ReadAllBytes(png));
            Assert.Equal(Example().ToPdf(), File.ReadAllBytes(pdf));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Theory(Skip = why, SkipUnless = nameof(CanDraw))]
    [InlineData(0, "Rendering.Png: scale is 0, but must be above 0. (Parameter 'scale')")]
    [InlineData(1e6, "Rendering.Png: the image would have")]
    public void A_scale_that_cannot_be_is_refused(double scale, string message) =>
        Assert.StartsWith(
            message,
            Assert.Throws<ArgumentException>(() => Example().ToPng(scale)).Message,
            StringComparison.Ordinal
        );

    [Theory(Skip = why, SkipUnless = nameof(CanDraw))]
    [InlineData("")]
    [InlineData("no picture")]
    [InlineData("<svg")]
    [InlineData("<html></html>")]
    public void What_is_no_svg_is_refused(string text)
    {
        Assert.Throws<ArgumentException>(() => Rendering.Png(text));
        Assert.Throws<ArgumentException>(() => Rendering.Pdf(text));
    }

    [Fact]
    public void The_public_surface_is_the_one_on_record()
    {
        var rendering = Assert.Single(typeof(Rendering).Assembly.GetExportedTypes());
        string[] methods =
        [
            .. rendering
                .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                .Select(method => method.ToString()!)
                .Order(StringComparer.Ordinal),
        ];
        const string figure = "Stackelberg.Figures.Figure";
        Assert.Equal(
            [
                "Byte[] Pdf(System.String)",
                "Byte[] Png(System.String, Double)",
                $"Byte[] ToPdf({figure})",
                $"Byte[] ToPng({figure}, Double)",
                "Void Register()",
                $"Void SavePdf({figure}, System.String)",
                $"Void SavePng({figure}, System.String, Double)",
            ],
            methods
        );
    }

    [Fact]
    public void Nulls_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Rendering.Png(null!));
        Assert.Throws<ArgumentNullException>(() => Rendering.Pdf(null!));
        Assert.Throws<ArgumentNullException>(() => ((Figure)null!).ToPng());
        Assert.Throws<ArgumentNullException>(() => ((Figure)null!).ToPdf());
        Assert.Throws<ArgumentNullException>(() => Example().SavePng(null!));
        Assert.Throws<ArgumentNullException>(() => Example().SavePdf(null!));
    }

    [Fact]
    public void What_is_missing_is_said_with_the_remedy()
    {
        var library = new DllNotFoundException("Unable to load libSkiaSharp: libfontconfig.so.1");
        Exception[] causes = [library, new TypeInitializationException("SkiaSharp.SKObject", library)];
        foreach (var cause in causes)
        {
            var said = Assert.Throws<InvalidOperationException>(() =>
                Native.Guard(() => 0, () => throw cause)
            );
            Assert.Contains(
                "apt-get install libfontconfig1 fonts-dejavu-core",
                said.Message,
                StringComparison.Ordinal
            );
            Assert.Contains("libfontconfig.so.1", said.Message, StringComparison.Ordinal);
        }

        var fonts = Assert.Throws<InvalidOperationException>(() => Native.Guard(() => 0, () => 0));
        Assert.Contains("need a font, but none is installed", fonts.Message, StringComparison.Ordinal);
        Assert.Equal(7, Native.Guard(() => 7, () => 1));
    }

    [Theory(Skip = why, SkipUnless = nameof(CanDraw))]
    [InlineData("Stackelberg equilibrium, not Nash")]
    [InlineData("The leader's update: 0.123 − 45·π")]
    [InlineData("ω θ Σ − VV⊤, simultaneous")]
    public void The_room_for_words_is_what_the_widest_font_takes(string words)
    {
        using var font = new SKFont(SKTypeface.FromFamilyName("DejaVu Sans"), 100);
        Assert.SkipUnless(font.Typeface.FamilyName == "DejaVu Sans", "DejaVu Sans is not installed.");
        Assert.InRange(TextSize.Width(words, 100) / font.MeasureText(words), 0.97, 1.03);
    }

    private static int Dark(Figure figure)
    {
        using var picture = SKBitmap.Decode(figure.ToPng(2));
        return picture.Pixels.Count(pixel => pixel.Red < 128);
    }
}
