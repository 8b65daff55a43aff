using System.CommandLine;
using System.Globalization;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg run &lt;experiment&gt; [key=value …]</c></summary>
internal static class RunCommand
{
    /// <summary>The command's word.</summary>
    public const string Name = "run";

    private const string seedKey = "seed";

    public static Command Create(
        Terminal terminal,
        ExperimentTable experiments,
        CancellationToken cancellation
    )
    {
        var name = new Argument<string>("experiment") { Description = "One of: stackelberg list." };
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
        var checks = new Option<string>("--checks")
        {
            Description =
                "Which checks to show: all, failed, or auto (groups and the failed ones if there are many).",
            HelpName = "auto|all|failed",
            DefaultValueFactory = _ => "auto",
        };
        var command = new Command(
            Name,
            "Run an experiment, check its numbers, and save everything in a folder."
        )
        {
            name,
            settings,
            folder,
            seed,
            checks,
        };
        command.SetAction(parsed =>
        {
            var experiment = experiments.Find(parsed.GetRequiredValue(name));
            var overrides = Overrides(
                experiment,
                command.Options.Select(option => option.Name),
                parsed.GetValue(settings) ?? []
            );
            var shown = CheckDisplay.ParseShown(parsed.GetRequiredValue(checks));
            var seedText = parsed.GetValue(seed);
            if (overrides.Remove(seedKey, out var alsoSeed))
            {
                seedText = seedText is null
                    ? alsoSeed
                    : throw new UserInputException("The seed is given twice; leave --seed or seed= out.");
            }

            var summary = ProgressDisplay.Show(
                terminal,
                progress =>
                    ExperimentRunner.Run(
                        experiment,
                        overrides,
                        parsed.GetValue(folder),
                        Seed(seedText),
                        progress,
                        cancellation
                    )
            );
            RunDisplay.Show(terminal, summary, shown);
            return summary.Outcome == RunEnding.Done ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static Dictionary<string, string> Overrides(
        Experiment experiment,
        IEnumerable<string> options,
        string[] tokens
    )
    {
        var overrides = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in tokens)
        {
            if (token.StartsWith('-'))
            {
                throw new UserInputException(
                    $"There is no option \"{token}\".{Suggestion.For(token, options)} See stackelberg run --help."
                );
            }

            var at = token.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
            {
                var example = experiment.Settings is [var setting, ..]
                    ? $"{setting.Key}={setting.Default}"
                    : "seed=1";
                throw new UserInputException(
                    $"\"{token}\" is no setting; settings are written key=value, for instance {example}."
                );
            }

            if (!overrides.TryAdd(token[..at], token[(at + 1)..]))
            {
                throw new UserInputException($"The setting {token[..at]} is given twice; leave one out.");
            }
        }

        return overrides;
    }

    private static ulong? Seed(string? text) =>
        text is null ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new UserInputException(
            $"The seed is \"{text}\", but a whole number from 0 is needed, for instance --seed 1."
        );
}
