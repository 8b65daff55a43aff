using System.Runtime.InteropServices;
using Stackelberg.Kernels;

namespace Stackelberg.Cli;

/// <summary>What <c>doctor --json</c> prints.</summary>
/// <param name="Command">The command's word.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="System">The operating system.</param>
/// <param name="Architecture">The processor's.</param>
/// <param name="VectorBits">The width of vectors.</param>
/// <param name="Threads">How many threads share work out.</param>
/// <param name="Processors">How many the runtime sees.</param>
/// <param name="MemoryMegabytes">What the process may use.</param>
/// <param name="ExperimentsFolder">Where the published experiments lie.</param>
/// <param name="Experiments">How many there are.</param>
/// <param name="Places">Folders that are written to.</param>
/// <param name="Environment">What the environment says that changes any of it.</param>
internal sealed record DoctorDocument(
    string Command,
    string Version,
    string Runtime,
    string System,
    string Architecture,
    int VectorBits,
    int Threads,
    int Processors,
    long MemoryMegabytes,
    string ExperimentsFolder,
    int Experiments,
    DoctorPlace[] Places,
    Dictionary<string, string> Environment
)
{
    private static readonly string[] variables =
    [
        ScriptCache.Variable,
        "DOTNET_PROCESSOR_COUNT",
        "DOTNET_EnableAVX512",
        "DOTNET_PreferredVectorBitWidth",
        "DOTNET_GCHeapHardLimit",
    ];

    /// <summary>What this machine has.</summary>
    /// <param name="command">The command's word.</param>
    public static DoctorDocument Here(string command) =>
        new(
            command,
            NewCommand.Version,
            RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription,
            $"{RuntimeInformation.ProcessArchitecture}",
            VectorWidth.Bits,
            Parallelism.Threads,
            global::System.Environment.ProcessorCount,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20,
            ExperimentScript.Folder,
            Directory.Exists(ExperimentScript.Folder)
                ? Directory
                    .GetDirectories(ExperimentScript.Folder)
                    .Count(folder => File.Exists(Path.Combine(folder, "experiment.fsx")))
                : 0,
            [
                DoctorPlace.Of("compiled scripts", ScriptCache.Folder),
                DoctorPlace.Of("run folders", Path.GetFullPath("runs")),
                DoctorPlace.Of("temporary files", Path.GetTempPath()),
            ],
            variables
                .Select(variable => (variable, global::System.Environment.GetEnvironmentVariable(variable)))
                .Where(pair => pair.Item2 is not null)
                .ToDictionary(pair => pair.variable, pair => pair.Item2!)
        );
}

/// <summary>A folder that is written to.</summary>
/// <param name="For">What for.</param>
/// <param name="Path">The folder, which need not be there yet.</param>
/// <param name="Fault">Why it cannot be written; null if it can.</param>
internal sealed record DoctorPlace(string For, string Path, string? Fault)
{
    /// <summary>Tries it with a file that is gone again, in the folder or in the nearest one above that is there.</summary>
    public static DoctorPlace Of(string what, string path)
    {
        var folder = new DirectoryInfo(path);
        while (!folder.Exists && folder.Parent is { } parent)
        {
            if (UserPath.IsThere(folder.FullName))
            {
                return new(what, path, $"{folder.FullName} is no folder");
            }

            folder = parent;
        }

        var file = global::System.IO.Path.Combine(folder.FullName, $".stackelberg-{Guid.NewGuid():N}");
        try
        {
            using var stream = new FileStream(
                file,
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                1,
                FileOptions.DeleteOnClose
            );
            return new(what, path, null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new(what, path, fault.Message.TrimEnd('.'));
        }
    }
}
