using System.Text.Json;
using Stackelberg.Figures;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public class ExperimentRunnerTests
{
    private static readonly Dictionary<string, string> none = [];

    [Fact]
    public void A_run_fills_its_folder()
    {
        using var folder = new TemporaryFolder();
        var summary = Run(new FakeExperiment(), none, folder.Of("run"), 5);
        // Another seed than the default switches the checks off.
        Assert.Equal(RunEnding.Done, summary.Ending);
        Assert.Contains("seed", summary.Report.WhyNone, StringComparison.Ordinal);

        summary = Run(new FakeExperiment(), none, folder.Of("other"));
        Assert.Equal(4, summary.Report.Checks.Count);
        Assert.True(summary.Report.Ok);
        Assert.Equal(
            [".files", ".lock", "config.json", "figures", "metrics.csv", "summary.json", "trajectory.npz"],
            Directory.GetFileSystemEntries(folder.Of("other")).Select(Path.GetFileName).Order()
        );
        Assert.Equal(
            ["path.csv", "path.svg"],
            Directory.GetFiles(folder.Of("other", "figures")).Select(Path.GetFileName).Order()
        );

        var config = Json(folder.Of("other", "config.json"));
        Assert.Equal("halving", config.GetProperty("experiment").GetString());
        Assert.Equal(1, config.GetProperty("seed").GetInt32());
        Assert.Equal("1,2", config.GetProperty("settings").GetProperty("d").GetString());
        Assert.Equal("4", config.GetProperty("settings").GetProperty("steps").GetString());

        var json = Json(folder.Of("other", "summary.json"));
        string[] needed =
        [
            "experiment",
            "game",
            "rule",
            "seed",
            "steps",
            "outcome",
            "final",
            "costs",
            "checks",
            "seconds",
        ];
        Assert.All(needed, name => Assert.True(json.TryGetProperty(name, out _), name));
        Assert.Equal("done", json.GetProperty("outcome").GetString());
        Assert.Equal(8, json.GetProperty("steps").GetInt32());
        Assert.Equal(2, json.GetProperty("runs").GetArrayLength());
        Assert.Equal(0.0625, json.GetProperty("final").GetProperty("d2")[1].GetDouble());
        var never = json.GetProperty("checks")[3];
        Assert.Equal("Infinity", never.GetProperty("expected").GetString());
        Assert.True(never.GetProperty("ok").GetBoolean());

        var metrics = CsvTable.Read(folder.Of("other", "metrics.csv"));
        Assert.Equal(["run", "step", "x"], metrics.Columns);
        Assert.Equal([1, 2, 3, 4, 1, 2, 3, 4], metrics.Numbers("step"));
        var series = Npz.Read(folder.Of("other", "trajectory.npz"));
        Assert.Equal([5, 2], series["d2/x"].Shape);
        Assert.Equal([1, 0.5, 0.25, 0.125, 0.0625], series["d1/x"].Float64);
    }

    [Fact]
    public void A_single_run_stands_at_the_top_of_the_summary()
    {
        using var folder = new TemporaryFolder();
        var one = new Dictionary<string, string> { ["d"] = "2" };
        var summary = Run(new FakeExperiment(), one, folder.Of("run"));
        Assert.Equal(["whole", "d2/final"], summary.Report.Checks.Select(check => check.Name));
        Assert.Equal(2, summary.Report.LeftOut);
        var json = Json(folder.Of("run", "summary.json"));
        Assert.Equal("OutOfSteps", json.GetProperty("outcome").GetString());
        Assert.Equal(0.0625, json.GetProperty("final")[0].GetDouble());
        Assert.Equal(0.0625, json.GetProperty("costs")[0].GetDouble());
    }

    [Fact]
    public void A_wrong_number_fails_the_run_and_a_run_that_is_not_finite_does_so_first()
    {
        using var folder = new TemporaryFolder();
        var wrong = new ExpectedTable(new ExpectedValue("whole", 8, 0.5, 0, "p. 1"));
        var summary = Run(new FakeExperiment { Expected = wrong }, none, folder.Of("a"));
        Assert.Equal(RunEnding.CheckFailed, summary.Ending);
        summary = Run(new FakeExperiment { Expected = wrong, Diverges = true }, none, folder.Of("b"));
        Assert.Equal(RunEnding.NotFinite, summary.Ending);
    }

    [Fact]
    public void A_folder_that_holds_a_run_is_refused()
    {
        using var folder = new TemporaryFolder();
        Run(new FakeExperiment(), none, folder.Of("run"));
        var before = File.ReadAllText(folder.Of("run", "summary.json"));
        var fault = Refused(new FakeExperiment(), none, folder.Of("run"));
        Assert.Equal(
            $"The folder {folder.Of("run")} already holds a run, which is never overwritten. "
                + "Choose another folder with --out.",
            fault
        );
        Assert.Equal(before, File.ReadAllText(folder.Of("run", "summary.json")));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_before_anything_runs()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.Of("file"), "");
        var below = folder.Of("file", "run");
        var hasRun = false;
        var fault = Refused(new FakeExperiment { Last = (_, _) => hasRun = true }, none, below);
        Assert.StartsWith($"The folder {below} cannot be written: ", fault, StringComparison.Ordinal);
        Assert.EndsWith(". Choose another folder with --out.", fault, StringComparison.Ordinal);
        Assert.False(hasRun);
    }

    [Fact]
    public void Wrong_input_leaves_no_folder_behind()
    {
        using var folder = new TemporaryFolder();
        var fault = Refused(
            new FakeExperiment(),
            new Dictionary<string, string> { ["steps"] = "many" },
            folder.Of("run")
        );
        Assert.Equal(
            "The setting steps is \"many\", but a whole number from 1 to 100 is needed, for instance steps=4.",
            fault
        );
        Assert.False(Directory.Exists(folder.Of("run")));

        // A folder that was there stays, with what was in it.
        Directory.CreateDirectory(folder.Of("run"));
        File.WriteAllText(folder.Of("run", "mine.txt"), "");
        Refused(
            new FakeExperiment(),
            new Dictionary<string, string> { ["steps"] = "many" },
            folder.Of("run")
        );
        Assert.Equal([folder.Of("run", "mine.txt")], Directory.GetFileSystemEntries(folder.Of("run")));
    }

    [Theory]
    [InlineData("metrics.csv")]
    [InlineData("trajectory.npz")]
    [InlineData("config.json")]
    [InlineData("summary.json")]
    [InlineData("figures/mine.svg")]
    [InlineData("checkpoints/mine")]
    [InlineData("own/mine")]
    [InlineData(".files")]
    [InlineData(".lock")]
    public void A_folder_with_a_file_that_the_run_would_write_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Of("run", name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "mine");
        Assert.Equal(
            $"The folder {folder.Of("run")} holds {name.Split('/')[0]}, which the run would overwrite. Choose another "
                + "folder with --out.",
            Refused(new FakeExperiment(), none, folder.Of("run"))
        );
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_in_the_way_as_well()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Of("run"));
        File.CreateSymbolicLink(folder.Of("run", "metrics.csv"), folder.Of("elsewhere"));
        Assert.Contains(
            "holds metrics.csv",
            Refused(new FakeExperiment(), none, folder.Of("run")),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(folder.Of("elsewhere")));
    }

    [Fact]
    public void Files_of_the_users_beside_the_runs_stay()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Of("run"));
        File.WriteAllText(folder.Of("run", "notes.txt"), "mine");
        Run(new FakeExperiment(), none, folder.Of("run"));
        Assert.Equal("mine", File.ReadAllText(folder.Of("run", "notes.txt")));
    }

    [Fact]
    public void A_file_that_comes_while_the_run_goes_on_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        var mine = folder.Of("run", "own", "mine.txt");
        var experiment = new FakeExperiment
        {
            Last = (context, _) =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(mine)!);
                File.WriteAllText(mine, "mine");
                File.WriteAllText(context.PathOf("own/mine.txt"), "the run's");
            },
        };
        Assert.Equal(
            $"{mine} is there already and was not written by this run; it is not overwritten. Move it elsewhere.",
            Refused(experiment, none, folder.Of("run"))
        );
        // The run took itself back.
        Assert.Equal([mine], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void An_experiment_declares_the_files_of_its_own()
    {
        using var folder = new TemporaryFolder();
        var experiment = new FakeExperiment { Last = (context, _) => context.PathOf("other/file") };
        Assert.Contains(
            "add \"other\" to its Files",
            Assert.Throws<ArgumentException>(() => Run(experiment, none, folder.Of("run"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_folder_that_is_renamed_while_it_is_written_ends_the_run_with_an_error()
    {
        using var folder = new TemporaryFolder();
        var experiment = new FakeExperiment
        {
            Last = (context, _) =>
            {
                Directory.Move(folder.Of("run"), folder.Of("moved"));
                context.PathOf("own/file");
            },
        };
        Assert.Equal(
            $"The run folder {folder.Of("run")} is not there any more: it was moved or deleted while the run was writing "
                + "it.",
            Assert.Throws<IOException>(() => Run(experiment, none, folder.Of("run"))).Message
        );
        Assert.False(Directory.Exists(folder.Of("run")));
    }

    [Fact]
    public void A_cancelled_run_keeps_what_it_found()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        var experiment = new FakeExperiment
        {
            Last = (_, token) =>
            {
                source.Cancel();
                token.ThrowIfCancellationRequested();
            },
        };
        var summary = Run(experiment, none, folder.Of("run"), cancellation: source.Token);
        Assert.Equal(RunEnding.Cancelled, summary.Ending);
        Assert.Empty(summary.Report.Checks);
        Assert.Equal("cancelled", Json(folder.Of("run", "summary.json")).GetProperty("outcome").GetString());
        Assert.Equal(2, Npz.Read(folder.Of("run", "trajectory.npz")).Count);
    }

    [Fact]
    public void An_experiment_that_throws_keeps_what_it_found_and_throws()
    {
        using var folder = new TemporaryFolder();
        var experiment = new FakeExperiment { Last = (context, _) => context.Found("whole", 8) };
        var fault = Assert.Throws<InvalidOperationException>(() => Run(experiment, none, folder.Of("run")));
        Assert.Equal("The number \"whole\" was handed over twice.", fault.Message);
        var json = Json(folder.Of("run", "summary.json"));
        Assert.Equal("failed", json.GetProperty("outcome").GetString());
        Assert.Equal(
            "InvalidOperationException: The number \"whole\" was handed over twice.",
            json.GetProperty("fault").GetString()
        );
        Assert.Equal(7, json.GetProperty("found").GetProperty("whole").GetDouble());
    }

    [Fact]
    public void An_experiment_that_throws_before_it_found_anything_can_be_tried_again_in_the_same_folder()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Of("mine"));
        File.WriteAllText(folder.Of("mine", "notes.txt"), "mine");
        foreach (var run in new[] { folder.Of("run"), folder.Of("mine") })
        {
            var broken = new FakeExperiment { First = _ => throw new NotSupportedException("a slip") };
            Assert.Throws<NotSupportedException>(() => Run(broken, none, run, seed: 5));
            Assert.Throws<NotSupportedException>(() => Run(broken, none, run));
        }

        Assert.Equal(
            [folder.Of("mine", "notes.txt")],
            Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories)
        );
        Assert.False(Directory.Exists(folder.Of("run")));
        Assert.Equal(RunEnding.Done, Run(new FakeExperiment(), none, folder.Of("run")).Ending);
        Assert.Equal(RunEnding.Done, Run(new FakeExperiment(), none, folder.Of("mine")).Ending);
    }

    [Theory]
    [InlineData("number")]
    [InlineData("metric")]
    [InlineData("series")]
    [InlineData("figure")]
    [InlineData("file")]
    public void An_experiment_that_throws_keeps_whatever_it_had_handed_over(string kind)
    {
        using var folder = new TemporaryFolder();
        var experiment = new FakeExperiment
        {
            First = context =>
            {
                switch (kind)
                {
                    case "number":
                        context.Found("one", 1);
                        break;
                    case "metric":
                        context.Metric("run", 1, ("x", 1));
                        break;
                    case "series":
                        context.Series("x", [1]);
                        break;
                    case "figure":
                        context.Figure("x", new Figure(new Panel(new Line([1, 0.5]))));
                        break;
                    default:
                        File.WriteAllText(context.PathOf("own/file"), "");
                        break;
                }

                throw new NotSupportedException("a slip");
            },
        };
        Assert.Throws<NotSupportedException>(() => Run(experiment, none, folder.Of("run")));
        Assert.Equal("failed", Json(folder.Of("run", "summary.json")).GetProperty("outcome").GetString());
        Assert.Contains(
            "already holds a run",
            Refused(experiment, none, folder.Of("run")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Progress_and_notes_are_heard_in_order()
    {
        using var folder = new TemporaryFolder();
        var heard = new Recorder();
        var one = new Dictionary<string, string> { ["d"] = "1", ["steps"] = "2" };
        Run(new FakeExperiment(), one, folder.Of("run"), progress: heard);
        Assert.Equal(
            [new("", 0, "halving begins"), new("d1", 0.5, Metric: "x 0.5"), new("d1", 1, Metric: "x 0.25")],
            heard.Heard
        );
    }

    private static RunResult Run(
        Experiment experiment,
        IReadOnlyDictionary<string, string> overrides,
        string path,
        ulong? seed = null,
        IProgress<RunProgress>? progress = null,
        CancellationToken? cancellation = null
    ) =>
        ExperimentRunner.Run(
            experiment,
            overrides,
            path,
            seed,
            progress,
            cancellation ?? TestContext.Current.CancellationToken
        );

    private static string Refused(Experiment experiment, Dictionary<string, string> overrides, string path) =>
        Assert.Throws<UserInputException>(() => Run(experiment, overrides, path)).Message;

    private static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    private sealed class Recorder : IProgress<RunProgress>
    {
        public List<RunProgress> Heard { get; } = [];

        public void Report(RunProgress value) => Heard.Add(value);
    }
}
