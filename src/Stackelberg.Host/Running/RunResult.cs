namespace Stackelberg;

/// <summary>A run of an experiment: what was run, and what it came to. The run folder holds the same.</summary>
/// <param name="Folder">The run folder, a full path.</param>
/// <param name="Configuration">What was run.</param>
/// <param name="Ending">How it ended.</param>
/// <param name="Runs">How each learning run ended.</param>
/// <param name="Report">The checks.</param>
/// <param name="Found">All found numbers by name.</param>
/// <param name="Notes">The notes in their order.</param>
/// <param name="Figures">The figures' files, relative to the folder.</param>
/// <param name="Seconds">The wall-clock time.</param>
/// <param name="Fault">The exception that ended it, in words; null if none did.</param>
/// <param name="HasCheckpoint">Whether this process has left a checkpoint to go on from.</param>
public sealed record RunResult(
    string Folder,
    RunConfiguration Configuration,
    RunEnding Ending,
    IReadOnlyList<RunOutcome> Runs,
    CheckReport Report,
    IReadOnlyDictionary<string, double> Found,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Figures,
    double Seconds,
    string? Fault = null,
    bool HasCheckpoint = false
)
{
    private const string configExample = """{ "seed": 1, "settings": { "steps": "100" } }""";

    /// <summary>Whether it reached its end, so that running it again would give the same.</summary>
    public bool IsOver => Ending is RunEnding.Done or RunEnding.NotFinite or RunEnding.CheckFailed;

    /// <summary>What its configuration file says besides.</summary>
    internal ConfigFile Config { get; init; } = new();

    /// <summary>What finds its experiment: the script, or else the name.</summary>
    internal string Experiment => Config.Script ?? Configuration.Experiment;

    /// <summary>Reads a run folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The run; its <see cref="Ending"/> is <see cref="RunEnding.Unfinished"/> where it has not ended.</returns>
    /// <exception cref="UserInputException">There is none, it holds no run, or its files are not a run's.</exception>
    public static RunResult Read(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);

        var path = Path.GetFullPath(folder);
        return TryRead(path)
            ?? throw new UserInputException(
                Directory.Exists(path)
                    ? $"{path} is no run folder: it has no {RunFolder.ConfigName}. stackelberg run makes run folders."
                    : $"There is no folder {path}; give a run folder."
            );
    }

    /// <summary>Reads a folder that holds a run or none. Another process may begin, end or take back a run there meanwhile.</summary>
    /// <param name="path">The folder, a full path.</param>
    /// <returns>The run; null if there is none.</returns>
    /// <exception cref="UserInputException">The folder's files are not a run's, or cannot be read.</exception>
    internal static RunResult? TryRead(string path)
    {
        var config = Path.Combine(path, RunFolder.ConfigName);
        ConfigFile file;
        try
        {
            file = ReadConfig(config);
        }
        catch (UserInputException fault)
            when (fault.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        if (file is not { Experiment: { } experiment, ExperimentVersion: { } version, Seed: { } seed })
        {
            throw new UserInputException(
                $"{config} is no run's: experiment, experimentVersion and seed are needed."
            );
        }

        var configuration = new RunConfiguration(experiment, version, seed, file.Texts(), file.Fingerprint);
        if (file.Identity is { } identity && identity != configuration.Identity)
        {
            throw new UserInputException(
                $"{config} was changed after the run: its settings no longer give its identity {identity}. Undo "
                    + $"the change, or run it again: stackelberg run {file.Script ?? experiment} --config {config}."
            );
        }

        var summary = Path.Combine(path, RunFolder.SummaryName);
        var begun = Begun(path, configuration, file);
        try
        {
            return StrictJson.Read(summary, RunFolderFormat.Page.SummaryFile).Of(begun);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return begun;
        }
        catch (InvalidDataException fault)
        {
            throw new UserInputException(
                $"{summary} is no run's summary ({fault.Message.TrimEnd('.')}). Delete it, or run the experiment "
                    + "again into another folder.",
                fault
            );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException($"{summary} cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>A run that has not come to anything yet.</summary>
    internal static RunResult Begun(string folder, RunConfiguration configuration, ConfigFile config) =>
        new(
            folder,
            configuration,
            RunEnding.Unfinished,
            [],
            new([], null, 0),
            new Dictionary<string, double>(),
            [],
            [],
            0
        )
        {
            Config = config,
        };

    /// <summary>Reads a configuration file, of a run folder or of a user's own.</summary>
    /// <exception cref="UserInputException">It cannot be read, is no JSON, or holds something else.</exception>
    internal static ConfigFile ReadConfig(string path)
    {
        try
        {
            return StrictJson.Read(path, RunFolderFormat.Page.ConfigFile);
        }
        catch (InvalidDataException fault)
        {
            throw new UserInputException(
                $"The configuration {path} {fault.Message}; needed is {configExample}",
                fault
            );
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException(
                $"The configuration {path} cannot be read: {fault.Message.TrimEnd('.')}.",
                fault
            );
        }
    }
}
