namespace Stackelberg

/// <summary>The leader's cost at the Stackelberg points of a box against that at its Nash points.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type LeaderBoundReport = {
    /// The differential Nash points found.
    Nash: Report[]
    /// The differential Stackelberg points found.
    Stackelberg: Report[]
    /// f₁ᴺ: the leader's least cost at the Nash points; ∞ if there are none.
    LeastNash: float
    /// f₁ˢ: the leader's least cost at the Stackelberg points; ∞ if there are none.
    LeastStackelberg: float
    /// Whether the follower's answer is one for every x₁, as far as samples tell: D₂²f₂ &gt; 0 at all of them. No if not at one,
    /// which does not prove that there are several answers.
    IsReactionUnique: Verdict
    /// Whether f₁ˢ ≤ f₁ᴺ, to rounding; undecided if there is no point of either kind.
    IsMet: Verdict
    /// For every Nash and every Stackelberg point what the follower gains by the order of play: f₂ᴺ − f₂ˢ.
    FollowerGains: float[,]
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line.</summary>
    override this.ToString() =
        (invariant
            $"the leader's least cost is {this.LeastStackelberg:G7} at {this.Stackelberg.Length} Stackelberg points and {this.LeastNash:G7} at {this.Nash.Length} Nash points")

/// <summary>Leading does not cost: with a unique answer the leader's Stackelberg cost is at most that at every Nash point.</summary>
[<RequireQualifiedAccess>]
module LeaderBound =

    /// Costs nearer than this, relatively, are equal: the points' own errors.
    let private sameUpTo = 1e-9

    /// <summary>All differential Nash and Stackelberg points of a box, and whether the leader's cost at the latter is the less.</summary>
    /// <param name="search">As for Equilibrium.findAllWith.</param>
    /// <param name="samples">At how many points D₂²f₂ is looked at, at least 1.</param>
    /// <param name="lower">The box's lower corner, shape [d]; shape [] for one number in all entries.</param>
    /// <param name="upper">Its upper corner.</param>
    /// <param name="game">A game of one leader and one follower.</param>
    /// <exception cref="T:System.ArgumentException">The game has other players, samples is below 1, or a corner is wrong.</exception>
    /// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), Proposition 7, after Başar and Olsder: R(x₁) a singleton for every x₁
    /// implies f₁ˢ ≤ f₁ᴺ, of global equilibria. Here both are found as differential ones, of which the least is the global one if all were
    /// found; another Stackelberg point may cost the leader more than a Nash point. The follower may gain or lose.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let found = duopoly |> LeaderBound.inBox Equilibrium.search 100 (Tensor.scalar 0.0, Tensor.scalar 100.0)
    /// found.LeastNash, found.LeastStackelberg // −940.44, −1058
    /// found.FollowerGains[0, 0] // −457.44
    /// </code>
    /// </example>
    let inBox
        (search: SearchSettings)
        (samples: int)
        (lower: Tensor, upper: Tensor)
        (game: Game)
        : LeaderBoundReport =
        let func = "LeaderBound.inBox"
        LevelCheck.leaderAndFollower func game
        Require.atLeastOne func (nameof samples) samples
        let low, high = PointCheck.box func game (lower, upper)

        let points concept (isIt: Report -> Verdict) =
            let found = game |> Equilibrium.findAllWith search concept (lower, upper)

            Array.append found.Points found.Continua
            |> Array.filter (fun report -> isIt report = Verdict.Yes)

        let nash = points Concept.Nash _.IsDifferentialNash
        let stackelberg = points Concept.Stackelberg _.IsDifferentialStackelberg

        let least (reports: Report[]) =
            reports |> Array.fold (fun least report -> min least report.Costs[0]) infinity

        let leastNash, leastStackelberg = least nash, least stackelberg
        let first, d = game.Offsets[1], game.Dimension
        let below = [| first .. d - 1 |]
        let field = FieldRun(Linearisation.field game Concept.Nash)

        let curvature x =
            field.Evaluate(x, Array.zeroCreate d)
            let own = field.Jacobian x |> Dense.select below below

            Statement.isPositive
                (Equilibrium.tolerances.Axis * Dense.norm own)
                (own |> Dense.symmetricPart |> Dense.eigenvalues).[0].Real

        {
            Nash = nash
            Stackelberg = stackelberg
            LeastNash = leastNash
            LeastStackelberg = leastStackelberg
            IsReactionUnique = BoxSamples.points 0UL low high samples |> Seq.map curvature |> Verdict.all
            IsMet =
                if nash.Length = 0 || stackelberg.Length = 0 then
                    Verdict.Undecided
                else
                    Verdict.ofBool (leastStackelberg <= leastNash + sameUpTo * max 1.0 (abs leastNash))
            FollowerGains =
                Array2D.init nash.Length stackelberg.Length (fun i j ->
                    nash[i].Costs[1] - stackelberg[j].Costs[1])
        }
