using System.CommandLine;
using System.Reflection;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg new game|experiment|app [name]</c></summary>
internal static class NewCommand
{
    private const int mostLetters = 60;
    private const string version = "VERSION";
    private const string named = "NAME";

    private static readonly string[] kinds = ["game", "experiment", "app"];

    public static Command Create(Terminal terminal)
    {
        var kind = new Argument<string>("kind")
        {
            Description =
                "game: a script with a game; experiment: a script with an experiment; app: a folder with a C# project.",
            HelpName = string.Join('|', kinds),
        };
        kind.CompletionSources.Add(kinds);
        var name = new Argument<string?>("name")
        {
            Description = "Its name, of letters, digits, - and _. [default: my-game, my-experiment, my-app]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "new",
            "Begin a game, an experiment or an application with something that runs, in the current folder. Nothing that is "
                + "there is replaced."
        )
        {
            kind,
            name,
        };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetRequiredValue(kind);
            if (!kinds.Contains(wanted))
            {
                throw new UserInputException(
                    $"There is no template \"{wanted}\".{Suggestion.For(wanted, kinds)} The templates are: "
                        + $"{string.Join(", ", kinds)}."
                );
            }

            var chosen = Named(parsed.GetValue(name) ?? $"my-{wanted}", wanted);
            var files = Files(wanted, chosen);
            Write(files);
            foreach (var (path, _) in files)
            {
                terminal.Line($"Made: {path}");
            }

            terminal.Hint(Next(wanted, chosen));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The version of the packages that belong to this program.</summary>
    /// <remarks>What follows a plus sign tells builds of one version apart.</remarks>
    public static string Version =>
        typeof(NewCommand)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    private static string Named(string name, string kind) =>
        name.Length is > 0 and <= mostLetters
        && char.IsAsciiLetter(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')
            ? name
            : throw new UserInputException(
                $"The name is \"{name}\", but up to {mostLetters} letters from a to z, digits, - and _ are needed, a letter first, "
                    + $"for instance stackelberg new {kind} my-{kind}."
            );

    private static (string Path, string Text)[] Files(string kind, string name) =>
        kind switch
        {
            "game" => [($"{name}.fsx", Filled(GameTemplate.Text, name))],
            "experiment" => [($"{name}.fsx", Filled(ExperimentTemplate.Text, name))],
            _ =>
            [
                (Path.Combine(name, $"{name}.csproj"), Filled(AppTemplate.Project, name)),
                (Path.Combine(name, "Program.cs"), Filled(AppTemplate.Program, name)),
            ],
        };

    private static string Next(string kind, string name) =>
        kind switch
        {
            "game" => $"stackelberg analyze {name}.fsx",
            "experiment" => $"stackelberg run {name}.fsx",
            _ => $"dotnet run --project {name}",
        };

    // Looked at first, so that nothing is written where a part of it cannot be; the files are then created, never opened.
    private static void Write((string Path, string Text)[] files)
    {
        foreach (var (path, _) in files)
        {
            if (UserPath.IsThere(path))
            {
                throw IsThere(path);
            }
        }

        foreach (var (path, text) in files)
        {
            try
            {
                if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
                {
                    Directory.CreateDirectory(folder);
                }

                using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                using var writer = new StreamWriter(stream);
                writer.Write(text);
            }
            catch (IOException) when (UserPath.IsThere(path))
            {
                throw IsThere(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new UserInputException(
                    $"{path} cannot be written: {fault.Message.TrimEnd('.')}. Go to a folder of your own first.",
                    fault
                );
            }
        }
    }

    private static UserInputException IsThere(string path) =>
        new($"{path} is there already and is never replaced. Give another name.");

    private static string Filled(string template, string name) =>
        template
            .Replace(version, Version, StringComparison.Ordinal)
            .Replace(named, name, StringComparison.Ordinal);
}
