namespace Stackelberg

/// <summary>Finds critical points of games and says what kind of points they are.</summary>
[<RequireQualifiedAccess>]
module Equilibrium =

    /// <summary>What counts as zero: 1e-8, relative, for fields and for eigenvalues.</summary>
    val tolerances: Tolerances

    /// <summary>What kind of point a joint strategy is.</summary>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d]; finite numbers inside every player's box.</param>
    /// <exception cref="T:System.ArgumentException">x has another shape, is a symbol or is not finite, or the game's
    /// dimension is above 4000.</exception>
    /// <remarks>
    /// Definitions of Fiez, Chasnov and Ratliff (2020). A verdict is undecided when an eigenvalue that it
    /// needs lies within tolerance of the axis, but no when another condition fails definitely. The second-order
    /// test of a Stackelberg point is the total second derivative along the reaction curve, not the Schur complement of
    /// J: they agree only at critical points of zero-sum games. Beyond two players the lowest level must be a
    /// differential Nash point with the spectrum of its own Jacobian in the open right half-plane, and at every level
    /// above the symmetric part of the Schur complement of J_S over the players below must be positive definite. In a
    /// box the residual is ‖x − Π(x − g)‖, second-order tests act on the entries that no bound holds, a held follower
    /// does not react, and without strict complementarity second-order verdicts are at most undecided.
    /// Costs d Jacobian products for each field, and dense eigenvalues: O(d³), about 10 s for d = 1250.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let report = Equilibrium.classify duopoly (Tensor.ofList [ 46.0; 26.0 ])
    /// report.IsDifferentialStackelberg // Verdict.Yes
    /// report.IsDifferentialNash // Verdict.No
    /// report.TotalHessian[0, 0] // 1.0
    /// </code>
    /// </example>
    val classify: game: Game -> x: Tensor -> Report

    /// <summary>As classify, with other tolerances.</summary>
    /// <param name="tolerances">What counts as zero.</param>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d]; finite numbers inside every player's box.</param>
    /// <exception cref="T:System.ArgumentException">x has another shape, is a symbol or is not finite.</exception>
    val classifyWith: tolerances: Tolerances -> game: Game -> x: Tensor -> Report

    /// <summary>The critical point of ω or ω_S that damped Newton steps reach from a start, with its report; or why
    /// they reached none.</summary>
    /// <param name="concept">Concept.Nash for ω = 0, Concept.Stackelberg for ω_S = 0.</param>
    /// <param name="start">Where to begin: a joint strategy of shape [d], for example the end of a run. Entries outside
    /// a box are projected onto it.</param>
    /// <param name="game">The game.</param>
    /// <returns>The report's Point is the critical point, to about rounding error. It may be critical without being an
    /// equilibrium: the report says.</returns>
    /// <exception cref="T:System.ArgumentException">start has another shape, is a symbol or is not finite.</exception>
    /// <remarks>Newton steps with a line search on ‖g‖, damped as by Levenberg and Marquardt with μ ≤ ‖g‖²: quadratic
    /// convergence to isolated points and to manifolds of them. O(d³) for a step: a singular value decomposition up to
    /// d = 200, the normal equations above, where a singular value below about 1e-7 ‖J‖ is followed more slowly. The
    /// Stackelberg field has poles where the followers' curvature vanishes; if the steps fail, they are made again along
    /// a continuation, Conjecture.regularized η with η falling to 0.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// match duopoly |> Equilibrium.find Concept.Stackelberg (Tensor.ofList [ 10.0; 10.0 ]) with
    /// | Ok report -> report.Point // [46, 26]
    /// | Error failure -> failwith $"{failure}"
    /// </code>
    /// </example>
    val find: concept: Concept -> start: Tensor -> game: Game -> Result<Report, FindFailure>

    /// <summary>As find, with other tolerances.</summary>
    /// <param name="tolerances">What counts as zero.</param>
    /// <param name="concept">Concept.Nash for ω = 0, Concept.Stackelberg for ω_S = 0.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="game">The game.</param>
    /// <exception cref="T:System.ArgumentException">start has another shape, is a symbol or is not finite.</exception>
    val findWith:
        tolerances: Tolerances ->
        concept: Concept ->
        start: Tensor ->
        game: Game ->
            Result<Report, FindFailure>

    /// <summary>As find, by Newton steps alone: for searches from many starts, most of which may lead nowhere.</summary>
    /// <param name="concept">Nash for ω, Stackelberg for ω_S.</param>
    /// <param name="start">Where to begin, shape [d].</param>
    /// <param name="game">The game.</param>
    /// <returns>The point's report, or why none was reached.</returns>
    /// <exception cref="T:System.ArgumentException">start has another shape, is a symbol, or is not finite.</exception>
    val refine: concept: Concept -> start: Tensor -> game: Game -> Result<Report, FindFailure>
