namespace Stackelberg.Cli;

/// <summary>What was found of a game, in words and as data.</summary>
/// <param name="Game">The game.</param>
/// <param name="Words">Lines.</param>
/// <param name="Point">The point that was asked for; null for a search.</param>
/// <param name="Search">The search; null for a point.</param>
internal sealed record GameFindings(Game Game, string Words, PointDocument? Point, SearchDocument? Search)
{
    /// <summary>What a search found.</summary>
    /// <param name="game">The game.</param>
    /// <param name="heading">What was searched.</param>
    /// <param name="radius">How far from 0 entries without bounds were searched; null where all have bounds.</param>
    /// <param name="search">What was found.</param>
    public static GameFindings Of(Game game, string heading, double? radius, SearchReport search)
    {
        var points = Array.ConvertAll(search.Points, Tell);
        var continua = Array.ConvertAll(search.Continua, Tell);
        return new(
            game,
            string.Join(
                "\n\n",
                [$"{heading}:\n{search}", .. points.Concat(continua).Select(point => point.Words)]
            ) + "\n",
            null,
            new(
                search.Concept == Concept.Nash ? "nash" : "stackelberg",
                radius,
                search.Starts,
                Array.ConvertAll(points, point => point.Document),
                Array.ConvertAll(continua, point => point.Document),
                Array.ConvertAll(search.Kinks, kink => $"{kink}")
            )
        );

        (string Words, PointDocument Document) Tell(Report report)
        {
            var answers = ReportCard.Answers(game, report);
            return (ReportCard.Of(report, answers), PointDocument.Of(report, answers));
        }
    }

    /// <summary>What kind of point a joint strategy is.</summary>
    public static GameFindings Of(Game game, Report report)
    {
        var answers = ReportCard.Answers(game, report);
        return new(game, ReportCard.Of(report, answers), PointDocument.Of(report, answers), null);
    }
}
