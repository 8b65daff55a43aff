namespace Stackelberg

/// <summary>What is known of a point of a zero-sum game (f, −f) of one leader and one follower, as printed and as it is: each
/// function holds one published statement against one point.</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), section 2.2.1. A is D₁²f, B is D₁₂f and C is −D₂²f; κ = ‖B‖₂; μ₁ ≤ … ≤ μ_m
/// are A's eigenvalues, r of them negative, p of them zero, and λ₁ ≥ … ≥ λ_n those of C. Equilibrium.zeroSumCondition is
/// Proposition 3. Players may not have bounds.</remarks>
[<RequireQualifiedAccess>]
module ZeroSum =

    /// <summary>Sufficient for a differential Stackelberg point: B = W₁ Σ W₂ᵀ with eigenvectors W₁ of A and W₂ of C, and
    /// κ²λᵢ + μᵢ &gt; 0.</summary>
    /// <param name="game">A zero-sum game of one leader and one follower.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Conditions: a stable point of simultaneous play, no Nash point, C &gt; 0, the structure of B, Σ without zeros, r ≤ n,
    /// κ²λᵢ + μᵢ &gt; 0 for i ≤ r − p. Conclusions: a differential Stackelberg point, stable under Stackelberg play.</returns>
    /// <exception cref="T:System.ArgumentException">The game has other players, bounds, or is not zero-sum at x; or x is as
    /// Equilibrium.classify refuses it.</exception>
    /// <remarks>Proposition 4. Only the first, the third and the fourth condition are needed: with that structure J is a direct sum
    /// of blocks [[μ, σ], [−σ, λ]], whose determinant λ (μ + σ²/λ) is positive where they are stable, and μ + σ²/λ are the Schur
    /// complement's eigenvalues. The printed κ-condition, in which as in Proposition 3 the inverse of C is lost, is not
    /// met by many such points. Bases exist exactly if A commutes with B Bᵀ and with B C Bᵀ, and C with Bᵀ B.</remarks>
    /// <example><code lang="fsharp">
    /// // A = −0.09, B = 0.1, C = 0.1: κ²λ + μ = −0.089, but the Schur complement is 0.01.
    /// let game = Game.zeroSum "g" (fun x y -> -0.045 * x * x + 0.1 * x * y - 0.05 * y * y)
    /// let found = ZeroSum.alignedCoupling game (Tensor.zeros [ 2 ])
    /// found.IsApplicable, found.AreNeededMet, found.IsConcluded // No, Yes, Yes
    /// </code></example>
    val alignedCoupling: game: Game -> x: Tensor -> Statement

    /// <summary>What holds at a stable point of a realisable GAN, A = 0: the necessary conditions of a Stackelberg
    /// point.</summary>
    /// <param name="game">A zero-sum game of one leader, the generator, and one follower, the discriminator.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Conditions: A = 0, a stable point of simultaneous play, C ≥ 0. Conclusions: B C⁺ Bᵀ ≥ 0, and no eigenvalue of J_S left
    /// of the axis.</returns>
    /// <exception cref="T:System.ArgumentException">As alignedCoupling.</exception>
    /// <remarks>Proposition 5. Printed is "marginally stable". Where J's spectrum lies right of the axis, B has full row rank: Bᵀu = 0
    /// would make (u, 0) a null vector of J. So where C &gt; 0 as well, B C⁻¹ Bᵀ &gt; 0, and the point is a differential Stackelberg point
    /// and stable. Where C is singular, ω_S and J_S are undefined, and the second conclusion is undecided.</remarks>
    /// <example><code lang="fsharp">
    /// // f = x y − y²/2: a Dirac GAN with a penalty.
    /// let game = Game.zeroSum "g" (fun x y -> x * y - 0.5 * y * y)
    /// (ZeroSum.realizable game (Tensor.zeros [ 2 ])).IsConcluded // Yes: B C⁻¹ Bᵀ = 1, J_S has 1 and 1
    /// </code></example>
    val realizable: game: Game -> x: Tensor -> Statement

    /// <summary>Sufficient in a realisable GAN, A = 0: C &gt; 0 and B = Σ Wᵀ with eigenvectors W of C.</summary>
    /// <param name="game">A zero-sum game of one leader, the generator, and one follower, the discriminator.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Conditions: A = 0, a stable point of simultaneous play, C &gt; 0, the structure of B, Σ without zeros. Conclusions: a
    /// differential Stackelberg point, stable under Stackelberg play.</returns>
    /// <exception cref="T:System.ArgumentException">As alignedCoupling.</exception>
    /// <remarks>Proposition 6. The first three conditions are enough, see realizable; the structure of B is not needed.</remarks>
    /// <example><code lang="fsharp">
    /// let game = Game.zeroSum "g" (fun x y -> x * y - 0.5 * y * y)
    /// (ZeroSum.realizableAligned game (Tensor.zeros [ 2 ])).IsApplicable // Yes
    /// </code></example>
    val realizableAligned: game: Game -> x: Tensor -> Statement

    /// <summary>In games of two numbers every stable point of simultaneous play with C &gt; 0 is a differential Stackelberg
    /// point.</summary>
    /// <param name="game">A zero-sum game of one leader and one follower.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Conditions: both players choose one number, a stable point of simultaneous play, no Nash point, C &gt; 0.
    /// Conclusions: a differential Stackelberg point, stable under Stackelberg play.</returns>
    /// <exception cref="T:System.ArgumentException">As alignedCoupling.</exception>
    /// <remarks>Corollary 1; Nash points need not be excluded. Its reason: J's determinant is C times the Schur complement.</remarks>
    /// <example><code lang="fsharp">
    /// let game = Game.zeroSum "g" (fun x y -> -0.045 * x * x + 0.1 * x * y - 0.05 * y * y)
    /// (ZeroSum.scalarAttractor game (Tensor.zeros [ 2 ])).IsConcluded // Yes
    /// </code></example>
    val scalarAttractor: game: Game -> x: Tensor -> Statement

    /// <summary>Where the leader's own second derivative A is positive definite, a critical point is a differential Nash point
    /// exactly if it is a differential Stackelberg point.</summary>
    /// <param name="game">A zero-sum game of one leader and one follower.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>Conditions: ω = 0, A &gt; 0. Conclusion: both verdicts are the same.</returns>
    /// <exception cref="T:System.ArgumentException">As alignedCoupling.</exception>
    /// <remarks>Remark 2. Both verdicts are then C's: with C &gt; 0 the Schur complement A + B C⁻¹ Bᵀ exceeds A.</remarks>
    /// <example><code lang="fsharp">
    /// let game = Game.zeroSum "g" (fun x y -> 0.5 * x * x + 3.0 * x * y - 0.5 * y * y)
    /// (ZeroSum.convexConcave game (Tensor.zeros [ 2 ])).IsConcluded // Yes: it is both
    /// </code></example>
    val convexConcave: game: Game -> x: Tensor -> Statement
