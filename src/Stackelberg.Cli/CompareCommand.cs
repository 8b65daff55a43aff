using System.CommandLine;
using Stackelberg.Files;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg compare &lt;game.fsx&gt; … [--rules a,b] [--rate R] [--steps N]</c></summary>
internal static class CompareCommand
{
    /// <summary>The command's word.</summary>
    public const string Name = "compare";

    // So long no comparison is waited for.
    private const int mostSteps = 1_000_000_000;

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
        var steps = new Option<string?>("--steps")
        {
            Description = $"At most this many steps for each rule. [default: {Comparison.settings.Steps}]",
            HelpName = "N",
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
            Manner.JsonOption(),
        };
        scripts.CompletionSources.Add(Completions.Games);
        command.SetAction(parsed =>
        {
            var chosen = Rules(parsed.GetValue(rules));
            var limit = parsed.GetValue(steps) is { } count
                ? OptionValue.Whole("--steps", count, 1, mostSteps, "20000")
                : Comparison.settings.Steps;
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

            var compared = new List<ComparedGame>();
            var isComplete = false;
            using var guard = new ExitGuard(terminal, cancellation);
            try
            {
                ProgressDisplay.ShowWork(
                    terminal,
                    progress =>
                    {
                        foreach (var script in parsed.GetRequiredValue(scripts))
                        {
                            guard.Run(script, () => CompareAll(script, progress));
                        }

                        return compared.Count;
                    },
                    cancellation
                );
                isComplete = true;
            }
            finally
            {
                // After a Ctrl-C, what was compared until then.
                var games = Snapshot(compared);
                foreach (var game in games)
                {
                    table.Add(game.Game, game.Rows, game.Known);
                    if (!terminal.Manner.IsJson)
                    {
                        CompareDisplay.Show(terminal, game);
                    }
                }

                if (isComplete && path is not null)
                {
                    table.Csv.Save(path);
                }

                if (terminal.Manner.IsJson && (isComplete || cancellation.IsCancellationRequested))
                {
                    terminal.Document(
                        new CompareDocument(
                            Name,
                            isComplete,
                            Array.ConvertAll(games, ComparedGameDocument.Of),
                            isComplete ? path : null
                        )
                    );
                }
            }

            if (path is not null)
            {
                terminal.Line($"Table: {path}");
            }

            var script = Hints.Quoted(parsed.GetRequiredValue(scripts)[0]);
            terminal.Hint($"what kind of points these are: stackelberg analyze {script}");
            return ExitCode.Done;

            int CompareAll(string script, IProgress<RunProgress> progress)
            {
                var games = Games(script, parsed.GetValue(name), parsed.GetValue(start), progress);
                foreach (var played in games)
                {
                    Compare(played, speed ?? played.Rate, limit, chosen, compared, progress, cancellation);
                }

                return games.Length;
            }
        });
        return command;
    }

    private sealed record Played(Game Game, double[] Start, double Rate, KnownGame? Known);

    private static Played[] Games(string script, string? name, string? start, IProgress<RunProgress> progress)
    {
        if (start is not null)
        {
            var game = UserScript.Load(script, name, progress);
            var point = Array.ConvertAll(
                start.Split(','),
                entry => OptionValue.Number("--start", entry, "1,1")
            );
            return point.Length == game.Dimension
                ? [new Played(game, point, Comparison.settings.Rate, null)]
                : throw new UserInputException(
                    $"--start holds {point.Length} numbers, but {game.Dimension} are needed for {game}."
                );
        }

        var all = UserScript.LoadKnown(script, progress);
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

    // One rule after the other, so that each row is there as soon as it can be.
    private static void Compare(
        Played played,
        double rate,
        int steps,
        Rule[] rules,
        List<ComparedGame> compared,
        IProgress<RunProgress> progress,
        CancellationToken cancellation
    )
    {
        var game = new ComparedGame(played.Game, played.Start, rate, played.Known);
        lock (compared)
        {
            compared.Add(game);
        }

        try
        {
            foreach (var (index, rule) in rules.Index())
            {
                progress.Report(
                    new($"{played.Game.Name}, rules", (double)index / rules.Length, Metric: rule.Name)
                );
                game.Add(played.Game.Compare(played.Start, rate, steps, [rule], cancellation)[0]);
            }

            progress.Report(new($"{played.Game.Name}, rules", 1));
        }
        catch (ArgumentException fault)
        {
            throw new UserInputException(OptionValue.Words(fault), fault);
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
        if (words.Length == 0)
        {
            throw new UserInputException(
                $"--rules is \"{text}\", but beginnings of rules' names are needed, for instance --rules {names[0]}."
            );
        }

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
        SettingType.ReadNumber(text) is > 0 and var rate
            ? rate
            : throw new UserInputException(
                $"--rate is \"{text}\", but a number above 0 is needed, for instance --rate 0.1."
            );

    // The work may go on after a Ctrl-C.
    private static ComparedGame[] Snapshot(List<ComparedGame> compared)
    {
        lock (compared)
        {
            return [.. compared];
        }
    }
}
