using System.Diagnostics;
using System.Text;

namespace Stackelberg.Tests;

/// <summary>The program itself, as a process.</summary>
internal static class CliProcess
{
    public static Process Start(string folder, params string[] arguments)
    {
        var suffix = OperatingSystem.IsWindows() ? ".exe" : "";
        return Process.Start(
            new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "stackelberg" + suffix), arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
            }
        )!;
    }
}
