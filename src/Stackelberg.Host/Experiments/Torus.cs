using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>Two players choose places on a circle; player 1 leads.</summary>
internal sealed class Torus : Experiment
{
    // The published noise is so long.
    private const int publishedSteps = 50;

    // The runs stop at so short an update; the published code gives up after so many.
    private const double shortUpdate = 1e-5;
    private const int patienceSimultaneous = 50_000;
    private const int patienceStackelberg = 10_000;

    /// <inheritdoc/>
    public override string Name => "torus";

    /// <inheritdoc/>
    public override string Title => "Location game on the torus: two players choose places on a circle";

    /// <inheritdoc/>
    public override string Source =>
        "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217), section 4.2";

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings { get; } =
    [
        new(
            "alpha",
            "1,1.3",
            SettingType.Pair(SettingType.Number),
            "how much each player wants to be near its own place",
            SettingKind.Changes
        ),
        new(
            "phi",
            "0.39269908169872414,0.39269908169872414",
            SettingType.Pair(SettingType.Number),
            "each player's own place, an angle",
            SettingKind.Changes
        )
        {
            Unit = "radians",
        },
        new("steps", "50", Inputs.Steps, "updates of the noisy runs", SettingKind.Changes),
        new(
            "noise",
            Inputs.Published,
            Inputs.Noise,
            "published, or the standard deviation of the noise on the gradients",
            SettingKind.Changes
        ),
    ];

    /// <inheritdoc/>
    public override SettingKind SeedKind => SettingKind.Neutral;

    /// <inheritdoc/>
    public override string? WhySeedIsUnused(SettingValues settings) => settings.WhyNoiseIsGiven();

    /// <inheritdoc/>
    public override void Validate(SettingValues settings) => settings.ValidateNoise(publishedSteps);

    /// <inheritdoc/>
    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        var plane = new PlaneGame(Create(context.GetDoubles("alpha"), context.GetDoubles("phi")));
        context.Report("equilibria", 0);
        var critical = new Dictionary<PlaneRule, Report[]>();
        foreach (var rule in PlaneRule.Both)
        {
            var list = rule == PlaneRule.Simultaneous ? "omega" : "omegaS";
            critical[rule] = plane
                .Game.FindAll(
                    rule.Concept,
                    [-Math.PI, -Math.PI],
                    [Math.PI, Math.PI],
                    cancellation: cancellation
                )
                .Points;
            CriticalPoints.Found(context, $"equilibria/{list}", critical[rule]);
            Printed(context, rule, critical[rule]);
        }

        var starts = PublishedData.Starts(Name);
        var noisy = new Dictionary<PlaneRule, PlanePath[]>();
        foreach (var rule in PlaneRule.Both)
        {
            var stage = $"runs, {rule.Title}";
            context.Report(stage, 0);
            noisy[rule] =
            [
                .. starts.Select(start => Noisy(context, plane, rule, start.Key, start.X, cancellation)),
            ];
            foreach (var (index, (seed, start)) in starts.Index())
            {
                Noiseless(context, plane, rule, seed, start, cancellation);
                Constant(context, plane, rule, seed, start, cancellation);
                context.Report(stage, (index + 1.0) / starts.Length);
            }
        }

        context.Report("figures", 0);
        Draw(context, plane, noisy, critical);
    }

    /// <summary>The game.</summary>
    /// <param name="alpha">How much each player wants to be near its own place.</param>
    /// <param name="phi">Each player's own place, an angle.</param>
    public static Game Create(double[] alpha, double[] phi)
    {
        Player player1 = PlayerModule.Angle("θ1"),
            player2 = PlayerModule.Angle("θ2");
        return Stackelberg.Game.Of(
            "torus",
            new Seat(
                player1,
                0,
                q => -alpha[0] * Tensor.Cos(q[player1] - phi[0]) + Tensor.Cos(q[player1] - q[player2])
            ),
            new Seat(
                player2,
                1,
                q => -alpha[1] * Tensor.Cos(q[player2] - phi[1]) + Tensor.Cos(q[player2] - q[player1])
            )
        );
    }

    // The paper prints the two equilibria of each rule, the one with the smaller angle of the leader first.
    private static void Printed(ExperimentContext context, PlaneRule rule, Report[] reports)
    {
        var (name, equilibria) = Stable(rule, reports);
        foreach (var (index, report) in equilibria.Index())
        {
            var point = report.Point.ToArray();
            for (var k = 0; k < 2; k++)
            {
                context.Found($"paper/{name}/{index}/x{k + 1}", point[k]);
                context.Found($"paper/{name}/{index}/f{k + 1}", report.Costs[k]);
            }
        }
    }

    private static (string Name, Report[] Equilibria) Stable(PlaneRule rule, Report[] reports) =>
        rule == PlaneRule.Simultaneous
            ? ("nash", [.. reports.Where(report => report.IsDifferentialNash == Verdict.Yes)])
            : ("stackelberg", [.. reports.Where(report => report.IsDifferentialStackelberg == Verdict.Yes)]);

    /// <summary>A rule with the rates and the end of the published code.</summary>
    /// <param name="rule">The rule.</param>
    public static Learner Published(PlaneRule rule)
    {
        var root = RateModule.PublishedPower(0.5);
        var leader = rule == PlaneRule.Simultaneous ? root : RateModule.harmonicFromZero;
        return rule.Learner().WithRates(leader, root).WithStop(Stop.NewUpdateBelow(shortUpdate));
    }

    private PlanePath Noisy(
        ExperimentContext context,
        PlaneGame plane,
        PlaneRule rule,
        int seed,
        double[] start,
        CancellationToken cancellation
    )
    {
        var learner = Published(rule).WithSteps(context.GetInt("steps"));
        if (context.GetNoise() is { } deviation)
        {
            learner = learner.WithGaussianNoise(deviation).WithSeed(context.Seed + (ulong)seed);
        }
        else
        {
            var draws = PublishedData.Read(Name, "noise.csv").RowsOf(seed);
            learner = learner.WithNoise(Noise.NewGiven([.. draws.Select(draw => draw[1..])]));
        }

        var name = $"run/{rule.Key}/seed{seed}/noisy";
        var path = plane.Play(context, name["run/".Length..], learner, start, cancellation);
        path.Found(context, name, 1, 2, 3, 10, 49, 50);
        Costs(context, plane, $"{name}/cost49", path, 49);
        return path;
    }

    private static void Noiseless(
        ExperimentContext context,
        PlaneGame plane,
        PlaneRule rule,
        int seed,
        double[] start,
        CancellationToken cancellation
    )
    {
        var name = $"run/{rule.Key}/seed{seed}/noiseless";
        var patience = rule == PlaneRule.Simultaneous ? patienceSimultaneous : patienceStackelberg;
        var path = plane.Play(
            context,
            name["run/".Length..],
            Published(rule).WithSteps(patience),
            start,
            cancellation
        );
        path.Found(context, name, 1, 2, 3, 10, 49, 50, 1000);
        context.Found($"{name}/updates", path.Length - 1);
        context.Found($"{name}/last/1", path.End.X1);
        context.Found($"{name}/last/2", path.End.X2);
        Costs(context, plane, $"{name}/cost49", path, 49);
        Costs(context, plane, $"{name}/costLast", path, path.Length - 1);
        var distances = plane.DistancesToLimit(context, name, rule.Concept, path, Turned);
        context.Found($"{name}/distanceLast", distances[^1]);
        Settling.Found(context, name, distances, "0.1", "0.01", "0.001");
    }

    private static void Constant(
        ExperimentContext context,
        PlaneGame plane,
        PlaneRule rule,
        int seed,
        double[] start,
        CancellationToken cancellation
    )
    {
        var name = $"run/{rule.Key}/seed{seed}/constant";
        var learner = rule.Learner().WithRates(RateModule.Constant(0.05)).WithSteps(2000);
        var path = plane.Play(context, name["run/".Length..], learner, start, cancellation);
        path.Found(context, name, 10, 100);
        context.Found($"{name}/end/1", path.End.X1);
        context.Found($"{name}/end/2", path.End.X2);
        Settling.Found(
            context,
            name,
            plane.DistancesToLimit(context, name, rule.Concept, path, Turned),
            "1e-6"
        );
    }

    private static void Costs(
        ExperimentContext context,
        PlaneGame plane,
        string name,
        PlanePath path,
        int step
    )
    {
        if (step < path.Length)
        {
            var costs = plane.Game.Costs(path.X1[step], path.X2[step]);
            context.Found($"{name}/1", costs[0]);
            context.Found($"{name}/2", costs[1]);
        }
    }

    // The difference of two angles, the short way round.
    private static double Turned(double a, double b) => Math.IEEERemainder(a - b, 2 * Math.PI);

    private static void Draw(
        ExperimentContext context,
        PlaneGame plane,
        Dictionary<PlaneRule, PlanePath[]> paths,
        Dictionary<PlaneRule, Report[]> critical
    )
    {
        var portraits = PlaneRule.Both.Select(rule =>
        {
            var field = plane.Field(rule);
            // Df1 has a pole where D22f2 = 0; times D22f2 it has none, and the same zeros.
            Func<double, double, double> leader =
                rule == PlaneRule.Simultaneous
                    ? (x1, x2) => field(x1, x2).G1
                    : (x1, x2) => field(x1, x2).G1 * plane.FollowerCurvature(x1, x2);
            return new TorusFigures.Portrait(
                rule.Title,
                Sample(leader),
                Sample((x1, x2) => field(x1, x2).G2),
                paths[rule],
                [.. Stable(rule, critical[rule]).Equilibria.Select(Point)]
            );
        });
        context.Figure("paths", TorusFigures.Plane([.. portraits]));

        var (simultaneous, leading) = (paths[PlaneRule.Simultaneous][0], paths[PlaneRule.Stackelberg][0]);
        var nash = plane.Limit(Concept.Nash, simultaneous) ?? simultaneous.End;
        var stackelberg = plane.Limit(Concept.Stackelberg, leading) ?? leading.End;
        context.Figure("choices", TorusFigures.History("Choice", leading, simultaneous, stackelberg, nash));
        var costs = TorusFigures.History(
            "Cost",
            plane.Costs(leading),
            plane.Costs(simultaneous),
            plane.Costs(At(stackelberg)).End,
            plane.Costs(At(nash)).End
        );
        context.Figure("costs", costs);

        static Grid Sample(Func<double, double, double> function) =>
            Grid.Sample(-Math.PI, Math.PI, 201, -Math.PI, Math.PI, 201, function);
        static (double, double) Point(Report report) =>
            (report.Point.ToArray()[0], report.Point.ToArray()[1]);
        static PlanePath At((double X1, double X2) point) => new([point.X1], [point.X2]);
    }
}
