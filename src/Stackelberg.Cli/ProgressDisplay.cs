using System.Globalization;
using Spectre.Console;

namespace Stackelberg.Cli;

/// <summary>Shows how far a run is: bars in a terminal, plain lines elsewhere.</summary>
internal static class ProgressDisplay
{
    public static RunSummary Show(Terminal terminal, Func<IProgress<RunProgress>, RunSummary> run) =>
        terminal.IsInteractive
            ? terminal
                .Console.Progress()
                .AutoClear(false)
                .Columns(
                    new TaskDescriptionColumn { Alignment = Justify.Left },
                    new ProgressBarColumn(),
                    new PercentageColumn(),
                    new RemainingTimeColumn()
                )
                .Start(context => run(new Bars(terminal.Console, context)))
            : run(new Lines(terminal.Output));

    private sealed class Bars(IAnsiConsole console, ProgressContext context) : IProgress<RunProgress>
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, ProgressTask> tasks = new(StringComparer.Ordinal);

        public void Report(RunProgress value)
        {
            lock (gate)
            {
                if (value.Note is { } note)
                {
                    console.WriteLine(note);
                    return;
                }

                if (!tasks.TryGetValue(value.Stage, out var task))
                {
                    task = context.AddTask(Markup.Escape(value.Stage), maxValue: 1);
                    tasks.Add(value.Stage, task);
                }

                task.Value = value.Fraction;
            }
        }
    }

    /// <summary>A line when a stage begins and at every quarter that it reaches.</summary>
    private sealed class Lines(TextWriter output) : IProgress<RunProgress>
    {
        private readonly Lock gate = new();
        private readonly Dictionary<string, int> quarters = new(StringComparer.Ordinal);

        public void Report(RunProgress value)
        {
            lock (gate)
            {
                if (value.Note is { } note)
                {
                    output.WriteLine(note);
                    return;
                }

                var quarter = (int)(value.Fraction * 4);
                if (quarter > quarters.GetValueOrDefault(value.Stage, -1))
                {
                    quarters[value.Stage] = quarter;
                    output.WriteLine(
                        string.Create(CultureInfo.InvariantCulture, $"{value.Stage}: {quarter * 25} %")
                    );
                }
            }
        }
    }
}
