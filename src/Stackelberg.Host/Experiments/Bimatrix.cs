using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>A 2×2 matrix game with softmax policies.</summary>
internal sealed class Bimatrix : Experiment
{
    // The published runs end here; simultaneous play needs more until it has come to rest.
    private const int publishedSteps = 9999;

    // The figures show this square, the critical points are looked for in the larger one.
    private const double shown = 2;
    private const double searched = 4;

    // The published grid has 1024 cells a side; a figure needs fewer.
    private const int mostCells = 8192;
    private const int drawnCells = 256;
    private const int drawnArrows = 24;

    /// <inheritdoc/>
    public override string Name => "bimatrix";

    /// <inheritdoc/>
    public override string Title =>
        "Bimatrix games with softmax policies: where both rules lead, and how straight";

    /// <inheritdoc/>
    public override string Source =>
        "Fiez, Chasnov, Ratliff, Implicit Learning Dynamics in Stackelberg Games, bimatrix-games.ipynb";

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings { get; } =
    [
        new(
            "shift",
            "1,0",
            SettingType.SomeOf("1", "0"),
            "the games: b in softmax(T x + b, −T x − b)",
            SettingKind.Selects
        ),
        new(
            "ratio",
            "1,10",
            SettingType.SomeOf("1", "10"),
            "the follower's rate over the leader's",
            SettingKind.Selects
        ),
        new("temperature", "2.5", SettingType.Above(0), "T", SettingKind.Changes),
        new(
            "penalty",
            "0.1",
            SettingType.Above(0),
            "ℓ in the term ℓ/2 x_i² of each cost",
            SettingKind.Changes
        ),
        new("rate", "0.02", SettingType.Above(0), "the leader's rate", SettingKind.Changes),
        new(
            "steps",
            "16500",
            Inputs.Steps,
            "updates of each run; the published runs have 9999",
            SettingKind.Changes
        ),
        new(
            "cells",
            "1024",
            SettingType.Whole(1, mostCells),
            "cells on each side of the grid of update lengths",
            SettingKind.Changes
        ),
    ];

    /// <inheritdoc/>
    public override SettingKind SeedKind => SettingKind.Neutral;

    /// <inheritdoc/>
    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        var ratios = context.GetInts("ratio");
        foreach (var shift in context.GetInts("shift"))
        {
            var prefix = $"shift{shift}";
            var policy = new Policy(context.GetDouble("temperature"), shift);
            var plane = new PlaneGame(Create(policy, context.GetDouble("penalty")));
            var points = new Dictionary<PlaneRule, (double X1, double X2)>();
            foreach (var (rule, list) in PlaneRule.Both.Zip(["omega", "omegaS"]))
            {
                context.Report($"{prefix}, critical points", 0);
                context.Part($"{prefix}/{list}");
                var found = plane
                    .Game.FindAll(
                        rule.Concept,
                        [-searched, -searched],
                        [searched, searched],
                        cancellation: cancellation
                    )
                    .Points;
                CriticalPoints.Found(context, $"{prefix}/{list}", found);
                points[rule] = Only(found);
            }

            var portraits = new List<BimatrixFigures.Portrait>();
            foreach (var rule in PlaneRule.Both)
            {
                context.Report($"{prefix}, {rule.Title}", portraits.Count / (2.0 * ratios.Length));
                Lengths(context, plane, rule, prefix, ratios, cancellation);
                foreach (var ratio in ratios)
                {
                    var paths = Play(context, plane, policy, rule, prefix, ratio, points[rule], cancellation);
                    portraits.Add(Portray(plane, rule, ratio, context.GetDouble("rate"), paths));
                }
            }

            var figure = BimatrixFigures.Plane(
                portraits,
                ratios.Length,
                points[PlaneRule.Simultaneous],
                points[PlaneRule.Stackelberg]
            );
            context.Figure(prefix, figure);
        }
    }

    /// <summary>How a number becomes the probability of the first action.</summary>
    private sealed record Policy(double Temperature, double Shift)
    {
        // softmax(T x + b, −T x − b)[0]
        public Tensor First(Tensor x) => 1 / (1 + Tensor.Exp(-2 * (Temperature * x + Shift)));

        public double First(double x) => First(Tensor.Scalar(x)).ToDouble();
    }

    private static Game Create(Policy policy, double penalty)
    {
        double[,] costs1 =
            {
                { 1, 0 },
                { 0, 1 },
            },
            costs2 =
            {
                { 0.5, 1 },
                { 1, 0.5 },
            };
        return Stackelberg.Game.TwoPlayer(
            "bimatrix",
            (x1, x2) => Expected(costs1, x1, x2) + penalty / 2 * x1 * x1,
            (x1, x2) => Expected(costs2, x1, x2) + penalty / 2 * x2 * x2
        );

        Tensor Expected(double[,] costs, Tensor x1, Tensor x2)
        {
            var (p, q) = (policy.First(x1), policy.First(x2));
            return costs[0, 0] * p * q
                + costs[0, 1] * p * (1 - q)
                + costs[1, 0] * (1 - p) * q
                + costs[1, 1] * (1 - p) * (1 - q);
        }
    }

    private static (double X1, double X2) Only(Report[] reports)
    {
        if (reports.Length == 0)
        {
            throw new UserInputException(
                $"With these settings the game has no critical point in [−{searched}, {searched}]²; raise penalty."
            );
        }

        var point = reports[0].Point.ToArray();
        return (point[0], point[1]);
    }

    private PlanePath[] Play(
        ExperimentContext context,
        PlaneGame plane,
        Policy policy,
        PlaneRule rule,
        string prefix,
        int ratio,
        (double X1, double X2) limit,
        CancellationToken cancellation
    )
    {
        var rate = context.GetDouble("rate");
        var learner = rule.Learner()
            .WithRates(RateModule.Constant(rate), RateModule.Constant(ratio * rate))
            .WithSteps(context.GetInt("steps"));
        context.Part($"{prefix}/run/{rule.Key}/ratio{ratio}");
        context.Part($"{prefix}/published/{rule.Key}/ratio{ratio}");
        var paths = new List<PlanePath>();
        foreach (var (index, start) in PublishedData.Starts(Name))
        {
            var tail = $"{rule.Key}/ratio{ratio}/start{index}";
            var path = plane.Play(context, $"{prefix}/{tail}", learner, start, cancellation);
            Found(context, prefix, tail, policy, path, limit);
            paths.Add(path.First(publishedSteps + 1));
        }

        return [.. paths];
    }

    private static void Found(
        ExperimentContext context,
        string prefix,
        string tail,
        Policy policy,
        PlanePath path,
        (double X1, double X2) limit
    )
    {
        var name = $"{prefix}/run/{tail}";
        path.Found(context, name, 1, 10, 100, 1000, publishedSteps);
        if (path.Length > publishedSteps)
        {
            double x1 = path.X1[publishedSteps],
                x2 = path.X2[publishedSteps];
            context.Found($"{name}/policy9999/1", policy.First(x1));
            context.Found($"{name}/policy9999/2", policy.First(x2));
            context.Found($"{prefix}/published/{tail}/end/1", x1);
            context.Found($"{prefix}/published/{tail}/end/2", x2);
        }

        Settling.Found(context, name, path.Distances(limit), "1e-2", "1e-4", "1e-6");
    }

    // The shortest and the longest update on the published grid, which holds the centres of even cells.
    private static void Lengths(
        ExperimentContext context,
        PlaneGame plane,
        PlaneRule rule,
        string prefix,
        int[] ratios,
        CancellationToken cancellation
    )
    {
        var rate = context.GetDouble("rate");
        var cells = context.GetInt("cells");
        var (least, most) = (new double[cells, ratios.Length], new double[cells, ratios.Length]);
        Parallel.For(
            0,
            cells,
            new ParallelOptions { CancellationToken = cancellation },
            () => plane.Field(rule),
            (row, _, field) =>
            {
                for (var column = 0; column < cells; column++)
                {
                    var g = field(Centre(column, cells), Centre(row, cells));
                    for (var r = 0; r < ratios.Length; r++)
                    {
                        var length = Length(g, rate, ratios[r]);
                        least[row, r] = column == 0 ? length : Math.Min(least[row, r], length);
                        most[row, r] = Math.Max(most[row, r], length);
                    }
                }

                return field;
            },
            _ => { }
        );
        var rows = Enumerable.Range(0, cells).ToArray();
        foreach (var (r, ratio) in ratios.Index())
        {
            var name = $"{prefix}/grid/{rule.Key}/ratio{ratio}";
            context.Part(name);
            context.Found($"{name}/min", rows.Min(row => least[row, r]));
            context.Found($"{name}/max", rows.Max(row => most[row, r]));
        }
    }

    private static BimatrixFigures.Portrait Portray(
        PlaneGame plane,
        PlaneRule rule,
        int ratio,
        double rate,
        PlanePath[] paths
    )
    {
        var field = plane.Field(rule);
        var edge = Centre(drawnCells - 1, drawnCells);
        var lengths = Grid.Sample(
            -edge,
            edge,
            drawnCells,
            -edge,
            edge,
            drawnCells,
            (x1, x2) => Length(field(x1, x2), rate, ratio)
        );
        var arrows =
            from row in Enumerable.Range(0, drawnArrows)
            from column in Enumerable.Range(0, drawnArrows)
            let x1 = Centre(column, drawnArrows)
            let x2 = Centre(row, drawnArrows)
            let g = field(x1, x2)
            select (X1: x1, X2: x2, U1: -g.G1, U2: -ratio * g.G2);
        var all = arrows.ToArray();
        return new(
            $"{rule.Title}, rates 1 : {ratio}",
            lengths,
            (
                [.. all.Select(arrow => arrow.X1)],
                [.. all.Select(arrow => arrow.X2)],
                [.. all.Select(arrow => arrow.U1)],
                [.. all.Select(arrow => arrow.U2)]
            ),
            paths
        );
    }

    private static double Centre(int cell, int cells) => shown * (2 * cell + 1 - cells) / cells;

    private static double Length((double G1, double G2) g, double rate, int ratio) =>
        rate * Math.Sqrt(g.G1 * g.G1 + ratio * ratio * g.G2 * g.G2);
}
