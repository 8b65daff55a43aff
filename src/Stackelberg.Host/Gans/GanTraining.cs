using Stackelberg.Files;

namespace Stackelberg.Gans;

/// <summary>Trains a GAN within an experiment: metrics and checkpoints on the way, looks at given steps, and going on where
/// a run was stopped. The steps are <see cref="Learning"/>'s.</summary>
/// <param name="gan">The game.</param>
/// <param name="learner">Rule, rates, preconditioners, steps and seed.</param>
/// <param name="seed">The learner's seed.</param>
/// <param name="run">The run's name within the experiment.</param>
internal sealed class GanTraining(Gan gan, Learner learner, ulong seed, string run)
{
    // Steps of such games take seconds, a collection milliseconds.
    private const int largeDimension = 1_000_000;

    /// <summary>A row of metrics every so many steps.</summary>
    public required int MetricsEvery { get; init; }

    /// <summary>The steps after which <see cref="Look"/> is called, ascending; 0 is the start.</summary>
    public required IReadOnlyList<int> LookAt { get; init; }

    /// <summary>Takes the number of steps made and the joint strategy then; what it gives joins the step's metrics.</summary>
    public required Func<int, double[], (string Name, double Value)[]> Look { get; init; }

    /// <summary>Gives what a checkpoint is to hold besides the learning's own state.</summary>
    public Func<IEnumerable<KeyValuePair<string, SafetensorsArray>>> Added { get; init; } = () => [];

    /// <summary>At most so many steps between two questions whether a checkpoint is due.</summary>
    public int StepsAtOnce { get; init; } = 50;

    /// <summary>Trains.</summary>
    /// <param name="start">The joint strategy to begin with.</param>
    /// <param name="steps">The learner's steps.</param>
    /// <param name="context">Takes metrics and checkpoints.</param>
    /// <param name="cancellation">Ends the training between two steps; it is saved first.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Run Train(double[] start, int steps, ExperimentContext context, CancellationToken cancellation)
    {
        var learning = Begin(start, context, out var begun);
        if (begun == 0 && LookAt.Contains(0))
        {
            context.Metric(run, 0, Look(0, [.. learning.X]));
        }

        while (!learning.IsFinished)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save(context, learning);
                throw new OperationCanceledException(cancellation);
            }

            // A step whose metrics are wanted is made alone.
            var next = learning.Steps + 1;
            if (next % MetricsEvery == 0 || LookAt.Contains(next))
            {
                Measured(learning, context);
            }
            else
            {
                learning.Advance(Math.Min(StepsAtOnce, StepsToNextStop(next, steps)));
            }

            context.Report(run, learning.Steps / (double)steps);
            if (!learning.IsFinished && context.IsCheckpointDue)
            {
                Save(context, learning);
            }
        }

        return learning.Finish();
    }

    private Learning Begin(double[] start, ExperimentContext context, out int begun)
    {
        if (context.Resumed is not { } checkpoint || checkpoint.Run != run)
        {
            begun = 0;
            return learner.Start(gan.Game, start);
        }

        var learning = learner.Resume(gan.Game, checkpoint.State);
        begun = learning.Steps;
        return learning;
    }

    private void Measured(Learning learning, ExperimentContext context)
    {
        var gauge = new GanGauge(gan, seed, learning.X, learning.NextDraw);
        LetGo();
        var before = learning.Steps;
        learning.Advance(1);
        if (learning.Steps == before)
        {
            return;
        }

        var norms = gauge.After(learning.Direction);
        (string, double)[] found = LookAt.Contains(learning.Steps)
            ? Look(learning.Steps, [.. learning.X])
            : [];
        LetGo();
        context.Metric(
            run,
            learning.Steps,
            [
                .. found,
                ("generatorCost", norms.GeneratorCost),
                ("discriminatorCost", norms.DiscriminatorCost),
                ("D1f1", norms.Generator),
                ("D2f2", norms.Discriminator),
                ("correction", norms.Correction),
                ("leader", norms.Leader),
            ]
        );
    }

    // What a DCGAN was measured with is a gigabyte, which the collector would leave until memory is short.
    private void LetGo()
    {
        if (gan.Game.Dimension >= largeDimension)
        {
            GC.Collect();
        }
    }

    private void Save(ExperimentContext context, Learning learning) =>
        context.Checkpoint(run, learning.Save(), Added());

    // So many steps can be made before the next one that is measured.
    private int StepsToNextStop(int next, int steps)
    {
        var measured = (next + MetricsEvery - 1) / MetricsEvery * MetricsEvery;
        var looked = LookAt.FirstOrDefault(step => step >= next, steps);
        return Math.Max(1, Math.Min(Math.Min(measured, looked), steps) - next);
    }
}
