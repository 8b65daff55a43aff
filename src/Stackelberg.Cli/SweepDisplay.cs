using System.Diagnostics;
using Spectre.Console;
using Stackelberg.Comparing;
using Stackelberg.Sweeps;

namespace Stackelberg.Cli;

/// <summary>Shows a sweep: bars in a terminal, plain lines where they are asked for, and the table at its end.</summary>
internal static class SweepDisplay
{
    // So many numbers fit beside the settings; all are in the files.
    private const int mostNumbers = 4;
    private const int mostFaults = 10;

    public static IReadOnlyList<SweepResult> Show(
        Terminal terminal,
        int points,
        int jobs,
        Func<IProgress<SweepProgress>, IReadOnlyList<SweepResult>> run
    )
    {
        if (!terminal.ShowsProgress)
        {
            return run(new Silence());
        }

        var pace = new SweepPace(points, jobs);
        return terminal.IsInteractive
            ? terminal
                .Console.Progress()
                .AutoClear(true)
                .Columns(
                    new TaskDescriptionColumn { Alignment = Justify.Left },
                    new ProgressBarColumn(),
                    new SpinnerColumn()
                )
                .Start(context => run(new Bars(context, terminal.Console, points, jobs, pace)))
            : run(new Lines(terminal.Output, points, pace));
    }

    public static void ShowResults(
        Terminal terminal,
        Experiment experiment,
        IReadOnlyList<RunGroup> groups,
        IReadOnlyList<SweepResult> results,
        IReadOnlyList<string> wanted
    )
    {
        var keys = results
            .SelectMany(result => result.Point.Varied)
            .Select(pair => pair.Key)
            .Where(key => key != SettingArguments.SeedKey)
            .Distinct()
            .ToArray();
        // Numbers that all settings have come first: the others do not compare them.
        var names = groups
            .SelectMany(group => group.Estimates)
            .GroupBy(pair => pair.Key)
            .OrderByDescending(values => values.Count())
            .Select(values => values.Key)
            .ToArray();
        string[] shown =
            wanted.Count > 0
                ? [.. wanted.SelectMany(word => Matching(word, names)).Distinct()]
                : [.. InTurn(RunNumbers.Short(names, experiment.Headlines)).Take(mostNumbers)];
        if (groups.Count > 0)
        {
            terminal.Table(
                [
                    .. keys.Select(key => (TableColumn)key),
                    "seeds",
                    "done",
                    new("seconds", Rank: 1),
                    .. shown.Select(
                        (name, index) => new TableColumn(name, Rank: wanted.Count > 0 ? 0 : index + 1)
                    ),
                ],
                groups.Select(group => Row(group, keys, shown))
            );
            foreach (var word in wanted.Where(word => !Matching(word, names).Any()))
            {
                terminal.Line(
                    $"No number is called {word}.{Suggestion.For(word, names)} The table of means has all names."
                );
            }

            if (IsSameForAllSeeds(groups))
            {
                terminal.Line(
                    "Every number is the same for all seeds: with these settings nothing is drawn at random."
                );
            }
        }

        var faults = results.Where(result => result.Fault is not null).ToArray();
        foreach (var result in faults.Take(mostFaults))
        {
            terminal.Fault($"{result.Point.Words}: {result.Fault}");
        }

        if (faults.Length > mostFaults)
        {
            terminal.Fault($"… and {faults.Length - mostFaults} more; all are in the table.");
        }
    }

    /// <summary>The names that a word stands for: its own, or those that end with it or hold it.</summary>
    private static IEnumerable<string> Matching(string word, string[] names) =>
        Array.Exists(names, name => name == word)
            ? [word]
            : names.Where(name => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The first number of each learning run, then the second of each, and so on.</summary>
    private static IEnumerable<string> InTurn(IReadOnlyList<string> names) =>
        names
            .GroupBy(name => name[..Math.Max(0, name.LastIndexOf('/'))])
            .SelectMany(run => run.Select((name, index) => (name, index)))
            .OrderBy(entry => entry.index)
            .Select(entry => entry.name);

    private static bool IsSameForAllSeeds(IReadOnlyList<RunGroup> groups) =>
        groups.Any(group => group.Runs.Count > 1)
        && groups.All(group =>
            group.Estimates.All(pair => pair.Value is { Count: 0 } || pair.Value.Least == pair.Value.Greatest)
        );

    private static string[] Row(RunGroup group, string[] keys, string[] shown) =>
        [
            .. keys.Select(group.Setting),
            $"{group.Runs.Count}",
            $"{group.Runs.Count(run => run.Ending == RunEnding.Done)}",
            $"{group.Runs.Average(run => run.Seconds):0.0}",
            .. shown.Select(name => group.Find(name)?.Words ?? ""),
        ];

    private sealed class Silence : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) { }
    }

    /// <summary>A line for each point that ends.</summary>
    private sealed class Lines(TextWriter output, int points, SweepPace pace) : IProgress<SweepProgress>
    {
        private readonly Lock gate = new();

        public void Report(SweepProgress value)
        {
            lock (gate)
            {
                pace.Count(value);
                if (value.Result is { } result)
                {
                    output.WriteLine(
                        PlainText.Line(
                            $"[{pace.Ended}/{points}] {value.Point.Words}: {Words(result)}{pace.Left}"
                        )
                    );
                }
            }
        }
    }

    /// <summary>A bar for the sweep, and a line for each worker.</summary>
    private sealed class Bars : IProgress<SweepProgress>
    {
        private const string idle = "idle";

        private readonly Lock gate = new();
        private readonly Dictionary<SweepPoint, ProgressTask> busy = new(ReferenceEqualityComparer.Instance);
        private readonly Stack<ProgressTask> free;
        private readonly IAnsiConsole console;
        private readonly SweepPace pace;
        private readonly ProgressTask all;

        public Bars(ProgressContext context, IAnsiConsole console, int points, int jobs, SweepPace pace)
        {
            (this.console, this.pace) = (console, pace);
            all = context.AddTask("points", maxValue: points);
            free = new(
                Enumerable
                    .Range(0, Math.Min(jobs, points))
                    .Select(_ => context.AddTask(idle).IsIndeterminate())
            );
        }

        public void Report(SweepProgress value)
        {
            lock (gate)
            {
                pace.Count(value);
                if (value is { Result: null, IsPutOff: false })
                {
                    busy[value.Point] = free.Pop();
                    busy[value.Point].Description = Markup.Escape(PlainText.Line(value.Point.Words));
                    return;
                }

                if (busy.Remove(value.Point, out var line))
                {
                    line.Description = idle;
                    free.Push(line);
                }

                if (value.Result is not { } result)
                {
                    return;
                }

                if (!result.IsDone)
                {
                    console.WriteLine(PlainText.Line($"{value.Point.Words}: {Words(result)}"));
                }

                all.Value = pace.Ended;
                all.Description = Markup.Escape(
                    $"{pace.Ended} of {all.MaxValue} points, {pace.Failed} failed{pace.Left}"
                );
            }
        }
    }

    private static string Words(SweepResult result) =>
        result.Fault is { } fault ? $"failed: {fault}"
        : result.WasOver ? $"{result.Outcome}, before"
        : $"{result.Outcome} in {result.Run!.Seconds:0.0} s";
}

/// <summary>How fast a sweep goes.</summary>
internal sealed class SweepPace(int points, int jobs)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Dictionary<SweepPoint, TimeSpan> begun = new(ReferenceEqualityComparer.Instance);
    private TimeSpan spent;
    private int run;

    public int Ended { get; private set; }

    public int Failed { get; private set; }

    /// <summary>The time that is left, in words, after a comma; nothing if it is not known.</summary>
    public string Left =>
        run == 0 || Ended == points
            ? ""
            : $", {Duration.Left(spent / run * Math.Ceiling((points - Ended) / (double)Math.Min(jobs, points)))}";

    public void Count(SweepProgress value)
    {
        if (value.IsPutOff)
        {
            begun.Remove(value.Point);
            return;
        }

        if (value.Result is not { } result)
        {
            begun[value.Point] = clock.Elapsed;
            return;
        }

        Ended++;
        Failed += result.IsDone ? 0 : 1;
        if (begun.Remove(value.Point, out var at))
        {
            spent += clock.Elapsed - at;
            run++;
        }
    }
}
