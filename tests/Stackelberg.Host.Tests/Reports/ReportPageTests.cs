using Stackelberg.Reports;
using Stackelberg.Sweeps;
using Xunit;

namespace Stackelberg.Tests;

public sealed class ReportPageTests : IDisposable
{
    private static readonly Dictionary<string, string> none = [];
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_page_of_one_run_holds_its_outcome_checks_settings_figures_and_links()
    {
        ExperimentRunner.Run(new FakeExperiment(), none, folder.Of("run"));
        var page = Page(folder.Of("run", "report.html"), folder.Of("run"));
        Assert.Contains("<h1>Halves a number</h1>", page, StringComparison.Ordinal);
        Assert.Contains(
            "Outcome: <span class=\"good\">done</span>. Checks: 4 of 4 ok.",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<tr><td>d1/never</td><td><span class=\"good\">ok</span></td><td>p. 3</td>",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<tr><td>steps</td><td>4</td><td>4</td><td>how many steps</td></tr>",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("<p>halving begins</p>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"metrics.csv\">metrics.csv</a>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"figures/path.csv\">", page, StringComparison.Ordinal);
        var figure = Convert.ToBase64String(File.ReadAllBytes(folder.Of("run", "figures", "path.svg")));
        Assert.Contains($"src=\"data:image/svg+xml;base64,{figure}\"", page, StringComparison.Ordinal);

        // Everything else is in the page.
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_follows_no_link_out_of_the_run_folder()
    {
        ExperimentRunner.Run(new FakeExperiment(), none, folder.Of("run"));
        File.WriteAllText(folder.Of("secret.svg"), "the user's own");
        File.WriteAllText(folder.Of("secret.csv"), "the user's own");
        File.CreateSymbolicLink(folder.Of("run", "figures", "link.svg"), folder.Of("secret.svg"));
        File.CreateSymbolicLink(folder.Of("run", "figures", "gone.png"), folder.Of("nowhere.png"));
        File.CreateSymbolicLink(folder.Of("run", "figures", "link.csv"), folder.Of("secret.csv"));
        File.Delete(folder.Of("run", "metrics.csv"));
        File.CreateSymbolicLink(folder.Of("run", "metrics.csv"), folder.Of("secret.csv"));
        var page = Page(folder.Of("run", "report.html"), folder.Of("run"));
        var secret = Convert.ToBase64String(File.ReadAllBytes(folder.Of("secret.svg")));
        Assert.DoesNotContain(secret, page, StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_that_differ_in_the_seed_alone_are_one_column_with_mean_and_rank()
    {
        foreach (var (steps, seed) in new[] { ("2", 1UL), ("2", 2UL), ("3", 1UL) })
        {
            ExperimentRunner.Run(
                new FakeExperiment(),
                new Dictionary<string, string> { ["steps"] = steps },
                folder.Of($"s{steps}-{seed}"),
                seed
            );
        }

        var page = Page(folder.Of("page.html"), folder.Of("s2-1"), folder.Of("s2-2"), folder.Of("s3-1"));
        Assert.Contains("<h1>halving: 3 runs, 2 settings</h1>", page, StringComparison.Ordinal);
        Assert.Contains(
            "<th class=\"number\">halving steps=2, 2 seeds</th><th class=\"number\">halving steps=3, 1 seed</th>",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<tr><td>metric/d1/x</td><td class=\"number\">0.25 ± 0 (2)</td><td class=\"number\">0.125 (1)</td></tr>",
            System.Net.WebUtility.HtmlDecode(page),
            StringComparison.Ordinal
        );
        Assert.Contains("<figcaption>steps=2 seed=2</figcaption>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"s3-1/summary.json\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public void All_text_is_escaped()
    {
        const string evil = "<script>alert(\"1\")</script> & 'more'";
        var experiment = new FakeExperiment
        {
            Last = (context, _) =>
            {
                context.Note(evil);
                context.Found(evil, 1);
                context.Outcome(evil, evil, Outcome.NewTold(evil, false), 1, [], [1]);
                context.Metric(evil, 1, (evil, 1));
            },
            Expected = new(new ExpectedValue(evil, 1, 0, 0, evil)),
        };
        ExperimentRunner.Run(experiment, none, folder.Of("a"));
        ExperimentRunner.Run(experiment, none, folder.Of("b"), 2);
        foreach (
            var page in new[]
            {
                Page(folder.Of("1.html"), folder.Of("a")),
                Page(folder.Of("2.html"), folder.Of("a"), folder.Of("b")),
            }
        )
        {
            Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
            Assert.DoesNotContain("alert(\"", page, StringComparison.Ordinal);
            Assert.Contains(
                "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;",
                page,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void A_sweep_stands_for_its_points_in_their_order()
    {
        var points = SweepPoint.All(
            new FakeExperiment(),
            new Dictionary<string, string> { ["steps"] = "2,10", ["seed"] = "1,2,10" }
        );
        var place = SweepFolder.Open(folder.Of("sweep"));
        foreach (var point in points)
        {
            ExperimentRunner.Run(
                new FakeExperiment(),
                point.Configuration.Settings.ToDictionary(pair => pair.Key, pair => pair.Value),
                place.Of(point),
                point.Configuration.Seed
            );
        }

        var runs = ReportPage.Read([folder.Of("sweep")]);
        Assert.Equal(points.Select(point => point.Words), runs.Select(run => run.Label));
    }

    [Fact]
    public void Folders_without_an_ended_run_are_refused()
    {
        Assert.Equal($"There is no folder {folder.Of("no")}; give a run folder.", Refused(folder.Of("no")));
        Assert.StartsWith(
            $"{folder.Path} is no run folder: it has no config.json.",
            Refused(folder.Path),
            StringComparison.Ordinal
        );

        ExperimentRunner.Run(new FakeExperiment(), none, folder.Of("run"));
        var summary = folder.Of("run", "summary.json");
        var text = File.ReadAllText(summary);
        File.WriteAllText(summary, text.Replace("\"seconds\"", "\"minutes\"", StringComparison.Ordinal));
        Assert.StartsWith(
            $"{summary} is no run's summary (",
            Refused(folder.Of("run")),
            StringComparison.Ordinal
        );
        File.WriteAllText(summary, text[..(text.Length / 2)]);
        Assert.StartsWith(
            $"{summary} is no run's summary (",
            Refused(folder.Of("run")),
            StringComparison.Ordinal
        );
        File.Delete(summary);
        Assert.StartsWith(
            $"The run in {folder.Of("run")} has not ended: it has no summary.json.",
            Refused(folder.Of("run")),
            StringComparison.Ordinal
        );
        Directory.CreateDirectory(folder.Of("sweep", "points"));
        Assert.StartsWith("No point of the sweep in ", Refused(folder.Of("sweep")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_is_replaced_and_anything_else_is_not()
    {
        ExperimentRunner.Run(new FakeExperiment(), none, folder.Of("run"));
        Page(folder.Of("report.html"), folder.Of("run"));
        Page(folder.Of("report.html"), folder.Of("run"));
        File.WriteAllText(folder.Of("report.html"), "mine");
        var fault = Assert.Throws<UserInputException>(() => Page(folder.Of("report.html"), folder.Of("run")));
        Assert.Equal(
            $"{folder.Of("report.html")} is there already and is not a report that stackelberg wrote; it is not overwritten. Choose another file with --out.",
            fault.Message
        );
        Assert.Equal("mine", File.ReadAllText(folder.Of("report.html")));
    }

    private static string Page(string path, params string[] folders)
    {
        ReportPage.Write(path, ReportPage.Read(folders));
        return File.ReadAllText(path);
    }

    private string Refused(string path) =>
        Assert.Throws<UserInputException>(() => Page(folder.Of("refused.html"), path)).Message;
}
