using System.Diagnostics;
using System.Text;
using Stackelberg.Sweeps;

namespace Stackelberg.Cli;

/// <summary>Does points of a sweep, each in a process of its own, so that a crash takes one point only.</summary>
internal static class WorkerProcess
{
    /// <summary>
    /// The environment variable that tells a process that it is a worker: it then ends, as after a Ctrl-C,
    /// when its standard input ends, so that no worker outlives its sweep for long.
    /// </summary>
    public const string Mark = "STACKELBERG_WORKER";

    /// <summary>The worker of a sweep.</summary>
    /// <param name="experiment">What finds the experiment: its script, or else its name.</param>
    /// <param name="folder">The sweep's folder, which gets the workers' output.</param>
    /// <param name="isAlone">Whether one worker runs at a time, which may then use all cores.</param>
    public static SweepWorker In(string experiment, SweepFolder folder, bool isAlone) =>
        (point, path, isResumed, cancellation) =>
            Run(experiment, point, path, isResumed, isAlone, folder.LogOf(point), cancellation);

    /// <summary>Whether this process is a worker.</summary>
    public static bool IsOne => Environment.GetEnvironmentVariable(Mark) is not null;

    private static async Task<string?> Run(
        string experiment,
        SweepPoint point,
        string path,
        bool isResumed,
        bool isAlone,
        string log,
        CancellationToken cancellation
    )
    {
        var start = Command();
        foreach (
            var argument in isResumed
                ? [ResumeCommand.Name, path, "--verbose"]
                : RunArguments(experiment, point, path)
        )
        {
            start.ArgumentList.Add(argument);
        }

        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.StandardOutputEncoding = start.StandardErrorEncoding = Encoding.UTF8;
        start.Environment[Mark] = "1";
        if (!isAlone)
        {
            // The runtime then reports one core, and everything that shares work out follows it.
            start.Environment["DOTNET_PROCESSOR_COUNT"] = "1";
        }

        using var process =
            Process.Start(start) ?? throw new IOException($"{start.FileName} could not be started.");
        using var stop = cancellation.Register(() => process.StandardInput.Close());
        using var diary = new PointLog(log, start.ArgumentList);
        string? last = null;
        process.OutputDataReceived += (_, line) => diary.Add(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            diary.Add(line.Data);
            last = string.IsNullOrWhiteSpace(line.Data) ? last : line.Data.Trim();
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        // Both outputs are read to their ends by then.
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == ExitCode.Taken
            ? null
            : last ?? $"The process ended with code {process.ExitCode} and no word; its output is in {log}.";
    }

    private static IEnumerable<string> RunArguments(string experiment, SweepPoint point, string path) =>
        [
            RunCommand.Name,
            experiment,
            .. point.Configuration.Settings.Select(pair => $"{pair.Key}={pair.Value}"),
            $"--seed={point.Configuration.Seed}",
            "--out",
            path,
            "--checks=failed",
            "--verbose",
        ];

    // The program that is running; where it runs inside another one, the program beside its library.
    private static ProcessStartInfo Command()
    {
        const string name = "stackelberg";
        var own = Environment.ProcessPath;
        switch (Path.GetFileNameWithoutExtension(own))
        {
            case "dotnet":
                return new(own!, ["exec", typeof(WorkerProcess).Assembly.Location]);
            // An installed tool's program does not lie beside its library.
            case name:
                return new(own!);
            default:
                var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
                return new(Path.Combine(AppContext.BaseDirectory, name + suffix));
        }
    }
}
