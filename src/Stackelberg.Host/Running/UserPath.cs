using System.Text;

namespace Stackelberg;

/// <summary>Paths that the user gives.</summary>
internal static class UserPath
{
    // Enough of a file to know what wrote it.
    private const int headBytes = 4096;

    /// <summary>The full path.</summary>
    /// <param name="path">What the user wrote.</param>
    /// <param name="what">What it names, for messages, for instance <c>The run folder's name</c>.</param>
    /// <param name="example">How it is given, for instance <c>--out runs/first</c>.</param>
    /// <exception cref="UserInputException">It is empty or no path.</exception>
    public static string Full(string path, string what, string example)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new UserInputException($"{what} is empty; give one, for instance {example}.");
        }

        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception fault) when (fault is ArgumentException or IOException or NotSupportedException)
        {
            throw new UserInputException(
                $"{what} is \"{path}\", which is no path; give one, for instance {example}.",
                fault
            );
        }
    }

    /// <summary>Refuses to write where a file stands that this program did not write, or where nothing can be written, before
    /// anything is computed.</summary>
    /// <param name="path">The file that is to be written, a full path.</param>
    /// <param name="mark">What the beginning of such a file of this program holds.</param>
    /// <param name="what">What it is, with its article, for instance <c>a report</c>.</param>
    /// <param name="remedy">What to do instead, one sentence.</param>
    /// <exception cref="UserInputException">Another file stands there, or the folder is not there.</exception>
    public static void NeedOwn(string path, string mark, string what, string remedy)
    {
        if (Path.EndsInDirectorySeparator(path) || Directory.Exists(path))
        {
            throw new UserInputException($"{path} is a folder, and no file can be written there. {remedy}");
        }

        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            throw new UserInputException(
                $"{path} cannot be written: the folder {folder} does not exist. Create it. {remedy}"
            );
        }

        if (IsThere(path) && !IsOwn(path, mark))
        {
            throw new UserInputException(
                $"{path} is there already and is not {what} that stackelberg wrote; it is not overwritten. {remedy}"
            );
        }
    }

    /// <summary>Whether anything has this path, a link that leads nowhere as well.</summary>
    public static bool IsThere(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    private static bool IsOwn(string path, string mark)
    {
        try
        {
            var file = new FileInfo(path);
            // No file of this program is empty or a link. Devices and pipes, which might never end, have no length.
            if (file.LinkTarget is not null || file.Length == 0)
            {
                return false;
            }

            using var stream = file.OpenRead();
            var head = new byte[headBytes];
            var length = stream.ReadAtLeast(head, headBytes, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(head, 0, length).Contains(mark, StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
