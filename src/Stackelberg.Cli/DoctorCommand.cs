using System.CommandLine;

namespace Stackelberg.Cli;

/// <summary><c>stackelberg doctor</c></summary>
internal static class DoctorCommand
{
    private const string name = "doctor";

    public static Command Create(Terminal terminal)
    {
        var command = new Command(
            name,
            "Say what this machine has for the program: vectors, threads, memory, the cache and what can be written. Exits with 1 "
                + "where something is missing."
        )
        {
            Manner.JsonOption(),
        };
        command.SetAction(_ =>
        {
            var findings = DoctorDocument.Here(name);
            if (terminal.Manner.IsJson)
            {
                terminal.Document(findings);
            }
            else
            {
                Show(terminal, findings);
            }

            if (findings.Places.FirstOrDefault(place => place.Fault is not null) is { } bad)
            {
                terminal.Fault($"{bad.Path} ({bad.For}) cannot be written: {bad.Fault}");
                return ExitCode.Failed;
            }

            terminal.Hint("a first run: stackelberg run duopoly");
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(Terminal terminal, DoctorDocument findings)
    {
        var width = findings.VectorBits;
        (string Name, string Value)[] lines =
        [
            ("version", findings.Version),
            ("runtime", $"{findings.Runtime} on {findings.System}, {findings.Architecture}"),
            ("vectors", $"{width} bits: {width / 64} numbers of double precision at a time"),
            ("threads", $"{findings.Threads} of {findings.Processors} processors"),
            ("memory", $"{findings.MemoryMegabytes} MB for this process"),
            ("experiments", $"{findings.Experiments} in {findings.ExperimentsFolder}"),
            .. findings.Places.Select(place =>
                (
                    place.For,
                    $"{place.Path}: {(place.Fault is { } fault ? $"not writable ({fault})" : "writable")}"
                )
            ),
            .. findings.Environment.Select(pair => (pair.Key, pair.Value)),
        ];
        var indent = lines.Max(line => line.Name.Length);
        foreach (var (label, value) in lines)
        {
            terminal.Line($"{label.PadRight(indent)}  {value}");
        }
    }
}
