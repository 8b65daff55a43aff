using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg resume &lt;run folder&gt;</c></summary>
internal static class ResumeCommand
{
    /// <summary>The command's word.</summary>
    public const string Name = "resume";

    public static Command Create(
        Terminal terminal,
        ExperimentTable experiments,
        CancellationToken cancellation
    )
    {
        var folder = new Argument<string>("run folder")
        {
            Description = "The folder of a run that was stopped.",
        };
        var checks = CheckDisplay.Option();
        var command = new Command(
            Name,
            "Go on with a run that was cancelled or killed, to the same bits as if it had never been."
        )
        {
            folder,
            checks,
            Manner.JsonOption(),
        };
        command.SetAction(parsed =>
        {
            var shown = CheckDisplay.ParseShown(parsed.GetValue(checks), terminal.Manner);
            var path = UserPath.Full(parsed.GetRequiredValue(folder), "The run folder's name", "runs/first");
            var experiment = experiments.Find(RunResult.Read(path).Experiment);
            var result = ProgressDisplay.ShowRun(
                terminal,
                progress =>
                    UserExperiments.Guard(
                        experiment,
                        terminal,
                        () => ExperimentRunner.Resume(experiments, path, progress, cancellation),
                        cancellation
                    ),
                cancellation
            );
            RunDisplay.Show(terminal, Name, result, shown);
            return ExitCode.Of(result.Ending);
        });
        return command;
    }
}
