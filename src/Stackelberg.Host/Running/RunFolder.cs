using System.Globalization;
using Stackelberg.Files;

namespace Stackelberg;

/// <summary>The folder of one run, held by this process alone as long as it is not disposed.</summary>
internal sealed class RunFolder : IDisposable
{
    /// <summary>The file that the process that writes the folder holds.</summary>
    public const string LockName = ".lock";

    private readonly bool created;
    private readonly FileLock held;

    private RunFolder(string path, bool created, FileLock held) =>
        (FullPath, this.created, this.held) = (path, created, held);

    public string FullPath { get; }

    /// <summary>Makes the folder and proves that it can be written, before anything is computed.</summary>
    /// <param name="wanted">The folder that the user names, or null for a new one below <c>runs</c>.</param>
    /// <param name="experiment">The experiment's name, for a new folder.</param>
    /// <param name="now">The time, for a new folder.</param>
    /// <exception cref="UserInputException">It holds a run already or cannot be written.</exception>
    public static RunFolder Open(string? wanted, string experiment, DateTimeOffset now)
    {
        if (wanted is not null && string.IsNullOrWhiteSpace(wanted))
        {
            throw new UserInputException(
                "The run folder's name is empty; give one, for instance --out runs/first, or leave --out out."
            );
        }

        var path = Path.GetFullPath(wanted ?? Unused(experiment, now));
        RefuseRun(path);
        try
        {
            var created = !Directory.Exists(path);
            Directory.CreateDirectory(path);
            var folder = new RunFolder(path, created, Hold(path));
            try
            {
                // Between the first look and the lock another process may have begun and ended a run.
                RefuseRun(path);
                return folder;
            }
            catch (UserInputException)
            {
                folder.Dispose();
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
            var folder = new RunFolder(full, created: false, Hold(full));
            foreach (var leftover in Directory.EnumerateFiles(full, "*.tmp", SearchOption.AllDirectories))
            {
                File.Delete(leftover);
            }

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

    /// <summary>The path of a file of the run.</summary>
    public string PathOf(string name) => Path.Combine(FullPath, name);

    /// <summary>The folder of the figures, made when the first is saved.</summary>
    public string Figures() => Directory.CreateDirectory(Path.Combine(FullPath, "figures")).FullName;

    /// <summary>Takes back a run that never began: its files, and the folder if it was made for it.</summary>
    public void Discard()
    {
        Dispose();
        if (created)
        {
            Directory.Delete(FullPath, recursive: true);
        }
        else
        {
            File.Delete(PathOf(ConfigFile.Name));
            File.Delete(PathOf(MetricsFile.Name));
            File.Delete(PathOf(LockName));
        }
    }

    private static void RefuseRun(string path)
    {
        if (
            File.Exists(Path.Combine(path, ConfigFile.Name))
            || File.Exists(Path.Combine(path, RunFiles.SummaryName))
        )
        {
            throw new UserInputException(
                $"The folder {path} already holds a run, which is never overwritten. "
                    + "Choose another folder with --out."
            );
        }
    }

    private static FileLock Hold(string path) =>
        FileLock.TryTake(Path.Combine(path, LockName))
        ?? throw new UserInputException(
            $"Another process is writing a run into the folder {path}. Wait for it, or choose another folder."
        );

    private static string Unused(string experiment, DateTimeOffset now)
    {
        var stem = Path.Combine(
            "runs",
            $"{experiment}-{now.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}"
        );
        return Enumerable
            .Range(2, int.MaxValue - 2)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}"))
            .Prepend(stem)
            .First(path => !Directory.Exists(path) && !File.Exists(path));
    }
}
