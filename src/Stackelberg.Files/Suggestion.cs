namespace Stackelberg;

/// <summary>Finds the word that was probably meant.</summary>
public static class Suggestion
{
    /// <summary><c> Did you mean "x"?</c> with a leading space, or nothing.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="words">What there is.</param>
    public static string For(string word, IEnumerable<string> words) =>
        Nearest(word, words) is { } near ? $" Did you mean \"{near}\"?" : "";

    /// <summary>The nearest word within a third of its letters, but at least 1 and at most 3 edits; or null.</summary>
    /// <param name="word">What was typed.</param>
    /// <param name="words">What there is.</param>
    public static string? Nearest(string word, IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(words);

        return words
            .Select(candidate =>
                (
                    Candidate: candidate,
                    Edits: Edits(word.ToLowerInvariant(), candidate.ToLowerInvariant()),
                    Allowed: Math.Clamp((candidate.Length + 2) / 3, 1, 3)
                )
            )
            // A word with no letter in common is no slip of the fingers.
            .Where(entry => entry.Edits <= entry.Allowed && entry.Edits < entry.Candidate.Length)
            .OrderBy(entry => entry.Edits)
            .ThenBy(entry => entry.Candidate, StringComparer.Ordinal)
            .Select(entry => entry.Candidate)
            .FirstOrDefault();
    }

    /// <summary>How many letters must be inserted, deleted, changed or swapped with their neighbour.</summary>
    /// <param name="from">One word.</param>
    /// <param name="to">The other.</param>
    /// <remarks>Optimal string alignment distance, O(|from| |to|).</remarks>
    public static int Edits(string from, string to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);

        var table = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var change = from[i - 1] == to[j - 1] ? 0 : 1;
                var least = Math.Min(
                    Math.Min(table[i - 1, j], table[i, j - 1]) + 1,
                    table[i - 1, j - 1] + change
                );
                var swap = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                table[i, j] = swap ? Math.Min(least, table[i - 2, j - 2] + 1) : least;
            }
        }

        return table[from.Length, to.Length];
    }
}
