namespace Stackelberg.Tests;

/// <summary>
/// Two learning runs of a chaotic map, where any bit that is lost shows at the end; it can be stopped at any
/// step and resumed.
/// </summary>
public sealed class StoppableExperiment : Experiment
{
    public override string Name => "logistic";

    public override string Title => "The logistic map";

    public override string Source => "May, Nature 261 (1976)";

    public override bool IsResumable => true;

    public override int Version => OtherVersion;

    public int OtherVersion { get; init; } = 1;

    public override IReadOnlyList<string> Headlines => ["final"];

    public override IReadOnlyList<Setting> Settings { get; } =
    [new("steps", "30", SettingType.Whole(), "how many steps", SettingKind.Changes)];

    /// <summary>Called before each step with how many steps this process has done.</summary>
    public Action<int> BeforeStep { get; init; } = _ => { };

    /// <summary>How many steps this process has done.</summary>
    public int Done { get; private set; }

    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        context.Note("begins");
        context.Found("always", 1);
        foreach (var (run, start) in new[] { ("slow", 0.3), ("quick", 0.4) })
        {
            context.Part(run);
            Learn(context, run, start, cancellation);
        }

        context.Found("sum", 2);
    }

    private void Learn(ExperimentContext context, string run, double start, CancellationToken cancellation)
    {
        if (context.IsOver(run))
        {
            return;
        }

        var (step, x) =
            context.Resumed is { } saved && saved.Run == run
                ? (saved.State.Steps, saved.State.Arrays[0].Value[0])
                : (0, start);
        var steps = context.Settings.Int("steps");
        while (step < steps)
        {
            if (context.IsCheckpointDue || cancellation.IsCancellationRequested)
            {
                context.Checkpoint(run, new LearnState("logistic", "map", 1, step, [new("x", [x])]));
            }

            cancellation.ThrowIfCancellationRequested();
            BeforeStep(Done++);
            x = 3.99 * x * (1 - x);
            step++;
            context.Metric(run, step, ("x", x));
            if (step % 7 == 0)
            {
                context.Metric(run, step, (run == "quick" ? "late" : "seventh", 1 / x));
            }
        }

        context.Found(run + "/final", x);
        context.Series(run + "/x", [start, x]);
        context.Note(run + " is over");
        context.Outcome(run, "map", Outcome.NewOutOfSteps(steps, x, double.NaN), steps, [x], [x]);
    }
}
