using Stackelberg.Figures;

namespace Stackelberg.Tests;

/// <summary>Halves a number until the steps are used up; enough to go through everything.</summary>
public sealed class FakeExperiment : Experiment
{
    public override string Name => "halving";

    public override string Title => "Halves a number";

    public override string Source => "Zeno, Paradoxes";

    public override IReadOnlyList<Setting> Settings { get; } =
    [
        new("steps", "4", SettingType.Whole(1, 100), "how many steps", SettingKind.Changes),
        new("d", "1,2", SettingType.SomeOf("1", "2", "3"), "the dimensions", SettingKind.Selects),
        new("width", "300", SettingType.Above(0), "the figure's width", SettingKind.Neutral)
        {
            Unit = "pixels",
        },
    ];

    public override IReadOnlyList<string> Files => ["own"];

    public ExpectedTable Expected { get; init; } =
        new(
            new("whole", 7, 0, 0, "p. 1"),
            new("d1/final", 0.0625, 1e-12, 0, "p. 2"),
            new("d2/final", 0.0625, 0, 1e-12, "p. 2"),
            new("d1/never", double.PositiveInfinity, 0, 0, "p. 3")
        );

    public Action<ExperimentContext> First { get; init; } = _ => { };

    public Action<ExperimentContext, CancellationToken> Last { get; init; } = (_, _) => { };

    public bool Diverges { get; init; }

    public override ExpectedTable ReadExpected() => Expected;

    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        First(context);
        var steps = context.Settings.Int("steps");
        context.Found("whole", 7);
        context.Note("halving begins");
        foreach (var d in context.Settings.Ints("d"))
        {
            var run = $"d{d}";
            context.Part(run);
            var path = new double[(steps + 1) * d];
            Array.Fill(path, 1, 0, d);
            for (var step = 1; step <= steps; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                Array.Fill(path, path[(step - 1) * d] / 2, step * d, d);
                context.Metric(run, step, ("x", path[step * d]));
                context.Report(run, step / (double)steps);
            }

            context.Series(run + "/x", path, d);
            context.Found(run + "/final", path[^1]);
            context.Found(run + "/never", double.PositiveInfinity);
            context.Outcome(
                run,
                "halving",
                Outcome.NewTold("OutOfSteps", Diverges),
                steps,
                path[^d..],
                [path[^1]]
            );
        }

        context.Figure(
            "path",
            new Figure(new Panel(new Line([1, 0.5])) { Width = context.Settings.Double("width") })
        );
        Last(context, cancellation);
    }
}
