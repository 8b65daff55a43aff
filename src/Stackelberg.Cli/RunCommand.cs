using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg run &lt;experiment&gt; [key=value …]</c></summary>
internal static class RunCommand
{
    /// <summary>The command's word.</summary>
    public const string Name = "run";

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
        var settings = new Argument<string[]>("key=value")
        {
            Description =
                "Settings that are not to have their default; stackelberg list <experiment> shows them.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var folder = new Option<string?>("--out")
        {
            Description =
                "The run folder; it must not hold a run yet. [default: runs/<experiment>-<date>-<time>]",
            HelpName = "DIR",
        };
        var seed = new Option<string?>("--seed")
        {
            Description =
                "The seed of the random numbers, a whole number from 0. [default: the experiment's own]",
            HelpName = "N",
        };
        var config = new Option<string?>("--config")
        {
            Description =
                "A JSON file with settings and a seed, such as a run folder's config.json; key=value and --seed "
                + "go before it.",
            HelpName = "FILE",
        };
        var checks = CheckDisplay.Option();
        var command = new Command(
            Name,
            "Run an experiment, check its numbers, and save everything in a folder. Ctrl-C finishes the step "
                + "and saves."
        )
        {
            name,
            settings,
            folder,
            seed,
            config,
            checks,
            Manner.JsonOption(),
        };
        name.CompletionSources.Add(Completions.Experiments(experiments));
        settings.CompletionSources.Add(Completions.Settings(experiments, name));
        command.SetAction(parsed =>
        {
            var experiment = experiments.Find(parsed.GetRequiredValue(name));
            var overrides = SettingArguments.Read(
                experiment,
                Name,
                command.Options.Select(option => option.Name),
                parsed.GetValue(settings) ?? []
            );
            var shown = CheckDisplay.ParseShown(parsed.GetValue(checks), terminal.Manner);
            var seedText = parsed.GetValue(seed);
            if (overrides.Remove(SettingArguments.SeedKey, out var alsoSeed))
            {
                seedText = seedText is null
                    ? alsoSeed
                    : throw new UserInputException("The seed is given twice; leave --seed or seed= out.");
            }

            var seedValue = SettingArguments.Seed(seedText);
            if (parsed.GetValue(config) is { } file)
            {
                UserPath.Full(file, "The configuration's name", "--config config.json");
                seedValue = Merge(experiment, file, overrides, seedValue);
            }

            var result = ProgressDisplay.ShowRun(
                terminal,
                progress =>
                    UserExperiments.Guard(
                        experiment,
                        terminal,
                        () =>
                            ExperimentRunner.Run(
                                experiment,
                                overrides,
                                parsed.GetValue(folder),
                                seedValue,
                                progress,
                                cancellation
                            ),
                        cancellation
                    ),
                cancellation
            );
            RunDisplay.Show(terminal, Name, result, shown);
            return ExitCode.Of(result.Ending);
        });
        return command;
    }

    // What the command line says goes before what the file says.
    private static ulong? Merge(
        Experiment experiment,
        string path,
        Dictionary<string, string> overrides,
        ulong? seed
    )
    {
        var file = RunResult.ReadConfig(path);
        if (file.Experiment is { } other && other != experiment.Name)
        {
            throw new UserInputException(
                $"The configuration {path} is one of the experiment {other}, not of {experiment.Name}: "
                    + $"stackelberg run {other} --config {path}."
            );
        }

        foreach (var (key, value) in file.Texts())
        {
            overrides.TryAdd(key, value);
        }

        return seed ?? file.Seed;
    }
}
