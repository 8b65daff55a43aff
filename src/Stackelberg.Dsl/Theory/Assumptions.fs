namespace Stackelberg

open MathNet.Numerics

/// <summary>The constants of the assumptions A1a, A2 and A3 in a box, as samples find them: lower bounds of greatest values, upper
/// bounds of least ones.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type AssumptionReport = {
    /// L₁: the greatest ‖∂(Df₁)/∂x‖₂. A1a: Df₁ is Lipschitz.
    LipschitzLeader: float
    /// The greatest ‖D₂(Df₁)‖₂, the part of L₁ that the follower's gap goes through.
    LipschitzLeaderInFollower: float
    /// L₂: the greatest ‖∂(D₂f₂)/∂x‖₂. A1a: D₂f₂ is Lipschitz.
    LipschitzFollower: float
    /// M₁: the greatest ‖Df₁‖₂. A1a: Df₁ is bounded.
    BoundOfLeader: float
    /// L_r: the greatest ‖Dr‖₂ on the reaction curve. A2: r is Lipschitz. NaN where no answer was found.
    LipschitzReaction: float
    /// κ₂ and the greatest eigenvalue of the symmetric part of D₂²f₂. A2: with κ₂ &gt; 0 the follower's flow contracts to r(x₁) as
    /// e^(−κ₂ t), whatever x₁.
    FollowerCurvature: struct (float * float)
    /// κ₁ and the greatest eigenvalue of the second derivative of x₁ ↦ f₁(x₁, r(x₁)). A3: with κ₁ &gt; 0 the leader's flow
    /// contracts to one point as e^(−κ₁ t). NaN where no answer was found.
    LeaderCurvature: struct (float * float)
    /// How many points of the box were looked at.
    Samples: int
    /// At how many of them the follower's answer was found, by Newton's method from the point.
    Answers: int
    /// A2, as far as samples tell: yes if κ₂ is above rounding and every answer was found; no if κ₂ is below.
    IsReactionStable: Verdict
    /// A3, as far as samples tell: yes if κ₁ is above rounding and every answer was found; no if κ₁ is below.
    IsLeaderStable: Verdict
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The constants, one assumption a line.</summary>
    override report.ToString() =
        let struct (κ1, Λ1), struct (κ2, Λ2) =
            report.LeaderCurvature, report.FollowerCurvature

        let verdict (value: Verdict) = (string value).ToLowerInvariant()

        System.String.Join(
            "\n",
            [
                (invariant
                    $"in the box, by {report.Samples} samples, {report.Answers} with an answer of the follower:")
                (invariant
                    $"  A1a  L1 = {report.LipschitzLeader:G5}, L2 = {report.LipschitzFollower:G5}, M1 = {report.BoundOfLeader:G5}")
                (invariant
                    $"  A2   {verdict report.IsReactionStable}: L_r = {report.LipschitzReaction:G5}, D22 f2 between {κ2:G5} and {Λ2:G5}")
                (invariant
                    $"  A3   {verdict report.IsLeaderStable}: D²f1 along the answer between {κ1:G5} and {Λ1:G5}")
            ]
        )

/// <summary>The assumptions of the convergence theorems, sampled in a box: what constants they hold with.</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), assumptions A1 to A3. A1b, on the rates, is Tracking.warnings. The
/// assumptions are of all of R^d; the theorems' local forms are of a region that a run does not leave.</remarks>
[<RequireQualifiedAccess>]
module Assumptions =

    /// <summary>The Lipschitz constants, bounds and curvatures of A1a, A2 and A3, greatest and least over random points of a
    /// box.</summary>
    /// <param name="samples">How many points, at least 1.</param>
    /// <param name="lower">The box's lower corner of the joint strategy, shape [d]; shape [] for one number in all entries.</param>
    /// <param name="upper">Its upper corner.</param>
    /// <param name="game">A game of two levels without bounds: one leader, or several, and one follower, or several.</param>
    /// <exception cref="T:System.ArgumentException">samples is below 1; the game has another number of levels or bounds; a corner has
    /// another shape, is not finite, or lower is not below upper.</exception>
    /// <remarks>
    /// Norms are spectral. What belongs to the reaction curve is looked at at (x₁, r(x₁)), whether or not r(x₁) is in the box. The
    /// conditions κ₂ &gt; 0 and κ₁ &gt; 0 are sufficient for A2 and A3, not necessary. For quadratic costs every sample gives the same, and the
    /// constants are exact but for M₁, which grows with the box.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let found = duopoly |> Assumptions.inBox 100 (Tensor.scalar 0.0, Tensor.scalar 60.0)
    /// found.LipschitzReaction // 0.5
    /// found.FollowerCurvature // 2, 2
    /// found.LeaderCurvature // 1, 1
    /// </code>
    /// </example>
    let inBox (samples: int) (lower: Tensor, upper: Tensor) (game: Game) : AssumptionReport =
        let func = "Assumptions.inBox"
        Require.atLeastOne func (nameof samples) samples
        LevelCheck.twoLevels func game
        LevelCheck.noBounds func game
        let lower, upper = PointCheck.box func game (lower, upper)
        let first, d = game.Offsets[game.Levels[0]], game.Dimension
        let top, below, all = [| 0 .. first - 1 |], [| first .. d - 1 |], [| 0 .. d - 1 |]
        let nash = FieldRun(Linearisation.field game Concept.Nash)
        let leading = FieldRun(Linearisation.field game Concept.Stackelberg)
        let points = BoxSamples.points 0UL lower upper samples
        let answered = Reaction.Answers(game, Array.concat points) |> Array.chunkBySize d
        let value = Array.zeroCreate d

        let jacobianOf (field: FieldRun) (x: float[]) =
            field.Evaluate(x, value)
            field.Jacobian x

        let spectrum matrix =
            matrix |> Dense.symmetricPart |> Dense.eigenvalues |> Array.map _.Real

        // NaN wins.
        let greater (a: float) (b: float) = if a >= b then a else b
        let less (a: float) (b: float) = if a <= b then a else b
        let mutable L1, L12, L2, M1, Lr = 0.0, 0.0, 0.0, 0.0, 0.0
        let mutable κ1, Λ1, κ2, Λ2 = infinity, -infinity, infinity, -infinity
        let mutable answers, band = 0, 0.0

        for x, answered in Array.zip points answered do
            let J = jacobianOf nash x
            let own = Dense.select below below J |> spectrum
            L2 <- greater (Dense.greatestSingularValue (Dense.select below all J)) L2
            κ2 <- less own[0] κ2
            Λ2 <- greater (Array.last own) Λ2
            let JS = jacobianOf leading x
            band <- max band (Equilibrium.tolerances.Axis * Dense.norm JS)
            M1 <- greater (Dense.norm (Array2D.init 1 first (fun _ i -> value[i]))) M1
            L1 <- greater (Dense.greatestSingularValue (Dense.select top all JS)) L1
            L12 <- greater (Dense.greatestSingularValue (Dense.select top below JS)) L12

            if Array.forall System.Double.IsFinite answered then
                answers <- answers + 1
                let J = jacobianOf nash answered

                let slope =
                    (LinearAlgebra.CreateMatrix.DenseOfArray(Dense.select below below J))
                        .LU()
                        .Solve(LinearAlgebra.CreateMatrix.DenseOfArray(Dense.select below top J))

                Lr <- greater (Dense.greatestSingularValue (slope.ToArray())) Lr
                let along = jacobianOf leading answered |> Dense.schur top below |> spectrum
                κ1 <- less along[0] κ1
                Λ1 <- greater (Array.last along) Λ1

        let stable value =
            match Statement.isPositive band value with
            | Verdict.Yes when answers < samples -> Verdict.Undecided
            | verdict -> verdict

        let known value = if answers = 0 then nan else value

        {
            LipschitzLeader = L1
            LipschitzLeaderInFollower = L12
            LipschitzFollower = L2
            BoundOfLeader = M1
            LipschitzReaction = known Lr
            FollowerCurvature = struct (κ2, Λ2)
            LeaderCurvature = struct (known κ1, known Λ1)
            Samples = samples
            Answers = answers
            IsReactionStable = stable κ2
            IsLeaderStable = stable (known κ1)
        }

    /// <summary>A1c: for each player the least c with E‖w‖₂ ≤ c (1 + ‖x‖) at every x: E‖w‖₂ at the origin, which is
    /// σ √2 Γ((n + 1)/2)/Γ(n/2) of normal noise on n entries, growing or not.</summary>
    /// <param name="noise">The noise. Of given numbers the greatest ‖w‖₂ stands for the mean.</param>
    /// <param name="game">The game.</param>
    /// <exception cref="T:System.ArgumentException">The noise has another number of deviations than players, or draws of another
    /// length.</exception>
    /// <remarks>As printed A1c bounds E‖w‖ and not E‖w‖²; the concentration bounds need more, an exponential tail.</remarks>
    /// <example><code lang="fsharp">Assumptions.noiseGrowth (Noise.gaussian 2.0) duopoly // 2 √(2/π) = 1.5957691 for both</code></example>
    let noiseGrowth (noise: Noise) (game: Game) : float[] =
        let func = "Assumptions.noiseGrowth"
        let dimension index = game.Players[index].Dimension

        match noise with
        | Noise.Silent -> Array.create game.Players.Length 0.0
        | Noise.Gaussian deviations
        | Noise.Growing deviations ->
            if deviations.Length <> 1 && deviations.Length <> game.Players.Length then
                Require.wrong
                    func
                    (nameof noise)
                    (invariant
                        $"holds {deviations.Length} standard deviations, but 1 or {game.Players.Length} are needed (for all players or for each).")

            Array.init game.Players.Length (fun index ->
                let σ = deviations[if deviations.Length = 1 then 0 else index]
                let n = float (dimension index)

                σ
                * sqrt 2.0
                * exp (SpecialFunctions.GammaLn((n + 1.0) / 2.0) - SpecialFunctions.GammaLn(n / 2.0)))
        | Noise.Given draws ->
            match Array.tryFindIndex (fun (draw: float[]) -> draw.Length <> game.Dimension) draws with
            | Some row ->
                Require.wrong
                    func
                    (nameof noise)
                    (invariant
                        $"has {draws[row].Length} numbers in draw {row}, but {game.Dimension} are needed ({game.Describe()}).")
            | None ->
                Array.init game.Players.Length (fun index ->
                    draws
                    |> Array.fold
                        (fun most draw ->
                            let part = Array.sub draw game.Offsets[index] (dimension index)
                            max most (sqrt (Array.sumBy (fun w -> w * w) part)))
                        0.0)
