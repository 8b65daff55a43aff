using Stackelberg.Files;

namespace Stackelberg;

/// <summary>The folder of one run, held by this process alone as long as it is not disposed.</summary>
internal sealed class RunFolder : IDisposable
{
    /// <summary>The file that the process that writes the folder holds.</summary>
    public const string LockName = ".lock";

    /// <summary>The configuration.</summary>
    public const string ConfigName = "config.json";

    /// <summary>The summary, written last: where it stands, the run has ended, if only for now.</summary>
    public const string SummaryName = "summary.json";

    /// <summary>The file of all series.</summary>
    public const string SeriesName = "trajectory.npz";

    /// <summary>The folder of the figures in it.</summary>
    public const string FiguresName = "figures";

    // More than that in a row do not make and remove the same folder.
    private const int mostTries = 100;

    // What every run writes, whatever its experiment.
    private static readonly string[] always =
    [
        ConfigName,
        SummaryName,
        MetricsFile.Name,
        SeriesName,
        FiguresName,
        CheckpointFolder.Name,
    ];

    private readonly FileLock held;
    private readonly RunManifest manifest;

    private RunFolder(string path, FileLock held)
    {
        (FullPath, this.held) = (path, held);
        manifest = RunManifest.Read(path);
    }

    public string FullPath { get; }

    /// <summary>Makes the folder and proves that it can be written, before anything is computed.</summary>
    /// <param name="wanted">The folder that the user names, or null for a new one below <c>runs</c>.</param>
    /// <param name="experiment">The experiment.</param>
    /// <param name="now">The time, for a new folder.</param>
    /// <exception cref="UserInputException">It holds a run already, or a file that the run would write, or cannot be
    /// written.</exception>
    public static RunFolder Open(string? wanted, Experiment experiment, DateTimeOffset now)
    {
        if (wanted is not null)
        {
            return Open(
                UserPath.Full(wanted, "The run folder's name", "--out runs/first, or leave --out out"),
                experiment
            );
        }

        while (true)
        {
            try
            {
                return Open(Path.GetFullPath(Unused(experiment.Name, now)), experiment);
            }
            catch (UserInputException fault) when (fault.IsTaken)
            {
                // A run that began in the same second has that name; the next one is free.
            }
        }
    }

    private static RunFolder Open(string path, Experiment experiment)
    {
        try
        {
            Refuse(path, RunManifest.TakenLock(path));
            var held = MakeAndHold(path);
            try
            {
                // Only now does no other process write it, so that what is there is there to stay.
                Refuse(path, experiment);
                return new RunFolder(path, held);
            }
            catch (Exception fault)
                when (fault is UserInputException or IOException or UnauthorizedAccessException)
            {
                if (held.IsNew)
                {
                    held.Remove();
                }

                held.Dispose();
                throw;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException(
                $"The folder {path} cannot be written: {fault.Message.TrimEnd('.')}. "
                    + "Choose another folder with --out.",
                fault
            );
        }
    }

    /// <summary>Takes a folder with a run that was stopped, to go on with it.</summary>
    /// <param name="path">The folder; it must hold a run.</param>
    /// <exception cref="UserInputException">Another process writes it, or it cannot be written.</exception>
    public static RunFolder Reopen(string path)
    {
        try
        {
            var full = Path.GetFullPath(path);
            var folder = new RunFolder(full, Hold(full));
            folder.manifest.DeleteLeftovers();
            return folder;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException(
                $"The folder {path} cannot be written: {fault.Message.TrimEnd('.')}. Change its permissions.",
                fault
            );
        }
    }

    /// <summary>Lets other processes have the folder.</summary>
    public void Dispose() => held.Dispose();

    /// <summary>The path of something in the folder.</summary>
    public string PathOf(string name) => Path.Combine(FullPath, name);

    /// <summary>The path of a file that the run is about to write.</summary>
    /// <param name="name">The file, with <c>/</c> between folders.</param>
    /// <exception cref="UserInputException">A file is there that the run did not write.</exception>
    /// <exception cref="IOException">The folder is gone, or cannot be written.</exception>
    public string Own(string name)
    {
        NeedThere();
        manifest.Add(name);
        return PathOf(name);
    }

    /// <summary>Whether the run has written these files and no others.</summary>
    public bool HasOwn(IReadOnlyCollection<string> names) => manifest.Holds(names);

    /// <summary>Makes a folder in it, unless it is there.</summary>
    /// <param name="name">The folder; empty for the run folder itself.</param>
    /// <exception cref="IOException">The run folder is gone, or cannot be written.</exception>
    public void Make(string name)
    {
        NeedThere();
        Directory.CreateDirectory(PathOf(name));
    }

    /// <summary>Takes back a run that never began: its files, and the folder if nothing else is in it.</summary>
    public void Discard()
    {
        if (!Directory.Exists(FullPath))
        {
            Dispose();
            return;
        }

        manifest.DeleteAll();
        held.Remove();
        try
        {
            Directory.Delete(FullPath);
        }
        catch (IOException)
        {
            // Something else is in it, or another process has begun a run there.
        }
    }

    // A folder that was moved away is not made anew: the run would end in two halves.
    private void NeedThere()
    {
        if (!File.Exists(PathOf(LockName)))
        {
            throw new IOException(
                $"The run folder {FullPath} is not there any more: it was moved or deleted while the run was writing it."
            );
        }
    }

    private static void Refuse(string path, Experiment experiment)
    {
        if (RunManifest.IsOf(path, ConfigName))
        {
            throw new UserInputException(
                $"The folder {path} already holds a run, which is never overwritten. "
                    + "Choose another folder with --out."
            )
            {
                IsTaken = true,
            };
        }

        var inTheWay = always
            .Concat(experiment.Files)
            .Where(name => UserPath.IsThere(Path.Combine(path, name)))
            .Concat(RunManifest.Taken(path));
        Refuse(path, inTheWay);
    }

    private static void Refuse(string path, IEnumerable<string> inTheWay)
    {
        if (inTheWay.FirstOrDefault() is { } name)
        {
            throw new UserInputException(
                $"The folder {path} holds {name}, which the run would overwrite. Choose another folder with --out."
            );
        }
    }

    private static FileLock MakeAndHold(string path)
    {
        for (var left = mostTries; ; left--)
        {
            Directory.CreateDirectory(path);
            try
            {
                return Hold(path);
            }
            catch (DirectoryNotFoundException) when (left > 0)
            {
                // Another process has taken its run back, and the folder with it.
            }
        }
    }

    private static FileLock Hold(string path) =>
        FileLock.TryTake(Path.Combine(path, LockName))
        ?? throw new UserInputException(
            $"Another process is writing a run into the folder {path}. Wait for it, or choose another folder."
        )
        {
            IsTaken = true,
        };

    private static string Unused(string experiment, DateTimeOffset now)
    {
        var stem = Path.Combine("runs", $"{experiment}-{now:yyyyMMdd-HHmmss}");
        return Enumerable
            .Range(2, int.MaxValue - 2)
            .Select(number => $"{stem}-{number}")
            .Prepend(stem)
            .First(path => !Directory.Exists(path) && !File.Exists(path));
    }
}
