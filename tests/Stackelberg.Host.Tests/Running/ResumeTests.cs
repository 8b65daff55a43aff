using Stackelberg.Files;
using Xunit;

namespace Stackelberg.Tests;

public sealed class ResumeTests : IDisposable
{
    private static readonly Dictionary<string, string> none = [];
    private readonly TemporaryFolder folder = new();
    private readonly List<string> heard = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_that_is_killed_again_and_again_ends_with_the_same_bits()
    {
        Run(new StoppableExperiment(), folder.Of("whole"));

        // A folder as a killed process leaves it is a copy that is made between two steps.
        var random = new Random(5);
        var at = folder.Of("killed0");
        Kill(random.Next(1, 5), kill => Run(kill, folder.Of("first")), folder.Of("first"), at);
        for (var times = 1; times <= 20; times++)
        {
            var next = folder.Of($"killed{times}");
            File.AppendAllText(Path.Combine(at, "metrics.csv"), "slow,9");
            File.WriteAllText(Path.Combine(at, $"metrics.csv.{new string('0', 32)}.tmp"), "{");
            Kill(random.Next(1, 4), kill => Resume(kill, at), at, next);
            at = next;
        }

        var last = new StoppableExperiment();
        Assert.Equal(RunEnding.Done, Resume(last, at).Ending);
        Assert.InRange(last.Done, 1, 55);
        Same(folder.Of("whole"), at);
    }

    [Fact]
    public void A_resume_deletes_only_what_the_killed_process_left_half_written()
    {
        Kill(54, kill => Run(kill, folder.Of("run")), folder.Of("run"), folder.Of("killed"));
        var digits = new string('0', 32);
        string[] left =
        [
            folder.Of("killed", $"metrics.csv.{digits}.tmp"),
            folder.Of("killed", "checkpoints", $"000000.json.{digits}.tmp"),
        ];
        string[] mine =
        [
            folder.Of("killed", "notes.tmp"),
            folder.Of("killed", $"notes.{digits}.tmp"),
            folder.Of("killed", "checkpoints", "notes.tmp"),
            folder.Of("elsewhere", "notes.tmp"),
            folder.Of("elsewhere", $"metrics.csv.{digits}.tmp"),
        ];
        Directory.CreateDirectory(folder.Of("elsewhere"));
        foreach (var file in left.Concat(mine))
        {
            File.WriteAllText(file, "{");
        }

        Directory.CreateSymbolicLink(folder.Of("killed", "link"), folder.Of("elsewhere"));
        Resume(new StoppableExperiment(), folder.Of("killed"));
        Assert.All(left, file => Assert.False(File.Exists(file)));
        Assert.All(mine, file => Assert.True(File.Exists(file)));
    }

    [Fact]
    public void A_resume_repeats_no_step_that_a_checkpoint_holds()
    {
        Kill(54, kill => Run(kill, folder.Of("run")), folder.Of("run"), folder.Of("killed"));
        var last = new StoppableExperiment();
        Resume(last, folder.Of("killed"));
        Assert.Equal(6, last.Done);
    }

    [Fact]
    public void A_cancelled_run_saves_at_once_and_goes_on_from_there()
    {
        Run(new StoppableExperiment(), folder.Of("whole"));
        using var source = new CancellationTokenSource();
        var stopped = new StoppableExperiment
        {
            BeforeStep = done =>
            {
                if (done == 40)
                {
                    source.Cancel();
                }
            },
        };
        var summary = ExperimentRunner.Run(
            stopped,
            none,
            folder.Of("run"),
            null,
            null,
            TimeSpan.MaxValue,
            source.Token
        );
        Assert.Equal((RunEnding.Cancelled, true), (summary.Ending, summary.HasCheckpoint));
        var last = new StoppableExperiment();
        Resume(last, folder.Of("run"));
        Assert.Equal(60 - 41, last.Done);
        Same(folder.Of("whole"), folder.Of("run"));
    }

    [Theory]
    [InlineData("state", "its checksum is wrong")]
    [InlineData("short", "it has 3 bytes, but")]
    [InlineData("gone", "its state is missing")]
    [InlineData("record", "the checksum of its record is wrong")]
    [InlineData("empty", "the checksum of its record is wrong")]
    [InlineData("metrics", "metrics.csv has 41 rows, but 44 are needed")]
    public void A_broken_checkpoint_is_told_and_the_one_before_is_taken(string broken, string why)
    {
        Run(new StoppableExperiment(), folder.Of("whole"));
        Kill(39, kill => Run(kill, folder.Of("run")), folder.Of("run"), folder.Of("killed"));
        var newest = Directory.GetFiles(folder.Of("killed", "checkpoints"), "0*.json").Max()!;
        var state = Path.ChangeExtension(newest, "safetensors");
        var metrics = folder.Of("killed", "metrics.csv");
        switch (broken)
        {
            case "state":
                var bytes = File.ReadAllBytes(state);
                bytes[3] ^= 1;
                File.WriteAllBytes(state, bytes);
                break;
            case "short":
                File.WriteAllBytes(state, File.ReadAllBytes(state)[..3]);
                break;
            case "gone":
                File.Delete(state);
                break;
            case "record":
                File.WriteAllText(
                    newest,
                    File.ReadAllText(newest).Replace("\"always\":1", "\"always\":2", StringComparison.Ordinal)
                );
                break;
            case "empty":
                File.WriteAllText(newest, "");
                break;
            default:
                File.WriteAllLines(metrics, File.ReadAllLines(metrics)[..42]);
                break;
        }

        Resume(new StoppableExperiment(), folder.Of("killed"));
        Assert.StartsWith(
            $"The checkpoint {Path.GetFileName(state)} cannot be used: {why}",
            heard[0],
            StringComparison.Ordinal
        );
        Assert.EndsWith(". Trying the one before.", heard[0], StringComparison.Ordinal);
        Same(folder.Of("whole"), folder.Of("killed"));
    }

    [Fact]
    public void Without_a_whole_checkpoint_the_run_begins_again()
    {
        Run(new StoppableExperiment(), folder.Of("whole"));
        Kill(20, kill => Run(kill, folder.Of("run")), folder.Of("run"), folder.Of("killed"));
        foreach (var file in Directory.GetFiles(folder.Of("killed", "checkpoints"), "*.safetensors"))
        {
            File.WriteAllText(file, "");
        }

        var last = new StoppableExperiment();
        Resume(last, folder.Of("killed"));
        Assert.Equal(60, last.Done);
        Assert.Contains("No checkpoint can be used; the run begins again at its start.", heard);
        Same(folder.Of("whole"), folder.Of("killed"));
    }

    [Fact]
    public void Three_checkpoints_are_kept()
    {
        Run(new StoppableExperiment(), folder.Of("run"));
        Assert.Equal(
            [
                "000057.json",
                "000057.safetensors",
                "000058.json",
                "000058.safetensors",
                "000059.json",
                "000059.safetensors",
            ],
            Directory.GetFiles(folder.Of("run", "checkpoints")).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public void What_cannot_be_resumed_is_refused_and_stays_as_it_is()
    {
        var run = folder.Of("run");
        Assert.Equal(
            $"There is no folder {run}; give a run folder.",
            Refused(new StoppableExperiment(), run)
        );
        Directory.CreateDirectory(run);
        Assert.Equal(
            $"{run} is no run folder: it has no config.json. stackelberg run makes run folders.",
            Refused(new StoppableExperiment(), run)
        );
        Assert.Empty(Directory.GetFileSystemEntries(run));

        var done = folder.Of("done");
        Run(new StoppableExperiment(), done);
        var config = File.ReadAllText(Path.Combine(done, "config.json"));
        Assert.Equal(
            $"The run in {done} is over (done); there is nothing to resume.",
            Refused(new StoppableExperiment(), done)
        );

        var killed = folder.Of("killed");
        Kill(20, kill => Run(kill, folder.Of("other")), folder.Of("other"), killed);
        Assert.Equal(
            $"The run in {killed} was begun by another version of logistic, which would go on with other "
                + $"numbers. Run it again: stackelberg run logistic --config {killed}/config.json.",
            Refused(new StoppableExperiment { OtherVersion = 2 }, killed)
        );
        Assert.StartsWith(
            "There is no experiment \"logistic\".",
            Refused(new FakeExperiment(), killed),
            StringComparison.Ordinal
        );
        using (FileLock.TryTake(Path.Combine(killed, ".lock")))
        {
            Assert.StartsWith(
                $"Another process is writing a run into the folder {killed}.",
                Refused(new StoppableExperiment(), killed),
                StringComparison.Ordinal
            );
        }

        File.WriteAllText(
            Path.Combine(killed, "config.json"),
            config.Replace("\"30\"", "\"31\"", StringComparison.Ordinal)
        );
        Assert.Contains(
            "was changed after the run",
            Refused(new StoppableExperiment(), killed),
            StringComparison.Ordinal
        );
        File.WriteAllText(Path.Combine(killed, "config.json"), "{ \"seed\"");
        Assert.Contains(
            "is no JSON (line 1)",
            Refused(new StoppableExperiment(), killed),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_run_of_another_vector_width_is_refused()
    {
        var killed = folder.Of("killed");
        Kill(20, kill => Run(kill, folder.Of("run")), folder.Of("run"), killed);
        var path = Path.Combine(killed, "config.json");
        var config = File.ReadAllText(path);
        var own = $"\"vectorBits\": {Kernels.VectorWidth.Bits}";
        Assert.Contains(own, config, StringComparison.Ordinal);
        File.WriteAllText(path, config.Replace(own, "\"vectorBits\": 128", StringComparison.Ordinal));
        Assert.StartsWith(
            $"The run in {killed} was begun with vectors of 128 bits, but this process computes with "
                + $"{Kernels.VectorWidth.Bits}, which rounds sums otherwise",
            Refused(new StoppableExperiment(), killed),
            StringComparison.Ordinal
        );
        File.WriteAllText(path, config);
        Assert.Equal(RunEnding.Done, Resume(new StoppableExperiment(), killed).Ending);
    }

    [Fact]
    public void An_experiment_without_checkpoints_is_to_be_run_again()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        ExperimentRunner.Run(new FakeExperiment(), none, folder.Of("run"), cancellation: source.Token);
        Assert.Equal(
            "The experiment halving saves no checkpoints; run it again: "
                + $"stackelberg run halving --config {folder.Of("run")}/config.json.",
            Refused(new FakeExperiment(), folder.Of("run"))
        );
    }

    private static void Run(Experiment experiment, string path) =>
        ExperimentRunner.Run(experiment, none, path, null, null, TimeSpan.Zero, default);

    private RunResult Resume(Experiment experiment, string path) =>
        ExperimentRunner.Resume(
            new ExperimentTable(experiment),
            path,
            new Notes(heard),
            TimeSpan.Zero,
            default
        );

    private string Refused(Experiment experiment, string path) =>
        Assert.Throws<UserInputException>(() => Resume(experiment, path)).Message;

    /// <summary>Copies the folder as it is before a step; the process that runs on does not touch the copy.</summary>
    private static void Kill(int step, Action<Experiment> run, string from, string to) =>
        Assert.Throws<NotSupportedException>(() =>
            run(
                new StoppableExperiment
                {
                    BeforeStep = done =>
                    {
                        if (done == step)
                        {
                            Copy(from, to);
                            throw new NotSupportedException("killed");
                        }
                    },
                }
            )
        );

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var name = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(name)!);
            if (Path.GetFileName(name) != ".lock")
            {
                File.Copy(file, name);
            }
        }
    }

    /// <summary>All but the times are the same, to the bit.</summary>
    private static void Same(string expected, string actual)
    {
        Assert.Equal(
            File.ReadAllText(Path.Combine(expected, "metrics.csv")),
            File.ReadAllText(Path.Combine(actual, "metrics.csv"))
        );
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(expected, "trajectory.npz")),
            File.ReadAllBytes(Path.Combine(actual, "trajectory.npz"))
        );
        Assert.Equal(Summary(expected), Summary(actual));
    }

    private static IEnumerable<string> Summary(string path) =>
        File.ReadLines(Path.Combine(path, "summary.json"))
            .Where(line => !line.Contains("\"seconds\"", StringComparison.Ordinal));

    private sealed class Notes(List<string> heard) : IProgress<RunProgress>
    {
        public void Report(RunProgress value)
        {
            if (value.Note is { } note)
            {
                heard.Add(note);
            }
        }
    }
}
