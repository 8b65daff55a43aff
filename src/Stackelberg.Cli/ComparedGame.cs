namespace Stackelberg.Cli;

/// <summary>A game with the rules that were compared on it so far; safe to use from two threads.</summary>
/// <param name="Game">The game.</param>
/// <param name="Start">Where the runs began.</param>
/// <param name="Rate">Their rate.</param>
/// <param name="Known">What is known of the game, if anything.</param>
internal sealed record ComparedGame(Game Game, double[] Start, double Rate, KnownGame? Known)
{
    private readonly List<ComparisonRow> rows = [];

    /// <summary>A row for each rule that is done.</summary>
    public IReadOnlyList<ComparisonRow> Rows
    {
        get
        {
            lock (rows)
            {
                return [.. rows];
            }
        }
    }

    /// <summary>Adds a rule's row.</summary>
    public void Add(ComparisonRow row)
    {
        lock (rows)
        {
            rows.Add(row);
        }
    }
}
