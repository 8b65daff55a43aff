namespace Stackelberg

/// <summary>Whether a level's game is diagonally strictly convex in a box, so far as samples tell.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type DiagonalConvexityReport = {
    /// The players of the lowest level.
    Players: string[]
    /// r, one positive weight for each of them.
    Weights: float[]
    /// The least eigenvalue of the symmetric part of diag(r) J over those players, of all samples.
    Least: float
    /// The joint strategy where it was found.
    At: Tensor
    /// How many points were looked at.
    Samples: int
    /// Yes if Least is above rounding, which proves no more than that; no if it is below, which proves that diag(r) J is
    /// not positive definite everywhere; undecided between, or where a derivative is not finite.
    IsMet: Verdict
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The finding in a sentence.</summary>
    override report.ToString() =
        let names = System.String.Join(", ", report.Players)

        match report.IsMet with
        | Verdict.Yes ->
            (invariant
                $"the game of {names} is diagonally strictly convex at {report.Samples} samples: least eigenvalue {report.Least:G5}")
        | Verdict.No ->
            (invariant
                $"the game of {names} is not diagonally strictly convex with these weights: eigenvalue {report.Least:G5} at {report.At}")
        | _ ->
            (invariant
                $"whether the game of {names} is diagonally strictly convex is open: least eigenvalue {report.Least:G5}")

/// <summary>Rosen's condition on the followers of a game, under which their Nash equilibrium is unique and attracts.</summary>
[<RequireQualifiedAccess>]
module DiagonalConvexity =

    let private func = "DiagonalConvexity.inBox"

    /// <summary>Diagonal strict convexity of the lowest level's game in a box, sampled: with r &gt; 0 and g(x) = (r_i D_i f_i)ᵢ,
    /// (x − x′)ᵀ (g(x) − g(x′)) &gt; 0 for x ≠ x′, for which it is enough that the symmetric part of diag(r) J is positive definite
    /// in the box.</summary>
    /// <param name="weights">r: one for each player of the lowest level, above 0; [] for ones.</param>
    /// <param name="samples">How many random points of the box are looked at, at least 1.</param>
    /// <param name="lower">The box's lower corner of the joint strategy, shape [d]; shape [] for one number in all entries.</param>
    /// <param name="upper">Its upper corner.</param>
    /// <param name="game">The game; of one level, all its players.</param>
    /// <exception cref="T:System.ArgumentException">There are more or fewer weights than players, or one is not above 0; samples is
    /// below 1; a corner has another shape, is not finite, or lower is not below upper.</exception>
    /// <remarks>
    /// J. B. Rosen, Existence and Uniqueness of Equilibrium Points for Concave N-Person Games (1965), Theorems 2 and 6. Fiez, Chasnov
    /// and Ratliff (arXiv 1906.01217), appendix F.2, name it as sufficient for their assumption A6, a globally stable differential Nash
    /// equilibrium of the followers for every x₁. With x* that equilibrium, V = Σ rᵢ ‖xᵢ − xᵢ*‖² falls along the followers' flow, whose
    /// V̇ is −2 (x − x*)ᵀ g(x): as e^(−2 c t / max r) where the eigenvalues are at least c.
    /// Samples refute and do not prove, but
    /// for quadratic costs, where one sample is all.
    /// </remarks>
    /// <example>
    /// <code lang="fsharp">
    /// // Cournot: f_i = −(100 − q₁ − q₂) q_i has J = [[2, 1], [1, 2]], least eigenvalue 1.
    /// let a, b = Player.scalar "a", Player.scalar "b"
    /// let price (q: Strategies) = 100.0 - q[a] - q[b]
    /// let cournot = Game.simultaneous "cournot" [ a, (fun q -> -(price q) * q[a]); b, (fun q -> -(price q) * q[b]) ]
    /// let box = Tensor.scalar 0.0, Tensor.scalar 50.0
    /// (cournot |> DiagonalConvexity.inBox [] 100 box).Least // 1
    /// </code>
    /// </example>
    let inBox
        (weights: float list)
        (samples: int)
        (lower: Tensor, upper: Tensor)
        (game: Game)
        : DiagonalConvexityReport =
        Require.atLeastOne func (nameof samples) samples
        let lower, upper = PointCheck.box func game (lower, upper)
        let level = game.LevelBlock(game.Levels.Length - 1)

        let weights =
            if weights.IsEmpty then
                Array.create level.Count 1.0
            else
                Array.ofList weights

        if weights.Length <> level.Count then
            Require.wrong
                func
                (nameof weights)
                (invariant
                    $"holds {weights.Length} numbers, but {level.Count} are needed (one for each player of the lowest level, or none for ones).")

        weights |> Array.iter (Require.positive func (nameof weights))
        let first = game.Offsets[level.First]
        let entries = [| first .. game.Dimension - 1 |]

        let weightOf entry =
            weights[game.OwnerOf entry - level.First]

        let field = FieldRun(Linearisation.field game Concept.Nash)
        let mutable least, band = infinity, 0.0
        let mutable at = lower

        for index in 0 .. samples - 1 do
            let x = BoxSamples.point 0UL lower upper index
            field.Evaluate(x, Array.zeroCreate game.Dimension)

            let weighted =
                field.Jacobian x
                |> Dense.select entries entries
                |> Array2D.mapi (fun row _ entry -> weightOf entries[row] * entry)

            let here =
                weighted
                |> Dense.symmetricPart
                |> Dense.eigenvalues
                |> Array.map _.Real
                |> Array.min

            // Not finite stays.
            if not (here >= least) && not (System.Double.IsNaN least) then
                least <- here
                band <- Equilibrium.tolerances.Axis * Dense.norm weighted
                at <- x

        {
            Players = game.Players[level.First .. level.First + level.Count - 1] |> Array.map _.Name
            Weights = weights
            Least = least
            At = Tensor.ofArray at
            Samples = samples
            IsMet = Statement.isPositive band least
        }
