namespace Stackelberg

/// <summary>Compares runs on two time scales with the theory of stochastic approximation: with γ₁ = o(γ₂) the followers
/// keep to their answer r(x₁), and the leaders to the flow ξ̇ = −Df₁(ξ, r(ξ)).</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), Proposition 9: sup over h ≤ K of ‖x₁,k+h − ξ(t_k+h)‖ → 0, a statement
/// on the leader, in whose proof ‖x₂,k − r(x₁,k)‖ → 0 is shown first. Theorem 1 bounds the follower's gap after finitely many
/// steps, Theorem 2 the leader's.</remarks>
[<RequireQualifiedAccess>]
module Tracking =

    /// <summary>How closely a run kept to its followers' answer and to its leaders' flow.</summary>
    /// <param name="fromStep">The first step that counts; ξ begins at the leaders' strategies there. With rates that begin
    /// large, as 1/k does, the first steps are far from any flow.</param>
    /// <param name="rates">The run's rates; all leaders need the same.</param>
    /// <param name="run">The run, every step recorded or every so many.</param>
    /// <param name="game">The game that was played: at least two levels, no bounds, no sampler. Of a game in float32 the answers
    /// and the flow are found in float64.</param>
    /// <exception cref="T:System.ArgumentException">The game is of another kind or another game, the leaders' rates
    /// differ or are negative, or no step was recorded from fromStep on.</exception>
    /// <example>
    /// <code lang="fsharp">
    /// let tracking = Tracking.ofRun 100 settings.Rates run duopoly
    /// tracking.FollowerGaps[0, 0] // ‖x₂ − r(x₁)‖ after 100 steps
    /// tracking.LeaderGaps[0, 0] // 0: the flow begins there
    /// </code>
    /// </example>
    val ofRun: fromStep: int -> rates: Rate list -> run: Run -> game: Game -> TrackingRun

    /// <summary>As ofRun, for every run of an ensemble.</summary>
    /// <param name="fromStep">The first step that counts.</param>
    /// <param name="runs">The runs, every step recorded or every so many.</param>
    /// <exception cref="T:System.ArgumentException">As for ofRun.</exception>
    /// <remarks>The answers of all runs at all steps are found in batches, and so are the flows; runs that stand at one point at
    /// fromStep share ξ.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let tracking = Tracking.ofEnsemble 100 runs
    /// tracking.MeanLeaderGaps[0] // 0: every flow begins at its run's leaders
    /// tracking.LeaderGapQuantiles 0.9 // what nine runs of ten keep below, at each step
    /// </code>
    /// </example>
    val ofEnsemble: fromStep: int -> runs: EnsembleRun -> TrackingRun

    /// <summary>What rates lack of the conditions under which learning with noise converges: Σγ = ∞, Σγ² &lt; ∞, and, for
    /// rules whose leaders anticipate, a leader's rate o(its followers').</summary>
    /// <param name="rule">The rule: whether it anticipates decides on the third condition.</param>
    /// <param name="rates">One for all players, or one for each.</param>
    /// <param name="game">The game.</param>
    /// <returns>Empty if all conditions hold. Decided by formula for the schedules of module Rate; for Rate.ofFunction
    /// the first two are told to be unknown and nothing is said of the third.</returns>
    /// <exception cref="T:System.ArgumentException">There are more or fewer rates than players.</exception>
    /// <example>
    /// <code lang="fsharp">
    /// let leading = Rule.stackelberg Conjecture.bestResponse
    /// Tracking.warnings leading [ Rate.power 1.0 1.0; Rate.power 1.0 (2.0 / 3.0) ] duopoly // [||]
    /// Tracking.warnings leading [ Rate.power 1.0 1.0 ] duopoly // [| the rate of x1 is not o(that of x2), … |]
    /// </code>
    /// </example>
    val warnings: rule: Rule -> rates: Rate list -> game: Game -> RateWarning[]
