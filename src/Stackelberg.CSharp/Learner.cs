using Microsoft.FSharp.Collections;

namespace Stackelberg;

/// <summary>A rule with its settings; immutable. <see cref="Run"/> lets it play a game.</summary>
/// <example><code>
/// Run run = Learner.Stackelberg().WithSteps(5000).WithRates(k => 1.0 / k, k => Math.Pow(k, -2.0 / 3)).Run(duopoly, [10, 10]);
/// </code></example>
public sealed class Learner
{
    private readonly Rule rule;
    private readonly LearnSettings settings;

    private Learner(Rule rule, LearnSettings settings)
    {
        this.rule = rule;
        this.settings = settings;
    }

    /// <summary>Simultaneous gradient play, x⁺ = x − γ ω(x).</summary>
    public static Learner Simultaneous() => With(RuleModule.Simultaneous);

    /// <summary>Stackelberg gradient play, x⁺ = x − γ ω_S(x).</summary>
    public static Learner Stackelberg() => Stackelberg(ConjectureModule.BestResponse);

    /// <summary>Stackelberg gradient play under a conjecture of the followers' answer.</summary>
    /// <param name="conjecture">For example <c>ConjectureModule.Regularized(1.0)</c>.</param>
    public static Learner Stackelberg(Conjecture conjecture)
    {
        ArgumentNullException.ThrowIfNull(conjecture);
        return With(RuleModule.Stackelberg(conjecture));
    }

    /// <summary>Any rule, with default settings: 1000 steps at rate 0.1, without noise.</summary>
    /// <param name="rule">For example <c>RuleModule.Extragradient</c>, <c>RuleModule.Lola(1.0)</c> or
    /// <c>RuleModule.TwoTimescale(10.0, RuleModule.Simultaneous)</c>; <c>RuleModule.All</c> holds every one.</param>
    public static Learner With(Rule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new(rule, Learn.settings);
    }

    /// <summary>At most this many steps; default 1000.</summary>
    public Learner WithSteps(int steps) => Change(steps: steps);

    /// <summary>Learning rates as functions of the step k from 1: one for all players, or one for each.</summary>
    public Learner WithRates(params Func<int, double>[] rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        return WithRates(Array.ConvertAll(rates, rate => RateModule.ofFunction(FuncConvert(rate))));
    }

    /// <summary>Learning rates: one for all players, or one for each; default the constant 0.1.</summary>
    public Learner WithRates(params Rate[] rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        return Change(rates: ListModule.OfArray(rates));
    }

    /// <summary>Noise on the field; default none.</summary>
    public Learner WithNoise(Noise noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        return Change(noise: noise);
    }

    /// <summary>Normal noise of this standard deviation on every entry of the field.</summary>
    public Learner WithGaussianNoise(double deviation) => WithNoise(NoiseModule.gaussian(deviation));

    /// <summary>Where the random numbers begin; default 0. The same seed gives the same bits.</summary>
    public Learner WithSeed(ulong seed) => Change(seed: seed);

    /// <summary>The trajectory keeps every so many steps, besides the first and last point; 0 keeps only these.</summary>
    public Learner WithRecordEvery(int steps) => Change(recordEvery: steps);

    /// <summary>When to end before the last step; default never.</summary>
    public Learner WithStop(Stop stop)
    {
        ArgumentNullException.ThrowIfNull(stop);
        return Change(stop: stop);
    }

    /// <summary>Who is told how far a run is.</summary>
    public Learner WithProgress(IProgress<LearnProgress> progress)
    {
        ArgumentNullException.ThrowIfNull(progress);
        return Change(progress: progress);
    }

    /// <summary>The same rule with preconditioned steps, x⁺ = x − γ P(g).</summary>
    /// <param name="preconditioners">One for all players, or one for each in the game's order.</param>
    /// <exception cref="ArgumentException">There is none, or the rule has some already.</exception>
    public Learner WithPreconditioners(params Preconditioner[] preconditioners)
    {
        ArgumentNullException.ThrowIfNull(preconditioners);
        return new(RuleModule.Preconditioned(ListModule.OfArray(preconditioners), rule), settings);
    }

    /// <summary>Begins a run that the caller steps: for metrics, checkpoints and pictures on the way.</summary>
    /// <param name="game">The game.</param>
    /// <param name="start">The joint strategy to begin with, length d, players in the game's order.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <exception cref="ArgumentException">The start or a setting does not fit the game.</exception>
    public Learning Start(Game game, double[] start, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentNullException.ThrowIfNull(start);
        return Learn.start(
            rule,
            Change(cancellation: cancellation).settings,
            TensorModule.ofArray(start),
            game
        );
    }

    /// <summary>Goes on, bit for bit, where a run was saved.</summary>
    /// <param name="game">The game that was played.</param>
    /// <param name="state">What <c>Learning.Save</c> gave.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <exception cref="ArgumentException">The state is another rule's, game's or seed's.</exception>
    public Learning Resume(Game game, LearnState state, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentNullException.ThrowIfNull(state);
        return Learn.resume(rule, Change(cancellation: cancellation).settings, state, game);
    }

    /// <summary>Plays a game.</summary>
    /// <param name="game">The game.</param>
    /// <param name="start">The joint strategy to begin with, length d, players in the game's order.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <returns>How the run ended, where, and how it came there.</returns>
    /// <exception cref="ArgumentException">The start or a setting does not fit the game.</exception>
    public Run Run(Game game, double[] start, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentNullException.ThrowIfNull(start);
        return Learn.run(
            rule,
            Change(cancellation: cancellation).settings,
            TensorModule.ofArray(start),
            game
        );
    }

    /// <summary>Plays a game from many starts at once; run k, from 0, has the seed + k.</summary>
    /// <param name="game">The game.</param>
    /// <param name="starts">A joint strategy for each run, shape [runs, d].</param>
    /// <param name="cancellation">Ends the runs between two steps.</param>
    /// <returns>How each run ended, and where.</returns>
    /// <exception cref="ArgumentException">The rule refuses the game, or the starts or a setting do not fit it.</exception>
    public EnsembleRun RunMany(Game game, double[,] starts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentNullException.ThrowIfNull(starts);
        return Ensemble.run(
            rule,
            Change(cancellation: cancellation).settings,
            TensorModule.ofArray2D(starts),
            game
        );
    }

    private static Microsoft.FSharp.Core.FSharpFunc<int, double> FuncConvert(Func<int, double> function) =>
        Microsoft.FSharp.Core.FuncConvert.FromFunc(function);

    private Learner Change(
        int? steps = null,
        FSharpList<Rate>? rates = null,
        Noise? noise = null,
        ulong? seed = null,
        int? recordEvery = null,
        Stop? stop = null,
        IProgress<LearnProgress>? progress = null,
        CancellationToken? cancellation = null
    ) =>
        new(
            rule,
            new LearnSettings(
                steps ?? settings.Steps,
                rates ?? settings.Rates,
                noise ?? settings.Noise,
                seed ?? settings.Seed,
                recordEvery ?? settings.RecordEvery,
                stop ?? settings.Stop,
                progress ?? settings.Progress,
                cancellation ?? settings.Cancellation
            )
        );
}
