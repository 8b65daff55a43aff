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
    /// Definitions 3 and 4 of Fiez, Chasnov and Ratliff (arXiv 1906.01217), but that D₂²f₂ &gt; 0 is asked for as well, which
    /// Definition 4 does not print and every use of it needs. A verdict is undecided when an eigenvalue that it
    /// needs lies within tolerance of the axis, but no when another condition fails definitely. The second-order
    /// test of a Stackelberg point is the total second derivative along the reaction curve, not the Schur complement of
    /// J: they agree only at critical points of zero-sum games. Beyond two players the lowest level must be a
    /// differential Nash point with the spectrum of its own Jacobian in the open right half-plane, and at every level
    /// above the symmetric part of the Schur complement of J_S over the players below must be positive definite. In a
    /// box the residual is ‖x − Π(x − g)‖, second-order tests act on the entries that no bound holds, a held follower
    /// does not react, and without strict complementarity second-order verdicts are at most undecided.
    /// A point is critical where the step that Newton's method would still make, −A⁻¹ g, is below tolerance for every player in
    /// its own scale, or is nothing but rounding; StepOmega and StepOmegaS say how far it is, and whether a critical point lies
    /// near at all. Verdicts on equilibria therefore do not change when a cost is multiplied by a positive number, or a
    /// player's coordinates are scaled, shifted or rotated; stability is that of play with equal rates and goes with the
    /// relation of the costs' units. Where a cost has no derivative, the op is named, and no verdict is yes.
    /// An undecided verdict's reasons are in Doubts: which number it hangs on, and within what band of zero.
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

    /// <summary>What can be said of a joint strategy of a large game without d × d matrices: residuals, the own
    /// curvatures' least eigenvalues, and whether either flow is stable there.</summary>
    /// <param name="game">The game, of any dimension.</param>
    /// <param name="x">The joint strategy, shape [d]; finite numbers inside every player's box.</param>
    /// <exception cref="T:System.ArgumentException">x has another shape, is a symbol or is not finite.</exception>
    /// <remarks>Six eigenvalues of the smallest real parts of J, of J_S and of each D²_ii f_i, by Krylov subspaces of
    /// their products with vectors (Eigenvalues.ofMap), with true residuals. A verdict is yes only if the searches
    /// converged and the least real part exceeds its residual and the tolerance. A product with J_S solves linear
    /// systems in the followers' entries.</remarks>
    /// <example><code lang="fsharp">
    /// let report = Equilibrium.classifyLarge game x
    /// report.EigenvaluesJ[0].Value, report.EigenvaluesJ[0].Residual
    /// </code></example>
    val classifyLarge: game: Game -> x: Tensor -> LargeReport

    /// <summary>The critical point of ω or ω_S that damped Newton steps reach from a start, with its report; or why
    /// they reached none.</summary>
    /// <param name="concept">Concept.Nash for ω = 0, Concept.Stackelberg for ω_S = 0.</param>
    /// <param name="start">Where to begin: a joint strategy of shape [d], for example the end of a run. Entries outside
    /// a box are projected onto it.</param>
    /// <param name="game">The game.</param>
    /// <returns>The report's Point is the critical point, to about rounding error. It may be critical without being an
    /// equilibrium: the report says.</returns>
    /// <exception cref="T:System.ArgumentException">start has another shape, is a symbol or is not finite.</exception>
    /// <remarks>Newton steps with a line search on the field in the players' own scales, damped as by Levenberg and
    /// Marquardt: quadratic convergence to isolated points and to manifolds of them. O(d³) for a step: a singular value
    /// decomposition up to d = 200, the normal equations above, where a singular value below about 1e-7 ‖J‖ is followed
    /// more slowly. The Stackelberg field has poles where the followers' curvature vanishes; if the steps fail, they are
    /// made again along a continuation, Conjecture.regularized η with η falling to 0. Where costs are linear or flat these
    /// steps have nothing to go by: then the players' descent is followed, ẋ = −g in their boxes, by implicit steps of
    /// growing length (Kelley and Keyes 1998), first of all players and then of the followers with the leaders held.
    /// A kink, a cost that falls for ever, and a field that is zero only because its numbers are too small to be held are
    /// failures that say so.</remarks>
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

    /// <summary>How findAll searches if nothing else is said: 256 starts a round, until 4 rounds in a row find nothing
    /// new and nothing new is expected of the next, or 100 are made.</summary>
    val search: SearchSettings

    /// <summary>The critical points of ω or ω_S in a box, each with its report.</summary>
    /// <param name="concept">Concept.Nash for ω = 0, Concept.Stackelberg for ω_S = 0.</param>
    /// <param name="lower">The box's lower corner, shape [d]; shape [] for one number in all entries.</param>
    /// <param name="upper">Its upper corner. An angle's interval counts modulo 2π.</param>
    /// <param name="game">The game.</param>
    /// <returns>Isolated points by their entries, representatives of sets that are not isolated, and how the search
    /// went. A point that is critical without being an equilibrium is listed as well: its report says.</returns>
    /// <exception cref="T:System.ArgumentException">A corner has another shape, is a symbol or not finite, or lower is
    /// not below upper.</exception>
    /// <remarks>
    /// Rounds of random starts (Philox). Up to dimension 64 and without bounds one program leads all starts of a round
    /// along damped Newton steps; what arrives is refined one by one. In every second round the field is divided by its
    /// known zeros (deflation of Farrell, Birkisson and Funke 2015), which sends starts elsewhere. Where ω_S is
    /// undefined because the followers' second derivatives are singular, nothing is listed: starts drawn there are
    /// counted. A point on a set of critical points is recognised by its singular Jacobian and by critical points
    /// beside it. After the first round sign changes of the field along some lines are followed, up to dimension 64: they
    /// lead to points with narrow surroundings and to kinks, which are listed apart; and if most starts have failed, some
    /// are led on by the players' descent. Nothing proves that all points are found: UnseenShare says how likely one more
    /// start finds a new one, and UnseenBasin how small the surroundings of a point are that may have been missed.
    /// 256 starts in two dimensions take about 20 ms.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let all = duopoly |> Equilibrium.findAll Concept.Stackelberg (Tensor.scalar 0.0, Tensor.scalar 100.0)
    /// all.Points[0].Point // [46, 26]
    /// </code></example>
    val findAll: concept: Concept -> lower: Tensor * upper: Tensor -> game: Game -> SearchReport

    /// <summary>As findAll, searched in another way.</summary>
    /// <param name="settings">How many starts and rounds, from which seed, and what counts as zero.</param>
    /// <param name="concept">Concept.Nash for ω = 0, Concept.Stackelberg for ω_S = 0.</param>
    /// <param name="lower">The box's lower corner, shape [d] or [].</param>
    /// <param name="upper">Its upper corner.</param>
    /// <param name="game">The game.</param>
    /// <exception cref="T:System.ArgumentException">As for findAll, or a setting is below 1.</exception>
    /// <exception cref="T:Stackelberg.SearchCanceledException">The settings' token was cancelled; its Found has what was
    /// found so far.</exception>
    val findAllWith:
        settings: SearchSettings ->
        concept: Concept ->
        lower: Tensor * upper: Tensor ->
            game: Game ->
                SearchReport

    /// <summary>Whether every follower's strategy is its best answer to all others', by a search of its own problem from 48
    /// starts around it, spread over up to ten times its size, and from where it is.</summary>
    /// <param name="game">A game of two levels, with or without constraints.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <returns>One report for each follower: the least cost found, where, and whether several strategies attain it. Nothing proves
    /// that there is no better one.</returns>
    /// <exception cref="T:System.ArgumentException">The game has other than two levels, or x has another shape or is not finite.</exception>
    /// <remarks>A differential Stackelberg point is a local notion: the followers' answer there is a local minimum of their cost.
    /// Where the leader's value differs between several answers, see Definition 2 of arXiv 1906.01217 for the pessimistic one.</remarks>
    val globalResponse: game: Game -> x: Tensor -> ResponseReport[]

    /// <summary>What kind of point a joint strategy is for leaders who anticipate followers with their curvature raised
    /// by η: the sufficient and the necessary test as printed (Propositions 10 and 11 of Fiez, Chasnov and
    /// Ratliff, arXiv 1906.01217), and the true ones.</summary>
    /// <param name="η">As in Conjecture.regularized: at least 0; 0 is the Stackelberg field itself.</param>
    /// <param name="game">A game of at least two levels.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <exception cref="T:System.ArgumentException">η is negative or not finite, the game has one level, or x is as
    /// classify refuses it.</exception>
    /// <example><code lang="fsharp">
    /// // f1 = x²/2 + x y, f2 = y²/2 − x y: the answer is x / (1 + η).
    /// (Equilibrium.classifyRegularized 1.0 game (Tensor.zeros [ 2 ])).EigenvaluesTrue // 1 + 1/2 + 1 = 2.5
    /// </code></example>
    val classifyRegularized: η: float -> game: Game -> x: Tensor -> RegularizedReport

    /// <summary>τ*, the least ratio of the followers' to the leaders' rate beyond which simultaneous play is stable at a
    /// critical point of ω: the largest positive root of det(J_τ ⊕ J_τ), J_τ = diag(I, τ I) J, for every player below
    /// the top level together.</summary>
    /// <param name="game">A game of at least two levels and at most 60 dimensions.</param>
    /// <param name="x">A critical point of ω, shape [d].</param>
    /// <exception cref="T:System.ArgumentException">The game has one level or is too large, or x is as classify refuses
    /// it.</exception>
    /// <remarks>Finite if the spectra of Schur(J) and of the followers' own Jacobian lie in the open right half-plane
    /// (Fiez and Ratliff 2021), which is decided first; the Reason says which does not. The root is found on the
    /// d(d−1)/2 sums of pairs of eigenvalues, refined to rounding, and checked by J_τ's own eigenvalues on both sides:
    /// O(d⁶), a few seconds for d = 40.</remarks>
    /// <example><code lang="fsharp">
    /// let saddle = Game.zeroSum "saddle" (fun x y -> -3.0 * x * x - y * y + 4.0 * x * y)
    /// (Equilibrium.criticalRatio saddle (Tensor.zeros [ 2 ])).Ratio // 3
    /// </code></example>
    val criticalRatio: game: Game -> x: Tensor -> CriticalRatio

    /// <summary>What the order of play is worth to each player: the costs at a Nash point against those at a Stackelberg
    /// point, and for one leader with one follower at the one with the roles swapped.</summary>
    /// <param name="start">Where the three points are sought by damped Newton steps, shape [d].</param>
    /// <param name="game">The game.</param>
    /// <returns>The points' own reports say whether they are equilibria; or why one of them was not found.</returns>
    /// <exception cref="T:System.ArgumentException">start is as find refuses it.</exception>
    /// <remarks>Whether players agree on the leader: T. Başar, On the Relative Leadership Property of Stackelberg
    /// Strategies (1973).</remarks>
    /// <example><code lang="fsharp">
    /// // The duopoly's costs are −940.44, −1133.44 without order of play and −1058, −676 with it.
    /// duopoly |> Equilibrium.leaderAdvantage (Tensor.ofList [ 30.0; 30.0 ]) // Gains = [| 117.56; -457.44 |], NonConcurrent
    /// </code></example>
    val leaderAdvantage: start: Tensor -> game: Game -> Result<LeaderAdvantage, FindFailure>

    /// <summary>The necessary condition of Fiez, Chasnov and Ratliff (arXiv 1906.01217, Proposition 3) for a stable point of a zero-sum game
    /// that is no Nash point to be a differential Stackelberg point, as printed and corrected.</summary>
    /// <param name="game">A zero-sum game of one leader and one follower.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <exception cref="T:System.ArgumentException">The game has other players, or is not zero-sum at x; or x is as
    /// classify refuses it.</exception>
    val zeroSumCondition: game: Game -> x: Tensor -> ZeroSumCondition

    /// <summary>Whether simultaneous play follows one function's gradient near a point: J symmetric there and at 16 random
    /// points around it.</summary>
    /// <param name="radius">How far the other points' entries may be from the point's; at least 0.</param>
    /// <param name="game">The game.</param>
    /// <param name="x">The joint strategy, shape [d].</param>
    /// <exception cref="T:System.ArgumentException">radius is negative or not finite; or x is as classify refuses it.</exception>
    /// <remarks>Exact potentials only: weighted and ordinal ones leave J asymmetric.</remarks>
    /// <example><code lang="fsharp">(Equilibrium.potential 1.0 duopoly (Tensor.ofList [ 46.0; 26.0 ])).IsPotential // Verdict.Yes</code></example>
    val potential: radius: float -> game: Game -> x: Tensor -> PotentialReport
