using System.Diagnostics.CodeAnalysis;
using Microsoft.FSharp.Core;
using Stackelberg.Kernels;

namespace Stackelberg;

/// <summary>Games from C#: made from delegates, asked with arrays.</summary>
public static class GameExtensions
{
    extension(Game)
    {
        /// <summary>Two scalar players, "x1" and "x2": the first leads, the second follows. Both minimise.</summary>
        /// <param name="name">What messages and figures call the game.</param>
        /// <param name="leaderCost">f1(x1, x2), a scalar.</param>
        /// <param name="followerCost">f2(x1, x2), a scalar.</param>
        /// <exception cref="InvalidOperationException">The game has faults; the message lists them all.</exception>
        /// <example><code>
        /// var duopoly = Game.TwoPlayer("duopoly",
        ///     (q1, q2) => -(100 - q1 - q2 - 5) * q1,
        ///     (q1, q2) => -(100 - q1 - q2 - 2) * q2);
        /// </code></example>
        public static Game TwoPlayer(
            string name,
            Func<Tensor, Tensor, Tensor> leaderCost,
            Func<Tensor, Tensor, Tensor> followerCost
        )
        {
            ArgumentNullException.ThrowIfNull(name);

            ArgumentNullException.ThrowIfNull(leaderCost);
            ArgumentNullException.ThrowIfNull(followerCost);
            Player x1 = PlayerModule.Scalar("x1");
            Player x2 = PlayerModule.Scalar("x2");
            return Game.Of(
                name,
                new Seat(x1, 0, q => leaderCost(q[x1], q[x2])),
                new Seat(x2, 1, q => followerCost(q[x1], q[x2]))
            );
        }

        /// <summary>Two scalar players with opposite costs: the first, the leader, minimises the function, the second
        /// maximises it.</summary>
        /// <param name="name">What messages and figures call the game.</param>
        /// <param name="cost">f(x1, x2), a scalar: f1 = f and f2 = −f.</param>
        /// <exception cref="InvalidOperationException">The game has faults; the message lists them all.</exception>
        public static Game ZeroSum(string name, Func<Tensor, Tensor, Tensor> cost)
        {
            ArgumentNullException.ThrowIfNull(name);

            ArgumentNullException.ThrowIfNull(cost);
            return Game.TwoPlayer(name, cost, (x1, x2) => -cost(x1, x2));
        }

        /// <summary>Any number of players on any number of levels.</summary>
        /// <param name="name">What messages and figures call the game.</param>
        /// <param name="seats">Each player with its level (0 leads) and its cost.</param>
        /// <exception cref="InvalidOperationException">The game has faults; the message lists them all.</exception>
        public static Game Of(string name, params Seat[] seats)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(seats);
            return Game.Of(name, SamplerModule.none, DType.Float64, seats);
        }

        /// <summary>Any number of players whose costs read tensors that are drawn anew for each evaluation.</summary>
        /// <param name="name">What messages and figures call the game.</param>
        /// <param name="sampler">Draws the tensors; costs ask for them by <c>q.Sample("name")</c>.</param>
        /// <param name="precision">What costs and derivatives are computed in: Float32 for networks, Float64 otherwise.</param>
        /// <param name="seats">Each player with its level (0 leads) and its cost.</param>
        /// <exception cref="InvalidOperationException">The game has faults; the message lists them all.</exception>
        public static Game Of(string name, Sampler sampler, DType precision, params Seat[] seats)
        {
            ArgumentNullException.ThrowIfNull(name);
            ArgumentNullException.ThrowIfNull(seats);

            ArgumentNullException.ThrowIfNull(sampler);
            return GameModule.ofSeats(name, sampler, precision, seats);
        }
    }

    extension(Game game)
    {
        /// <summary>All players' costs at a joint strategy of length d.</summary>
        /// <exception cref="ArgumentException">x has another length.</exception>
        public double[] Costs(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return GameModule.costs(game, Vector(x)).ToArray();
        }

        /// <summary>The same game with functions that players must heed, in the place of those that it has.</summary>
        /// <param name="constraints">What each player heeds.</param>
        /// <exception cref="InvalidOperationException">A constraint has a fault; the message lists them all.</exception>
        public Game WithConstraints(params Constraint[] constraints)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(constraints);
            return GameModule.withConstraints(constraints, game);
        }

        /// <summary>The game in which a multiplier plays for every constraint: what rules, flows and ensembles play.</summary>
        /// <param name="penalty">ρ: how much a violation costs at once, at least 0.</param>
        /// <exception cref="ArgumentException">The penalty is negative or not finite.</exception>
        public Game WithMultipliers(double penalty = 1.0)
        {
            ArgumentNullException.ThrowIfNull(game);
            return GameModule.withMultipliers(penalty, game);
        }

        /// <summary>Whether every follower's strategy is its best answer, by a search from many starts.</summary>
        /// <param name="x">The joint strategy, of length d.</param>
        /// <exception cref="ArgumentException">The game has other than two levels, or x has another length.</exception>
        public ResponseReport[] GlobalResponse(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return Equilibrium.globalResponse(game, Vector(x));
        }

        /// <summary>ω at a joint strategy of length d: each player's partial gradient.</summary>
        /// <exception cref="ArgumentException">x has another length.</exception>
        public double[] Omega(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return GameModule.omega(game, Vector(x)).ToArray();
        }

        /// <summary>ω_S at a joint strategy of length d: total gradients of those who lead, partial ones below.</summary>
        /// <exception cref="ArgumentException">x has another length.</exception>
        public double[] OmegaS(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return GameModule.omegaS(game, Vector(x)).ToArray();
        }

        /// <summary>The field under a conjecture of the followers' answer, at a joint strategy of length d.</summary>
        /// <exception cref="ArgumentException">x has another length.</exception>
        public double[] Field(Conjecture conjecture, params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(conjecture);
            ArgumentNullException.ThrowIfNull(x);
            return GameModule.field(conjecture, game, Vector(x)).ToArray();
        }

        /// <summary>J = ∂ω/∂x at a joint strategy of length d, shape [d, d].</summary>
        /// <exception cref="ArgumentException">x has another length.</exception>
        public double[,] J(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return GameModule.J(game, Vector(x)).ToMatrix();
        }

        /// <summary>J_S = ∂ω_S/∂x at a joint strategy of length d, shape [d, d].</summary>
        /// <exception cref="ArgumentException">x has another length.</exception>
        public double[,] JS(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return GameModule.JS(game, Vector(x)).ToMatrix();
        }

        /// <summary>The same players and costs with another sampler.</summary>
        /// <exception cref="InvalidOperationException">The costs cannot be computed from the sampler's batches.</exception>
        public Game WithSampler(Sampler sampler)
        {
            ArgumentNullException.ThrowIfNull(sampler);
            return GameModule.withSampler(sampler, game);
        }

        /// <summary>The same game computing in another number type.</summary>
        /// <exception cref="InvalidOperationException">The costs hold constants of the other type.</exception>
        public Game WithPrecision(DType precision)
        {
            ArgumentNullException.ThrowIfNull(game);
            return GameModule.withPrecision(precision, game);
        }

        /// <summary>What kind of point a joint strategy is.</summary>
        /// <exception cref="ArgumentException">x has another length.</exception>
        public Report Classify(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return Equilibrium.classify(game, Vector(x));
        }

        /// <summary>Refines a joint strategy to a critical point of a concept's field, by damped Newton.</summary>
        /// <param name="concept">Nash for ω, Stackelberg for ω_S.</param>
        /// <param name="start">Where to begin, length d.</param>
        /// <param name="report">The point and what it is, if one was found.</param>
        /// <param name="failure">Why none was found, otherwise.</param>
        /// <exception cref="ArgumentException">start has another length.</exception>
        public bool TryFind(
            Concept concept,
            double[] start,
            [NotNullWhen(true)] out Report? report,
            [NotNullWhen(false)] out FindFailure? failure
        )
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(start);
            return Take(Equilibrium.find(concept, Vector(start), game), out report, out failure);
        }

        /// <summary>As <c>TryFind</c>, by Newton steps alone: for searches from many starts, most of which may lead
        /// nowhere.</summary>
        /// <param name="concept">Nash for ω, Stackelberg for ω_S.</param>
        /// <param name="start">Where to begin, length d.</param>
        /// <param name="report">The point and what it is, if one was found.</param>
        /// <param name="failure">Why none was found, otherwise.</param>
        /// <exception cref="ArgumentException">start has another length.</exception>
        public bool TryRefine(
            Concept concept,
            double[] start,
            [NotNullWhen(true)] out Report? report,
            [NotNullWhen(false)] out FindFailure? failure
        )
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(start);
            return Take(Equilibrium.refine(concept, Vector(start), game), out report, out failure);
        }

        /// <summary>Runs many rules from one start: which converge, to what kind of point, and how fast against
        /// theory.</summary>
        /// <param name="x">The start, length d, inside every player's box.</param>
        /// <param name="rate">The constant learning rate of all players.</param>
        /// <param name="steps">At most this many steps for each rule.</param>
        /// <param name="rules">The rules; null for all.</param>
        /// <param name="cancellation">Ends the comparison between two steps.</param>
        /// <returns>One row for each rule.</returns>
        /// <exception cref="ArgumentException">x has another length, is not finite or outside a box; the rate is not
        /// positive; steps is below 1.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        public ComparisonRow[] Compare(
            double[] x,
            double rate = 0.1,
            int steps = 20_000,
            Rule[]? rules = null,
            CancellationToken cancellation = default
        )
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return Comparison.run(
                Compared(rate, steps, rules, Comparison.settings.Noise, 0, cancellation),
                Vector(x),
                game
            );
        }

        /// <summary>Runs many rules from many starts, or with many seeds: which share converges, to which known point, in how
        /// many steps.</summary>
        /// <param name="points">Known points, each of length d.</param>
        /// <param name="starts">A joint strategy for each run, shape [runs, d], inside every player's box.</param>
        /// <param name="rate">The constant learning rate of all players.</param>
        /// <param name="steps">At most this many steps for each run.</param>
        /// <param name="rules">The rules; null for all.</param>
        /// <param name="noise">Added to the field in every evaluation; null for none.</param>
        /// <param name="seed">Run k, from 0, has the seed + k.</param>
        /// <param name="cancellation">Ends the comparison between two steps.</param>
        /// <returns>One entry for each rule.</returns>
        /// <exception cref="ArgumentException">The starts or a point have another shape, a start is not finite or outside a
        /// box; the rate is not positive; steps is below 1.</exception>
        /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
        public ComparisonShare[] CompareMany(
            double[][] points,
            double[,] starts,
            double rate = 0.1,
            int steps = 20_000,
            Rule[]? rules = null,
            Noise? noise = null,
            ulong seed = 0,
            CancellationToken cancellation = default
        )
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(points);
            ArgumentNullException.ThrowIfNull(starts);
            return Comparison.ensemble(
                Compared(rate, steps, rules, noise ?? Comparison.settings.Noise, seed, cancellation),
                points,
                TensorModule.ofArray2D(starts),
                game
            );
        }

        /// <summary>What can be said of a joint strategy of a large game without d × d matrices.</summary>
        /// <param name="x">The joint strategy, length d.</param>
        /// <exception cref="ArgumentException">x has another length or is not finite.</exception>
        public LargeReport ClassifyLarge(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return Equilibrium.classifyLarge(game, Vector(x));
        }

        /// <summary>What kind of point a joint strategy is for leaders who anticipate followers with their curvature
        /// raised by a regularisation: the published test and the true one.</summary>
        /// <param name="regularization">η of <c>ConjectureModule.Regularized</c>; at least 0.</param>
        /// <param name="x">The joint strategy, length d.</param>
        /// <exception cref="ArgumentException">x has another length, the regularisation is negative, or the game has one
        /// level.</exception>
        public RegularizedReport ClassifyRegularized(double regularization, params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return Equilibrium.classifyRegularized(regularization, game, Vector(x));
        }

        /// <summary>τ*: the least ratio of the followers' to the leaders' rate beyond which simultaneous play is stable at
        /// a critical point of ω.</summary>
        /// <param name="x">The critical point, length d.</param>
        /// <exception cref="ArgumentException">x has another length, or the game has one level or more than 60
        /// dimensions.</exception>
        public CriticalRatio CriticalRatio(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return Equilibrium.criticalRatio(game, Vector(x));
        }

        /// <summary>The necessary condition for a stable point of a zero-sum game that is no Nash point to be a
        /// differential Stackelberg point, as published and corrected.</summary>
        /// <param name="x">The joint strategy, length d.</param>
        /// <exception cref="ArgumentException">x has another length, or the game is not zero-sum between a leader and a
        /// follower.</exception>
        public ZeroSumCondition ZeroSumCondition(params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return Equilibrium.zeroSumCondition(game, Vector(x));
        }

        /// <summary>Whether simultaneous play follows one function's gradient near a joint strategy.</summary>
        /// <param name="radius">How far the other points looked at may be away, entry by entry.</param>
        /// <param name="x">The joint strategy, length d.</param>
        /// <exception cref="ArgumentException">x has another length, or the radius is negative.</exception>
        public PotentialReport Potential(double radius, params double[] x)
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(x);
            return Equilibrium.potential(radius, game, Vector(x));
        }

        /// <summary>What the order of play is worth to each player, and who prefers to lead.</summary>
        /// <param name="start">Where the points compared are sought, length d.</param>
        /// <param name="advantage">The gains and the points, if all were found.</param>
        /// <param name="failure">Why one was not found, otherwise.</param>
        /// <exception cref="ArgumentException">start has another length.</exception>
        public bool TryLeaderAdvantage(
            double[] start,
            [NotNullWhen(true)] out LeaderAdvantage? advantage,
            [NotNullWhen(false)] out FindFailure? failure
        )
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(start);
            return Take(Equilibrium.leaderAdvantage(Vector(start), game), out advantage, out failure);
        }

        /// <summary>The critical points of a concept's field in a box, each with its report, and how the search
        /// went.</summary>
        /// <param name="concept">Nash for ω, Stackelberg for ω_S.</param>
        /// <param name="lower">The box's lower corner, length d.</param>
        /// <param name="upper">Its upper corner, length d; an angle's interval counts modulo 2π.</param>
        /// <param name="seed">Where the random starts begin; the same seed gives the same bits.</param>
        /// <param name="progress">Is told several times a round how far the search is.</param>
        /// <param name="cancellation">Ends the search between two steps of a start.</param>
        /// <remarks>By damped Newton steps from random starts, with deflation of what is known; nothing proves that
        /// there are no other points.</remarks>
        /// <exception cref="ArgumentException">A corner has another length or is not finite, or lower is not below
        /// upper.</exception>
        /// <exception cref="SearchCanceledException">The search was cancelled; its Found has what was found so
        /// far.</exception>
        /// <example><code>
        /// SearchReport found = duopoly.FindAll(Concept.Stackelberg, [0, 0], [100, 100]);
        /// found.Points[0].Point // [46, 26]
        /// </code></example>
        public SearchReport FindAll(
            Concept concept,
            double[] lower,
            double[] upper,
            ulong seed = 0,
            IProgress<SearchProgress>? progress = null,
            CancellationToken cancellation = default
        )
        {
            ArgumentNullException.ThrowIfNull(game);
            ArgumentNullException.ThrowIfNull(lower);
            ArgumentNullException.ThrowIfNull(upper);

            SearchSettings usual = Equilibrium.search;
            var settings = new SearchSettings(
                usual.StartsPerRound,
                usual.QuietRounds,
                usual.MaxRounds,
                seed,
                usual.Tolerances,
                progress,
                cancellation
            );
            return Equilibrium.findAllWith(settings, concept, Vector(lower), Vector(upper), game);
        }
    }

    private static ComparisonSettings Compared(
        double rate,
        int steps,
        Rule[]? rules,
        Noise noise,
        ulong seed,
        CancellationToken cancellation
    ) =>
        new(
            rules ?? Comparison.settings.Rules,
            rate,
            steps,
            noise,
            seed,
            Comparison.settings.Near,
            cancellation
        );

    private static bool Take<T>(
        FSharpResult<T, FindFailure> found,
        [NotNullWhen(true)] out T? report,
        [NotNullWhen(false)] out FindFailure? failure
    )
        where T : class
    {
        report = found.IsOk ? found.ResultValue : null;
        failure = found.IsOk ? null : found.ErrorValue;
        return found.IsOk;
    }

    private static Tensor Vector(double[] x) => TensorModule.ofArray(x);
}
