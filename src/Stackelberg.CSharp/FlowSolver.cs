namespace Stackelberg;

/// <summary>A field with the settings of its flow's integration; immutable. <see cref="Run"/> follows the flow.</summary>
/// <example><code>
/// FlowRun flow = FlowSolver.Stackelberg().WithFieldBelow(1e-7).Run(duopoly, [10, 10]);
/// double[] end = flow.Final.ToArray(); // [46, 26]
/// </code></example>
public sealed class FlowSolver
{
    private readonly Direction direction;
    private readonly FlowSettings settings;

    private FlowSolver(Direction direction, FlowSettings settings)
    {
        this.direction = direction;
        this.settings = settings;
    }

    /// <summary>The flow ẋ = −ω(x) of simultaneous play.</summary>
    public static FlowSolver Simultaneous() => Under(ConjectureModule.None);

    /// <summary>The flow ẋ = −ω_S(x) of Stackelberg play.</summary>
    public static FlowSolver Stackelberg() => Under(ConjectureModule.BestResponse);

    /// <summary>The flow of the field under a conjecture of the followers' answer.</summary>
    /// <param name="conjecture">For example <c>ConjectureModule.Regularized(1.0)</c>.</param>
    public static FlowSolver Under(Conjecture conjecture)
    {
        ArgumentNullException.ThrowIfNull(conjecture);
        return Of(DirectionModule.OfConjecture(conjecture));
    }

    /// <summary>The flow of any direction that takes nothing but the joint strategy.</summary>
    /// <param name="direction">The direction that is descended.</param>
    public static FlowSolver Of(Direction direction)
    {
        ArgumentNullException.ThrowIfNull(direction);
        return new(direction, Flow.settings);
    }

    /// <summary>The time to reach; default 100.</summary>
    /// <param name="time">Above 0.</param>
    public FlowSolver WithUntil(double time) => Change(until: time);

    /// <summary>The speed of each player, ẋ_i = −τ_i g_i; default 1 each.</summary>
    /// <param name="scales">One for each player, in the game's order.</param>
    public FlowSolver WithTimeScales(params double[] scales)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return Change(timeScales: scales);
    }

    /// <summary>The times at which the solution is wanted; by default at every step.</summary>
    /// <param name="times">Rising, from 0.</param>
    public FlowSolver WithTimes(params double[] times)
    {
        ArgumentNullException.ThrowIfNull(times);
        return Change(times: times);
    }

    /// <summary>Ends the integration where the field's norm is below a number; by default never.</summary>
    /// <param name="norm">At least ten times the absolute tolerance; 0 for never.</param>
    public FlowSolver WithFieldBelow(double norm) => Change(fieldBelow: norm);

    /// <summary>A step's error is at most absolute + relative · |x|; default 1e-9 each.</summary>
    /// <param name="absolute">Above 0.</param>
    /// <param name="relative">Above 0.</param>
    public FlowSolver WithTolerances(double absolute, double relative) =>
        Change(absolute: absolute, relative: relative);

    /// <summary>At most this many steps; default 100 000.</summary>
    /// <param name="steps">At least 1.</param>
    public FlowSolver WithMaxSteps(int steps) => Change(maxSteps: steps);

    /// <summary>Follows the flow from a start.</summary>
    /// <param name="game">The game.</param>
    /// <param name="start">The joint strategy at time 0, length d, players in the game's order.</param>
    /// <param name="cancellation">Ends the integration between two steps.</param>
    /// <returns>How the integration ended, where, and the solution on the way.</returns>
    /// <exception cref="ArgumentException">The start or a setting does not fit the game.</exception>
    public FlowRun Run(Game game, double[] start, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentNullException.ThrowIfNull(start);
        return Flow.run(
            Change(cancellation: cancellation).settings,
            direction,
            TensorModule.ofArray(start),
            game
        );
    }

    /// <summary>Follows the flow from many starts at once, each with steps and an outcome of its own.</summary>
    /// <param name="game">The game.</param>
    /// <param name="starts">A joint strategy for each flow, shape [flows, d].</param>
    /// <param name="cancellation">Ends the integrations between two steps.</param>
    /// <returns>How each integration ended, where, and the solutions on the way.</returns>
    /// <exception cref="ArgumentException">The starts or a setting do not fit the game.</exception>
    /// <example><code>
    /// FlowEnsemble flows = FlowSolver.Stackelberg().WithFieldBelow(1e-7).RunMany(duopoly, new double[,] { { 10, 10 }, { 50, 0 } });
    /// int[] nearest = flows.Nearest([[46, 26]], 1e-5); // [0, 0]
    /// </code></example>
    public FlowEnsemble RunMany(Game game, double[,] starts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(game);
        ArgumentNullException.ThrowIfNull(starts);
        return Flow.ensemble(
            Change(cancellation: cancellation).settings,
            direction,
            TensorModule.ofArray2D(starts),
            game
        );
    }

    private FlowSolver Change(
        double? until = null,
        double[]? timeScales = null,
        double[]? times = null,
        double? fieldBelow = null,
        double? absolute = null,
        double? relative = null,
        int? maxSteps = null,
        CancellationToken? cancellation = null
    ) =>
        new(
            direction,
            new FlowSettings(
                until ?? settings.Until,
                timeScales ?? settings.TimeScales,
                times ?? settings.Times,
                fieldBelow ?? settings.FieldBelow,
                absolute ?? settings.Absolute,
                relative ?? settings.Relative,
                maxSteps ?? settings.MaxSteps,
                cancellation ?? settings.Cancellation
            )
        );
}
