namespace Stackelberg.Cli;

/// <summary>A point's report with what the followers could answer instead, where constraints say what they may.</summary>
internal static class ReportCard
{
    /// <summary>Above this many entries the followers' own problems are not searched.</summary>
    private const int Largest = 200;

    public static string Of(Game game, Report report)
    {
        var isAsked =
            report.Constraints.Length > 0
            && game.Levels.Length == 2
            && game.Dimension <= Largest
            && report.Violated is null;
        return isAsked
            ? string.Join(
                '\n',
                [
                    $"{report}",
                    .. Equilibrium
                        .globalResponse(game, report.Point)
                        .Select(answer => $"  answer                       {answer}"),
                ]
            )
            : $"{report}";
    }
}
