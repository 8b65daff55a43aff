using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>A zero-sum game in which only some attractors are Nash points.</summary>
internal sealed class Polynomial : Experiment
{
    // The published runs end here; some need more until they have come to rest.
    private const int publishedSteps = 9999;

    // The published figures show this square; the critical points are looked for in the larger one.
    private const double shown = 15;
    private const double searched = 16;

    /// <inheritdoc/>
    public override string Name => "polynomial";

    /// <inheritdoc/>
    public override string Title => "Polynomial zero-sum game: four attractors, two of them no Nash points";

    /// <inheritdoc/>
    public override string Source =>
        "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217), Example 1";

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings { get; } =
    [
        new(
            "a",
            "0.15",
            SettingType.Number,
            "the coefficient of x1² in the first polynomial",
            SettingKind.Changes
        ),
        new("b", "0.25", SettingType.Number, "the coefficient of x2² in the second", SettingKind.Changes),
        new("rate", "0.0025", SettingType.Above(0), "both rates of simultaneous play", SettingKind.Changes),
        new(
            "rates",
            "0.00025,0.025",
            SettingType.Pair(SettingType.Above(0)),
            "the leader's and the follower's rate of Stackelberg play",
            SettingKind.Changes
        ),
        new(
            "steps",
            "36000",
            Inputs.Steps,
            "updates of each run; the published runs have 9999",
            SettingKind.Changes
        ),
    ];

    /// <inheritdoc/>
    public override SettingKind SeedKind => SettingKind.Neutral;

    /// <inheritdoc/>
    public override string? WhySeedIsUnused(SettingValues settings) =>
        "the experiment draws nothing at random";

    /// <inheritdoc/>
    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        double a = context.GetDouble("a"),
            b = context.GetDouble("b");
        var plane = new PlaneGame(Create(a, b));
        context.Report("critical points", 0);
        var critical = Critical(context, plane, "a0.15", cancellation);
        Critical(context, new PlaneGame(Create(0.3, 0.5)), "a0.3", cancellation);
        Published(context, critical);

        var starts = PublishedData.Starts(Name);
        var paths = PlaneRule.Both.ToDictionary(rule => rule, _ => new List<PlanePath>());
        foreach (var (index, start) in starts)
        {
            context.Report("runs", (double)index / starts.Length);
            foreach (var rule in PlaneRule.Both)
            {
                paths[rule].Add(Play(context, plane, rule, index, start, critical, cancellation));
            }
        }

        context.Report("figure", 0);
        Draw(context, plane, paths, critical);
    }

    private static Game Create(double a, double b) =>
        Stackelberg.Game.ZeroSum(
            "polynomial",
            (x1, x2) =>
            {
                var (u, v) = (a * x1 * x1 + x2, b * x2 * x2 + x1);
                return -(Tensor.Exp(-0.01 * (x1 * x1 + x2 * x2)) * (u * u + v * v));
            }
        );

    private static Report[] Critical(
        ExperimentContext context,
        PlaneGame plane,
        string prefix,
        CancellationToken cancellation
    )
    {
        var omega = plane
            .Game.FindAll(
                Concept.Nash,
                [-searched, -searched],
                [searched, searched],
                cancellation: cancellation
            )
            .Points;
        var omegaS = plane
            .Game.FindAll(
                Concept.Stackelberg,
                [-searched, -searched],
                [searched, searched],
                cancellation: cancellation
            )
            .Points;
        CriticalPoints.Found(context, $"{prefix}/omega", omega);
        CriticalPoints.Found(context, $"{prefix}/omegaS", omegaS);
        return omegaS;
    }

    // The notebook marks the Stackelberg points, in two colours.
    private static void Published(ExperimentContext context, Report[] critical)
    {
        foreach (var (name, isNash) in new[] { ("dseNotDne", false), ("dseAndDne", true) })
        {
            foreach (var (index, (x1, x2)) in Equilibria(critical, isNash).Index())
            {
                context.Found($"published/{name}/{index}/x1", x1);
                context.Found($"published/{name}/{index}/x2", x2);
            }
        }
    }

    private static (double X1, double X2)[] Equilibria(Report[] critical, bool isNash) =>
        [
            .. critical
                .Where(report => report.IsDifferentialStackelberg == Verdict.Yes)
                .Where(report => report.IsDifferentialNash == Verdict.Yes == isNash)
                .Select(report => (report.Point.ToArray()[0], report.Point.ToArray()[1])),
        ];

    private static PlanePath Play(
        ExperimentContext context,
        PlaneGame plane,
        PlaneRule rule,
        int index,
        double[] start,
        Report[] critical,
        CancellationToken cancellation
    )
    {
        var name = $"run/{rule.Key}/start{index}";
        double[] rates =
            rule == PlaneRule.Simultaneous
                ? [context.GetDouble("rate"), context.GetDouble("rate")]
                : context.GetDoubles("rates");
        var learner = rule.Learner()
            .WithRates([.. rates.Select(RateModule.Constant)])
            .WithSteps(context.GetInt("steps"));
        var path = plane.Play(context, name["run/".Length..], learner, start, cancellation);
        path.Found(context, name, 10, 100, 1000, 5000, publishedSteps);
        var distances = plane.DistancesToLimit(context, name, rule.Concept, path);
        if (plane.Limit(rule.Concept, path) is { } limit)
        {
            context.Found(
                $"{name}/attractor",
                Array.FindIndex(critical, report => Math.Abs(report.Point.ToArray()[0] - limit.X1) < 1e-6)
            );
        }

        if (path.Length > publishedSteps)
        {
            context.Found($"{name}/distance9999", distances[publishedSteps]);
        }

        Settling.Found(context, name, distances, "1e-1", "1e-2", "1e-3", "1e-6");
        return path.First(publishedSteps + 1);
    }

    private static void Draw(
        ExperimentContext context,
        PlaneGame plane,
        Dictionary<PlaneRule, List<PlanePath>> paths,
        Report[] critical
    )
    {
        var cost = Grid.Sample(
            -shown,
            shown,
            241,
            -shown,
            shown,
            241,
            (x1, x2) => plane.Game.Costs(x1, x2)[0]
        );
        var figure = PolynomialFigures.Plane(
            cost,
            paths[PlaneRule.Simultaneous],
            paths[PlaneRule.Stackelberg],
            Equilibria(critical, false),
            Equilibria(critical, true)
        );
        context.Figure("paths", figure);
    }
}
