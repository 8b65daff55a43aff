namespace Stackelberg.Reports;

/// <summary>One run of a report.</summary>
/// <param name="Run">The run.</param>
/// <param name="Label">What tells it from the others of the page.</param>
internal sealed record ReportRun(RunResult Run, string Label)
{
    // Longer tables are folded away.
    private const int mostOpen = 40;

    /// <summary>The figures' files, relative to the run folder.</summary>
    public IReadOnlyList<string> Figures =>
        [
            .. FilesIn(Path.Combine(Run.Folder, "figures"))
                .Where(name => Path.GetExtension(name) is ".svg" or ".png"),
        ];

    /// <summary>How it ended, in the colour of that.</summary>
    public Html Outcome()
    {
        var isGood = Run.Ending == RunEnding.Done;
        return Html.Of($"<span class=\"{(isGood ? "good" : "bad")}\">{EndingWords.Of(Run.Ending)}</span>");
    }

    /// <summary>How many checks held.</summary>
    public string Checks() =>
        Run.Report.Checks.Count == 0
            ? "none"
            : $"{Run.Report.Checks.Count(check => check.Ok)} of {Run.Report.Checks.Count} ok";

    /// <summary>What was set and how it ended.</summary>
    public Html Overview() =>
        Html.Of(
            $"""
            <p>Outcome: {Outcome()}. Checks: {Checks()}. {Seconds(
                Run.Seconds
            )} s, seed {Run.Configuration.Seed}, identity {Run.Configuration.Identity}.</p>
            {(
                Run.Fault is { } fault ? Html.Of($"<p class=\"bad\">{fault}</p>") : default
            )}{Run.Notes.Select(note => Html.Of($"<p>{note}</p>"))}
            <p class="soft">{Run.Folder}</p>

            """
        );

    /// <summary>The settings; those that differ from the defaults say so.</summary>
    public Html Settings()
    {
        var defaults = (Run.Config.Declared ?? []).ToDictionary(setting => setting.Key);
        return Html.Table(
            ["setting", "value", "default", "what it is"],
            Run.Configuration.Settings.Select(pair =>
            {
                var setting = defaults.GetValueOrDefault(pair.Key);
                return new object?[] { pair.Key, pair.Value, setting?.Default, setting?.Description };
            })
        );
    }

    /// <summary>The learning runs.</summary>
    public Html Runs() =>
        Run.Runs.Count == 0
            ? Html.Of($"<p class=\"soft\">No learning runs.</p>")
            : Folded(
                "runs",
                Run.Runs.Count,
                Html.Table(
                    ["run", "rule", "outcome", "steps", "costs"],
                    Run.Runs.Select(run =>
                        new object?[]
                        {
                            run.Run,
                            run.Rule,
                            run.Outcome.HasFailed
                                ? Html.Of($"<span class=\"bad\">{run.Outcome.Words}</span>")
                                : run.Outcome.Words,
                            run.Steps,
                            string.Join(", ", run.Costs.Select(Number)),
                        }
                    ),
                    firstNumber: 3
                )
            );

    /// <summary>The checks: the failed ones first, the others folded if there are many.</summary>
    public Html CheckTable()
    {
        var report = Run.Report;
        var failed = report.Checks.Where(check => !check.Ok).ToArray();
        var isFolded = report.Checks.Count > mostOpen;
        return Html.Of(
            $"""
            {(report.WhyNone is { } why ? Html.Of($"<p>{why}</p>") : default)}{(
                report.LeftOut > 0
                    ? Html.Of($"<p>{report.LeftOut} expected values belong to parts that did not run.</p>")
                    : default
            )}
            {(isFolded && failed.Length > 0 ? Table(failed) : default)}{(
                report.Checks.Count > 0
                    ? Folded("checks", report.Checks.Count, Table(report.Checks))
                    : default
            )}

            """
        );
    }

    /// <summary>All numbers that were found.</summary>
    public Html Found() =>
        Run.Found.Count == 0
            ? default
            : Folded(
                "found numbers",
                Run.Found.Count,
                Html.Table(
                    ["number", "value"],
                    Run.Found.Select(pair => new object?[] { pair.Key, Number(pair.Value) }),
                    firstNumber: 1
                )
            );

    /// <summary>Links to the files, relative to the page.</summary>
    public Html Data(string page)
    {
        var from = Path.GetDirectoryName(Path.GetFullPath(page))!;
        var figures = Path.Combine(Run.Folder, "figures");
        string[] names =
        [
            RunFolder.ConfigName,
            RunFolder.SummaryName,
            MetricsFile.Name,
            RunFolder.SeriesName,
            .. DataOfFigures(figures),
        ];
        return Html.Of(
            $"<p>{names.Where(name => IsOwn(new FileInfo(Path.Combine(Run.Folder, name)))).Select(Link)}</p>\n"
        );

        Html Link(string name)
        {
            var relative = Path.GetRelativePath(from, Path.Combine(Run.Folder, name))
                .Replace(Path.DirectorySeparatorChar, '/');
            return Html.Of(
                $"<a href=\"{string.Join('/', relative.Split('/').Select(Uri.EscapeDataString))}\">{name}</a> "
            );
        }
    }

    private static IEnumerable<string> DataOfFigures(string folder) =>
        FilesIn(folder)
            .Where(name => Path.GetExtension(name) is not (".svg" or ".png"))
            .Select(name => "figures/" + name);

    /// <summary>The names of a folder's files. Links are left out: they may lead out of the run folder, to what is nobody's
    /// to show.</summary>
    private static IEnumerable<string> FilesIn(string folder) =>
        new DirectoryInfo(folder) is { Exists: true, LinkTarget: null } below
            ? below.EnumerateFiles().Where(IsOwn).Select(file => file.Name).Order(StringComparer.Ordinal)
            : [];

    private static bool IsOwn(FileInfo file) =>
        file is { Exists: true, LinkTarget: null } && !RunManifest.IsHalfWritten(file.Name);

    /// <summary>A figure within the page: as an image, so that nothing in it can act on the page.</summary>
    public Html Figure(string name, string caption)
    {
        var type = Path.GetExtension(name) == ".svg" ? "image/svg+xml" : "image/png";
        var data = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(Run.Folder, "figures", name)));
        return Html.Of(
            $"<figure><img alt=\"{caption}\" src=\"data:{new Html(type)};base64,{new Html(data)}\"><figcaption>{caption}</figcaption></figure>\n"
        );
    }

    /// <summary>A number with enough digits to compare it.</summary>
    public static string Number(double value) => $"{value:G9}";

    /// <summary>Seconds, to a tenth.</summary>
    public static string Seconds(double value) => $"{value:0.0}";

    /// <summary>A long table behind a line that opens it; a short one as it is.</summary>
    public static Html Folded(string what, int count, Html table) =>
        count <= mostOpen
            ? table
            : Html.Of($"<details><summary>All {count} {what}</summary>{table}</details>\n");

    private static Html Table(IEnumerable<Check> checks) =>
        Html.Table(
            ["check", "", "source", "expected", "found", "tolerance"],
            checks.Select(check =>
                new object?[]
                {
                    check.Name,
                    check.Ok
                        ? Html.Of($"<span class=\"good\">ok</span>")
                        : Html.Of($"<span class=\"bad\">failed</span>"),
                    check.Source,
                    Number(check.Expected),
                    check.Actual is { } actual ? Number(actual) : NumberOrNone.None,
                    Number(check.Tolerance),
                }
            ),
            firstNumber: 3
        );
}
