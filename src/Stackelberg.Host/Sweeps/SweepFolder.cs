using Stackelberg.Files;

namespace Stackelberg.Sweeps;

/// <summary>
/// The folder of a sweep: <c>points/&lt;identity&gt;</c> holds each point's run, <c>locks/</c> what a sweep
/// holds while it works on a point, <c>sweep.csv</c> and <c>sweep-means.csv</c> the newest sweep's numbers.
/// </summary>
internal sealed class SweepFolder
{
    private const string points = "points";
    private const string table = "sweep.csv";
    private const string means = "sweep-means.csv";

    private SweepFolder(string path) => FullPath = path;

    /// <summary>The folder, a full path.</summary>
    public string FullPath { get; }

    /// <summary>Where the table of the points is written.</summary>
    public string TablePath => Path.Combine(FullPath, table);

    /// <summary>Where the means over seeds are written.</summary>
    public string MeansPath => Path.Combine(FullPath, means);

    /// <summary>Takes a folder for sweeps, and makes it if need be.</summary>
    /// <exception cref="UserInputException">It holds something else, or cannot be written.</exception>
    public static SweepFolder Open(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new UserInputException(
                "The sweep folder's name is empty; give one, for instance --out runs/sweeps/first."
            );
        }

        var folder = new SweepFolder(Path.GetFullPath(path));
        if (File.Exists(Path.Combine(folder.FullPath, ConfigFile.Name)))
        {
            throw new UserInputException(
                $"The folder {folder.FullPath} holds a single run. Choose another folder with --out."
            );
        }

        if (File.Exists(folder.TablePath) && !IsOne(path))
        {
            throw new UserInputException(
                $"The folder {folder.FullPath} holds a {table} that is no sweep's, which is not overwritten. "
                    + "Choose another folder with --out."
            );
        }

        try
        {
            Directory.CreateDirectory(Path.Combine(folder.FullPath, points));
            Directory.CreateDirectory(Path.Combine(folder.FullPath, "locks"));
            return folder;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException(
                $"The folder {folder.FullPath} cannot be written: {fault.Message.TrimEnd('.')}. "
                    + "Choose another folder with --out.",
                fault
            );
        }
    }

    /// <summary>Whether a folder is a sweep's.</summary>
    public static bool IsOne(string path) => Directory.Exists(Path.Combine(path, points));

    /// <summary>The run folders of a sweep's points, in the order of their names.</summary>
    public static IReadOnlyList<string> RunFolders(string path) =>
        [.. Directory.EnumerateDirectories(Path.Combine(path, points)).Order(StringComparer.Ordinal)];

    /// <summary>The run folder of a point.</summary>
    public string Of(SweepPoint point) => Path.Combine(FullPath, points, point.Configuration.Identity);

    /// <summary>Where a point's output goes.</summary>
    public string LogOf(SweepPoint point) => Of(point) + ".log";

    /// <summary>Takes a point for this sweep alone, or returns null if another sweep has it.</summary>
    public FileLock? TryClaim(SweepPoint point) =>
        FileLock.TryTake(Path.Combine(FullPath, "locks", point.Configuration.Identity));
}
