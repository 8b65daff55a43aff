namespace Stackelberg

open System

/// <summary>All best answers of a follower to one strategy of the leader, and what they cost the leader.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type BestAnswers = {
    /// R(x₁): the follower's global minimisers in the box that were found, each of length n.
    Answers: float[][]
    /// The follower's cost there.
    FollowerCost: float
    /// sup over R(x₁) of f₁: the leader's cost if the follower picks the worst of its best answers for the leader.
    Pessimistic: float
    /// inf over R(x₁) of f₁: if it picks the best for the leader.
    Optimistic: float
    /// Other local minimisers of the follower, which are no best answers.
    Others: float[][]
    /// Whether some minimisers lie on a set that is not isolated, of which only representatives were looked at.
    HasContinuum: bool
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line.</summary>
    override this.ToString() =
        (invariant
            $"{this.Answers.Length} best answers and {this.Others.Length} other local minima: the leader's cost is {this.Optimistic:G7} at best and {this.Pessimistic:G7} at worst")

/// <summary>A strategy of the leader held against others by the cost of Definition 2.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type PessimisticTest = {
    /// sup over R(x₁*) of f₁.
    Value: float
    /// The least of the same at the other strategies.
    LeastOther: float
    /// Where it was found, of length m.
    At: float[]
    /// How many other strategies were looked at.
    Samples: int
    /// Whether no other is better by more than 1e-9 of the cost's size, which proves no more than that.
    IsLeast: bool
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>One line.</summary>
    override this.ToString() =
        let verdict = if this.IsLeast then "none is better" else "one is better"

        (invariant
            $"the leader's cost at worst is {this.Value:G7}; of {this.Samples} other strategies {verdict}, least {this.LeastOther:G7}")

/// <summary>The Stackelberg equilibrium without differentials: the leader's cost when the follower answers with the worst for the
/// leader of its best answers.</summary>
/// <remarks>Fiez, Chasnov and Ratliff (arXiv 1906.01217), Definition 2: x₁* with sup over R(x₁*) of f₁ ≤ sup over R(x₁) of f₁ for all x₁,
/// R(x₁) = argmin f₂(x₁, ·).</remarks>
[<RequireQualifiedAccess>]
module Pessimistic =

    /// Costs nearer to each other than this, relatively, are one: Newton's points have errors of 1e-16 in f₂.
    let private sameUpTo = 1e-9

    /// Enough for a follower of a few entries.
    let private search = {
        Equilibrium.search with
            StartsPerRound = 32
            QuietRounds = 2
            MaxRounds = 40
    }

    /// The follower alone, with the leader's strategy held.
    let private alone (game: Game) (leader: float[]) =
        let seat, held = game.Seats[1], game.Seats[0].Player

        let x1 =
            Tensor.ofArray leader
            |> Tensor.reshape (List.ofArray held.Shape)
            |> Tensor.cast game.Precision

        let players = [| held; seat.Player |]

        let cost =
            Func<Strategies, Tensor>(fun own ->
                seat.Cost.Invoke(Strategies(players, [| x1; own[seat.Player] |], [||], [||])))

        GameCheck.createOrRaise
            (invariant $"the follower of {game.Name}")
            [| Seat(seat.Player, 0, cost) |]
            Sampler.none
            game.Precision

    let private check func (game: Game) =
        LevelCheck.leaderAndFollower func game

        if game.Batches.Length > 0 then
            Require.wrong
                func
                (nameof game)
                (invariant $"is {game.Name}, which has a sampler; write its costs without draws.")

    let private answers func (lower: Tensor, upper: Tensor) (leader: float[]) (game: Game) : BestAnswers =
        let follower = alone game leader
        let found = follower |> Equilibrium.findAllWith search Concept.Nash (lower, upper)

        let minima =
            Array.append found.Points found.Continua
            |> Array.filter (fun report ->
                // A minimum without positive curvature is one as well.
                report.EigenvaluesPlayers[0]
                |> Array.forall (fun value -> value >= -1e-6 * (1.0 + Dense.norm report.PlayerHessians[0])))

        if minima.Length = 0 then
            Require.wrong
                func
                "box"
                (invariant
                    $"holds no minimum of {game.Players[1].Name} that was found, for {game.Players[0].Name} at {Tensor.ofArray leader}; take a larger one, or bounds on the follower.")

        let costs = minima |> Array.map (fun report -> report.Costs[0])
        let least = Array.min costs

        let isBest cost =
            cost <= least + sameUpTo * max 1.0 (abs least)

        let best, others = Array.zip minima costs |> Array.partition (snd >> isBest)
        let strategies = Array.map (fun (report: Report, _) -> report.Point.ToArray())
        let best, others = strategies best, strategies others

        let leaderCosts =
            best
            |> Array.map (fun y -> float (Game.costs game (Tensor.ofArray (Array.append leader y))).[0])

        {
            Answers = best
            FollowerCost = least
            Pessimistic = Array.max leaderCosts
            Optimistic = Array.min leaderCosts
            Others = others
            HasContinuum = found.Continua.Length > 0
        }

    let private leaderNumbers func name (game: Game) (x1: Tensor) =
        let dimension = game.Players[0].Dimension
        let values = x1.ToArray()

        if values.Length <> dimension then
            Require.wrong
                func
                name
                (invariant
                    $"holds {values.Length} numbers, but {dimension} are needed (the strategy of {game.Players[0]}).")

        match Array.tryFind (Double.IsFinite >> not) values with
        | Some value ->
            Require.wrong
                func
                name
                (invariant $"holds {value}, but every entry must be finite; give another strategy.")
        | None -> values

    /// <summary>The follower's best answers to a strategy of the leader, all that a search finds in a box, and the leader's cost at the
    /// worst and at the best of them.</summary>
    /// <param name="box">The follower's box: lower and upper corner, shape [n], or [] for one number in all entries. Minima
    /// outside of it are not seen.</param>
    /// <param name="x1">The leader's strategy, of the player's shape or flat.</param>
    /// <param name="game">One leader and one follower, without a sampler.</param>
    /// <exception cref="T:System.ArgumentException">The game is of another kind, x1 has another length or is not finite, the box is
    /// wrong, or no minimum is found in it.</exception>
    /// <remarks>Equilibrium.findAll on the follower's cost alone, from 32 starts a round. Two minima are both best if their costs agree to
    /// 1e-9. Nothing proves that all minima are found.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// // f₂ = (y² − 1)², f₁ = y: the follower does not care, the leader does.
    /// let game = Game.twoPlayer "g" (fun _ y -> y) (fun _ y -> (y * y - 1.0) ** 2.0)
    /// let found = game |> Pessimistic.at (Tensor.scalar -3.0, Tensor.scalar 3.0) (Tensor.scalar 0.0)
    /// found.Pessimistic, found.Optimistic // 1, −1
    /// </code>
    /// </example>
    let at (box: Tensor * Tensor) (x1: Tensor) (game: Game) : BestAnswers =
        let func = "Pessimistic.at"
        check func game
        answers func box (leaderNumbers func (nameof x1) game x1) game

    /// <summary>Definition 2 held against random strategies of the leader: whether one of them has a lower cost at the worst best
    /// answer.</summary>
    /// <param name="samples">How many, at least 1.</param>
    /// <param name="leaderBox">Where they are drawn: lower and upper corner, shape [m], or [] for one number in all entries.</param>
    /// <param name="followerBox">As of at.</param>
    /// <param name="x1">The strategy x₁* that is tested.</param>
    /// <param name="game">One leader and one follower, without a sampler.</param>
    /// <exception cref="T:System.ArgumentException">As at; samples is below 1 or a box is wrong.</exception>
    /// <example>
    /// <code lang="fsharp">
    /// // The answer to x is y = x: f₁ = (x − 1)² + y² has its least cost ½ at x = ½.
    /// let game = Game.twoPlayer "g" (fun x y -> (x - 1.0) ** 2.0 + y * y) (fun x y -> 0.5 * (y - x) ** 2.0)
    /// let box = Tensor.scalar -3.0, Tensor.scalar 3.0
    /// (game |> Pessimistic.test 50 box box (Tensor.scalar 0.5)).IsLeast // true
    /// </code>
    /// </example>
    let test
        (samples: int)
        (leaderBox: Tensor * Tensor)
        (followerBox: Tensor * Tensor)
        (x1: Tensor)
        (game: Game)
        : PessimisticTest =
        let func = "Pessimistic.test"
        Require.atLeastOne func (nameof samples) samples
        check func game
        let m = game.Players[0].Dimension

        let corner name (bound: Tensor) =
            let bound =
                if bound.Shape.Length = 0 then
                    Tensor.broadcastTo [ m ] bound
                else
                    bound

            leaderNumbers func name game bound

        let lower, upper = corner "lower" (fst leaderBox), corner "upper" (snd leaderBox)

        for entry in 0 .. m - 1 do
            if not (lower[entry] < upper[entry]) then
                Require.wrong
                    func
                    (nameof leaderBox)
                    (invariant
                        $"has lower {lower[entry]} at entry {entry}, but it must be below upper, {upper[entry]}.")

        let value =
            (answers func followerBox (leaderNumbers func (nameof x1) game x1) game).Pessimistic

        let others =
            BoxSamples.points 0UL lower upper samples
            |> Array.map (fun strategy -> strategy, (answers func followerBox strategy game).Pessimistic)

        let at, least = others |> Array.minBy snd

        {
            Value = value
            LeastOther = least
            At = at
            Samples = samples
            IsLeast = least >= value - sameUpTo * max 1.0 (abs value)
        }
