namespace Stackelberg

/// <summary>How likely learning on two time scales gets locked in near an equilibrium: the concentration bounds with all their
/// constants.</summary>
/// <remarks>
/// Fiez, Chasnov and Ratliff (arXiv 1906.01217), section 3.2.2 and appendix B. There the constants are said to exist; here they are derived for
/// normal noise, one leader and one follower, and constant D₂²f₂ and D²f₁ along the answer, as in quadratic games; the
/// derivation is in short in LemmaConstants, with Φ = e^(−H (t − s)), M = 1. Where the curvatures vary, the bounds are those of
/// the linear part. Misprints: the first sum of (12) has the sign of the others; the factor of the second sum of (11) is C₁;
/// Φ₁ and Lemma 2 have e^(−κ₁ …). Theorem 2 needs γ₂, γ₁/γ₂ and γ₁/γ₂ · H below ε/(8 K̄) as well, which is not printed.
/// </remarks>
[<RequireQualifiedAccess>]
module Concentration =

    /// <summary>The constants of a game and its noise in a sampled box.</summary>
    /// <param name="noise">Normal noise, or none.</param>
    /// <param name="assumptions">Of the box that the run is taken to stay in: Assumptions.inBox.</param>
    /// <param name="game">One leader and one follower.</param>
    /// <exception cref="T:System.ArgumentException">The game has other players; the noise is given numbers or has another number of
    /// deviations; a least curvature is not above 0.</exception>
    val constants: noise: Noise -> assumptions: AssumptionReport -> game: Game -> ConcentrationConstants

    /// <summary>Theorems 1 and 2, and Corollary 6: lower bounds of the probabilities that the follower keeps within ε of its answer,
    /// and the leader within ε of the equilibrium, from some step on.</summary>
    /// <param name="problem">The learning.</param>
    /// <exception cref="T:System.ArgumentException">A number of the problem is out of range, or a rate is not above 0.</exception>
    /// <remarks>
    /// With u = √(ε/(8 K γ)), P(γ‖w‖² &gt; ε/(8 K)) = P(‖w‖ &gt; u) ≤ 2 d e^(−u²/(2 d σ²)) ≤ a e^(−b u) for every b &gt; 0, a = 2 d e^(½ b² d σ²): b is
    /// the best at the first step, but at most 10/(σ √d), C₁ = a, C₂ = b/√(8 K). S₂ is normal with deviations at most σ² e^(κ₂ γ̄)/κ₂ β_n in every direction:
    /// C₃ = 2 d₂, C₄ = 1/(128 K² d₂ σ₂² e^(κ₂ γ̄)/κ₂). For constant rates the sums diverge, and nothing holds for ever.
    /// O(horizon − n₀) time and memory.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// // The duopoly: D₂²f₂ = 2, D²f₁ = 1, D₂(Df₁) = 1, Dr = −½; M₁ = 1 in the region and noise of 0.01.
    /// let bound =
    ///     Concentration.bound {
    ///         Constants = constants
    ///         LeaderRate = Rate.power 1.0 1.0
    ///         FollowerRate = Rate.power 1.0 (2.0 / 3.0)
    ///         Radius = 0.5
    ///         FromStep = 1_000_000
    ///         FollowerGap = 0.1
    ///         LeaderGap = 0.1
    ///         Horizon = 2_000_000
    ///     }
    /// bound.Follower.Constant, bound.Follower.LockedFrom // 1, 1002353
    /// bound.Follower.ProbabilityForEver // 1 to fifteen digits
    /// </code>
    /// </example>
    val bound: problem: ConcentrationProblem -> ConcentrationBound

    /// <summary>Lemmas 1 and 2 along one run whose noise is known: neither left-hand side ever exceeds its right-hand side.</summary>
    /// <param name="fromStep">n₀, at least 0, before the run's last step.</param>
    /// <param name="rates">The leader's and the follower's.</param>
    /// <param name="draws">The run's noise: w of step k + 1 is draws[k], as of Noise.given.</param>
    /// <param name="equilibrium">x*, shape [d], where both curvatures are taken.</param>
    /// <param name="run">A run of Rule.stackelberg Conjecture.bestResponse with every step recorded.</param>
    /// <param name="game">The game that was played: one leader and one follower, no bounds.</param>
    /// <exception cref="T:System.ArgumentException">The game or the run is of another kind, steps or draws are missing, a curvature at
    /// x* is not positive definite, or no answer is found somewhere.</exception>
    /// <remarks>The region's constants are the run's own: the greatest gaps, and the greatest ‖Df₁‖, ‖D₂(Df₁)‖ and ‖Dr‖ at its points. Δz is at
    /// most the greatest ‖Dr‖ times the step where r is linear, so that the lemmas hold of quadratic followers' costs to the last
    /// digit, whatever f₁ is; Lemma 2 asks for a quadratic f₁ along the answer, too.</remarks>
    val alongRun:
        fromStep: int ->
        rates: Rate * Rate ->
            draws: float[][] ->
            equilibrium: Tensor ->
            run: Run ->
            game: Game ->
                LemmaRun
