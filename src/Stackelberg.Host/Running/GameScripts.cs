namespace Stackelberg;

/// <summary>The game scripts of a <c>games</c> folder.</summary>
public static class GameScripts
{
    private const string prelude = "Prelude.fsx";

    /// <summary>The scripts in the nearest <c>games</c> folder: here or in a folder above.</summary>
    /// <param name="from">The folder to begin with.</param>
    /// <returns>Each script's path, relative to <paramref name="from"/>, and the first sentence of its heading.</returns>
    public static IReadOnlyList<(string Path, string Title)> Find(string from)
    {
        ArgumentNullException.ThrowIfNull(from);

        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var games = Path.Combine(folder.FullName, "games");
            if (Directory.Exists(games))
            {
                return
                [
                    .. Directory
                        .EnumerateFiles(games, "*.fsx")
                        .Where(path => Path.GetFileName(path) != prelude)
                        .Order(StringComparer.Ordinal)
                        .Select(path => (Path.GetRelativePath(from, path), Title(path))),
                ];
            }
        }

        return [];
    }

    /// <summary>The first sentence of the comment that a script begins with, or nothing if it begins with code.</summary>
    /// <param name="path">The script.</param>
    public static string Title(string path)
    {
        ArgumentNullException.ThrowIfNull(path);

        var heading = File.ReadLines(path)
            .Select(line => line.Trim())
            .SkipWhile(line => line.Length == 0)
            .TakeWhile(line => line.StartsWith("//", StringComparison.Ordinal))
            .Select(line => line.TrimStart('/').Trim());
        var words = string.Join(' ', heading);
        var end = words.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? words : words[..(end + 1)];
    }
}
