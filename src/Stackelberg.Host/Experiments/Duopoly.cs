using System.Globalization;
using Stackelberg.Figures;

namespace Stackelberg.Experiments;

/// <summary>Two firms choose quantities; firm 1 leads.</summary>
internal sealed class Duopoly : Experiment
{
    // The published noise is so long.
    private const int publishedSteps = 100;

    // The runs stop at so short an update; the published code gives up after so many.
    private const double shortUpdate = 1e-6;
    private const int patience = 50_000;

    // A quantity below this share of the demand is lost beside the box that is searched.
    private const double leastShare = 1e-6;

    /// <inheritdoc/>
    public override string Name => "duopoly";

    /// <inheritdoc/>
    public override string Title =>
        "Stackelberg duopoly: production and profit of two firms, one of which leads";

    /// <inheritdoc/>
    public override string Source =>
        "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217), section 4.1";

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings { get; } =
    [
        new("demand", "100", SettingType.Above(0), "the price at which nothing is sold", SettingKind.Changes),
        new("cost1", "5", SettingType.AtLeast(0), "what a unit costs firm 1", SettingKind.Changes),
        new("cost2", "2", SettingType.AtLeast(0), "what a unit costs firm 2", SettingKind.Changes),
        new("steps", "99", Inputs.Steps, "updates of the noisy runs", SettingKind.Changes),
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
    public override IReadOnlyList<string> Headlines => ["noisy/profit99/1", "noisy/profit99/2"];

    /// <inheritdoc/>
    public override void Validate(SettingValues settings)
    {
        settings.ValidateNoise(publishedSteps);
        double a = settings.Double("demand"),
            c1 = settings.Double("cost1"),
            c2 = settings.Double("cost2");
        // The least of the quantities at both equilibria: a firm that produces nothing plays no game.
        foreach (
            var (key, cost, quantity) in new[]
            {
                ("cost1", c1, a + c2 - 2 * c1),
                ("cost2", c2, Math.Min(a + c1 - 2 * c2, a + 2 * c1 - 3 * c2)),
            }
        )
        {
            if (!(quantity > leastShare * a && double.IsFinite(quantity)))
            {
                throw new UserInputException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The setting {key} is {cost}, but with demand={a} the firm would produce nothing; a cost well below the demand is needed, for instance {key}={settings.Default(key)}."
                    )
                );
            }
        }
    }

    /// <inheritdoc/>
    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        double a = context.GetDouble("demand"),
            c1 = context.GetDouble("cost1"),
            c2 = context.GetDouble("cost2");
        var plane = new PlaneGame(
            Stackelberg.Game.TwoPlayer(
                Name,
                (q1, q2) => -(a - q1 - q2 - c1) * q1,
                (q1, q2) => -(a - q1 - q2 - c2) * q2
            )
        );
        context.Report("equilibria", 0);
        var nash = plane.Game.FindAll(Concept.Nash, [0, 0], [a, a], cancellation: cancellation).Points;
        var stackelberg = plane
            .Game.FindAll(Concept.Stackelberg, [0, 0], [a, a], cancellation: cancellation)
            .Points;
        CriticalPoints.Found(context, "equilibria/omega", nash);
        CriticalPoints.Found(context, "equilibria/omegaS", stackelberg);
        ClosedForms(context, plane.Game, a, c1, c2);

        context.Report("runs", 0);
        var paths = PlaneRule.Both.ToDictionary(
            rule => rule,
            rule => Noisy(context, plane, rule, cancellation)
        );
        foreach (var (index, rule) in PlaneRule.Both.Index())
        {
            Noiseless(context, plane, rule, cancellation);
            Constant(context, plane, rule, cancellation);
            context.Report("runs", (index + 1.0) / PlaneRule.Both.Length);
        }

        context.Report("figures", 0);
        Draw(context, plane, paths, Point(nash), Point(stackelberg), a);
    }

    private static void ClosedForms(ExperimentContext context, Game game, double a, double c1, double c2)
    {
        var points = new[]
        {
            ("nash", new[] { (a + c2 - 2 * c1) / 3, (a + c1 - 2 * c2) / 3 }),
            ("stackelberg", new[] { (a + c2 - 2 * c1) / 2, (a + 2 * c1 - 3 * c2) / 4 }),
        };
        foreach (var (name, q) in points)
        {
            var costs = game.Costs(q);
            context.Found($"closed/{name}/q1", q[0]);
            context.Found($"closed/{name}/q2", q[1]);
            context.Found($"closed/{name}/price", a - q[0] - q[1]);
            context.Found($"closed/{name}/profit1", -costs[0]);
            context.Found($"closed/{name}/profit2", -costs[1]);
        }
    }

    private static Learner Published(PlaneRule rule) =>
        rule.Learner()
            .WithRates(
                RateModule.harmonicFromZero,
                rule == PlaneRule.Simultaneous
                    ? RateModule.harmonicFromZero
                    : RateModule.PublishedPower(2.0 / 3)
            )
            .WithStop(Stop.NewUpdateBelow(shortUpdate));

    private PlanePath Noisy(
        ExperimentContext context,
        PlaneGame plane,
        PlaneRule rule,
        CancellationToken cancellation
    )
    {
        var learner = Published(rule).WithSteps(context.GetInt("steps"));
        if (context.GetNoise() is { } deviation)
        {
            learner = learner.WithGaussianNoise(deviation).WithSeed(context.Seed);
        }
        else
        {
            // The published code ascends the profits, so that its noise has the other sign here.
            var noise = PublishedData.Read(Name, "noise.csv");
            double[][] draws =
            [
                .. noise.Numbers("noise1").Zip(noise.Numbers("noise2"), (n1, n2) => new[] { -n1, -n2 }),
            ];
            learner = learner.WithNoise(Noise.NewGiven(draws));
        }

        var path = plane.Play(context, $"{rule.Key}/noisy", learner, Start(), cancellation);
        path.Found(context, $"run/{rule.Key}/noisy", 1, 2, 3, 4, 5, 10, 50, 99);
        if (path.Length > 99)
        {
            var profits = plane.Game.Costs(path.X1[99], path.X2[99]);
            for (var k = 0; k < 2; k++)
            {
                context.Found($"run/{rule.Key}/noisy/profit99/{k + 1}", -profits[k]);
                context.Found($"paper/{rule.Key}/profit99/{k + 1}", -profits[k]);
            }
        }

        return path;
    }

    private void Noiseless(
        ExperimentContext context,
        PlaneGame plane,
        PlaneRule rule,
        CancellationToken cancellation
    )
    {
        var name = $"run/{rule.Key}/noiseless";
        var learner = Published(rule).WithSteps(patience);
        var path = plane.Play(context, $"{rule.Key}/noiseless", learner, Start(), cancellation);
        path.Found(context, name, 1, 2, 3, 4, 5, 10, 50, 99, 100, 1000);
        context.Found($"{name}/updates", path.Length - 1);
        var profits = plane.Costs(path, -1);
        (string, double, double)[] pairs =
        [
            ("last", path.End.X1, path.End.X2),
            ("profitLast", profits.End.X1, profits.End.X2),
            .. path.Length > 99
                ? [("profit99", profits.X1[99], profits.X2[99])]
                : Array.Empty<(string, double, double)>(),
        ];
        foreach (var (what, first, second) in pairs)
        {
            context.Found($"{name}/{what}/1", first);
            context.Found($"{name}/{what}/2", second);
        }

        var distances = plane.DistancesToLimit(context, name, rule.Concept, path);
        context.Found($"{name}/distanceLast", distances[^1]);
        Settling.Found(context, name, distances, "1", "0.1", "0.01");
    }

    private void Constant(
        ExperimentContext context,
        PlaneGame plane,
        PlaneRule rule,
        CancellationToken cancellation
    )
    {
        var name = $"run/{rule.Key}/constant";
        var learner = rule.Learner().WithRates(RateModule.Constant(0.1)).WithSteps(600);
        var path = plane.Play(context, $"{rule.Key}/constant", learner, Start(), cancellation);
        path.Found(context, name, 10, 100);
        Settling.Found(
            context,
            name,
            plane.DistancesToLimit(context, name, rule.Concept, path),
            "1e-6",
            "1e-9"
        );
    }

    private static void Draw(
        ExperimentContext context,
        PlaneGame plane,
        Dictionary<PlaneRule, PlanePath> paths,
        (double X1, double X2) nash,
        (double X1, double X2) stackelberg,
        double a
    )
    {
        var (simultaneous, leading) = (paths[PlaneRule.Simultaneous], paths[PlaneRule.Stackelberg]);
        var production = DuopolyFigures.History("Production", leading, simultaneous, stackelberg, nash);
        context.Figure("production", production);
        var profit = DuopolyFigures.History(
            "Profit",
            plane.Costs(leading, -1),
            plane.Costs(simultaneous, -1),
            Profits(stackelberg),
            Profits(nash)
        );
        context.Figure("profit", profit);

        var omega = plane.Field(PlaneRule.Simultaneous);
        var omegaS = plane.Field(PlaneRule.Stackelberg);
        Grid Sample(Func<double, double, double> function) =>
            Grid.Sample(0, 0.6 * a, 61, 0, 0.6 * a, 61, function);
        var phasePlane = DuopolyFigures.Plane(
            Sample((q1, q2) => omega(q1, q2).G1),
            Sample((q1, q2) => omegaS(q1, q2).G1),
            Sample((q1, q2) => omega(q1, q2).G2),
            leading,
            simultaneous,
            stackelberg,
            nash
        );
        context.Figure("plane", phasePlane);

        (double, double) Profits((double X1, double X2) at)
        {
            var costs = plane.Game.Costs(at.X1, at.X2);
            return (-costs[0], -costs[1]);
        }
    }

    private double[] Start() => PublishedData.Starts(Name)[0].X;

    private static (double, double) Point(Report[] reports)
    {
        if (reports.Length != 1)
        {
            throw new UserInputException(
                $"With these settings the duopoly has {reports.Length} critical points with quantities from 0 to "
                    + "the demand, but 1 is needed; choose costs well below the demand."
            );
        }

        var point = reports[0].Point.ToArray();
        return (point[0], point[1]);
    }
}
