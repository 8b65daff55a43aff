using Spectre.Console;

namespace Stackelberg.Cli;

/// <summary>Shows how far a command is: bars in a terminal, plain lines where they are asked for, notes alone elsewhere.</summary>
internal static class ProgressDisplay
{
    /// <summary>Shows how far a run is, among what it says; a cancellation is answered at once.</summary>
    public static RunResult ShowRun(
        Terminal terminal,
        Func<IProgress<RunProgress>, RunResult> run,
        CancellationToken cancellation
    ) =>
        Show(
            terminal,
            isQuiet: false,
            progress =>
            {
                // One that was cancelled before it began says so itself.
                using var answer = (
                    cancellation.IsCancellationRequested ? CancellationToken.None : cancellation
                ).Register(() =>
                    progress.Report(
                        new(
                            "",
                            0,
                            "Cancelling: what runs is brought to a point where it can be saved. Ctrl-C again ends at once."
                        )
                    )
                );
                return run(progress);
            }
        );

    /// <summary>Shows how far a computation is, if it takes long, beside its results: it runs on a thread of its own, which
    /// a cancellation leaves behind if need be.</summary>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="work">The computation.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="hasResults">Whether there is something that is to be gathered after a cancellation; null for never.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static T ShowWork<T>(
        Terminal terminal,
        Func<IProgress<RunProgress>, T> work,
        CancellationToken cancellation,
        Func<bool>? hasResults = null
    ) =>
        Show(
            terminal,
            isQuiet: true,
            progress =>
            {
                using var answer = cancellation.Register(() =>
                {
                    if (hasResults?.Invoke() == true)
                    {
                        progress.Report(
                            new(
                                "",
                                0,
                                $"Cancelling: what was found is gathered, for {Abandonable.LongGrace.TotalSeconds} s of computing at most. "
                                    + "Ctrl-C again ends at once."
                            )
                        );
                    }
                });
                return Abandonable.Run(() => work(progress), cancellation, hasResults);
            }
        );

    private static T Show<T>(Terminal terminal, bool isQuiet, Func<IProgress<RunProgress>, T> work)
    {
        if (!terminal.ShowsProgress)
        {
            using var notes = new ProgressNotes(terminal.Manner.IsQuiet ? null : terminal.Output);
            return work(notes);
        }

        if (terminal.IsInteractive)
        {
            return terminal
                .Console.Progress()
                .AutoClear(isQuiet)
                .Columns(
                    new TaskDescriptionColumn { Alignment = Justify.Left },
                    new ProgressBarColumn(),
                    new PercentageColumn(),
                    new ElapsedTimeColumn(),
                    new RemainingTimeColumn()
                )
                .Start(context => work(new Bars(terminal.Console, context)));
        }

        // The error output has the one line that says what is wrong, and nothing else.
        using var lines = new ProgressLines(terminal.Output, terminal.Time, isQuiet);
        return work(lines);
    }

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
                    console.Write(new NoteLines(PlainText.Lines(note)));
                    return;
                }

                if (!tasks.TryGetValue(value.Stage, out var task))
                {
                    task = context.AddTask(Markup.Escape(PlainText.Line(value.Stage)), maxValue: 1);
                    tasks.Add(value.Stage, task);
                }

                // A bar of which nothing is known moves all the same.
                task.IsIndeterminate = value.Fraction == 0;
                task.Value = value.Fraction;
                if (value.Metric is { } metric)
                {
                    task.Description = Markup.Escape(PlainText.Line($"{value.Stage} ({metric})"));
                }
            }
        }
    }
}
