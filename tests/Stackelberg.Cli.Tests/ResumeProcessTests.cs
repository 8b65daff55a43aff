using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>Training that is killed by the operating system, in processes of its own.</summary>
public sealed class ResumeProcessTests : IDisposable
{
    private const int kills = 20;

    // A few seconds of training, in which a checkpoint is due every quarter of a second.
    private static readonly string[] training =
    [
        "mog-diamond",
        "steps=8000",
        "batch=64",
        "metricsEvery=100",
        "looks=500,8000",
        "samples=256",
        "spectra=false",
    ];

    // Everything in the summary but how long it took and what was said.
    private static readonly string[] compared = ["found", "runs", "final", "costs"];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_that_is_killed_at_20_random_moments_ends_with_the_same_bits_as_one_that_is_not()
    {
        var whole = folder.Of("whole");
        Finish(Start("run", [.. training, "--out", whole]));

        // Equal seeds kill at equal moments, as far as the machine's speed goes.
        var moments = new Random(7);
        var killed = 0;
        for (var round = 0; killed < kills; round++)
        {
            var path = folder.Of($"round{round}");
            var process = Start("run", [.. training, "--out", path]);
            var isOver = false;
            while (killed < kills && !process.WaitForExit(moments.Next(200, 1500)))
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
                killed++;
                // Killed between its last file and its exit, a run is over.
                isOver = File.Exists(Path.Combine(path, "summary.json"));
                if (isOver)
                {
                    break;
                }

                // A process that was killed before it had written anything has to begin anew.
                process = File.Exists(Path.Combine(path, "config.json"))
                    ? Start("resume", path)
                    : Start("run", [.. training, "--out", path]);
            }

            if (!isOver)
            {
                Finish(process);
            }

            Assert.Equal(Numbers(whole), Numbers(path));
            Assert.Equal(
                File.ReadAllText(Path.Combine(whole, "metrics.csv")),
                File.ReadAllText(Path.Combine(path, "metrics.csv"))
            );
        }
    }

    private static string Numbers(string path)
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(path, "summary.json")));
        return string.Join('\n', compared.Select(key => summary.RootElement.GetProperty(key).GetRawText()));
    }

    private static void Finish(Process process)
    {
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
        process.Dispose();
    }

    private static Process Start(string command, params string[] arguments)
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        var process = Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "stackelberg" + suffix),
                [command, .. arguments]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        process.BeginOutputReadLine();
        return process;
    }
}
