using MathNet.Numerics.LinearAlgebra;

namespace Stackelberg.Experiments;

/// <summary>A linear generator against a quadratic discriminator: V Vᵀ is to match a covariance Σ.</summary>
internal sealed class Covariance : Experiment
{
    // The published figures show these sizes, and of the last another entry.
    private static readonly (int D, int Entry)[] shown = [(3, 0), (9, 0), (25, 1)];

    // Indices count from 1, the start, as in the published code.
    private static readonly int[] snapshots = [2, 3, 11, 101, 1001, 5000, 9999];
    private static readonly string[] thresholds = ["1e-1", "1e-2", "1e-4", "1e-6", "1e-8", "1e-10"];

    // The spectra are checked up to this size, and all eigenvalues of them up to the smaller one.
    private const int largestSpectrum = 10;
    private const int largestFullSpectrum = 3;

    // A run leaves about so many rows in metrics.csv; all its errors are in trajectory.npz.
    private const int rowsOfMetrics = 100;

    // Every step keeps a row of up to 1250 numbers.
    private const int mostSteps = 100_000;

    /// <inheritdoc/>
    public override string Name => "covariance";

    /// <inheritdoc/>
    public override string Title =>
        "Covariance estimation: a linear generator against a quadratic discriminator";

    /// <inheritdoc/>
    public override string Source =>
        "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games, covariance-estimation.ipynb";

    /// <inheritdoc/>
    public override IReadOnlyList<Setting> Settings { get; } =
    [
        new(
            "d",
            "2,3,9,10,25",
            SettingType.SomeOf("2", "3", "9", "10", "25"),
            "the sizes of Σ",
            SettingKind.Selects
        ),
        new(
            "tau",
            "2,1",
            SettingType.SomeOf("2", "1"),
            "the follower's rate over the leader's",
            SettingKind.Selects
        ),
        new("rate", "0.015", SettingType.Above(0), "the leader's first rate", SettingKind.Changes),
        new(
            "penalty",
            "0.2",
            SettingType.Above(0),
            "λ/d in the term λ/2 tr WᵀW of the discriminator's cost",
            SettingKind.Changes
        ),
        new("steps", "9998", SettingType.Whole(1, mostSteps), "updates of each run", SettingKind.Changes),
    ];

    /// <inheritdoc/>
    public override SettingKind SeedKind => SettingKind.Neutral;

    /// <inheritdoc/>
    public override string? WhySeedIsUnused(SettingValues settings) =>
        "the experiment draws nothing at random";

    /// <inheritdoc/>
    public override void Run(ExperimentContext context, CancellationToken cancellation)
    {
        var sizes = context.GetInts("d");
        var taus = context.GetInts("tau");
        var runs = new Dictionary<(int D, int Tau, PlaneRule Rule), CovarianceFigures.History>();
        foreach (var d in sizes)
        {
            var game = CovarianceGame.Published(d, context.GetDouble("penalty") * d);
            context.Report($"d = {d}, derivatives", 0);
            Start(context, game);
            Equilibrium(context, game);
            foreach (var tau in taus)
            {
                context.Part($"d{d}/tau{tau}");
                foreach (var rule in PlaneRule.Both)
                {
                    context.Report(Stage(d, tau, rule), 0);
                    runs[(d, tau, rule)] = Play(context, game, tau, rule, cancellation);
                }
            }
        }

        foreach (var tau in taus)
        {
            var drawn = shown.Where(one => sizes.Contains(one.D)).ToArray();
            if (drawn.Length > 0)
            {
                context.Figure(
                    $"errors-tau{tau}",
                    CovarianceFigures.Errors([.. drawn.Select(one => Both(one, tau))])
                );
                context.Figure(
                    $"paths-tau{tau}",
                    CovarianceFigures.Paths([.. drawn.Select(one => Both(one, tau))])
                );
            }
        }

        CovarianceFigures.Pair Both((int D, int Entry) one, int tau) =>
            new(
                one.D,
                one.Entry,
                runs[(one.D, tau, PlaneRule.Simultaneous)],
                runs[(one.D, tau, PlaneRule.Stackelberg)]
            );
    }

    private static string Stage(int d, int tau, PlaneRule rule) => $"d = {d}, τ = {tau}, {rule.Title}";

    private static void Start(ExperimentContext context, CovarianceGame game)
    {
        var name = $"d{game.D}/start";
        context.Part(name);
        var costs = game.Game.Costs(game.Start);
        var omega = game.Game.Omega(game.Start);
        var omegaS = game.Game.OmegaS(game.Start);
        context.Found($"{name}/f1", costs[0]);
        context.Found($"{name}/f2", costs[1]);
        context.Found($"{name}/normD1f1", Norm(game.V(omega)));
        context.Found($"{name}/normD2f1", game.Error(game.Start));
        context.Found($"{name}/normD2f2", Norm(game.W(omega)));
        context.Found($"{name}/normDf1", Norm(game.V(omegaS)));
    }

    // V = U, W = 0 is an equilibrium; the spectra are the same at all others.
    private static void Equilibrium(ExperimentContext context, CovarianceGame game)
    {
        if (game.D > largestSpectrum)
        {
            return;
        }

        var name = $"d{game.D}/equilibrium";
        context.Part(name);
        var report = game.Game.Classify(game.Equilibrium);
        context.Found($"{name}/f1", report.Costs[0]);
        context.Found($"{name}/f2", report.Costs[1]);
        context.Found($"{name}/zeroModes", report.ZeroModesJS);
        context.Found($"{name}/eigJ/maxIm", report.EigenvaluesJ.Max(value => Math.Abs(value.Imaginary)));
        context.Found($"{name}/eigJ/minRe", report.EigenvaluesJ.Min(value => value.Real));
        context.Found($"{name}/eigJS/maxIm", report.EigenvaluesJS.Max(value => Math.Abs(value.Imaginary)));
        context.Found($"{name}/eigJS/minRe", report.EigenvaluesJS.Min(value => value.Real));
        context.Found($"{name}/schurJMax", report.EigenvaluesSchurJ.Max(value => value.Real));
        context.Found($"{name}/totalHessianMax", report.EigenvaluesTotalHessian.Max(value => value.Real));
        if (game.D > largestFullSpectrum)
        {
            return;
        }

        CriticalPoints.Spectrum(context, $"{name}/eigJ", report.EigenvaluesJ);
        CriticalPoints.Spectrum(context, $"{name}/eigJS", report.EigenvaluesJS);
        foreach (var (index, value) in report.EigenvaluesSchurJ.Select(value => value.Real).Order().Index())
        {
            context.Found($"{name}/schurJ/{index}", value);
        }

        // B, the derivative of V Vᵀ, is the lower left block of J.
        var n = game.D * game.D;
        var b = Matrix<double>.Build.DenseOfArray(game.Game.J(game.Equilibrium)).SubMatrix(n, n, 0, n);
        if (SingularValues.Of(b.ToArray()) is { } singularValues)
        {
            foreach (var (index, value) in singularValues.Index())
            {
                context.Found($"{name}/singularValue/{index}", value);
            }
        }
        else
        {
            context.Note(
                $"{name}: the singular values of D21 f2 were not found; their search did not converge."
            );
        }

        foreach (
            var (index, value) in report.EigenvaluesTotalHessian.Select(value => value.Real).Order().Index()
        )
        {
            context.Found($"{name}/totalHessian/{index}", value);
        }
    }

    private static CovarianceFigures.History Play(
        ExperimentContext context,
        CovarianceGame game,
        int tau,
        PlaneRule rule,
        CancellationToken cancellation
    )
    {
        var name = $"d{game.D}/tau{tau}/{rule.Key}";
        var rate = context.GetDouble("rate");
        var run = rule.Learner()
            .WithRates(RateModule.Exponential(rate, 1 - 1e-5), RateModule.Exponential(tau * rate, 1 - 1e-7))
            .WithSteps(context.GetInt("steps"))
            .WithProgress(context.Follow(Stage(game.D, tau, rule)))
            .Run(game.Game, game.Start, cancellation);
        cancellation.ThrowIfCancellationRequested();
        context.NoteWarnings(run);
        context.Outcome(
            name,
            run.Rule,
            run.Outcome.Words,
            !run.Outcome.HasFailed,
            run.Steps,
            run.Final.ToArray(),
            run.Costs
        );

        var error = Array.ConvertAll(run.Trajectory, game.Error);
        var symmetric = Array.ConvertAll(run.Trajectory, game.SymmetricW);
        context.Series($"{name}/error", error);
        context.Series($"{name}/symW", symmetric);
        for (var step = 0; step < error.Length; step += Math.Max(1, error.Length / rowsOfMetrics))
        {
            context.Metric(name, step, ("error", error[step]), ("symW", symmetric[step]));
        }

        foreach (var index in snapshots.Where(index => index <= error.Length))
        {
            var x = run.Trajectory[index - 1];
            context.Found($"{name}/error/{index}", error[index - 1]);
            context.Found($"{name}/symW/{index}", symmetric[index - 1]);
            context.Found($"{name}/normW/{index}", Norm(game.W(x)));
            context.Found($"{name}/V00/{index}", game.V(x)[0]);
            context.Found($"{name}/W00/{index}", game.W(x)[0]);
        }

        context.Found($"{name}/errorMax", error.Max());
        // Indices count from 1, the start.
        Settling.Found(context, $"{name}/error", error, 1, thresholds);
        Settling.Found(context, $"{name}/symW", symmetric, 1, thresholds);

        var entry = shown.FirstOrDefault(one => one.D == game.D).Entry * (game.D + 1);
        var v = Array.ConvertAll(run.Trajectory, x => game.V(x)[entry]);
        var w = Array.ConvertAll(run.Trajectory, x => game.W(x)[entry]);
        context.Series($"{name}/v", v);
        context.Series($"{name}/w", w);
        return new(error, symmetric, v, w);
    }

    private static double Norm(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }
}
