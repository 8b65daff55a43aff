using System.Globalization;

namespace Stackelberg;

/// <summary>The folder of one run.</summary>
internal sealed class RunFolder
{
    private readonly bool created;

    private RunFolder(string path, bool created)
    {
        FullPath = path;
        this.created = created;
    }

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
        if (File.Exists(Path.Combine(path, "config.json")) || File.Exists(Path.Combine(path, "summary.json")))
        {
            throw new UserInputException(
                $"The folder {path} already holds a run, which is never overwritten. "
                    + "Choose another folder with --out."
            );
        }

        try
        {
            var created = !Directory.Exists(path);
            Directory.CreateDirectory(path);
            var probe = Path.Combine(path, $".write-{Guid.NewGuid():N}.tmp");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return new RunFolder(path, created);
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

    /// <summary>The path of a file of the run.</summary>
    public string PathOf(string name) => Path.Combine(FullPath, name);

    /// <summary>The folder of the figures, made when the first is saved.</summary>
    public string Figures() => Directory.CreateDirectory(Path.Combine(FullPath, "figures")).FullName;

    /// <summary>Takes back a run that never began: its config.json, and the folder if it was made for it.</summary>
    public void Discard()
    {
        if (created)
        {
            Directory.Delete(FullPath, recursive: true);
        }
        else
        {
            File.Delete(PathOf("config.json"));
        }
    }

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
