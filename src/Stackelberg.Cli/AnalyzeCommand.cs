using System.Collections.Concurrent;
using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg analyze &lt;game.fsx&gt; [--at 46,26]</c></summary>
internal static class AnalyzeCommand
{
    /// <summary>The command's word.</summary>
    public const string Name = "analyze";

    // A game does not say how large its strategies are: the first box in which something is found will do.
    private static readonly double[] sizes = [10, 100, 1000];

    // Dense, a point of 1000 entries takes about 20 s and 0.5 GB, one of 3000 ten minutes and 4 GB.
    private const int largestDense = 1000;

    // A search from many starts decomposes matrices for each: at 500 entries it takes minutes and 1 GB.
    private const int largestSearched = 500;

    public static Command Create(Terminal terminal, CancellationToken cancellation)
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
        var within = new Option<string?>("--within")
        {
            Description =
                "Search where every entry lies between -R and R. [default: 10, then 100, then 1000 if nothing is found]",
            HelpName = "R",
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
            within,
            name,
            Manner.JsonOption(),
        };
        script.CompletionSources.Add(Completions.Games);
        concept.CompletionSources.Add("nash", "stackelberg");
        command.SetAction(parsed =>
        {
            var concepts = Concepts(parsed.GetValue(concept));
            var radii = parsed.GetValue(within) is { } radius ? [Radius(radius)] : sizes;
            if (
                parsed.GetValue(at) is not null
                && (parsed.GetValue(concept) ?? parsed.GetValue(within)) is not null
            )
            {
                throw new UserInputException(
                    "--at excludes --concept and --within: the report of a point covers both concepts."
                );
            }

            var said = new ConcurrentQueue<GameFindings>();
            var path = parsed.GetRequiredValue(script);
            var (hasFound, isComplete) = (false, false);
            using var guard = new ExitGuard(terminal, cancellation);
            try
            {
                ProgressDisplay.ShowWork(
                    terminal,
                    progress => guard.Run(path, () => Analyze(progress)),
                    cancellation,
                    () => hasFound
                );
                isComplete = true;

                int Analyze(IProgress<RunProgress> progress)
                {
                    var game = UserScript.Load(path, parsed.GetValue(name), progress);
                    if (parsed.GetValue(at) is { } point)
                    {
                        said.Enqueue(Classify(game, point, progress));
                    }
                    else
                    {
                        NeedSearchable(game);
                        var search = new GameSearch(
                            game,
                            radii,
                            said.Enqueue,
                            () => hasFound = true,
                            progress,
                            cancellation
                        );
                        Array.ForEach(concepts, search.Run);
                    }

                    return said.Count;
                }
            }
            finally
            {
                // After a Ctrl-C, what was found until then.
                if (!terminal.Manner.IsJson)
                {
                    foreach (var findings in said)
                    {
                        terminal.Lines(findings.Words);
                    }
                }
                else if (isComplete || cancellation.IsCancellationRequested)
                {
                    terminal.Document(
                        new AnalyzeDocument(
                            Name,
                            said.FirstOrDefault()?.Game.Name,
                            isComplete,
                            said.Select(findings => findings.Point).FirstOrDefault(),
                            [.. said.Select(findings => findings.Search).OfType<SearchDocument>()]
                        )
                    );
                }
            }

            terminal.Hint(
                parsed.GetValue(at) is null
                    ? $"which rules lead to these points: stackelberg compare {Hints.Quoted(path)}"
                    : $"all critical points of the game: stackelberg analyze {Hints.Quoted(path)}"
            );
            return ExitCode.Done;
        });
        return command;
    }

    private static Concept[] Concepts(string? text) =>
        text switch
        {
            null => [Concept.Stackelberg, Concept.Nash],
            "nash" => [Concept.Nash],
            "stackelberg" => [Concept.Stackelberg],
            _ => throw new UserInputException(
                $"--concept is \"{text}\", but nash or stackelberg is needed, for instance --concept nash."
            ),
        };

    private static double Radius(string text) =>
        OptionValue.Number("--within", text, "20") is > 0 and var radius
            ? radius
            : throw new UserInputException(
                $"--within is {text}, but a number above 0 is needed, for instance --within 20."
            );

    private static void NeedSearchable(Game game)
    {
        if (game.Dimension > largestSearched)
        {
            throw new UserInputException(
                $"{game.Name} has {game.Dimension} entries, but critical points are searched in up to {largestSearched}: every "
                    + "start decomposes a matrix. Say with --at which point to look at, for instance where a run of Learn.run ended; "
                    + $"above {largestDense} entries that takes no matrices."
            );
        }
    }

    private static GameFindings Classify(Game game, string text, IProgress<RunProgress> progress)
    {
        var entries = text.Split(',', StringSplitOptions.TrimEntries);
        var point = Array.ConvertAll(entries, entry => OptionValue.Number("--at", entry, "46,26"));
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

        var stage = $"{game.Name} is classified";
        progress.Report(new(stage, 0));
        var findings =
            game.Dimension <= largestDense
                ? GameFindings.Of(game, game.Classify(point))
                : Large(game, game.ClassifyLarge(point));
        progress.Report(new(stage, 1));
        return findings;
    }

    private static GameFindings Large(Game game, LargeReport report) =>
        new(
            game,
            $"{report}\n  left out                     what takes matrices of {game.Dimension} × {game.Dimension} "
                + $"numbers (above {largestDense} entries): whether the point is a differential Stackelberg equilibrium, and whole "
                + "spectra",
            PointDocument.Of(report),
            null
        );
}
