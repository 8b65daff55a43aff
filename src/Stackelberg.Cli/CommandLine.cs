using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary>The command <c>stackelberg</c>.</summary>
internal static class CommandLine
{
    private const int mostLetters = 2000;

    private const string trace = "--trace";

    /// <summary>Parses the arguments, does what they say, and returns the exit code.</summary>
    public static int Invoke(
        string[] arguments,
        Terminal terminal,
        ExperimentTable experiments,
        CancellationToken cancellation = default
    )
    {
        var root = Create(terminal, experiments, cancellation);

        // A leading @ is part of a value, not the name of a file with arguments.
        var parsed = root.Parse(
            arguments.Length == 0 ? ["--help"] : arguments,
            new ParserConfiguration { ResponseFileTokenReplacer = null }
        );
        try
        {
            Reject(root, parsed, arguments, experiments);
            terminal.Manner = Manner.Of(parsed);
            return parsed.Invoke(
                new InvocationConfiguration
                {
                    Output = terminal.Output,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                }
            );
        }
        catch (UserInputException fault)
        {
            terminal.Error.WriteLine(
                arguments.Contains(trace) ? PlainText.Lines(fault.ToString()) : OneLine(fault.Message)
            );
            return fault.IsTaken && WorkerProcess.IsOne ? ExitCode.Taken : ExitCode.WrongInput;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            terminal.Fault(
                "Cancelled. What was found until then, if anything, stands above: it is incomplete."
            );
            return ExitCode.Cancelled;
        }
        catch (Exception fault)
        {
            terminal.Error.WriteLine(
                arguments.Contains(trace) ? PlainText.Lines(fault.ToString())
                : fault is IOException or UnauthorizedAccessException ? OneLine(fault.Message)
                : OneLine($"Unexpected {fault.GetType().Name}: {fault.Message} (--trace shows where.)")
            );
            return ExitCode.Failed;
        }
    }

    /// <summary>The grammar.</summary>
    public static RootCommand Create(
        Terminal terminal,
        ExperimentTable experiments,
        CancellationToken cancellation
    )
    {
        var root = new RootCommand(
            "Differentiable games with an order of play: runs published experiments and checks them against "
                + "their source, and says what kind of points a game's are.\n\n"
                + "Exit codes: 0 done; 1 a run is not finite, a check failed, or a file cannot be read or written; "
                + "2 the input is wrong; 130 cancelled, by Ctrl-C or a request to terminate."
        )
        {
            ListCommand.Create(terminal, experiments),
            RunCommand.Create(terminal, experiments, cancellation),
            AnalyzeCommand.Create(terminal, cancellation),
            CompareCommand.Create(terminal, cancellation),
            ResumeCommand.Create(terminal, experiments, cancellation),
            SweepCommand.Create(terminal, experiments, cancellation),
            ReportCommand.Create(terminal),
            NewCommand.Create(terminal),
            DoctorCommand.Create(terminal),
            CompletionCommand.Create(terminal),
            new Option<bool>(trace) { Description = "Show the stack trace of an error.", Recursive = true },
        };
        Array.ForEach(Manner.CommonOptions(), root.Add);
        return root;
    }

    // What the user wrote may hold line ends and may be of any length; a message is a line that can be read.
    private static string OneLine(string message)
    {
        var line = PlainText.Line(message.Replace('\n', ' ').Replace('\r', ' ').Replace('\t', ' '));
        return line.Length <= mostLetters
            ? line
            : $"{line[..(mostLetters / 2)]} … {line[^(mostLetters / 2)..]}";
    }

    private static void Reject(
        RootCommand root,
        ParseResult parsed,
        string[] arguments,
        ExperimentTable experiments
    )
    {
        // Asking for help wins over what is missing for anything else, and so does a shell that asks how to go on.
        if (
            parsed.Errors.Count == 0
            || parsed.Action is System.CommandLine.Help.HelpAction
            || arguments[0].StartsWith("[suggest", StringComparison.Ordinal)
        )
        {
            return;
        }

        var names = root.Subcommands.Select(command => command.Name).ToArray();
        if (!arguments[0].StartsWith('-') && !names.Contains(arguments[0]))
        {
            throw new UserInputException(
                $"There is no command \"{arguments[0]}\".{Suggestion.For(arguments[0], names)} "
                    + $"The commands are: {string.Join(", ", names)}."
            );
        }

        var command = parsed.CommandResult.Command;
        if (command.Name == RunCommand.Name && arguments is [RunCommand.Name])
        {
            throw new UserInputException(
                "run needs the name of an experiment, as in stackelberg run "
                    + $"{experiments.Lines[0].Name}. {experiments.Known}"
            );
        }

        var path = command == root ? "stackelberg" : $"stackelberg {command.Name}";
        throw new UserInputException($"{parsed.Errors[0].Message} See {path} --help.");
    }
}
