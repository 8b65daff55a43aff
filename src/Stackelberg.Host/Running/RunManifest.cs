using System.Text;
using System.Text.RegularExpressions;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>
/// The list of the files that a run has written into its folder: a line for each, written before the file is. Only
/// what stands there is ever replaced or deleted.
/// </summary>
internal sealed partial class RunManifest
{
    /// <summary>The file's name in a run folder.</summary>
    public const string Name = ".files";

    private const string heading =
        "# What stackelberg wrote into this folder; anything else it leaves alone.";

    private readonly string folder;
    private readonly HashSet<string> names = new(StringComparer.Ordinal) { Name, RunFolder.LockName };

    private RunManifest(string folder) => this.folder = folder;

    private string FullPath => Path.Combine(folder, Name);

    /// <summary>The list of a folder; empty if it has none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RunManifest Read(string folder)
    {
        var manifest = new RunManifest(folder);
        if (IsOne(manifest.FullPath))
        {
            manifest.names.UnionWith(File.ReadLines(manifest.FullPath).Skip(1));
        }

        return manifest;
    }

    /// <summary>Whether a folder holds a file that a run wrote.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The file, with <c>/</c> between folders.</param>
    public static bool IsOf(string folder, string name) =>
        Read(folder).names.Contains(name) && File.Exists(Path.Combine(folder, name));

    /// <summary>The names that the list and the lock need in a folder, if they are the user's own files.</summary>
    public static IEnumerable<string> Taken(string folder)
    {
        var list = Path.Combine(folder, Name);
        return UserPath.IsThere(list) && !IsOne(list) ? [Name, .. TakenLock(folder)] : TakenLock(folder);
    }

    /// <summary>The lock's name, if the user's own file has it. Right as well while another process holds the folder.</summary>
    public static IEnumerable<string> TakenLock(string folder) =>
        FileLock.CanBe(Path.Combine(folder, RunFolder.LockName)) ? [] : [RunFolder.LockName];

    /// <summary>Whether the list holds these files and no others.</summary>
    public bool Holds(IReadOnlyCollection<string> files) =>
        names.SetEquals([Name, RunFolder.LockName, .. files]);

    private static bool IsOne(string path) =>
        new FileInfo(path) is { Exists: true, Length: > 0, LinkTarget: null }
        && File.ReadLines(path).FirstOrDefault() == heading;

    /// <summary>Adds a file, before it is written.</summary>
    /// <param name="name">Its path in the folder, with <c>/</c> between folders.</param>
    /// <exception cref="UserInputException">A file of this name is there that the run did not write.</exception>
    /// <exception cref="IOException">The list cannot be written.</exception>
    public void Add(string name)
    {
        if (names.Contains(name))
        {
            return;
        }

        var path = Path.Combine(folder, name);
        if (UserPath.IsThere(path))
        {
            throw new UserInputException(
                $"{path} is there already and was not written by this run; it is not overwritten. Move it elsewhere."
            );
        }

        if (File.Exists(FullPath))
        {
            File.AppendAllText(FullPath, name + "\n", new UTF8Encoding(false));
        }
        else
        {
            // As a whole: a list without its heading is taken for a file of the user's.
            AtomicFile.WriteText(FullPath, heading + "\n" + name + "\n");
        }

        names.Add(name);
    }

    /// <summary>The first file, or other thing that is no folder, that no run wrote; null if there is none. For the holder of
    /// the folder's lock.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static string? Foreign(string folder)
    {
        var manifest = Read(folder);
        return Entries(new DirectoryInfo(folder)).FirstOrDefault(entry => !manifest.IsOwn(entry))?.FullName;
    }

    /// <summary>Deletes what a killed process left half written.</summary>
    public void DeleteLeftovers()
    {
        foreach (
            var entry in Entries(new DirectoryInfo(folder))
                .Where(entry => IsLeftover(Relative(entry)))
                .ToArray()
        )
        {
            entry.Delete();
        }
    }

    /// <summary>Deletes everything that the run wrote but its lock, and the folders within that are then empty.</summary>
    /// <remarks>A process that is killed at it leaves a folder that the next one finds unfinished, with its list.</remarks>
    public void DeleteAll()
    {
        var entries = Entries(new DirectoryInfo(folder))
            .Where(IsOwn)
            .Where(entry => Relative(entry) != RunFolder.LockName)
            .OrderBy(entry =>
                Relative(entry) switch
                {
                    Name => 2,
                    RunFolder.ConfigName => 1,
                    _ => 0,
                }
            )
            .ToArray();
        foreach (var entry in entries)
        {
            entry.Delete();
        }

        var folders = entries
            .Select(entry => Path.GetDirectoryName(entry.FullName)!)
            .Where(below => below != folder)
            .Distinct();
        foreach (var below in folders.OrderByDescending(path => path.Length))
        {
            if (!Directory.EnumerateFileSystemEntries(below).Any())
            {
                Directory.Delete(below);
            }
        }
    }

    private bool IsOwn(FileSystemInfo entry)
    {
        var name = Relative(entry);
        return entry.LinkTarget is null && (IsWritten(name) || IsLeftover(name));
    }

    private bool IsWritten(string name) =>
        names.Contains(name)
        || (
            Path.GetDirectoryName(name) == CheckpointFolder.Name
            && CheckpointFolder.IsOwn(Path.GetFileName(name))
        );

    /// <summary>Whether a file's name is that of one half written.</summary>
    public static bool IsHalfWritten(string name) => Temporary().IsMatch(name);

    private bool IsLeftover(string name) =>
        Temporary().Match(name) is { Success: true } match && IsWritten(match.Groups[1].Value);

    private string Relative(FileSystemInfo entry) =>
        Path.GetRelativePath(folder, entry.FullName).Replace(Path.DirectorySeparatorChar, '/');

    /// <summary>Everything in a folder and below but folders, without following links.</summary>
    private static IEnumerable<FileSystemInfo> Entries(DirectoryInfo within) =>
        within
            .EnumerateFileSystemInfos()
            .SelectMany(entry =>
                entry is DirectoryInfo { LinkTarget: null } below ? Entries(below) : [entry]
            );

    // The names that AtomicFile gives.
    [GeneratedRegex(@"\A(.+)\.[0-9a-f]{32}\.tmp\z", RegexOptions.Singleline)]
    private static partial Regex Temporary();
}
