namespace Stackelberg

open Stackelberg.Kernels

/// <summary>Makes games, and derives from a game its costs, fields and Jacobians.</summary>
/// <remarks>
/// A map derived from a game takes the game first and the joint strategy second, so that Game.omega duopoly is the
/// field ω itself. Every map accepts numbers (a compiled program runs, made at the first call) and, where not said
/// otherwise, symbols (so that the map can be differentiated and compiled further). Notation of Fiez, Chasnov and
/// Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217); all players minimise.
/// The examples use the duopoly of its section 4.1,
/// f1 = −(100 − q1 − q2 − 5) q1 and f2 = −(100 − q1 − q2 − 2) q2.
/// </remarks>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Game =

    /// <summary>A game from its levels, or all that is wrong with it.</summary>
    /// <param name="name">What messages and plots call the game. As in the players' names, control characters, line ends and
    /// marks of the direction of writing are refused.</param>
    /// <param name="levels">The levels, the one that plays first at the head; in each its players with their costs.</param>
    /// <returns>The game, or every fault found. Each cost has been traced once, on symbols.</returns>
    val tryCreate:
        name: string -> levels: (Player * (Strategies -> Tensor)) list list -> Result<Game, GameFault[]>

    /// <summary>A game from its levels.</summary>
    /// <param name="name">What messages and plots call the game.</param>
    /// <param name="levels">The levels, the one that plays first at the head; in each its players with their costs.</param>
    /// <exception cref="T:System.InvalidOperationException">The game has faults; the message lists them all.</exception>
    val create: name: string -> levels: (Player * (Strategies -> Tensor)) list list -> Game

    /// <summary>A game from its players' places, of whatever sampler and number type.</summary>
    /// <param name="name">What messages and plots call the game.</param>
    /// <param name="sampler">Draws the batches that the costs ask for; Sampler.none for none.</param>
    /// <param name="precision">DType.Float64 or DType.Float32.</param>
    /// <param name="seats">Each player with its level and its cost.</param>
    /// <exception cref="T:System.InvalidOperationException">The game has faults; the message lists them all.</exception>
    val ofSeats: name: string -> sampler: Sampler -> precision: DType -> seats: Seat[] -> Game

    /// <summary>The same game with functions that players must heed, in the place of those that it has.</summary>
    /// <param name="constraints">What each player heeds; in a block, the lines subjectTo and equality.</param>
    /// <param name="game">The game.</param>
    /// <exception cref="T:System.InvalidOperationException">A constraint names nobody who plays, does not depend on the strategy of
    /// its player, shares its name with another of the same player, or cannot be computed; the message lists all faults.</exception>
    val withConstraints: constraints: Constraint[] -> game: Game -> Game

    /// <summary>The game in which a multiplier plays for every constraint, beside the player who heeds it: what rules, flows and
    /// ensembles play of a game with constraints.</summary>
    /// <param name="ρ">How much a violation costs at once, at least 0. Above 0 the owner of an inequality g adds
    /// (max(0, λ + ρ g)² − λ²) / 2ρ to its cost, of an equality h it adds λᵀ h + ρ ‖h‖² / 2 (the augmented Lagrangian of Rockafellar
    /// 1973), and the multiplier's cost is the opposite. With 0 these are λᵀ g and λᵀ h, with λ ≥ 0 in a box.</param>
    /// <param name="game">The game; one without constraints stays as it is. Sets and bounds stay sets and bounds.</param>
    /// <returns>The game with a player "multipliers of NAME of PLAYER" for each constraint, at the end of its player's level.</returns>
    /// <exception cref="T:System.ArgumentException">ρ is negative or not finite.</exception>
    /// <remarks>Where all players rest, the multipliers are those of the constrained game, and the strategies meet its
    /// first-order conditions.</remarks>
    /// <example><code lang="fsharp">market |> Game.withMultipliers 1.0 |> Learn.run Rule.extragradient settings start</code></example>
    val withMultipliers: ρ: float -> game: Game -> Game

    /// <summary>Two scalar players, "x1" and "x2": the first leads, the second follows.</summary>
    /// <param name="name">What messages and plots call the game.</param>
    /// <param name="f1">The leader's cost of x1 and x2.</param>
    /// <param name="f2">The follower's cost of x1 and x2.</param>
    /// <exception cref="T:System.InvalidOperationException">The game has faults; the message lists them all.</exception>
    /// <example>
    /// <code lang="fsharp">
    /// let duopoly =
    ///     Game.twoPlayer
    ///         "duopoly"
    ///         (fun q1 q2 -> -(100.0 - q1 - q2 - 5.0) * q1)
    ///         (fun q1 q2 -> -(100.0 - q1 - q2 - 2.0) * q2)
    /// </code>
    /// </example>
    val twoPlayer:
        name: string -> f1: (Tensor -> Tensor -> Tensor) -> f2: (Tensor -> Tensor -> Tensor) -> Game

    /// <summary>Two scalar players, "x1" and "x2", of whom the first leads and minimises f, the second follows and
    /// maximises it: f1 = f, f2 = −f.</summary>
    /// <param name="name">What messages and plots call the game.</param>
    /// <param name="f">The leader's cost of x1 and x2.</param>
    /// <exception cref="T:System.InvalidOperationException">The game has faults; the message lists them all.</exception>
    /// <example><code lang="fsharp">Game.zeroSum "saddle" (fun x y -> x * x + 10.0 * x * y - y * y)</code></example>
    val zeroSum: name: string -> f: (Tensor -> Tensor -> Tensor) -> Game

    /// <summary>Players on one level, none of whom anticipates another (Nash play).</summary>
    /// <param name="name">What messages and plots call the game.</param>
    /// <param name="players">The players with their costs. The pair of one player alone stands in parentheses,
    /// [ (x, cost) ]: of [ x, cost ] the compiler says (FS3886) that it might be meant as a list of two.</param>
    /// <exception cref="T:System.InvalidOperationException">The game has faults; the message lists them all.</exception>
    val simultaneous: name: string -> players: (Player * (Strategies -> Tensor)) list -> Game

    /// <summary>The same players, costs and number type with another sampler: another seed's draw (Sampler.at), more
    /// rows, data held fixed.</summary>
    /// <param name="sampler">Draws the batches that the costs ask for, of whatever size the costs can take.</param>
    /// <param name="game">The game.</param>
    /// <exception cref="T:System.InvalidOperationException">The costs cannot be computed from the sampler's batches.</exception>
    val withSampler: sampler: Sampler -> game: Game -> Game

    /// <summary>The same game computing in another number type, as for a spectrum in float64 of networks trained in
    /// float32.</summary>
    /// <param name="precision">DType.Float64 or DType.Float32.</param>
    /// <param name="game">The game.</param>
    /// <exception cref="T:System.InvalidOperationException">The costs hold constants of the other type.</exception>
    val withPrecision: precision: DType -> game: Game -> Game

    /// <summary>The game's name.</summary>
    val name: game: Game -> string

    /// <summary>The players in the order in which the joint strategy holds them: level by level, the highest
    /// first.</summary>
    val players: game: Game -> Player list

    /// <summary>d, how many numbers the joint strategy holds.</summary>
    val dimension: game: Game -> int

    /// <summary>The players' strategies at a joint strategy, for reading one player's.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <exception cref="T:System.ArgumentException">x has another shape.</exception>
    /// <example><code lang="fsharp">(Game.strategies duopoly (Tensor.ofList [ 46.0; 26.0 ]))[firm2] // 26</code></example>
    val strategies: game: Game -> x: Tensor -> Strategies

    /// <summary>The joint strategy from each player's.</summary>
    /// <param name="game">The game.</param>
    /// <param name="parts">Every player of the game once, in any order, with a tensor of that player's shape.</param>
    /// <returns>Shape [d].</returns>
    /// <exception cref="T:System.ArgumentException">A player is missing, foreign or named twice, or a shape is
    /// wrong.</exception>
    val joint: game: Game -> parts: (Player * Tensor) list -> Tensor

    /// <summary>All players' costs.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Shape [number of players].</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape.</exception>
    /// <example><code lang="fsharp">Game.costs duopoly (Tensor.ofList [ 46.0; 26.0 ]) // [-1058, -676]</code></example>
    val costs: game: Game -> x: Tensor -> Tensor

    /// <summary>ω = (D1 f1, …, Dn fn): each player's partial gradient, the field of simultaneous gradient play.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Shape [d].</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape.</exception>
    /// <example><code lang="fsharp">Game.omega duopoly (Tensor.ofList [ 46.0; 26.0 ]) // [23, 0]</code></example>
    val omega: game: Game -> x: Tensor -> Tensor

    /// <summary>ω_S = (Df1, D2 f2): the field in which every player that has players below it descends its total
    /// gradient, Df1 = D1 f1 − (D21 f2)ᵀ (D22 f2)⁻¹ D2 f1, and recursively for more levels.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Shape [d]; infinite or NaN where the followers' second derivatives are singular.</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape.</exception>
    /// <exception cref="T:System.InvalidOperationException">The followers' second derivatives are singular in a way that no
    /// method solves, and that does not show as NaN.</exception>
    /// <remarks>Several followers are appendix F of arXiv 1906.01217. At numbers, an entry of a follower
    /// that its bound stops has zero reaction; at symbols, bounds are not looked at.</remarks>
    /// <example><code lang="fsharp">Game.omegaS duopoly (Tensor.ofList [ 46.0; 26.0 ]) // [0, 0]</code></example>
    val omegaS: game: Game -> x: Tensor -> Tensor

    /// <summary>The field in which every player with players below it descends its total gradient under a conjecture
    /// of their answer.</summary>
    /// <param name="conjecture">Conjecture.none gives ω, Conjecture.bestResponse gives ω_S.</param>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Shape [d].</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape.</exception>
    /// <exception cref="T:System.InvalidOperationException">A linear solve does not converge, as it may with a solver that the
    /// conjecture names; bestResponse's own takes another method then. fieldWithSolves gives what there is.</exception>
    val field: conjecture: Conjecture -> game: Game -> x: Tensor -> Tensor

    /// <summary>The field whatever its linear solves came to, and how they ended: for solvers that are cut short on purpose.</summary>
    /// <param name="conjecture">The conjecture, with the solver that it names.</param>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d]; numbers.</param>
    /// <returns>Shape [d], and one report for each linear solve; none where the system is solved by a division.</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape, or is a symbol.</exception>
    val fieldWithSolves: conjecture: Conjecture -> game: Game -> x: Tensor -> Tensor * Kernels.SolveReport[]

    /// <summary>J = ∂ω/∂x, the Jacobian of simultaneous play: blocks D_ij f_i.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Shape [d; d].</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape.</exception>
    /// <example><code lang="fsharp">Game.J duopoly (Tensor.ofList [ 46.0; 26.0 ]) // [[2, 1], [1, 2]]</code></example>
    val J: game: Game -> x: Tensor -> Tensor

    /// <summary>J_S = ∂ω_S/∂x, the Jacobian of Stackelberg play.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Shape [d; d].</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape.</exception>
    /// <exception cref="T:System.InvalidOperationException">The followers' second derivatives are singular in a way that no
    /// method solves, and that does not show as NaN.</exception>
    /// <example><code lang="fsharp">Game.JS duopoly (Tensor.ofList [ 46.0; 26.0 ]) // [[1.5, 1], [1, 2]]</code></example>
    val JS: game: Game -> x: Tensor -> Tensor

    /// <summary>The Jacobian of the field under a conjecture.</summary>
    /// <param name="conjecture">Conjecture.none gives J, Conjecture.bestResponse gives J_S.</param>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Shape [d; d].</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape.</exception>
    /// <exception cref="T:System.InvalidOperationException">A linear solve does not converge, as it may with a solver that the
    /// conjecture names; bestResponse's own takes another method then.</exception>
    val jacobian: conjecture: Conjecture -> game: Game -> x: Tensor -> Tensor

    /// <summary>The Schur complement of J over the players below the top level:
    /// D11 f1 − D12 f1 (D22 f2)⁻¹ D21 f2 for a leader and a follower.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d]; numbers.</param>
    /// <returns>Shape [m; m], with m the top level's dimension; NaN or infinite where D22 f2 is singular.</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape, or is a symbol.</exception>
    /// <remarks>The matrix that the published code calls the Schur complement. It is the leader's second derivative
    /// along the reaction curve at critical points of zero-sum games only; totalHessian is it always.</remarks>
    /// <example><code lang="fsharp">Game.schurJ duopoly (Tensor.ofList [ 46.0; 26.0 ]) // [[1.5]]</code></example>
    val schurJ: game: Game -> x: Tensor -> Tensor

    /// <summary>The Schur complement of J_S over the players below the top level: for a leader and a follower the
    /// second derivative D²f1 of x1 ↦ f1(x1, r(x1)) along the reaction curve.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d]; numbers.</param>
    /// <returns>Shape [m; m], with m the top level's dimension; NaN or infinite where D22 f2 is singular.</returns>
    /// <exception cref="T:System.ArgumentException">x has another shape, or is a symbol.</exception>
    /// <exception cref="T:System.InvalidOperationException">The followers' second derivatives are singular in a way that no
    /// method solves, and that does not show as NaN.</exception>
    /// <remarks>Its symmetric part decides the second-order test of a differential Stackelberg point.</remarks>
    /// <example><code lang="fsharp">Game.totalHessian duopoly (Tensor.ofList [ 46.0; 26.0 ]) // [[1]]</code></example>
    val totalHessian: game: Game -> x: Tensor -> Tensor

    /// <summary>Some neighbouring players as a block, for Derivative.D and Derivative.D2.</summary>
    /// <param name="game">The game.</param>
    /// <param name="players">Players that stand next to each other in the game's order.</param>
    /// <exception cref="T:System.ArgumentException">The list is empty, or a player is foreign or out of order.</exception>
    val block: game: Game -> players: Player list -> Block

    /// <summary>A player's cost as an objective, for Derivative.D and Derivative.D2.</summary>
    /// <param name="game">The game.</param>
    /// <param name="player">A player of the game.</param>
    /// <exception cref="T:System.ArgumentException">The player is foreign.</exception>
    val cost: game: Game -> player: Player -> Objective

    /// <summary>The joint strategy as one tensor for each player, for Derivative.D and Derivative.D2.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <exception cref="T:System.ArgumentException">x has another shape.</exception>
    val point: game: Game -> x: Tensor -> Tensor[]
