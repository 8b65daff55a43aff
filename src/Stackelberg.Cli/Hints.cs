namespace Stackelberg.Cli;

/// <summary>Words of hints.</summary>
internal static class Hints
{
    /// <summary>A path or name as a shell takes it for one word.</summary>
    public static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "/\\.-_=,:".Contains(letter))
            ? word
            : $"\"{word}\"";
}
