using System.CommandLine;
using Stackelberg.Comparing;
using Stackelberg.Sweeps;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg sweep &lt;experiment&gt; key=a,b,c seed=1..10</c></summary>
internal static class SweepCommand
{
    /// <summary>The command's word.</summary>
    public const string Name = "sweep";

    private const int mostJobs = 1024;

    public static Command Create(
        Terminal terminal,
        ExperimentTable experiments,
        CancellationToken cancellation
    )
    {
        var name = new Argument<string>("experiment")
        {
            Description =
                "The name of an experiment, which stackelberg list shows, or the path of a script that defines one.",
        };
        var values = new Argument<string[]>("key=values")
        {
            Description =
                "The values of a setting or of the seed: a,b,c or 1..10; a value that is itself a list stands in "
                + "brackets: [a,b],[c,d].",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var jobs = new Option<string?>("--jobs")
        {
            Description =
                "How many processes run at a time; with more than one, each uses one core. [default: as many as there are cores]",
            HelpName = "N",
        };
        var folder = new Option<string?>("--out")
        {
            Description =
                "The sweep folder; points that it holds are not run again. [default: runs/sweeps/<experiment>]",
            HelpName = "DIR",
        };
        var columns = new Option<string?>("--columns")
        {
            Description =
                "The numbers that the table shows: names or parts of them, with commas between, as in "
                + "profit99,cost/. [default: the experiment's headlines, or the first of each run]",
            HelpName = "A,B,…",
        };
        var command = new Command(
            Name,
            "Run an experiment for every combination of some values. The same command goes on where a stopped "
                + "sweep was."
        )
        {
            name,
            values,
            jobs,
            folder,
            columns,
            Manner.JsonOption(),
        };
        name.CompletionSources.Add(Completions.Experiments(experiments));
        values.CompletionSources.Add(Completions.Settings(experiments, name));
        command.SetAction(parsed =>
        {
            var experiment = experiments.Find(parsed.GetRequiredValue(name));
            var keys = SettingArguments.Read(
                experiment,
                Name,
                command.Options.Select(option => option.Name),
                parsed.GetValue(values) ?? []
            );
            if (keys.Count == 0)
            {
                throw new UserInputException(
                    "sweep needs values, for instance stackelberg sweep "
                        + $"{experiment.Name} {SettingArguments.SeedKey}=1..10."
                );
            }

            var count = parsed.GetValue(jobs) is { } text
                ? OptionValue.Whole("--jobs", text, 1, mostJobs, "2")
                : Environment.ProcessorCount;
            var wanted = Columns(parsed.GetValue(columns));
            var points = SweepPoint.All(experiment, keys);
            var place = SweepFolder.Open(
                parsed.GetValue(folder) ?? Path.Combine("runs", "sweeps", experiment.Name)
            );
            var runner = new SweepRunner(
                experiment,
                place,
                WorkerProcess.In(experiment.Script ?? experiment.Name, place, isAlone: count == 1)
            );
            var results = SweepDisplay.Show(
                terminal,
                points.Count,
                count,
                progress => runner.Run(points, count, progress, cancellation).GetAwaiter().GetResult()
            );
            return Conclude(terminal, experiment, place, results, points.Count, wanted);
        });
        return command;
    }

    private static string[] Columns(string? text)
    {
        if (text is null)
        {
            return [];
        }

        var words = text.Split(',', StringSplitOptions.TrimEntries);
        return Array.TrueForAll(words, word => word.Length > 0)
            ? words
            : throw new UserInputException(
                $"--columns is \"{text}\", but names with commas between are needed, for instance --columns cost/."
            );
    }

    private static int Conclude(
        Terminal terminal,
        Experiment experiment,
        SweepFolder folder,
        IReadOnlyList<SweepResult> results,
        int points,
        IReadOnlyList<string> wanted
    )
    {
        var groups = RunGroup.All(
            results.Select(result => result.Run).OfType<RunResult>().Where(run => run.IsOver)
        );
        SweepTable.Points(results).Save(folder.TablePath);
        SweepTable.Means(groups).Save(folder.MeansPath);
        if (terminal.Manner.IsJson)
        {
            terminal.Document(SweepDocument.Of(experiment, points, results, groups, folder));
        }
        else
        {
            SweepDisplay.ShowResults(terminal, experiment, groups, results, wanted);
            terminal.Line($"Points: {folder.TablePath}");
            terminal.Line($"Means over seeds: {folder.MeansPath}");
        }

        var missing = points - results.Count(result => result.Run is { IsOver: true });
        var bad = results.Count(result => !result.IsDone);
        if (results.Count < points || results.Any(result => result.Fault == "cancelled"))
        {
            terminal.Fault(
                $"Cancelled with {missing} of {points} points to go. The same command goes on from here."
            );
            return ExitCode.Cancelled;
        }

        if (bad > 0)
        {
            terminal.Fault(
                $"{bad} of {points} points failed."
                    + (missing > 0 ? " The same command tries those that did not reach their end again." : "")
            );
            return ExitCode.Failed;
        }

        terminal.Hint($"the runs side by side: stackelberg report {Hints.Quoted(folder.FullPath)}");
        return ExitCode.Done;
    }
}
