using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Stackelberg.Tests;

/// <summary>How the process ends: by a script's doing, or by a request to terminate, which is answered as Ctrl-C is.</summary>
public sealed class ProcessEndTests : IDisposable
{
    private const string Tame =
        "let game = Game.twoPlayer \"g\" (fun x y -> x * x + x * y) (fun x y -> y * y)";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("System.Environment.Exit 0", Tame)]
    [InlineData("System.Environment.Exit 7", Tame)]
    [InlineData(
        "let mutable n = 0",
        "let game = Game.twoPlayer \"g\" (fun x y -> (n <- n + 1; if n > 1 then System.Environment.Exit 0); x * x) (fun x y -> y * y)"
    )]
    public void A_script_that_ends_the_process_is_named_and_the_exit_code_is_2(params string[] lines)
    {
        using var process = Start(lines, "--at", "0,0");
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(2, process.ExitCode);
        Assert.Equal(
            $"{Path}: The script ended the process, as Environment.Exit does; leave that out, for nothing can be said of "
                + "its games then.\n",
            said
        );
    }

    [Fact]
    public void A_child_of_a_test_meets_the_culture_of_the_tests()
    {
        using var process = Start(["failwith ((-1.5).ToString())"], "--at", "0,0");
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        var culture = Environment.GetEnvironmentVariable("STACKELBERG_TEST_CULTURE");
        var expected = string.IsNullOrEmpty(culture)
            ? (-1.5).ToString(CultureInfo.InvariantCulture)
            : (-1.5).ToString(CultureInfo.CurrentCulture);
        // The command line knows no cultures by name: it meets the numbers of one with a comma.
        Assert.Contains(expected[^3..], said, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_that_a_script_leaves_behind_do_not_keep_the_process()
    {
        using var process = Start(
            [
                Tame,
                "let loop () = while true do System.Threading.Thread.Sleep 100",
                "System.Threading.Thread(System.Threading.ThreadStart loop).Start()",
            ],
            "--at",
            "0,0"
        );
        Assert.Contains("differential Nash", process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData("while true do ()")]
    [InlineData("while true do printfn \"noise\"")]
    [InlineData("System.Threading.Thread.Sleep -1")]
    public void A_script_without_an_end_is_left_behind_when_asked_to_terminate(string endless)
    {
        using var process = Start([
            Tame,
            $"System.IO.File.WriteAllText(@\"{folder.Of("begun")}\", \"\")",
            endless,
        ]);
        while (!File.Exists(folder.Of("begun")))
        {
            Assert.False(process.HasExited);
            Thread.Sleep(20);
        }

        Terminate(process);
        Assert.Equal(
            "Cancelled. What was found until then, if anything, stands above: it is incomplete.\n",
            process.StandardError.ReadToEnd()
        );
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
    }

    [Fact]
    public void What_a_search_had_found_is_shown_when_it_is_asked_to_terminate()
    {
        // Of cos x there is always more to be found so far out.
        using var process = Start(
            ["let many = Game.twoPlayer \"many\" (fun x y -> cos x) (fun x y -> cos y + 0.001 * y * x)"],
            "--within",
            "1000",
            "--concept",
            "nash",
            "--verbose"
        );
        while (
            process.StandardOutput.ReadLine() is { } line
            && !line.Contains("points found", StringComparison.Ordinal)
        ) { }

        Terminate(process);
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("cancelled: what was found until then", said, StringComparison.Ordinal);
    }

    private string Path => folder.Of("script.fsx");

    private static void Terminate(Process process)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private Process Start(string[] lines, params string[] options)
    {
        File.WriteAllLines(Path, ["open Stackelberg", .. lines]);
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        return Process.Start(
            new ProcessStartInfo(
                System.IO.Path.Combine(AppContext.BaseDirectory, "stackelberg" + suffix),
                ["analyze", Path, .. options]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
    }
}
