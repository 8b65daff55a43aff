namespace Stackelberg.Figures;

/// <summary>About how wide a text is drawn; the reader's font is not known.</summary>
internal static class TextSize
{
    // Helvetica's widths in parts of the size, and room for wider substitutes such as DejaVu Sans.
    private const double reserve = 1.1;

    public static double Width(string text, double size) => text.Sum(Letter) * size * reserve;

    private static double Letter(char c) =>
        c switch
        {
            'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' => 0.28,
            'f' or 'r' or 't' or '(' or ')' or '[' or ']' or '-' or ' ' or '/' => 0.34,
            'm' or 'w' or 'M' or 'W' or '@' or '%' => 0.87,
            // Combining marks stand over their letter.
            >= '\u0300' and <= '\u036F' => 0,
            _ => char.IsUpper(c) ? 0.7 : 0.57,
        };
}
