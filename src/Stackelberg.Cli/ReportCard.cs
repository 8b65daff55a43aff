namespace Stackelberg.Cli;

/// <summary>A point's report with what the followers could answer instead, where constraints say what they may.</summary>
internal static class ReportCard
{
    /// <summary>Above this many entries the followers' own problems are not searched.</summary>
    private const int Largest = 200;

    /// <summary>A report with answers.</summary>
    /// <param name="report">The report.</param>
    /// <param name="answers">What <see cref="Answers"/> gave.</param>
    public static string Of(Report report, string[] answers) =>
        string.Join(
            '\n',
            [$"{report}", .. answers.Select(answer => $"  answer                       {answer}")]
        );

    /// <summary>What the followers could answer instead, in words; none where constraints do not say what they may.</summary>
    public static string[] Answers(Game game, Report report)
    {
        var isAsked =
            report.Constraints.Length > 0
            && game.Levels.Length == 2
            && game.Dimension <= Largest
            && report.Violated is null;
        return isAsked
            ? [.. Equilibrium.globalResponse(game, report.Point).Select(answer => $"{answer}")]
            : [];
    }
}
