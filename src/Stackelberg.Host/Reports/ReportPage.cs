using Stackelberg.Comparing;
using Stackelberg.Files;
using Stackelberg.Sweeps;

namespace Stackelberg.Reports;

/// <summary>One HTML page about runs, with everything in it but the data that it links to.</summary>
internal static class ReportPage
{
    // More figures of one name than this nobody compares, and each makes the page longer to load.
    private const int mostFigures = 24;

    private const string mark = "<meta name=\"generator\" content=\"stackelberg report\">";

    /// <summary>Reads run folders; a sweep's folder stands for all its points that are over.</summary>
    /// <param name="folders">The folders.</param>
    /// <exception cref="UserInputException">A folder holds no run, or one that has not ended.</exception>
    public static IReadOnlyList<ReportRun> Read(IReadOnlyList<string> folders)
    {
        var runs = folders.SelectMany(Runs).DistinctBy(run => run.Folder).ToArray();
        var groups = RunGroup.All(runs);
        var differing = RunGroup.Differing(groups);
        var isOneExperiment = runs.Select(run => run.Configuration.Experiment).Distinct().Count() == 1;
        var labels = runs.Select(Label).ToArray();
        return
        [
            .. runs.Select(
                (run, index) =>
                    new ReportRun(
                        run,
                        labels.Count(label => label == labels[index]) == 1
                            ? labels[index]
                            : $"{labels[index]} ({Path.GetFileName(run.Folder)})"
                    )
            ),
        ];

        string Label(RunResult run) =>
            string.Join(
                ' ',
                [
                    .. isOneExperiment ? [] : new[] { run.Configuration.Experiment },
                    .. run
                        .Configuration.Settings.Where(pair => differing.Contains(pair.Key))
                        .Select(pair => $"{pair.Key}={pair.Value}"),
                    $"seed={run.Configuration.Seed}",
                ]
            );
    }

    /// <summary>Refuses to write a report over anything else.</summary>
    /// <param name="path">The file, a full path.</param>
    /// <exception cref="UserInputException">Another file stands there, or there is no folder for it.</exception>
    public static void NeedOwn(string path) =>
        UserPath.NeedOwn(path, mark, "a report", "Choose another file with --out.");

    /// <summary>Writes the page.</summary>
    /// <param name="path">The file; a report that stands there is replaced, anything else is not.</param>
    /// <param name="runs">The runs.</param>
    /// <exception cref="UserInputException">Another file stands there, or it cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<ReportRun> runs)
    {
        try
        {
            NeedOwn(path);
            AtomicFile.WriteText(path, (runs.Count == 1 ? One(path, runs[0]) : Several(path, runs)).Markup);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserInputException(
                $"The report cannot be written: {fault.Message.TrimEnd('.')}. Choose another file with --out.",
                fault
            );
        }
    }

    private static IEnumerable<RunResult> Runs(string folder)
    {
        if (!SweepFolder.IsOne(folder))
        {
            return [Ended(RunResult.Read(folder))];
        }

        var over = SweepFolder
            .RunFolders(folder)
            .Where(point => File.Exists(Path.Combine(point, RunFolder.SummaryName)))
            .Select(RunResult.TryRead)
            .OfType<RunResult>()
            .Where(run => run.IsOver)
            .Order(ByConfiguration.Instance)
            .ToArray();
        return over.Length > 0
            ? over
            : throw new UserInputException(
                $"No point of the sweep in {folder} is over; there is nothing to show."
            );
    }

    private static RunResult Ended(RunResult run) =>
        run.Ending != RunEnding.Unfinished
            ? run
            : throw new UserInputException(
                $"The run in {run.Folder} has not ended: it has no {RunFolder.SummaryName}. If it was killed, go on "
                    + $"with stackelberg resume {run.Folder}, or run it again."
            );

    private static Html One(string path, ReportRun run) =>
        Page(
            run.Run.Configuration.Experiment,
            Html.Of(
                $"""
                <h1>{run.Run.Config.Title ?? run.Run.Configuration.Experiment}</h1>
                <p class="soft">{run.Run.Config.Source}</p>
                {run.Overview()}
                <h2>Figures</h2>
                <div class="figures">{run.Figures.Select(name =>
                    run.Figure(name, Path.GetFileNameWithoutExtension(name))
                )}</div>
                <h2>Checks</h2>
                {run.CheckTable()}
                <h2>Runs</h2>
                {run.Runs()}
                <h2>Settings</h2>
                {run.Settings()}
                {run.Found()}
                <h2>Data</h2>
                {run.Data(path)}
                """
            )
        );

    private static Html Several(string path, IReadOnlyList<ReportRun> runs)
    {
        var groups = RunGroup.All(runs.Select(run => run.Run));
        var names = runs.SelectMany(run => run.Figures).Distinct().ToArray();
        return Page(
            $"{runs.Count} runs",
            Html.Of(
                $"""
                <h1>{string.Join(
                    ", ",
                    runs.Select(run => run.Run.Configuration.Experiment).Distinct()
                )}: {runs.Count} runs, {groups.Count} settings</h1>
                {RunComparison.Of(groups, runs)}
                <h2>Runs</h2>
                {Overview(runs)}
                <h2>Figures</h2>
                {names.Select(Figures)}
                <h2>Each run</h2>
                {runs.Select(Details)}
                """
            )
        );

        Html Figures(string name)
        {
            ReportRun[] drawn = [.. runs.Where(run => run.Figures.Contains(name))];
            var left = drawn.Length - mostFigures;
            return Html.Of(
                $"""
                <details open><summary>{Path.GetFileNameWithoutExtension(name)}</summary>
                <div class="figures">{drawn.Take(mostFigures).Select(run =>
                    run.Figure(name, run.Label)
                )}</div>{(
                    left > 0
                        ? Html.Of($"<p>The figures of {left} more runs are in their folders.</p>")
                        : default
                )}</details>

                """
            );
        }

        Html Details(ReportRun run) =>
            Html.Of(
                $"<details><summary>{run.Label}</summary>{run.Overview()}{run.CheckTable()}{run.Runs()}{run.Settings()}{run.Found()}{run.Data(path)}</details>\n"
            );
    }

    private static Html Overview(IReadOnlyList<ReportRun> runs) =>
        ReportRun.Folded(
            "runs",
            runs.Count,
            Html.Table(
                ["run", "outcome", "checks", "seconds"],
                runs.Select(run =>
                    new object?[]
                    {
                        run.Label,
                        run.Outcome(),
                        run.Checks(),
                        ReportRun.Seconds(run.Run.Seconds),
                    }
                ),
                firstNumber: 3
            )
        );

    private static Html Page(string title, Html body) =>
        Html.Of(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            {new Html(mark)}
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title>
            <style>{new Html(ReportStyle.Css)}</style>
            </head>
            <body>
            {body}
            </body>
            </html>

            """
        );

    // The folders' names are hashes; people expect steps=90 before steps=100, and seed 2 before seed 10.
    private sealed class ByConfiguration : IComparer<RunResult>
    {
        public static ByConfiguration Instance { get; } = new();

        public int Compare(RunResult? x, RunResult? y) =>
            x!
                .Configuration.Settings.Zip(
                    y!.Configuration.Settings,
                    (left, right) => Compare(left.Value, right.Value)
                )
                .FirstOrDefault(order => order != 0, x.Configuration.Seed.CompareTo(y.Configuration.Seed));

        private static int Compare(string left, string right) =>
            CsvTable.TryNumber(left) is { } first && CsvTable.TryNumber(right) is { } second
                ? first.CompareTo(second)
                : string.CompareOrdinal(left, right);
    }
}
