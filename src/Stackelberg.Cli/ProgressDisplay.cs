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
            : run(new ProgressLines(terminal.Output, TimeProvider.System));

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
                if (value.Metric is { } metric)
                {
                    task.Description = Markup.Escape($"{value.Stage} ({metric})");
                }
            }
        }
    }
}

/// <summary>
/// A line when a stage begins, at every quarter that it reaches, and every ten seconds; after two seconds
/// with the time that is left and the newest metrics.
/// </summary>
internal sealed class ProgressLines(TextWriter output, TimeProvider time) : IProgress<RunProgress>
{
    private static readonly TimeSpan longStage = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan longSilence = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Stage> stages = new(StringComparer.Ordinal);

    public void Report(RunProgress value)
    {
        lock (gate)
        {
            if (value.Note is { } note)
            {
                output.WriteLine(note);
                return;
            }

            var now = time.GetTimestamp();
            if (!stages.TryGetValue(value.Stage, out var stage))
            {
                stage = new Stage { Began = now, BeganAt = value.Fraction };
                stages.Add(value.Stage, stage);
            }

            var quarter = (int)(value.Fraction * 4);
            if (quarter > stage.Quarter)
            {
                Line(value, stage, quarter * 25, now);
            }
            else if (time.GetElapsedTime(stage.LastLine, now) >= longSilence)
            {
                Line(value, stage, (int)(value.Fraction * 100), now);
            }
        }
    }

    private void Line(RunProgress value, Stage stage, int percent, long now)
    {
        stage.Quarter = Math.Max(stage.Quarter, percent / 25);
        stage.LastLine = now;
        var elapsed = time.GetElapsedTime(stage.Began, now);
        var left = "";
        if (elapsed >= longStage)
        {
            var done = value.Fraction - stage.BeganAt;
            left =
                (
                    done > 0 && value.Fraction < 1
                        ? $", {Duration.Left(elapsed * ((1 - value.Fraction) / done))}"
                        : ""
                ) + (value.Metric is { } metric ? $", {metric}" : "");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Stage}: {percent} %{left}"));
    }

    private sealed class Stage
    {
        public long Began { get; init; }

        // A resumed stage begins in its midst.
        public double BeganAt { get; init; }

        public int Quarter { get; set; } = -1;

        public long LastLine { get; set; }
    }
}
