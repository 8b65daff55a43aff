using System.Diagnostics;
using System.Text.Json;
using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>An experiment of one's own, from a script outside the repository: run, swept, killed, resumed, reported by
/// processes of the tool.</summary>
public sealed class OwnExperimentTests : IDisposable
{
    // A few seconds of noisy steps, in which a checkpoint is due every quarter of a second.
    private const string longRun = "steps=20000000";

    private const string script = """
        // Two firms of my own: who leads, and who follows.
        open Stackelberg

        let firm1 = Player.scalar "firm 1"
        let firm2 = Player.scalar "firm 2"

        let market (demand: float) =
            game "market" {
                leader firm1 (fun q -> -(demand - q[firm1] - q[firm2] - 5.0) * q[firm1])
                follower firm2 (fun q -> -(demand - q[firm1] - q[firm2] - 2.0) * q[firm2])
            }

        let mine =
            experiment "mine" {
                title "Who leads, and who follows"
                source "my notebook, page 3"
                setting "demand" 100.0 (SettingType.Above 0.0) "the price at which nothing is sold"
                setting "rate" 0.1 (SettingType.Above 0.0) "both firms' learning rate"
                setting "noise" 0.0 (SettingType.AtLeast 0.0) "standard deviation of the gradients' noise"
                setting "steps" 400 "steps of each run"
                gameOf (fun s -> market (s.Double "demand"))
                rules [ Rule.simultaneous; Rule.stackelberg Conjecture.bestResponse ]
                start [ 10.0; 10.0 ]
                learn (fun s -> {
                    Learn.settings with
                        Steps = s.Int "steps"
                        Rates = [ Rate.constant (s.Double "rate") ]
                        Noise = Noise.gaussian (s.Double "noise")
                })
                findIn Concept.Stackelberg (fun s -> [ 0.0 ], [ s.Double "demand" ])
                draw [ Picture.strategies; Picture.phasePlane ]
                check "equilibria/omegaS/0/x1" 46.0 1e-9 "closed form"
                check "stackelberg/final/2" 26.0 1e-6 "closed form"
            }
        """;

    private readonly TemporaryFolder folder = new();

    public OwnExperimentTests()
    {
        File.WriteAllText(folder.Of("mine.fsx"), script);
        Directory.CreateDirectory(folder.Of("cache"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_script_of_ones_own_is_run_checked_drawn_and_reported()
    {
        var (code, output, error) = Tool("run", "mine.fsx", "--out", "first");
        Assert.Equal("", error);
        Assert.Equal(0, code);
        Assert.Contains("Checks: 2 of 2 ok.", output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.Of("first", "figures", "phase-plane.svg")));

        (code, output, _) = Tool("list", "mine.fsx");
        Assert.Equal(0, code);
        Assert.StartsWith(
            "mine: Who leads, and who follows\nSource: my notebook, page 3\n",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("rate=0.1", output, StringComparison.Ordinal);

        // A report needs the run folder alone.
        File.Move(folder.Of("mine.fsx"), folder.Of("moved.fsx"));
        Assert.Equal(0, Tool("report", "first").Code);
        var page = File.ReadAllText(folder.Of("first", "report.html"));
        Assert.Contains("<h1>Who leads, and who follows</h1>", page, StringComparison.Ordinal);
        Assert.Contains("my notebook, page 3", page, StringComparison.Ordinal);
        Assert.Contains("both firms&#39; learning rate", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_of_a_script_compiles_it_once_and_goes_on_where_it_was_killed()
    {
        string[] sweep = ["sweep", "mine.fsx", "rate=0.1,0.2", "seed=1..5", "noise=0.5", "--jobs", "2"];
        Assert.Equal(0, Tool([.. sweep, "--out", "whole"]).Code);
        Assert.Single(Directory.GetFiles(folder.Of("cache", "scripts"), "*.dll"));

        using (var process = Start([.. sweep, "--out", "cut"]))
        {
            SpinWait.SpinUntil(
                () => Summaries("cut").Length >= 3 || process.HasExited,
                TimeSpan.FromMinutes(5)
            );
            process.Kill();
            process.WaitForExit();
        }

        Assert.Equal(0, Tool([.. sweep, "--out", "cut"]).Code);
        var (whole, cut) = (Table("whole"), Table("cut"));
        Assert.Equal(10, cut.Rows.Count);
        Assert.All(cut.Rows, row => Assert.Equal("done", row[cut.IndexOf("outcome")]));
        foreach (
            var column in new[] { "rate", "seed", "found/simultaneous/final/1", "found/stackelberg/final/2" }
        )
        {
            Assert.Equal(whole.Numbers(column), cut.Numbers(column));
        }

        Assert.Equal(10, cut.Numbers("found/stackelberg/final/2").Distinct().Count());
    }

    [Fact]
    public void A_killed_run_of_a_script_is_resumed_to_the_same_bits()
    {
        string[] run = ["run", "mine.fsx", longRun, "noise=0.5", "--out"];
        Assert.Equal(0, Tool([.. run, "whole"]).Code);
        using (var process = Start([.. run, "cut"]))
        {
            SpinWait.SpinUntil(
                () => Directory.Exists(folder.Of("cut", "checkpoints")) || process.HasExited,
                TimeSpan.FromMinutes(5)
            );
            process.Kill();
            process.WaitForExit();
        }

        Assert.False(File.Exists(folder.Of("cut", "summary.json")), "The run was over before it was killed.");
        Assert.Equal(0, Tool("resume", "cut").Code);
        Assert.Equal(Found("whole"), Found("cut"));
    }

    [Fact]
    public void A_script_that_was_changed_is_not_resumed_as_if_it_were_the_same()
    {
        var (code, _, error) = Tool("run", "mine.fsx", "noise=0.5", "steps=100", "--out", "first");
        Assert.Equal((0, ""), (code, error));
        File.Delete(folder.Of("first", "summary.json"));
        File.WriteAllText(
            folder.Of("mine.fsx"),
            script.Replace("page 3", "page 4", StringComparison.Ordinal)
        );
        (code, _, error) = Tool("resume", "first");
        Assert.Equal(2, code);
        Assert.Contains(
            "was begun by another version of mine, which would go on with other numbers",
            error,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("let x = 1", "The script defines no experiment; bind one to a name at its top level")]
    [InlineData("let x: int = \"a\"", "mine.fsx(1): ")]
    [InlineData(
        "let e = Stackelberg.ExperimentBlock.experiment \"e\" { title \"nothing\" }",
        "It states nothing to do"
    )]
    [InlineData(
        "open Stackelberg\nlet e = experiment \"e\" { compute (fun _ -> failwith \"my own fault\") }",
        "mine.fsx(2): "
    )]
    public void A_script_that_is_wrong_is_named_in_one_line_with_exit_code_2(string text, string message)
    {
        File.WriteAllText(folder.Of("mine.fsx"), text);
        var (code, _, error) = Tool("run", "mine.fsx", "--out", "first");
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));

        // Once it is mended, the same command runs.
        Assert.False(Directory.Exists(folder.Of("first")));
    }

    [Fact]
    public void Where_the_cache_cannot_be_written_a_script_runs_all_the_same()
    {
        Directory.Delete(folder.Of("cache"));
        File.WriteAllText(folder.Of("cache"), "a file, where a folder is needed");
        var (code, output, error) = Tool("run", "mine.fsx", "--out", "first");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Checks: 2 of 2 ok.", output, StringComparison.Ordinal);
        Assert.Equal("a file, where a folder is needed", File.ReadAllText(folder.Of("cache")));
    }

    [Fact]
    public void A_script_that_is_not_there_is_named()
    {
        var (code, _, error) = Tool("run", "gone.fsx");
        Assert.Equal(2, code);
        Assert.Equal("gone.fsx: There is no such file.\n", error);
    }

    private string Found(string run)
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(folder.Of(run, "summary.json")));
        return summary.RootElement.GetProperty("found").GetRawText();
    }

    private string[] Summaries(string sweep) =>
        Directory.Exists(folder.Of(sweep))
            ? Directory.GetFiles(folder.Of(sweep), "summary.json", SearchOption.AllDirectories)
            : [];

    private CsvTable Table(string sweep) => CsvTable.Read(folder.Of(sweep, "sweep.csv"));

    private (int Code, string Output, string Error) Tool(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private Process Start(params string[] arguments)
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        return Process.Start(
            new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "stackelberg" + suffix), arguments)
            {
                WorkingDirectory = folder.Path,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                // What others have compiled is no help here, and what is compiled here no help to others.
                Environment = { ["STACKELBERG_CACHE"] = folder.Of("cache") },
            }
        )!;
    }
}
