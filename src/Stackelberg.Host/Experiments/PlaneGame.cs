using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>A game of two scalars with what its figures and checks ask of it.</summary>
/// <param name="game">The game.</param>
internal sealed class PlaneGame(Game game)
{
    // A run leaves about so many rows in metrics.csv; all its points are in trajectory.npz.
    private const int rowsOfMetrics = 100;

    /// <summary>The game.</summary>
    public Game Game => game;

    /// <summary>A field, compiled once; the function that is returned is for one thread.</summary>
    /// <param name="rule">Whose field.</param>
    public Func<double, double, (double G1, double G2)> Field(PlaneRule rule)
    {
        var run = new FieldRun(FieldProgram.OfConjecture(rule.Conjecture, game));
        double[] x = new double[2],
            g = new double[2];
        return (x1, x2) =>
        {
            (x[0], x[1]) = (x1, x2);
            run.Evaluate(x, g);
            return (g[0], g[1]);
        };
    }

    /// <summary>D22f2, the follower's second derivative.</summary>
    /// <param name="x1">The leader's choice.</param>
    /// <param name="x2">The follower's choice.</param>
    public double FollowerCurvature(double x1, double x2) => game.J(x1, x2)[1, 1];

    /// <summary>Both costs along a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="sign">−1 turns costs into profits.</param>
    public PlanePath Costs(PlanePath path, double sign = 1)
    {
        var costs = path.X1.Zip(path.X2, (x1, x2) => game.Costs(x1, x2)).ToArray();
        return new([.. costs.Select(cost => sign * cost[0])], [.. costs.Select(cost => sign * cost[1])]);
    }

    /// <summary>Lets a learner play, and hands the run's path and ending to the experiment.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="name">The run's name.</param>
    /// <param name="learner">The learner; it should record every step.</param>
    /// <param name="start">The start.</param>
    /// <param name="cancellation">Ends the run early.</param>
    public PlanePath Play(
        ExperimentContext context,
        string name,
        Learner learner,
        double[] start,
        CancellationToken cancellation
    )
    {
        var run = learner.Run(game, start, cancellation);
        cancellation.ThrowIfCancellationRequested();
        context.NoteWarnings(run);
        var path = new PlanePath(
            [.. run.Trajectory.Select(point => point[0])],
            [.. run.Trajectory.Select(point => point[1])]
        );
        context.Series(name, [.. run.Trajectory.SelectMany(point => point)], 2);
        for (var step = 0; step < path.Length; step += Math.Max(1, path.Length / rowsOfMetrics))
        {
            var costs = game.Costs(run.Trajectory[step]);
            (string, double)[] values =
            [
                ("x1", path.X1[step]),
                ("x2", path.X2[step]),
                ("f1", costs[0]),
                ("f2", costs[1]),
            ];
            context.Metric(name, step, values);
        }

        context.Outcome(
            name,
            run.Rule,
            run.Outcome.Words,
            !run.Outcome.HasFailed,
            run.Steps,
            run.Final.ToArray(),
            run.Costs
        );
        return path;
    }

    /// <summary>The critical point near the end of a path; null if Newton finds none from there.</summary>
    /// <param name="concept">Of which field.</param>
    /// <param name="path">The path.</param>
    public (double X1, double X2)? Limit(Concept concept, PlanePath path)
    {
        if (!game.TryFind(concept, [path.End.X1, path.End.X2], out var report, out _))
        {
            return null;
        }

        var point = report.Point.ToArray();
        return (point[0], point[1]);
    }

    /// <summary>The distances of a path's points from its limit; from its end, with a note, if it has none.</summary>
    /// <param name="context">The experiment's context.</param>
    /// <param name="name">The run's name.</param>
    /// <param name="concept">Of which field the limit is a critical point.</param>
    /// <param name="path">The path.</param>
    /// <param name="difference">The difference of two coordinates; plain subtraction if not given.</param>
    public double[] DistancesToLimit(
        ExperimentContext context,
        string name,
        Concept concept,
        PlanePath path,
        Func<double, double, double>? difference = null
    )
    {
        var limit = Limit(concept, path);
        if (limit is null)
        {
            context.Note($"{name}: no critical point near the end; distances are taken from the end itself.");
        }

        return path.Distances(limit ?? path.End, difference);
    }
}
