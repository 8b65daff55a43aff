using SkiaSharp;

namespace Stackelberg.Figures.Skia;

/// <summary>Whether what Skia needs of the machine is there.</summary>
internal static class Native
{
    private const string remedy =
        "On Debian and Ubuntu: apt-get install libfontconfig1 fonts-dejavu-core; on Fedora: dnf install fontconfig "
        + "dejavu-sans-fonts.";

    /// <summary>Draws, or says what is missing.</summary>
    public static T Guard<T>(Func<T> draw) => Guard(draw, () => SKFontManager.Default.FontFamilyCount);

    /// <summary>The same with the count of fonts from elsewhere.</summary>
    public static T Guard<T>(Func<T> draw, Func<int> countFonts)
    {
        try
        {
            // Without a font the letters would be left out in silence.
            return countFonts() > 0
                ? draw()
                : throw new InvalidOperationException(
                    "Figures as PNG and PDF need a font, but none is installed. " + remedy
                );
        }
        catch (Exception exception)
            when (exception is DllNotFoundException
                || (exception as TypeInitializationException)?.GetBaseException() is DllNotFoundException
            )
        {
            throw new InvalidOperationException(
                "Figures as PNG and PDF need SkiaSharp's native library, which could not be loaded; on Linux it needs "
                    + $"fontconfig. {remedy} ({exception.GetBaseException().Message.Split(". ")[0]})",
                exception
            );
        }
    }
}
