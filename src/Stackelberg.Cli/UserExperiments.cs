namespace Stackelberg.Cli;

/// <summary>The experiments that a command can name: those of the program's folder of scripts, and any script.</summary>
internal static class UserExperiments
{
    /// <summary>The table; what takes long to compile is shown.</summary>
    /// <param name="terminal">Where progress is shown.</param>
    /// <param name="cancellation">Ends the loading of a script.</param>
    public static ExperimentTable In(Terminal terminal, CancellationToken cancellation)
    {
        // A script runs once, however often a command asks for its experiment.
        var loaded = new Dictionary<string, Experiment>(StringComparer.Ordinal);
        return new ExperimentTable().WithScripts(
            ExperimentScript.Folder,
            path =>
            {
                if (!loaded.TryGetValue(path, out var experiment))
                {
                    using var guard = new ExitGuard(terminal, cancellation);
                    experiment = ProgressDisplay.ShowWork(
                        terminal,
                        progress => guard.Run(path, () => UserScript.LoadExperiment(path, progress)),
                        cancellation
                    );
                    loaded.Add(path, experiment);
                }

                return experiment;
            }
        );
    }

    /// <summary>Runs an experiment; what its script raises is said of the script.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="terminal">Where it is said.</param>
    /// <param name="run">Runs it.</param>
    /// <param name="cancellation">The command's cancellation.</param>
    /// <exception cref="UserInputException">The script is at fault.</exception>
    public static RunResult Guard(
        Experiment experiment,
        Terminal terminal,
        Func<RunResult> run,
        CancellationToken cancellation
    )
    {
        if (experiment.Script is not { } script)
        {
            return run();
        }

        using var guard = new ExitGuard(terminal, cancellation);
        return guard.Run(script, run);
    }
}
