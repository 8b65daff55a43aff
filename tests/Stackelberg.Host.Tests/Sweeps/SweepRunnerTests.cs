using Stackelberg.Comparing;
using Stackelberg.Files;
using Stackelberg.Kernels;
using Stackelberg.Sweeps;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>The sweep's own logic, with workers in this process; the command line's tests have real ones.</summary>
public sealed class SweepRunnerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Lock gate = new();
    private readonly List<string> worked = [];

    private static readonly IReadOnlyList<SweepPoint> points = SweepPoint.All(
        new FakeExperiment(),
        new Dictionary<string, string> { ["steps"] = "3,4", ["seed"] = "1..3" }
    );

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_point_runs_once_and_never_again()
    {
        var results = await Sweep(2);
        Assert.Equal(points, results.Select(result => result.Point));
        Assert.All(results, result => Assert.True(result.IsDone));
        Assert.Equal(6, worked.Count);
        results = await Sweep(2);
        Assert.Equal(6, worked.Count);
        Assert.All(results, result => Assert.True(result.WasOver));
    }

    [Fact]
    public async Task A_point_that_fails_stops_no_other_and_is_tried_again()
    {
        var results = await Sweep(2, isBroken: point => point.Words == "steps=3 seed=2");
        Assert.Equal(5, results.Count(result => result.IsDone));
        Assert.Equal("it broke", Assert.Single(results, result => !result.IsDone).Fault);
        worked.Clear();
        Assert.All(await Sweep(2), result => Assert.True(result.IsDone));
        Assert.Equal(["steps=3 seed=2"], worked);
    }

    [Fact]
    public async Task An_unfinished_point_that_holds_a_file_of_the_users_is_left_alone()
    {
        var place = SweepFolder.Open(folder.Of("sweep"));
        await Sweep(1);
        File.Delete(Path.Combine(place.Of(points[4]), "summary.json"));
        var mine = Path.Combine(place.Of(points[4]), "figures", "mine.txt");
        File.WriteAllText(mine, "");
        worked.Clear();
        var fault = await Assert.ThrowsAsync<UserInputException>(() => Sweep(1));
        Assert.Equal(
            $"The unfinished run in {place.Of(points[4])} is to be done again, but {mine} was not written by it, and is "
                + "not deleted. Move it elsewhere.",
            fault.Message
        );
        Assert.Empty(worked);
        Assert.True(File.Exists(mine));
        File.Delete(mine);
        Assert.All(await Sweep(1), result => Assert.True(result.IsDone));
        Assert.Equal([points[4].Words], worked);
    }

    [Fact]
    public async Task A_run_that_was_killed_is_done_again_and_a_foreign_one_is_left_alone()
    {
        var place = SweepFolder.Open(folder.Of("sweep"));
        await Sweep(1);
        File.Delete(Path.Combine(place.Of(points[0]), "summary.json"));
        var leftover = Path.Combine(place.Of(points[0]), $"summary.json.{new string('0', 32)}.tmp");
        File.WriteAllText(leftover, "");
        Directory.Delete(place.Of(points[1]), recursive: true);
        Directory.CreateDirectory(place.Of(points[1]));
        Directory.Delete(place.Of(points[2]), recursive: true);
        Directory.Move(place.Of(points[3]), place.Of(points[2]));
        worked.Clear();
        var results = await Sweep(1);
        Assert.Equal(
            [points[0].Words, points[1].Words, points[3].Words],
            worked.Order(StringComparer.Ordinal)
        );
        Assert.False(File.Exists(leftover));
        Assert.Equal(
            $"The folder {place.Of(points[2])} holds another run, which is not overwritten.",
            results[2].Fault
        );
        Assert.Equal(5, results.Count(result => result.IsDone));
    }

    [Fact]
    public async Task Points_that_were_computed_with_vectors_of_another_width_are_not_mixed_with_others()
    {
        var place = SweepFolder.Open(folder.Of("sweep"));
        await Sweep(1);
        var config = Path.Combine(place.Of(points[1]), "config.json");
        var text = File.ReadAllText(config);
        var own = $"\"vectorBits\": {VectorWidth.Bits}";
        Assert.Contains(own, text, StringComparison.Ordinal);
        File.WriteAllText(config, text.Replace(own, "\"vectorBits\": 128", StringComparison.Ordinal));
        worked.Clear();
        var fault = await Assert.ThrowsAsync<UserInputException>(() => Sweep(1));
        Assert.Equal(
            $"The point steps=3 seed=2 in {place.Of(points[1])} was computed with vectors of 128 bits, but this process "
                + $"computes with {VectorWidth.Bits}, which rounds sums otherwise: the sweep would mix both. Sweep where "
                + $"there are 128{VectorWidth.Remedy(128)}, or into another folder with --out.",
            fault.Message
        );
        Assert.Empty(worked);

        // What was not recorded, by an older version, is taken; what is not kept may be of any width.
        File.WriteAllText(config, text.Replace(own + ",", "", StringComparison.Ordinal));
        Assert.All(await Sweep(1), result => Assert.True(result.IsDone));
        File.WriteAllText(config, text.Replace(own, "\"vectorBits\": 128", StringComparison.Ordinal));
        File.Delete(Path.Combine(place.Of(points[1]), "summary.json"));
        Assert.All(await Sweep(1), result => Assert.True(result.IsDone));
        Assert.Equal([points[1].Words], worked);
    }

    [Fact]
    public async Task Sweeps_of_one_folder_share_the_points()
    {
        var both = await Task.WhenAll(Sweep(2), Sweep(2));
        Assert.Equal(6, worked.Count);
        Assert.All(both, results => Assert.Equal(6, results.Count(result => result.IsDone)));
        Assert.Equal(6, both.Sum(results => results.Count(result => result.WasOver)));
    }

    [Fact]
    public async Task Sweeps_that_begin_anew_what_was_killed_share_the_points()
    {
        await Sweep(1);
        for (var round = 1; round <= 20; round++)
        {
            Array.ForEach(
                Directory.GetFiles(folder.Path, "summary.json", SearchOption.AllDirectories),
                File.Delete
            );
            worked.Clear();
            var all = await Task.WhenAll(Sweep(2), Sweep(2), Sweep(2));
            Assert.Equal(6, worked.Count);
            Assert.All(all, results => Assert.All(results, result => Assert.Null(result.Fault)));
        }
    }

    [Fact]
    public async Task A_worker_that_outlived_its_sweep_is_waited_for()
    {
        var place = SweepFolder.Open(folder.Of("sweep"));
        Directory.CreateDirectory(place.Of(points[0]));
        var held = FileLock.TryTake(Path.Combine(place.Of(points[0]), ".lock"));
        var sweep = Sweep(1);
        await WaitForWork(5, sweep);
        Assert.DoesNotContain(points[0].Words, worked);
        held!.Dispose();
        Assert.All(await sweep, result => Assert.True(result.IsDone));
    }

    [Fact]
    public async Task A_point_with_a_checkpoint_is_resumed_and_not_begun_again()
    {
        var killed = new StoppableExperiment
        {
            BeforeStep = done =>
            {
                if (done == 50)
                {
                    throw new NotSupportedException("killed");
                }
            },
        };
        var place = SweepFolder.Open(folder.Of("sweep"));
        var point = SweepPoint.All(killed, new Dictionary<string, string> { ["seed"] = "4" })[0];
        Assert.Throws<NotSupportedException>(() =>
            ExperimentRunner.Run(
                killed,
                new Dictionary<string, string>(),
                place.Of(point),
                4,
                null,
                TimeSpan.Zero,
                default
            )
        );
        var last = new StoppableExperiment();
        var runner = new SweepRunner(
            last,
            place,
            (_, path, isResumed, cancellation) =>
            {
                Assert.True(isResumed);
                ExperimentRunner.Resume(new ExperimentTable(last), path, null, cancellation);
                return Task.FromResult<string?>("");
            }
        );
        var results = await runner.Run([point], 1, new Silent(), CancellationToken.None);
        Assert.True(Assert.Single(results).IsDone);
        Assert.Equal(10, last.Done);
    }

    [Fact]
    public async Task The_tables_hold_every_point_and_the_means_over_seeds()
    {
        var results = await Sweep(1, isBroken: point => point.Words == "steps=4 seed=3");
        var table = SweepTable.Points(results);
        Assert.Equal(
            [
                "point",
                "seed",
                "steps",
                "d",
                "width",
                "outcome",
                "checksOk",
                "checks",
                "steps",
                "seconds",
                "fault",
            ],
            table.Columns.Take(11)
        );
        Assert.Equal(["3", "4"], table.Rows.Select(row => row[2]).Distinct());
        Assert.Equal(["done", "done", "done", "done", "done", "failed"], table.Rows.Select(row => row[5]));
        Assert.Equal("it broke", table.Rows[5][10]);
        Assert.Equal([0.125, 0.125, 0.125, 0.0625, 0.0625, double.NaN], table.Numbers("found/d2/final"));
        Assert.Equal(table.Numbers("found/d1/final"), table.Numbers("metric/d1/x"));
        Assert.Equal(table.Numbers("found/d1/final"), table.Numbers("cost/d1/1"));

        var groups = RunGroup.All(results.Select(result => result.Run).OfType<RunResult>());
        var means = SweepTable.Means(groups);
        var row = means.Rows.Single(row => row[0] == "4" && row[3] == "found/d1/final");
        Assert.Equal(["4", "1,2", "300", "found/d1/final", "2", "0", "0.0625", "0", "0.0625", "0.0625"], row);
    }

    [Fact]
    public async Task A_worker_of_a_killed_sweep_that_begins_late_is_waited_for()
    {
        // It takes the folder when this sweep has looked there, and its own worker has not begun.
        RunFolder? late = null;
        var sweep = Sweep(
            1,
            before: path => late ??= RunFolder.Open(path, new FakeExperiment(), DateTimeOffset.Now)
        );
        await WaitForWork(6, sweep);
        late!.Discard();
        Assert.All(await sweep, result => Assert.True(result.IsDone));
        Assert.Equal(points[0].Words, worked[^1]);
        Assert.Equal(7, worked.Count);
    }

    [Fact]
    public async Task A_worker_of_a_killed_sweep_may_begin_late_and_be_cancelled()
    {
        var isFirst = true;
        var results = await Sweep(
            1,
            before: path =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    using var source = new CancellationTokenSource();
                    source.Cancel();
                    Assert.Equal(RunEnding.Cancelled, Run(points[0], path, source.Token).Ending);
                }
            }
        );
        Assert.All(results, result => Assert.True(result.IsDone));
        Assert.Equal(7, worked.Count);
    }

    [Fact]
    public async Task A_worker_of_a_killed_sweep_may_begin_late_and_end()
    {
        var isFirst = true;
        var results = await Sweep(
            1,
            before: path =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    Run(points[0], path, CancellationToken.None);
                }
            }
        );
        Assert.All(results, result => Assert.True(result.IsDone));
        Assert.Equal([points[0]], results.Where(result => result.WasOver).Select(result => result.Point));
        Assert.Equal(6, worked.Count);
    }

    [Fact]
    public async Task What_a_worker_is_writing_is_not_taken_for_an_unfinished_run()
    {
        var place = SweepFolder.Open(folder.Of("sweep"));
        using var isWriting = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var late = Task.Run(() =>
            Run(
                points[0],
                place.Of(points[0]),
                CancellationToken.None,
                (_, _) =>
                {
                    // A file that it has not listed yet, as far as others see.
                    File.WriteAllText(Path.Combine(place.Of(points[0]), "figures", "new"), "");
                    isWriting.Set();
                    goOn.Wait(CancellationToken.None);
                    File.Delete(Path.Combine(place.Of(points[0]), "figures", "new"));
                }
            )
        );
        isWriting.Wait(CancellationToken.None);
        var sweep = Sweep(1);
        await WaitForWork(5, sweep);
        goOn.Set();
        Assert.Equal(RunEnding.Done, (await late).Ending);
        var results = await sweep;
        Assert.All(results, result => Assert.True(result.IsDone));
        Assert.True(results[0].WasOver);
        Assert.Equal(5, worked.Count);
    }

    // So many workers have begun, and the sweep goes on.
    private async Task WaitForWork(int count, Task sweep)
    {
        while (worked.Count < count && !sweep.IsCompleted)
        {
            await Task.Delay(10);
        }

        Assert.False(sweep.IsCompleted);
    }

    private Task<IReadOnlyList<SweepResult>> Sweep(
        int jobs,
        Func<SweepPoint, bool>? isBroken = null,
        Action<string>? before = null
    )
    {
        var runner = new SweepRunner(
            new FakeExperiment(),
            SweepFolder.Open(folder.Of("sweep")),
            (point, path, _, _) =>
            {
                before?.Invoke(path);
                return Work(point, path, isBroken);
            }
        );
        return Task.Run(() => runner.Run(points, jobs, new Silent(), CancellationToken.None));
    }

    private static RunResult Run(
        SweepPoint point,
        string path,
        CancellationToken cancellation,
        Action<ExperimentContext, CancellationToken>? last = null
    ) =>
        ExperimentRunner.Run(
            new FakeExperiment { Last = last ?? ((_, _) => { }) },
            point.Configuration.Settings.ToDictionary(pair => pair.Key, pair => pair.Value),
            path,
            point.Configuration.Seed,
            cancellation: cancellation
        );

    private async Task<string?> Work(SweepPoint point, string path, Func<SweepPoint, bool>? isBroken)
    {
        lock (gate)
        {
            worked.Add(point.Words);
        }

        await Task.Yield();
        if (isBroken?.Invoke(point) != true)
        {
            try
            {
                Run(point, path, CancellationToken.None);
            }
            catch (UserInputException fault) when (fault.IsTaken)
            {
                return null;
            }
        }

        return "it broke";
    }

    private sealed class Silent : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) { }
    }
}
