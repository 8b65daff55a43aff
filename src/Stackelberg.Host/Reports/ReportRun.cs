using System.Globalization;

namespace Stackelberg.Reports;

/// <summary>One run of a report.</summary>
/// <param name="Saved">The run.</param>
/// <param name="Label">What tells it from the others of the page.</param>
internal sealed record ReportRun(SavedRun Saved, string Label)
{
    // Longer tables are folded away.
    private const int mostOpen = 40;

    private RunSummary Summary => Saved.Summary!;

    /// <summary>The figures' files, relative to the run folder.</summary>
    public IReadOnlyList<string> Figures =>
        [
            .. FilesIn(Path.Combine(Saved.Folder, "figures"))
                .Where(name => Path.GetExtension(name) is ".svg" or ".png"),
        ];

    /// <summary>How it ended, in the colour of that.</summary>
    public Html Outcome()
    {
        var isGood = Summary.Outcome == RunEnding.Done;
        return Html.Of(
            $"<span class=\"{(isGood ? "good" : "bad")}\">{RunFiles.Words(Summary.Outcome)}</span>"
        );
    }

    /// <summary>How many checks held.</summary>
    public string Checks() =>
        Summary.Report.Checks.Count == 0
            ? "none"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Summary.Report.Checks.Count(check => check.Ok)} of {Summary.Report.Checks.Count} ok"
            );

    /// <summary>What was set and how it ended.</summary>
    public Html Overview() =>
        Html.Of(
            $"""
            <p>Outcome: {Outcome()}. Checks: {Checks()}. {Seconds(
                Summary.Seconds
            )} s, seed {Saved.Configuration.Seed}, identity {Saved.Configuration.Identity}.</p>
            {(
                Saved.Fault is { } fault ? Html.Of($"<p class=\"bad\">{fault}</p>") : default
            )}{Summary.Notes.Select(note => Html.Of($"<p>{note}</p>"))}
            <p class="soft">{Saved.Folder}</p>

            """
        );

    /// <summary>The settings; those that differ from the defaults say so.</summary>
    public Html Settings()
    {
        var defaults = Saved.File.Declared.ToDictionary(setting => setting.Key);
        return Html.Table(
            ["setting", "value", "default", "what it is"],
            Saved.Configuration.Settings.Select(pair =>
            {
                var setting = defaults.GetValueOrDefault(pair.Key);
                return new object?[] { pair.Key, pair.Value, setting?.Default, setting?.Description };
            })
        );
    }

    /// <summary>The learning runs.</summary>
    public Html Runs() =>
        Summary.Runs.Count == 0
            ? Html.Of($"<p class=\"soft\">No learning runs.</p>")
            : Folded(
                "runs",
                Summary.Runs.Count,
                Html.Table(
                    ["run", "rule", "outcome", "steps", "costs"],
                    Summary.Runs.Select(run =>
                        new object?[]
                        {
                            run.Run,
                            run.Rule,
                            run.Finite ? run.Outcome : Html.Of($"<span class=\"bad\">{run.Outcome}</span>"),
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
        var report = Summary.Report;
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
        Summary.Found.Count == 0
            ? default
            : Folded(
                "found numbers",
                Summary.Found.Count,
                Html.Table(
                    ["number", "value"],
                    Summary.Found.Select(pair => new object?[] { pair.Key, Number(pair.Value) }),
                    firstNumber: 1
                )
            );

    /// <summary>Links to the files, relative to the page.</summary>
    public Html Data(string page)
    {
        var from = Path.GetDirectoryName(Path.GetFullPath(page))!;
        var figures = Path.Combine(Saved.Folder, "figures");
        string[] names =
        [
            ConfigFile.Name,
            RunFiles.SummaryName,
            MetricsFile.Name,
            RunFiles.SeriesName,
            .. DataOfFigures(figures),
        ];
        return Html.Of(
            $"<p>{names.Where(name => IsOwn(new FileInfo(Path.Combine(Saved.Folder, name)))).Select(Link)}</p>\n"
        );

        Html Link(string name)
        {
            var relative = Path.GetRelativePath(from, Path.Combine(Saved.Folder, name))
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

    private static bool IsOwn(FileInfo file) => file is { Exists: true, LinkTarget: null };

    /// <summary>A figure within the page: as an image, so that nothing in it can act on the page.</summary>
    public Html Figure(string name, string caption)
    {
        var type = Path.GetExtension(name) == ".svg" ? "image/svg+xml" : "image/png";
        var data = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(Saved.Folder, "figures", name)));
        return Html.Of(
            $"<figure><img alt=\"{caption}\" src=\"data:{new Html(type)};base64,{new Html(data)}\"><figcaption>{caption}</figcaption></figure>\n"
        );
    }

    /// <summary>A number with enough digits to compare it.</summary>
    public static string Number(double value) => value.ToString("G9", CultureInfo.InvariantCulture);

    /// <summary>Seconds, to a tenth.</summary>
    public static string Seconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

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
                    check.Produced ? Number(check.Actual) : "not produced",
                    Number(check.Tolerance),
                }
            ),
            firstNumber: 3
        );
}
