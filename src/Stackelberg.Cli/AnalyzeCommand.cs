using System.CommandLine;
using System.Globalization;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg analyze &lt;game.fsx&gt; [--at 46,26]</c></summary>
internal static class AnalyzeCommand
{
    /// <summary>The command's word.</summary>
    public const string Name = "analyze";

    // Of a whole line of critical points a reader needs no more.
    private const int mostPoints = 24;

    public static Command Create(Terminal terminal)
    {
        var script = new Argument<string>("game.fsx")
        {
            Description = "An F# script that defines a game, as those of games/ do.",
        };
        var at = new Option<string?>("--at")
        {
            Description =
                "The joint strategy to look at: numbers with commas between, players in order. [default: search]",
            HelpName = "X1,X2,…",
        };
        var concept = new Option<string?>("--concept")
        {
            Description = "Which critical points to search: nash or stackelberg. [default: both]",
            HelpName = "nash|stackelberg",
        };
        var name = new Option<string?>("--game")
        {
            Description = "Which game, where the script defines several.",
            HelpName = "NAME",
        };
        var command = new Command(
            Name,
            "Say what kind of point a joint strategy is, or search a game's critical points."
        )
        {
            script,
            at,
            concept,
            name,
        };
        command.SetAction(parsed =>
        {
            var concepts = Concepts(parsed.GetValue(concept), parsed.GetValue(at));
            var game = Load(parsed.GetValue(script)!, parsed.GetValue(name));
            if (parsed.GetValue(at) is { } point)
            {
                terminal.Output.WriteLine(Classify(game, point));
            }
            else
            {
                Array.ForEach(concepts, wanted => Search(terminal.Output, game, wanted));
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Game Load(string script, string? name)
    {
        try
        {
            return name is null ? GameScript.Load(script) : GameScript.Load(script, name);
        }
        catch (GameScriptException fault)
        {
            var hint = fault.Choices is [var first, ..] ? $" For instance --game {first}." : "";
            throw new UserInputException(fault.Message + hint, fault);
        }
    }

    private static Concept[] Concepts(string? text, string? at) =>
        (text, at) switch
        {
            (null, _) => [Concept.Stackelberg, Concept.Nash],
            (_, not null) => throw new UserInputException(
                "--at and --concept exclude each other: the report of a point covers both concepts."
            ),
            ("nash", _) => [Concept.Nash],
            ("stackelberg", _) => [Concept.Stackelberg],
            _ => throw new UserInputException(
                $"--concept is \"{text}\", but nash or stackelberg is needed, for instance --concept nash."
            ),
        };

    private static Report Classify(Game game, string text)
    {
        var entries = text.Split(',', StringSplitOptions.TrimEntries);
        var point = Array.ConvertAll(entries, Number);
        if (point.Length != game.Dimension)
        {
            throw new UserInputException(
                $"--at holds {point.Length} numbers, but {game.Dimension} are needed for {game}."
            );
        }

        var first = 0;
        foreach (var player in game.Players)
        {
            for (var i = 0; player.Domain is Domain.Box box && i < player.Dimension; i++)
            {
                if (!(point[first + i] >= box.lower[i] && point[first + i] <= box.upper[i]))
                {
                    throw new UserInputException(
                        $"--at holds {entries[first + i]} for {player.Name}, but a number from {Terminal.Number(box.lower[i])} "
                            + $"to {Terminal.Number(box.upper[i])} is needed: the game bounds this player."
                    );
                }
            }

            first += player.Dimension;
        }

        return game.Classify(point);
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : throw new UserInputException(
                $"--at holds \"{text}\", but a finite number is needed, for instance --at 46,26."
            );

    private static void Search(TextWriter output, Game game, Concept concept)
    {
        var field = concept == Concept.Nash ? "omega (Nash play)" : "omega_S (Stackelberg play)";
        var reports = Multistart.Find(game, concept, mostPoints);
        var count = reports.Length switch
        {
            0 => "no critical point found",
            1 => "1 critical point found",
            mostPoints =>
                $"{mostPoints} critical points found, where the search ended: there may be a continuum",
            var many => $"{many} critical points found",
        };
        output.WriteLine($"{game.Name}, {field}: {count}.");
        foreach (var report in reports)
        {
            output.WriteLine();
            output.WriteLine(report);
        }

        output.WriteLine();
    }
}
