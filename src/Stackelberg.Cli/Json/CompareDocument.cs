namespace Stackelberg.Cli;

/// <summary>What <c>compare --json</c> prints.</summary>
/// <param name="Command">The command's word.</param>
/// <param name="IsComplete">Whether it was not cancelled.</param>
/// <param name="Games">The games with their rules.</param>
/// <param name="Table">The CSV file; null if none was asked for.</param>
internal sealed record CompareDocument(
    string Command,
    bool IsComplete,
    ComparedGameDocument[] Games,
    string? Table
);

/// <summary>A game that rules were compared on.</summary>
internal sealed record ComparedGameDocument(
    string Game,
    string[] Players,
    double[] Start,
    double Rate,
    ComparedRuleDocument[] Rules
)
{
    /// <summary>The document of a comparison.</summary>
    public static ComparedGameDocument Of(ComparedGame game) =>
        new(
            game.Game.Name,
            [.. game.Game.Players.Select(player => player.Name)],
            game.Start,
            game.Rate,
            [.. game.Rows.Select(row => ComparedRuleDocument.Of(row, game.Known))]
        );
}

/// <summary>What a rule came to.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="CameTo">What it came to, in a word or two.</param>
/// <param name="IsConverged">Whether it converged.</param>
/// <param name="Words">How it ended, in words.</param>
/// <param name="Steps">Steps made.</param>
/// <param name="Final">Where it ended.</param>
/// <param name="KnownPoint">Which known point that is, from 1; null if none.</param>
/// <param name="Factor">The contraction factor that was measured.</param>
/// <param name="Predicted">What theory says of it.</param>
/// <param name="Agrees">Whether both agree within 1 %.</param>
/// <param name="Remark">Why they do not, if so.</param>
internal sealed record ComparedRuleDocument(
    string Rule,
    string CameTo,
    bool IsConverged,
    string Words,
    int Steps,
    double[] Final,
    int? KnownPoint,
    double Factor,
    double Predicted,
    bool Agrees,
    string Remark
)
{
    /// <summary>The document of a row.</summary>
    public static ComparedRuleDocument Of(ComparisonRow row, KnownGame? known)
    {
        var isConverged = row.Ending == RuleEnding.Converged;
        var index = isConverged && known is not null ? Known.indexOf(row.Final, known) : -1;
        return new(
            row.Rule,
            row.Kind,
            isConverged,
            row.Words,
            row.Steps,
            row.Final,
            index < 0 ? null : index + 1,
            row.Measured,
            row.Predicted,
            row.Agrees,
            row.Remark
        );
    }
}
