namespace Stackelberg.Cli;

/// <summary>The games and experiments of scripts that the user names.</summary>
internal static class UserScript
{
    private static readonly string[] endings = [".fsx", ".fsscript", ".fs"];

    /// <summary>The game of a script.</summary>
    /// <param name="script">The script, as the user wrote it.</param>
    /// <param name="name">Which game; null for the only one.</param>
    /// <param name="progress">Hears that the script is compiled and run.</param>
    /// <exception cref="UserInputException">The script gives no such game.</exception>
    public static Game Load(string script, string? name, IProgress<RunProgress> progress) =>
        Load(script, progress, path => name is null ? GameScript.Load(path) : GameScript.Load(path, name));

    /// <summary>The games of a script of which points are known.</summary>
    /// <param name="script">The script, as the user wrote it.</param>
    /// <param name="progress">Hears that the script is compiled and run.</param>
    /// <exception cref="UserInputException">The script cannot be run.</exception>
    public static IReadOnlyList<KnownGame> LoadKnown(string script, IProgress<RunProgress> progress) =>
        Load(script, progress, GameScript.LoadKnown);

    /// <summary>The experiment of a script.</summary>
    /// <param name="script">The script, as the user wrote it.</param>
    /// <param name="progress">Hears that the script is compiled and run.</param>
    /// <exception cref="UserInputException">The script gives none.</exception>
    public static Experiment LoadExperiment(string script, IProgress<RunProgress> progress) =>
        Load(script, progress, ExperimentScript.Load);

    private static T Load<T>(string script, IProgress<RunProgress> progress, Func<string, T> load)
    {
        var full = UserPath.Full(script, "The script's name", "games/duopoly.fsx");
        if (Directory.Exists(full))
        {
            throw new UserInputException(
                $"{script} is a folder; give a script, for instance games/duopoly.fsx."
            );
        }

        if (!Array.Exists(endings, ending => full.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
        {
            throw new UserInputException(
                $"{script} is no F# script: its name needs the ending .fsx, as in games/duopoly.fsx."
            );
        }

        var stage = $"script {Path.GetFileName(full)}";
        progress.Report(new(stage, 0));
        try
        {
            return load(script);
        }
        catch (GameScriptException fault)
        {
            var hint = fault.Choices is [var first, ..] ? $" For instance --game {first}." : "";
            throw new UserInputException(fault.Message + hint, fault);
        }
        finally
        {
            progress.Report(new(stage, 1));
        }
    }
}
