using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg list [experiment]</c></summary>
internal static class ListCommand
{
    /// <summary>The command's word.</summary>
    public const string Name = "list";

    public static Command Create(Terminal terminal, ExperimentTable experiments)
    {
        var name = new Argument<string?>("experiment")
        {
            Description = "Show the source and settings of this experiment, or of this script's, instead.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            Name,
            "List the experiments, and the game scripts of the nearest games folder, one line each."
        )
        {
            name,
            Manner.JsonOption(),
        };
        name.CompletionSources.Add(Completions.Experiments(experiments));
        command.SetAction(parsed =>
        {
            switch (parsed.GetValue(name), terminal.Manner.IsJson)
            {
                case ({ } wanted, true):
                    terminal.Document(ExperimentDocument.Of(experiments.Find(wanted)));
                    break;
                case ({ } wanted, false):
                    Describe(terminal.Output, experiments.Find(wanted));
                    terminal.Hint($"run it: stackelberg run {Hints.Quoted(wanted)}");
                    break;
                case (null, true):
                    terminal.Document(
                        new ListDocument(Name, Named(experiments.Lines), Named(Completions.GameLines()))
                    );
                    break;
                default:
                    List(terminal.Output, experiments);
                    terminal.Hint(
                        "the settings of one, as in stackelberg list duopoly; one of your own: stackelberg new experiment"
                    );
                    break;
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static NamedDocument[] Named(IEnumerable<(string Name, string Title)> lines) =>
        [.. lines.Select(line => new NamedDocument(line.Name, line.Title))];

    private static void List(TextWriter output, ExperimentTable experiments)
    {
        output.WriteLine("Experiments (stackelberg run <experiment>):");
        Lines(output, experiments.Lines);
        output.WriteLine("Games (dotnet fsi <script>):");
        Lines(output, Completions.GameLines());
    }

    private static void Describe(TextWriter output, Experiment experiment)
    {
        output.WriteLine($"{experiment.Name}: {experiment.Title}");
        output.WriteLine($"Source: {experiment.Source}");
        output.WriteLine("Settings (key=value):");
        Lines(
            output,
            [
                .. experiment.Settings.Select(setting =>
                    ($"{setting.Key}={setting.Default}", Words(setting))
                ),
                (
                    $"seed={experiment.DefaultSeed}",
                    "the seed of the random numbers" + Effect(experiment.SeedKind)
                ),
            ]
        );
    }

    private static string Words(Setting setting) =>
        setting.Description
        + (setting.Unit is { } unit ? $", in {unit}" : "")
        + $" ({setting.Type.Allowed.TrimEnd(',')})"
        + Effect(setting.Kind);

    private static string Effect(SettingKind kind) =>
        kind == SettingKind.Changes ? " [changing it switches the checks off]" : "";

    private static void Lines(TextWriter output, IReadOnlyList<(string Name, string Title)> lines)
    {
        var width = lines.Select(line => line.Name.Length).DefaultIfEmpty(0).Max();
        foreach (var (name, title) in lines)
        {
            output.WriteLine(PlainText.Line($"  {name.PadRight(width)}  {title}".TrimEnd()));
        }

        if (lines.Count == 0)
        {
            output.WriteLine("  (none)");
        }
    }
}
