using Stackelberg.Figures;
using Stackelberg.Kernels;

namespace Stackelberg.Experiments;

/// <summary>Which equilibrium of the location game on the torus each start leads to, under both rules.</summary>
internal sealed class Attraction : Experiment
{
    // A run that has come so near an equilibrium stays there: the basins are wider by far.
    private const double near = 0.1;

    // The runs stop at so short an update, as the published ones.
    private const double shortUpdate = 1e-5;

    // So many starts are played again, each alone.
    private const int alone = 50;

    // Four million starts.
    private const int mostCells = 2000;

    /// <inheritdoc/>
    public override string Name => "attraction";

    /// <inheritdoc/>
    public override string Title =>
        "Regions of attraction on the torus: where each start of both players leads";

    /// <inheritdoc/>
    public override string Source =>
        "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217), section 4.2; the map that "
        + "its code can compute (compute_roa) and does not show";

    /// <inheritdoc/>
    public override string GameName => "torus";

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
        new("cells", "200", SettingType.Whole(2, mostCells), "starts along each angle", SettingKind.Changes),
        new(
            "rate",
            "0.05",
            SettingType.WordOr(Inputs.Published, SettingType.Above(0)),
            "both players' rate, or published for the published rates",
            SettingKind.Changes
        ),
        new("steps", "5000", Inputs.Steps, "updates of a run at most", SettingKind.Changes),
    ];

    /// <inheritdoc/>
    public override SettingKind SeedKind => SettingKind.Neutral;

    /// <inheritdoc/>
    public override string? WhySeedIsUnused(SettingValues settings) =>
        "the experiment draws nothing at random";

    /// <inheritdoc/>
    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        var plane = new PlaneGame(Torus.Create(context.GetDoubles("alpha"), context.GetDoubles("phi")));
        int cells = context.GetInt("cells"),
            steps = context.GetInt("steps");
        var starts = Starts(cells);
        var maps = new List<AttractionFigures.Map>();
        foreach (var rule in PlaneRule.Both)
        {
            context.Report($"equilibria, {rule.Title}", 0);
            var critical = plane
                .Game.FindAll(
                    rule.Concept,
                    [-Math.PI, -Math.PI],
                    [Math.PI, Math.PI],
                    cancellation: cancellation
                )
                .Points;
            double[][] attractors = [.. critical.Where(IsAttractor).Select(Point)];
            context.Report($"runs, {rule.Title}", 0);
            var learner = Learner(context, rule).WithSteps(steps).WithRecordEvery(0);
            var runs = learner.RunMany(plane.Game, starts, cancellation);
            cancellation.ThrowIfCancellationRequested();
            var basins = runs.Nearest(attractors, near);
            context.Series($"{rule.Key}/basins", [.. basins.Select(basin => (double)basin)], cells);
            Measure(context, rule, attractors, basins, cells);
            context.Found(
                $"{rule.Key}/alone",
                PlayedAlone(context, plane.Game, learner, starts, attractors, basins, cancellation)
            );
            maps.Add(
                new(
                    rule.Title,
                    ToGrid(basins, cells),
                    attractors,
                    [.. critical.Where(report => !IsAttractor(report)).Select(Point)],
                    rule == PlaneRule.Simultaneous
                        ? null
                        : Grid.Sample(-Math.PI, Math.PI, 201, -Math.PI, Math.PI, 201, plane.FollowerCurvature)
                )
            );

            // Asked of the flow that the runs approximate, not of the order of play.
            bool IsAttractor(Report report) =>
                (rule == PlaneRule.Simultaneous ? report.IsStableSimgrad : report.IsStableStackelberg)
                == Verdict.Yes;
        }

        context.Report("figure", 0);
        context.Figure("basins", AttractionFigures.Torus([.. maps]));
    }

    private static Learner Learner(ExperimentContext context, PlaneRule rule)
    {
        if (context.GetText("rate") == Inputs.Published)
        {
            return Torus.Published(rule);
        }

        return rule.Learner()
            .WithRates(RateModule.Constant(context.GetDouble("rate")))
            .WithStop(Stop.NewUpdateBelow(shortUpdate));
    }

    // The middles of even cells, the leader's angle first; row by row of the follower's angle.
    private static double[,] Starts(int cells)
    {
        var starts = new double[cells * cells, 2];
        for (var k = 0; k < cells * cells; k++)
        {
            starts[k, 0] = Angle(k % cells, cells);
            starts[k, 1] = Angle(k / cells, cells);
        }

        return starts;
    }

    private static double Angle(int index, int cells) => (2 * (index + 0.5) / cells - 1) * Math.PI;

    private static double[] Point(Report report) => report.Point.ToArray();

    private static void Measure(
        ExperimentContext context,
        PlaneRule rule,
        double[][] attractors,
        int[] basins,
        int cells
    )
    {
        context.Found($"{rule.Key}/equilibria", attractors.Length);
        for (var index = 0; index < attractors.Length; index++)
        {
            var count = basins.Count(basin => basin == index);
            context.Found($"{rule.Key}/basin/{index}/count", count);
            context.Found($"{rule.Key}/basin/{index}/share", count / (double)basins.Length);
        }

        context.Found($"{rule.Key}/nowhere", basins.Count(basin => basin < 0));
        if (Reflection(context, cells) is { } turn && attractors.Length == 2)
        {
            context.Found($"{rule.Key}/asymmetric", Asymmetric(basins, cells, turn));
        }
    }

    // With φ1 = φ2 = φ the game is the same after θ → 2φ − θ, which exchanges the two equilibria. The cells are mapped to
    // cells if 2φ is a whole number of them: cell j to turn − 1 − j. Null if they are not.
    private static int? Reflection(ExperimentContext context, int cells)
    {
        var phi = context.GetDoubles("phi");
        var turn = 2 * phi[0] * cells / (2 * Math.PI);
        return phi[0] == phi[1] && Math.Abs(turn - Math.Round(turn)) < 1e-9 ? (int)Math.Round(turn) : null;
    }

    // How many starts do not lead to the mirror image of where their mirror image leads.
    private static int Asymmetric(int[] basins, int cells, int turn)
    {
        var count = 0;
        for (var k = 0; k < basins.Length; k++)
        {
            var mirror = Mirror(k / cells) * cells + Mirror(k % cells);
            var expected = basins[k] < 0 ? -1 : 1 - basins[k];
            count += basins[mirror] == expected ? 0 : 1;
        }

        return count;

        int Mirror(int index) => ((turn - 1 - index) % cells + cells) % cells;
    }

    // How many of some starts drawn at random lead alone to where they lead together.
    private static int PlayedAlone(
        ExperimentContext context,
        Game game,
        Learner learner,
        double[,] starts,
        double[][] attractors,
        int[] basins,
        CancellationToken cancellation
    )
    {
        var drawn = new double[alone];
        new Philox(context.Seed, 0).FillUniform(drawn, 0, alone);
        return drawn
            .Select(part => (int)(part * basins.Length))
            .Count(k =>
            {
                var end = learner.Run(game, [starts[k, 0], starts[k, 1]], cancellation).Final.ToArray();
                cancellation.ThrowIfCancellationRequested();
                return Array.FindIndex(attractors, attractor => Distance(attractor, end) <= near)
                    == basins[k];
            });
    }

    private static double Distance(double[] a, double[] b) =>
        Math.Sqrt(a.Zip(b, (x, y) => Math.Pow(Math.IEEERemainder(x - y, 2 * Math.PI), 2)).Sum());

    private static Grid ToGrid(int[] basins, int cells)
    {
        var values = new double[cells, cells];
        for (var k = 0; k < basins.Length; k++)
        {
            values[k / cells, k % cells] = basins[k] < 0 ? double.NaN : basins[k];
        }

        var (first, last) = (Angle(0, cells), Angle(cells - 1, cells));
        return new Grid(values, first, last, first, last);
    }
}
