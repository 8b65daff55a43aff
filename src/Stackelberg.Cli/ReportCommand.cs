using System.CommandLine;
using Stackelberg.Reports;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg report &lt;run folder&gt; …</c></summary>
internal static class ReportCommand
{
    private const string fileName = "report.html";

    public static Command Create(Terminal terminal)
    {
        var folders = new Argument<string[]>("run folder")
        {
            Description = "Run folders, or a sweep's folder for all its points that are over.",
            Arity = ArgumentArity.OneOrMore,
        };
        var file = new Option<string?>("--out")
        {
            Description =
                "The page. [default: report.html in the folder; of several folders, in the current one]",
            HelpName = "FILE",
        };
        var command = new Command(
            "report",
            "Write one HTML page about a run, or several side by side, that can be read offline."
        )
        {
            folders,
            file,
        };
        command.SetAction(parsed =>
        {
            var given = parsed.GetRequiredValue(folders);
            string[] paths =
            [
                .. given.Select(one => UserPath.Full(one, "The run folder's name", "runs/first")),
            ];
            var path = parsed.GetValue(file) is { } wanted
                ? UserPath.Full(wanted, "The report's name", $"--out {fileName}")
                : Path.GetFullPath(given.Length == 1 ? Path.Combine(paths[0], fileName) : fileName);
            if (parsed.GetValue(file) is not null)
            {
                ReportPage.NeedOwn(path);
            }

            var runs = ReportPage.Read(paths);
            ReportPage.Write(path, runs);
            terminal.Line($"Report: {path}");
            terminal.Hint("open it in a browser; it needs no network.");
            return ExitCode.Done;
        });
        return command;
    }
}
