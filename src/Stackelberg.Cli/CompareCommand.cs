using System.CommandLine;
using System.Globalization;
using Stackelberg.Files;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg compare &lt;game.fsx&gt; … [--rules a,b] [--rate R] [--steps N]</c></summary>
internal static class CompareCommand
{
    /// <summary>The command's word.</summary>
    public const string Name = "compare";

    private static readonly string[] columns =
    [
        "rule",
        "came to",
        "known",
        "where",
        "steps",
        "factor",
        "predicted",
        "remark",
    ];

    // Points with more entries than this would make the table too wide to read; the file has them all.
    private const int mostEntries = 4;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
    {
        var scripts = new Argument<string[]>("game.fsx")
        {
            Description = "F# scripts that define games, as those of games/ do.",
            Arity = ArgumentArity.OneOrMore,
        };
        var rules = new Option<string?>("--rules")
        {
            Description = "Beginnings of rules' names, with commas between. [default: all rules]",
            HelpName = "A,B,…",
        };
        var start = new Option<string?>("--start")
        {
            Description =
                "Where the runs begin: numbers with commas between. [default: the start that the script gives with the game's known points]",
            HelpName = "X1,X2,…",
        };
        var rate = new Option<string?>("--rate")
        {
            Description =
                "The constant learning rate of all players. [default: the script's, or 0.1 with --start]",
            HelpName = "R",
        };
        var steps = new Option<int>("--steps")
        {
            Description = "At most this many steps for each rule.",
            HelpName = "N",
            DefaultValueFactory = _ => Comparison.settings.Steps,
        };
        var name = new Option<string?>("--game")
        {
            Description = "Which game, where a script defines several. [default: all that have known points]",
            HelpName = "NAME",
        };
        var file = new Option<string?>("--out")
        {
            Description = "Write the table to this CSV file as well.",
            HelpName = "FILE",
        };
        var command = new Command(
            Name,
            "Run every rule on a game: which converge, to what kind of point, and how fast against theory."
        )
        {
            scripts,
            rules,
            start,
            rate,
            steps,
            name,
            file,
        };
        command.SetAction(parsed =>
        {
            var chosen = Rules(parsed.GetValue(rules));
            var limit = parsed.GetValue(steps) is >= 1 and var given
                ? given
                : throw new UserInputException("--steps must be at least 1, for instance --steps 20000.");
            var speed = parsed.GetValue(rate) is { } text ? Rate(text) : (double?)null;
            var table = new RuleTable();
            var path = parsed.GetValue(file) is { } wanted
                ? UserPath.Full(wanted, "The table's name", "--out rules.csv")
                : null;
            if (path is not null)
            {
                UserPath.NeedOwn(
                    path,
                    string.Join(',', table.Csv.Columns),
                    "a comparison",
                    "Choose another file with --out."
                );
            }

            foreach (var script in parsed.GetRequiredValue(scripts))
            {
                foreach (var played in Games(script, parsed.GetValue(name), parsed.GetValue(start)))
                {
                    var used = speed ?? played.Rate;
                    terminal.Output.WriteLine(
                        $"{played.Game.Name}, from ({string.Join(", ", played.Start.Take(mostEntries).Select(Terminal.Number))}"
                            + $"{(played.Start.Length > mostEntries ? ", …" : "")}) at rate {Terminal.Number(used)}:"
                    );
                    var rows = Compare(played, used, limit, chosen, cancellation);
                    table.Add(played.Game, rows, played.Known);
                    terminal.Table(columns, rows.Select(row => Row(row, played.Known)));
                    terminal.Output.WriteLine();
                }
            }

            if (path is not null)
            {
                table.Csv.Save(path);
                terminal.Output.WriteLine($"Table: {path}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private sealed record Played(Game Game, double[] Start, double Rate, KnownGame? Known);

    private static Played[] Games(string script, string? name, string? start)
    {
        try
        {
            if (start is not null)
            {
                var game = name is null ? GameScript.Load(script) : GameScript.Load(script, name);
                var point = Array.ConvertAll(start.Split(','), Number);
                return point.Length == game.Dimension
                    ? [new Played(game, point, Comparison.settings.Rate, null)]
                    : throw new UserInputException(
                        $"--start holds {point.Length} numbers, but {game.Dimension} are needed for {game}."
                    );
            }

            var all = GameScript.LoadKnown(script);
            Played[] played =
            [
                .. all.Where(known => name is null || known.Game.Name == name)
                    .Select(known => new Played(known.Game, known.Start, known.Rate, known)),
            ];
            return played.Length > 0 ? played
                : all.Count == 0
                    ? throw new UserInputException(
                        $"{script} does not say where runs begin (it has no Known.game); give --start, for instance --start 1,1."
                    )
                : throw new UserInputException(
                    $"{script} has no known points of a game \"{name}\", but of {string.Join(", ", all.Select(known => known.Game.Name))}; "
                        + "name one of these, or give --start."
                );
        }
        catch (GameScriptException fault)
        {
            throw new UserInputException(fault.Message, fault);
        }
    }

    private static ComparisonRow[] Compare(
        Played played,
        double rate,
        int steps,
        Rule[] rules,
        CancellationToken cancellation
    )
    {
        try
        {
            return played.Game.Compare(played.Start, rate, steps, rules, cancellation);
        }
        catch (ArgumentException fault)
        {
            throw new UserInputException(fault.Message, fault);
        }
    }

    private static Rule[] Rules(string? text)
    {
        if (text is null)
        {
            return Comparison.settings.Rules;
        }

        var words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] names = [.. Comparison.settings.Rules.Select(rule => rule.Name)];
        foreach (var word in words)
        {
            if (!names.Any(name => Begins(name, word)))
            {
                throw new UserInputException(
                    $"There is no rule \"{word}\".{Suggestion.For(word, names)} The rules are: {string.Join(", ", names)}."
                );
            }
        }

        return [.. Comparison.settings.Rules.Where(rule => words.Any(word => Begins(rule.Name, word)))];
    }

    private static bool Begins(string name, string word) =>
        name.StartsWith(word, StringComparison.OrdinalIgnoreCase);

    private static double Rate(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate)
        && rate > 0
        && double.IsFinite(rate)
            ? rate
            : throw new UserInputException(
                $"--rate is \"{text}\", but a number above 0 is needed, for instance --rate 0.1."
            );

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && double.IsFinite(value)
            ? value
            : throw new UserInputException(
                $"--start holds \"{text}\", but a finite number is needed, for instance --start 1,1."
            );

    private static string[] Row(ComparisonRow row, KnownGame? known)
    {
        var hasConverged = row.Ending == RuleEnding.Converged;
        var index = hasConverged && known is not null ? Known.indexOf(row.Final, known) : -1;
        return
        [
            row.Rule,
            row.Kind,
            index < 0 ? "" : $"{index + 1}",
            hasConverged
                ? string.Join(", ", row.Final.Take(mostEntries).Select(value => Short(value, 6)))
                    + (row.Final.Length > mostEntries ? ", …" : "")
                : "",
            $"{row.Steps}",
            Factor(row.Measured),
            Factor(row.Predicted),
            row.Remark,
        ];
    }

    private static string Factor(double value) => double.IsNaN(value) ? "" : Short(value, 5);

    private static string Short(double value, int digits) =>
        // Without the sign of a zero.
        (Math.Round(value, digits) + 0.0).ToString("0.######", CultureInfo.InvariantCulture);
}
