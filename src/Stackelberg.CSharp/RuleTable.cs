using Stackelberg.Files;

namespace Stackelberg;

/// <summary>What became of rules on games, as a table with one row for each game and rule.</summary>
/// <remarks>
/// The columns: <c>game rule came_to known point steps factor predicted agrees remark</c>. <c>came_to</c> is
/// ComparisonRow.Kind; <c>known</c> is the number, from 1, of the game's known point that it is; <c>point</c> are the
/// entries of the end point with spaces between, for runs that converged.
/// </remarks>
public sealed class RuleTable
{
    /// <summary>The rows so far.</summary>
    public CsvTable Csv { get; } =
        new("game", "rule", "came_to", "known", "point", "steps", "factor", "predicted", "agrees", "remark");

    /// <summary>Adds a game's rows.</summary>
    /// <param name="game">The game.</param>
    /// <param name="rows">What its rules came to.</param>
    /// <param name="known">What is known of the game, if anything.</param>
    public void Add(Game game, IEnumerable<ComparisonRow> rows, KnownGame? known = null)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows)
        {
            var hasConverged = row.Ending == RuleEnding.Converged;
            var index = hasConverged && known is not null ? Known.indexOf(row.Final, known) : -1;
            Csv.Add(
                game.Name,
                row.Rule,
                row.Kind,
                index < 0 ? null : index + 1,
                hasConverged ? string.Join(' ', row.Final.Select(Short)) : null,
                row.Steps,
                Factor(row.Measured),
                Factor(row.Predicted),
                double.IsNaN(row.Measured) || double.IsNaN(row.Predicted) ? null : row.Agrees,
                row.Remark
            );
        }
    }

    // Nine digits are more than a measurement has.
    private static double? Factor(double value) => double.IsNaN(value) ? null : Math.Round(value, 9);

    // What a run that has converged knows of its limit, without the sign of a zero.
    private static string Short(double value) => $"{Math.Round(value, 8) + 0.0:0.########}";
}
