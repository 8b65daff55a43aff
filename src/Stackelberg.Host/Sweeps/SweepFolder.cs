using Stackelberg.Files;
using Stackelberg.Kernels;

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
    private const string remedy = "Choose another folder with --out.";

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
        var folder = new SweepFolder(
            UserPath.Full(path, "The sweep folder's name", "--out runs/sweeps/first")
        );
        if (File.Exists(Path.Combine(folder.FullPath, RunFolder.ConfigName)))
        {
            throw new UserInputException(
                $"The folder {folder.FullPath} holds a single run. Choose another folder with --out."
            );
        }

        if (Directory.Exists(folder.FullPath))
        {
            UserPath.NeedOwn(folder.TablePath, SweepTable.PointsMark, "a sweep's table", remedy);
            UserPath.NeedOwn(folder.MeansPath, SweepTable.MeansMark, "a sweep's table", remedy);
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

    /// <summary>Refuses unfinished points with files that no run wrote: they would have to be deleted. Points that another
    /// process is at are left out.</summary>
    /// <exception cref="UserInputException">There is one.</exception>
    public void NeedNothingForeign(IEnumerable<SweepPoint> points, bool isResumable)
    {
        foreach (var point in points.Where(point => IsToBeDeleted(Of(point), isResumable)))
        {
            using var claim = TryClaim(point);
            if (claim is not null && TryHold(Of(point), out var held))
            {
                using (held)
                {
                    if (IsToBeDeleted(Of(point), isResumable))
                    {
                        NeedNothingForeign(Of(point));
                    }
                }
            }
        }
    }

    /// <summary>Makes a claimed point's folder ready for a worker: a part of a run that cannot be gone on with is deleted.</summary>
    /// <param name="point">The point.</param>
    /// <param name="isResumable">Whether its experiment saves checkpoints.</param>
    /// <param name="saved">The run that is over, or is to be gone on with; null if it is to begin.</param>
    /// <returns>False if another process writes a run there.</returns>
    /// <exception cref="UserInputException">The folder holds another run, or files that no run wrote.</exception>
    public bool TryMakeReady(SweepPoint point, bool isResumable, out RunResult? saved)
    {
        var path = Of(point);
        if (!TryHold(path, out var held))
        {
            saved = null;
            return false;
        }

        using (held)
        {
            saved = held is null ? null : Read(point);
            if (saved is { IsOver: false } && !CanGoOn(path, isResumable))
            {
                // A part of this very run, as its configuration says; it gives nothing that a new one does not.
                NeedNothingForeign(path);
                RunManifest.Read(path).DeleteAll();
                saved = null;
            }

            return true;
        }
    }

    /// <summary>The run of a point; null if there is none.</summary>
    /// <exception cref="UserInputException">The folder holds another run, or its files are not a run's.</exception>
    public RunResult? Read(SweepPoint point)
    {
        var saved = RunResult.TryRead(Of(point));
        return saved is null || saved.Configuration.Identity == point.Configuration.Identity
            ? saved
            : throw new UserInputException(
                $"The folder {Of(point)} holds another run, which is not overwritten."
            );
    }

    /// <summary>Refuses points that were computed with vectors of another width, and would be kept or gone on with.</summary>
    /// <exception cref="UserInputException">There is one.</exception>
    public void NeedThisWidth(IEnumerable<SweepPoint> points, bool isResumable)
    {
        foreach (var point in points)
        {
            RunResult? saved = null;
            try
            {
                saved = RunResult.TryRead(Of(point));
            }
            catch (UserInputException)
            {
                // A folder that is no run's is said of its point when that is tried.
            }

            if (saved is not null && (saved.IsOver || CanGoOn(saved.Folder, isResumable)))
            {
                NeedThisWidth(point, saved);
            }
        }
    }

    /// <summary>Refuses a run of a point that was computed with vectors of another width.</summary>
    /// <exception cref="UserInputException">It was.</exception>
    public static void NeedThisWidth(SweepPoint point, RunResult saved)
    {
        if (saved.Config.VectorBits is { } bits && bits != VectorWidth.Bits)
        {
            throw new UserInputException(
                $"The point {point.Words} in {saved.Folder} was computed with vectors of {bits} bits, but this process "
                    + $"computes with {VectorWidth.Bits}, which rounds sums otherwise: the sweep would mix both. Sweep "
                    + $"where there are {bits}{VectorWidth.Remedy(bits)}, or into another folder with --out."
            );
        }
    }

    /// <summary>Whether a folder holds a checkpoint to go on from.</summary>
    public static bool CanGoOn(string path, bool isResumable) =>
        isResumable && Directory.Exists(Path.Combine(path, CheckpointFolder.Name));

    // For the holder of the folder's lock: what another process is writing, and then lists, would count.
    private static void NeedNothingForeign(string path)
    {
        if (RunManifest.Foreign(path) is { } foreign)
        {
            throw new UserInputException(
                $"The unfinished run in {path} is to be done again, but {foreign} was not written by it, and is not "
                    + "deleted. Move it elsewhere."
            );
        }
    }

    /// <summary>Holds a point's folder; there is nothing to hold where no run has begun.</summary>
    /// <returns>False if another process holds it.</returns>
    private static bool TryHold(string path, out FileLock? held)
    {
        held = null;
        var file = Path.Combine(path, RunFolder.LockName);
        if (!File.Exists(file) && !File.Exists(Path.Combine(path, RunFolder.ConfigName)))
        {
            return true;
        }

        try
        {
            held = FileLock.TryTake(file);
            return held is not null;
        }
        catch (DirectoryNotFoundException)
        {
            // Another process has taken back a run that never began.
            return true;
        }
    }

    /// <summary>Whether a folder holds a part of a run that cannot be gone on with.</summary>
    private static bool IsToBeDeleted(string path, bool isResumable)
    {
        try
        {
            return RunResult.TryRead(path) is { IsOver: false } && !CanGoOn(path, isResumable);
        }
        catch (UserInputException)
        {
            // A folder that is no run's is left alone, and said of its point when that is tried.
            return false;
        }
    }

    /// <summary>Whether a folder is a sweep's.</summary>
    public static bool IsOne(string path) => Directory.Exists(Path.Combine(path, points));

    /// <summary>The run folders of a sweep's points, in the order of their names.</summary>
    public static IReadOnlyList<string> RunFolders(string path) =>
        [.. Directory.EnumerateDirectories(Path.Combine(path, points)).Order(StringComparer.Ordinal)];

    /// <summary>The run folder of a point.</summary>
    public string Of(SweepPoint point) => Path.Combine(FullPath, points, point.Configuration.Identity);

    /// <summary>Where a point's output goes; each try adds its own to that of those before.</summary>
    public string LogOf(SweepPoint point) => Of(point) + ".log";

    /// <summary>Takes a point for this sweep alone, or returns null if another sweep has it.</summary>
    public FileLock? TryClaim(SweepPoint point) =>
        FileLock.TryTake(Path.Combine(FullPath, "locks", point.Configuration.Identity));
}
