using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg list [experiment]</c></summary>
internal static class ListCommand
{
    public static Command Create(Terminal terminal, ExperimentTable experiments)
    {
        var name = new Argument<string?>("experiment")
        {
            Description = "Show the source and settings of this experiment, or of this script's, instead.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "list",
            "List the experiments, and the game scripts of the nearest games folder, one line each."
        )
        {
            name,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(name) is { } wanted)
            {
                Describe(terminal.Output, experiments.Find(wanted));
            }
            else
            {
                List(terminal.Output, experiments);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void List(TextWriter output, ExperimentTable experiments)
    {
        output.WriteLine("Experiments (stackelberg run <experiment>):");
        Lines(output, experiments.Lines);
        output.WriteLine("Games (dotnet fsi <script>):");
        Lines(output, GameScripts.Find(Directory.GetCurrentDirectory()));
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
