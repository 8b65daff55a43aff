namespace Stackelberg;

/// <summary>Loads the experiments that F# scripts define into this process.</summary>
/// <remarks>The script runs as <see cref="GameScript"/> says. It is compiled once: the program stays in the user's cache
/// folder until the script, what it loads, or this library changes.</remarks>
/// <example>
/// <code>
/// Experiment mine = ExperimentScript.Load("mine.fsx");
/// RunResult result = ExperimentRunner.Run(mine, new Dictionary&lt;string, string&gt; { ["steps"] = "100" });
/// </code>
/// </example>
public static class ExperimentScript
{
    /// <summary>All experiments: those of the scripts <c>experiments/&lt;name&gt;/experiment.fsx</c> beside this program by name, and
    /// any script by path.</summary>
    public static ExperimentTable Table { get; } = new ExperimentTable().WithScripts(Folder, Load);

    /// <summary>The folder of the scripts that their names find.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "experiments");

    /// <summary>The experiment that a script defines at its top level.</summary>
    /// <param name="path">The script.</param>
    /// <exception cref="GameScriptException">There is no such file, it does not compile, it raises an exception, or it
    /// defines no experiment or several.</exception>
    public static Experiment Load(string path)
    {
        var (values, script) = ScriptRun.Run<Experiment>(path);
        return values.DistinctBy(experiment => experiment.Value).ToArray() switch
        {
            [var only] => only.Value.From(Path.GetFullPath(path), script.Fingerprint),
            [] => throw new GameScriptException(
                path,
                null,
                "The script defines no experiment; bind one to a name at its top level, as in let mine = experiment "
                    + "\"mine\" { … }."
            ),
            var several => throw new GameScriptException(
                path,
                null,
                $"The script defines several experiments, {string.Join(", ", several.Select(one => one.Name))}; give "
                    + "each a script of its own."
            ),
        };
    }
}
