namespace Stackelberg.Cli;

/// <summary>Searches a game's critical points, and says what it finds.</summary>
/// <param name="game">The game.</param>
/// <param name="radii">How far from 0 entries without bounds are searched: the first in which something is found will do.</param>
/// <param name="say">Takes each concept's results.</param>
/// <param name="found">Is called when something is found that is not yet said.</param>
/// <param name="progress">Hears how far it is.</param>
/// <param name="cancellation">Ends it; what was found until then is said.</param>
internal sealed class GameSearch(
    Game game,
    double[] radii,
    Action<GameFindings> say,
    Action found,
    IProgress<RunProgress> progress,
    CancellationToken cancellation
)
{
    private const double almost = 0.999;

    /// <summary>Searches the critical points of one concept's field.</summary>
    public void Run(Concept concept)
    {
        // Without an unbounded entry one radius is as good as another.
        var hasRadius = game.Players.Any(player => Unbounded(player));
        var used = hasRadius ? radii : radii[..1];
        foreach (var radius in used)
        {
            var stage = Heading(concept, radius);
            progress.Report(new(stage, 0));
            try
            {
                var report = Within(concept, radius);
                progress.Report(new(stage, 1));
                if (report.Points.Length + report.Continua.Length > 0 || radius == used[^1])
                {
                    Say(stage, radius, report);
                    return;
                }
            }
            catch (SearchCanceledException fault)
            {
                Say(stage, radius, fault.Found);
                throw;
            }
            catch (ArgumentException fault)
            {
                throw new UserInputException(OptionValue.Words(fault), fault);
            }
        }
    }

    private void Say(string heading, double radius, SearchReport search) =>
        say(GameFindings.Of(game, heading, game.Players.Any(Unbounded) ? radius : null, search));

    private string Heading(Concept concept, double radius)
    {
        var size = Terminal.Number(radius);
        return $"{game.Name}, {(concept == Concept.Nash ? "Nash" : "Stackelberg")} play"
            + (game.Players.Any(Unbounded) ? $", unbounded entries from -{size} to {size}" : "")
            + (game.Players.Any(player => player.Domain.IsCircle) ? ", angles all around" : "");
    }

    private static bool Unbounded(Player player) =>
        player.Domain switch
        {
            Domain.Box box => !Array.TrueForAll(box.lower, double.IsFinite)
                || !Array.TrueForAll(box.upper, double.IsFinite),
            { IsCircle: true } => false,
            _ => true,
        };

    private SearchReport Within(Concept concept, double radius)
    {
        (double Lower, double Upper)[] box =
        [
            .. game.Players.SelectMany(player => Intervals(player, radius)),
        ];
        return game.FindAll(
            concept,
            Array.ConvertAll(box, interval => interval.Lower),
            Array.ConvertAll(box, interval => interval.Upper),
            progress: new Follower(progress, Heading(concept, radius), found),
            cancellation: cancellation
        );
    }

    /// <summary>Where each entry is searched: between its own bounds, and where it has none, within the radius.</summary>
    private static IEnumerable<(double, double)> Intervals(Player player, double radius) =>
        player.Domain switch
        {
            Domain.Box box => box.lower.Zip(
                box.upper,
                (lower, upper) =>
                    (
                        double.IsFinite(lower) ? lower : Math.Min(-radius, upper - radius),
                        double.IsFinite(upper) ? upper : Math.Max(radius, lower + radius)
                    )
            ),
            { IsCircle: true } => Enumerable.Repeat((-Math.PI, Math.PI), player.Dimension),
            _ => Enumerable.Repeat((-radius, radius), player.Dimension),
        };

    private sealed class Follower(IProgress<RunProgress> progress, string stage, Action found)
        : IProgress<SearchProgress>
    {
        public void Report(SearchProgress value)
        {
            if (value.Points + value.Continua > 0)
            {
                found();
            }

            progress.Report(
                new(
                    stage,
                    // A whole one is the search's own to say, when it is over.
                    Math.Min(value.Share, almost),
                    Metric: $"{value.Points + value.Continua} points found"
                )
            );
        }
    }
}
