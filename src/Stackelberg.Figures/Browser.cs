using System.ComponentModel;
using System.Diagnostics;

namespace Stackelberg.Figures;

/// <summary>Opens files in the browser, where there is one.</summary>
internal static class Browser
{
    private const string variable = "STACKELBERG_BROWSER";

    /// <summary>Opens a file.</summary>
    /// <returns>Whether a program was started for it.</returns>
    public static bool Open(string path)
    {
        if (Command(path) is not { } command)
        {
            return false;
        }

        try
        {
            using var process = Process.Start(command);
            return process is not null;
        }
        catch (Exception fault) when (fault is Win32Exception or FileNotFoundException)
        {
            // A machine without a browser, a server for example.
            return false;
        }
    }

    /// <summary>What opens a file here; null where nothing can.</summary>
    internal static ProcessStartInfo? Command(string path) =>
        Environment.GetEnvironmentVariable(variable) switch
        {
            "none" => null,
            { Length: > 0 } chosen => Quiet(chosen, path),
            _ when OperatingSystem.IsWindows() => new(path) { UseShellExecute = true },
            _ when OperatingSystem.IsMacOS() => Quiet("open", path),
            _ => HasScreen ? Quiet("xdg-open", path) : null,
        };

    private static readonly string[] signsOfScreen =
    [
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "WSL_DISTRO_NAME",
        "BROWSER",
    ];

    private static bool HasScreen =>
        signsOfScreen.Any(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 });

    // The program's own words would stand between the script's.
    private static ProcessStartInfo Quiet(string program, string path) =>
        new(program, [path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
}
