namespace Stackelberg;

/// <summary>Text as terminals and tables can show it.</summary>
internal static class PlainText
{
    /// <summary>One line: control characters, line ends, marks of the direction of writing and halves of characters are
    /// written as <c>\uXXXX</c>.</summary>
    /// <param name="text">Anything, for instance a name that the user gave.</param>
    public static string Line(string text) => Printable.Show(text);

    /// <summary>The same for lines with ends between.</summary>
    /// <param name="text">Lines.</param>
    public static string Lines(string text) => string.Join('\n', text.Split('\n').Select(Line));
}
