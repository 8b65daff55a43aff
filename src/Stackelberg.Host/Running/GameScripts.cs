namespace Stackelberg;

/// <summary>The game scripts of a <c>games</c> folder.</summary>
public static class GameScripts
{
    private const string prelude = "Prelude.fsx";

    /// <summary>The scripts in the nearest <c>games</c> folder: here or in a folder above.</summary>
    /// <param name="from">The folder to begin with.</param>
    /// <returns>Each script's path, relative to <paramref name="from"/>, and its first line of words.</returns>
    public static IReadOnlyList<(string Path, string Title)> Find(string from)
    {
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

    /// <summary>The first line's words without the comment signs, or nothing if the script begins with code.</summary>
    private static string Title(string path)
    {
        var first = File.ReadLines(path).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0);
        var isComment =
            first?.StartsWith("//", StringComparison.Ordinal) == true
            || first?.StartsWith("(*", StringComparison.Ordinal) == true;
        return isComment ? first!.Trim('/', '(', '*', ')', '#', ' ') : "";
    }
}
