using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary>Which checks are shown.</summary>
internal enum ShownChecks
{
    /// <summary>All if there are few; else each group's count and the failed ones.</summary>
    Auto,

    /// <summary>All.</summary>
    All,

    /// <summary>The failed ones.</summary>
    Failed,
}

/// <summary>Shows the checks of a run.</summary>
internal static class CheckDisplay
{
    private const int mostInFull = 40;

    /// <summary>The option <c>--checks</c>.</summary>
    public static Option<string?> Option()
    {
        var option = new Option<string?>("--checks")
        {
            Description =
                "Which checks to show: all, failed, or auto (groups and the failed ones if there are many). "
                + "[default: auto; failed with --quiet, all with --verbose]",
            HelpName = "auto|all|failed",
        };
        option.CompletionSources.Add("auto", "all", "failed");
        return option;
    }

    /// <summary>Which checks are to be shown.</summary>
    /// <param name="text">What the user wrote; null for nothing.</param>
    /// <param name="manner">How much is said.</param>
    public static ShownChecks ParseShown(string? text, Manner manner) =>
        text switch
        {
            null when manner.IsQuiet => ShownChecks.Failed,
            null when manner.IsVerbose => ShownChecks.All,
            null => ShownChecks.Auto,
            "auto" => ShownChecks.Auto,
            "all" => ShownChecks.All,
            "failed" => ShownChecks.Failed,
            _ => throw new UserInputException(
                $"--checks is \"{text}\", but auto, all or failed is needed, for instance --checks all."
            ),
        };

    public static void Show(Terminal terminal, CheckReport report, ShownChecks shown)
    {
        var checks = report.Checks;
        if (report.WhyNone is { } why)
        {
            terminal.Line(why);
        }

        var inFull = shown == ShownChecks.All || (shown == ShownChecks.Auto && checks.Count <= mostInFull);
        Check[] rows = [.. checks.Where(check => inFull || !check.Ok)];
        if (!inFull && shown == ShownChecks.Auto)
        {
            terminal.Table(["group", "checks", "ok"], Groups(checks));
        }

        if (rows.Length > 0)
        {
            terminal.Table(["check", "expected", "found", new("tolerance", Rank: 1), "ok"], rows.Select(Row));
        }

        if (checks.Count > 0)
        {
            var ok = checks.Count(check => check.Ok);
            var where = inFull ? "" : " All are in summary.json; --checks all shows them.";
            terminal.Line($"Checks: {ok} of {checks.Count} ok.{where}");
        }

        if (report.LeftOut > 0)
        {
            terminal.Line($"{report.LeftOut} expected values belong to parts that did not run.");
        }
    }

    private static IEnumerable<string[]> Groups(IReadOnlyList<Check> checks) =>
        checks
            .GroupBy(check =>
                check.Name.Contains('/', StringComparison.Ordinal) ? check.Name.Split('/')[0] : "-"
            )
            .Select(group => new[] { group.Key, $"{group.Count()}", $"{group.Count(check => check.Ok)}" });

    private static string[] Row(Check check) =>
        [
            check.Name,
            Terminal.Number(check.Expected),
            check.Actual is { } actual ? Terminal.Number(actual) : "not produced",
            Terminal.Number(check.Tolerance),
            check.Ok ? "ok" : "FAILED",
        ];
}
