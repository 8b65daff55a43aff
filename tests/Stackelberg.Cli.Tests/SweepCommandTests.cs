using System.Diagnostics;
using Stackelberg.Cli;
using Stackelberg.Files;
using Stackelberg.Sweeps;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>Sweeps with real worker processes, which know the real experiments only.</summary>
public sealed class SweepCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    private string Errors => error.ToString();

    private CsvTable Points => CsvTable.Read(folder.Of("sweep", "sweep.csv"));

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_sweep_runs_each_point_once_and_writes_its_tables()
    {
        string[] sweep = ["sweep", "duopoly", "demand=90,100", "seed=1..2", "noise=0.1", "--jobs=2", "-v"];
        Assert.Equal(0, Invoke(sweep));
        Assert.Empty(Errors);
        Assert.Equal(["90", "90", "100", "100"], Points.Rows.Select(row => row[2]));
        Assert.All(Points.Rows, row => Assert.Equal("done", row[Points.IndexOf("outcome")]));
        Assert.Contains("[4/4] ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains(
            "| demand | noise | seeds | done | seconds |",
            output.ToString(),
            StringComparison.Ordinal
        );

        // Of the four points one is killed: it alone is run again, with the same numbers.
        var before = Points.Numbers("cost/stack/noisy/1");
        File.Delete(Directory.GetFiles(folder.Path, "summary.json", SearchOption.AllDirectories)[0]);
        output.GetStringBuilder().Clear();
        Assert.Equal(0, Invoke(sweep));
        Assert.Equal(3, output.ToString().Split(": done, before").Length - 1);
        Assert.Equal(before, Points.Numbers("cost/stack/noisy/1"));
        Assert.Equal(4, before.Distinct().Count());
    }

    [Fact]
    public void A_point_that_fails_stops_no_other_and_the_exit_code_is_1()
    {
        // So small a penalty lets the critical points go out of the square that is searched.
        Assert.Equal(
            1,
            Invoke("sweep", "bimatrix", "penalty=0.1,1e-6,0.2", "shift=1", "cells=8", "steps=20", "--jobs=1")
        );
        Assert.Equal(["done", "failed", "done"], Points.Rows.Select(row => row[Points.IndexOf("outcome")]));
        Assert.Equal(
            "penalty=1e-6 shift=1 cells=8 steps=20: With these settings the game has no critical point in [−4, 4]²; raise "
                + "penalty.\n"
                + "1 of 3 points failed. The same command tries those that did not reach their end again.\n",
            Errors
        );

        // The failed point alone is tried again, and what it said first stays.
        Assert.Equal(
            1,
            Invoke("sweep", "bimatrix", "penalty=0.1,1e-6,0.2", "shift=1", "cells=8", "steps=20", "--jobs=1")
        );
        var logs = Directory
            .GetFiles(folder.Of("sweep", "points"), "*.log")
            .Select(File.ReadAllText)
            .ToArray();
        Assert.Equal([1, 1, 2], logs.Select(log => Count(log, "== 2")).Order());
        var twice = logs.Single(log => Count(log, "== 2") == 2);
        Assert.Equal(
            2,
            Count(twice, "With these settings the game has no critical point in [−4, 4]²; raise penalty.")
        );

        static int Count(string text, string words) => text.Split(words).Length - 1;
    }

    [Fact]
    public async Task A_cancelled_sweep_stops_its_workers_and_goes_on_later()
    {
        using var source = new CancellationTokenSource();
        string[] sweep = ["sweep", "covariance", "d=25", "seed=1..3", "steps=5000", "--jobs", "2"];
        var code = Task.Run(() => Invoke(source.Token, sweep));
        WaitFor("config.json", () => code.IsCompleted);
        await source.CancelAsync();
        Assert.Equal(130, await code);
        Assert.EndsWith(
            "points to go. The same command goes on from here.\n",
            Errors,
            StringComparison.Ordinal
        );
        Assert.Equal(0, Invoke(sweep));
        Assert.Equal(3, Points.Rows.Count);
    }

    [Fact]
    public async Task A_sweep_that_is_killed_goes_on_and_two_at_once_share_its_points()
    {
        string[] sweep = ["sweep", "duopoly", "demand=90,100", "seed=1..2", "--jobs", "2", "--verbose"];
        using (var process = Start(sweep))
        {
            WaitFor("summary.json", () => process.HasExited);
            process.Kill();
            await process.WaitForExitAsync();
        }

        using var first = Start(sweep);
        using var second = Start(sweep);
        var ended = await Task.WhenAll(Ended(first), Ended(second));
        Assert.All(
            ended,
            one => Assert.True(one.Code == 0, $"A sweep ended with {one.Code}:\n{one.Error}\n{one.Output}")
        );
        Assert.Equal(4, Points.Rows.Count);
        Assert.All(Points.Rows, row => Assert.Equal("done", row[Points.IndexOf("outcome")]));

        // At least one point was over before; each other one ran in one of both sweeps.
        Assert.InRange(ended.Sum(one => one.Output.Split(": done in ").Length - 1), 0, 3);
        Assert.Equal(4, Directory.GetFiles(folder.Path, "summary.json", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData(
        "The setting steps is 200, but the published noise has 100 steps; give noise=0.1, or another standard deviation, as well.",
        "duopoly",
        "steps=20,200,30"
    )]
    [InlineData("sweep needs values, for instance stackelberg sweep duopoly seed=1..10.", "duopoly")]
    [InlineData(
        "The sweep's seed=10..1 runs backwards and holds nothing; write seed=1..10.",
        "duopoly",
        "seed=10..1"
    )]
    [InlineData(
        "The experiment duopoly has no setting \"demnad\". Did you mean \"demand\"? Its settings are: demand, cost1, cost2, steps, noise.",
        "duopoly",
        "demnad=1,2"
    )]
    [InlineData(
        "--jobs is \"0\", but a whole number from 1 to 1024 is needed, for instance --jobs 2.",
        "duopoly",
        "seed=1,2",
        "--jobs=0"
    )]
    [InlineData(
        "There is no option \"--job=3\". Did you mean \"--jobs\"? See stackelberg sweep --help.",
        "duopoly",
        "seed=1,2",
        "--job=3"
    )]
    [InlineData(
        "\"1..3\" is no setting; settings are written key=value, for instance demand=100.",
        "duopoly",
        "1..3"
    )]
    public void Wrong_input_exits_with_2_before_anything_runs(string message, params string[] arguments)
    {
        Assert.Equal(2, Invoke(["sweep", .. arguments]));
        Assert.Equal(message + "\n", Errors);
        Assert.False(Directory.Exists(folder.Of("sweep")));
    }

    [Fact]
    public async Task A_worker_ends_when_its_sweep_does()
    {
        using var worker = Start("run", "covariance", "d=25", "steps=100000");
        WaitFor("config.json", () => worker.HasExited);
        worker.StandardInput.Close();
        var ended = await Ended(worker);
        Assert.True(ended.Code == 130, $"The worker ended with {ended.Code}:\n{ended.Error}");
        Assert.Equal(RunEnding.Cancelled, RunResult.Read(folder.Of("sweep")).Ending);
    }

    [Fact]
    public async Task A_worker_tells_its_sweep_that_another_process_has_the_folder()
    {
        string[] run = ["run", "duopoly", "steps=10", "noise=0.1"];
        Directory.CreateDirectory(folder.Of("sweep"));
        using (FileLock.TryTake(folder.Of("sweep", ".lock")))
        {
            await IsRefused("Another process is writing a run into the folder");
        }

        Assert.Equal(0, Invoke(run));
        await IsRefused("already holds a run");

        async Task IsRefused(string words)
        {
            using var worker = Start(run);
            var ended = await Ended(worker);
            Assert.Contains(words, ended.Error, StringComparison.Ordinal);
            Assert.Equal(ExitCode.Taken, ended.Code);
            // To whoever runs it by hand it is wrong input.
            Assert.Equal(2, Invoke(run));
            Assert.Contains(words, Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_point_that_another_process_takes_just_before_its_worker_is_done_later()
    {
        var experiment = ExperimentScript.Table.Find("duopoly");
        var keys = new Dictionary<string, string> { ["steps"] = "10", ["noise"] = "0.1" };
        var place = SweepFolder.Open(folder.Of("sweep"));
        var real = WorkerProcess.In("duopoly", place, isAlone: true);
        var tries = 0;
        var runner = new SweepRunner(
            experiment,
            place,
            async (point, path, isResumed, cancellation) =>
            {
                Directory.CreateDirectory(path);
                using var other = tries++ == 0 ? FileLock.TryTake(Path.Combine(path, ".lock")) : null;
                return await real(point, path, isResumed, cancellation);
            }
        );
        var results = await runner.Run(
            SweepPoint.All(experiment, keys),
            1,
            new Progress<SweepProgress>(),
            CancellationToken.None
        );
        Assert.Null(Assert.Single(results).Fault);
        Assert.True(results[0].IsDone);
        Assert.Equal(2, tries);
    }

    private static async Task<(int Code, string Output, string Error)> Ended(Process process)
    {
        var texts = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(),
            process.StandardError.ReadToEndAsync()
        );
        await process.WaitForExitAsync();
        return (process.ExitCode, texts[0], texts[1]);
    }

    // However long it takes: a machine may be busy. What writes the file ends at some time, with it or without.
    private void WaitFor(string file, Func<bool> isOver)
    {
        while (!IsThere(file))
        {
            var wasOver = isOver();
            Assert.True(IsThere(file) || !wasOver, $"It ended without {file}.");
            Thread.Sleep(10);
        }
    }

    // In a run folder, or in those of a sweep's points. Looked for by name: what else is there comes and goes.
    private bool IsThere(string file)
    {
        var points = new DirectoryInfo(folder.Of("sweep", "points"));
        return File.Exists(folder.Of("sweep", file))
            || (
                points.Exists
                && points.EnumerateDirectories().Any(point => File.Exists(Path.Combine(point.FullName, file)))
            );
    }

    private Process Start(params string[] arguments)
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "stackelberg" + suffix),
            [.. arguments, "--out", folder.Of("sweep")]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[WorkerProcess.Mark] = "1";
        return Process.Start(start)!;
    }

    private int Invoke(params string[] arguments) => Invoke(CancellationToken.None, arguments);

    private int Invoke(CancellationToken cancellation, params string[] arguments) =>
        CommandLine.Invoke(
            [.. arguments, "--out", folder.Of("sweep")],
            new Terminal(output, error, isInteractive: false, new ManualClock()),
            ExperimentScript.Table,
            cancellation
        );
}
