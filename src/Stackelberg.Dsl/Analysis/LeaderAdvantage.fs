namespace Stackelberg

open System

/// <summary>What two players think of who should lead (Başar 1973).</summary>
type Leadership =
    /// Not asked: the game has more than two players, or one level.
    | NotAsked = 0
    /// Each loses least as the leader: they quarrel over the lead.
    | NonConcurrent = 1
    /// Both lose least if the same player leads.
    | Concurrent = 2
    /// Each loses least as the follower: neither wants to lead.
    | Stalemate = 3
    /// The lead makes no difference to at least one of them.
    | Indifferent = 4
    /// A cost is not finite at one of the points.
    | Undecided = 5

/// <summary>What the order of play is worth: the costs at a Nash point, at a Stackelberg point, and at the Stackelberg
/// point of the game with the roles swapped.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type LeaderAdvantage = {
    /// The critical point of ω; look at its verdicts before the numbers.
    Nash: Report
    /// The critical point of ω_S.
    Stackelberg: Report
    /// The critical point of ω_S with the roles swapped, whose Point and Costs begin with the new leader; null unless
    /// the game has one leader and one follower.
    Swapped: Report
    /// For every player its cost at the Nash point less its cost at the Stackelberg point: what it gains by the order of
    /// play. The first is the leader advantage f₁ᴺ − f₁ˢ.
    Gains: float[]
    /// For each of two players its cost as follower less its cost as leader: positive for a player who prefers to lead.
    /// Empty unless the game has one leader and one follower.
    GainsFromLeading: float[]
    /// Whether the two players agree on who should lead.
    Leadership: Leadership
} with

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The points that are compared, the gains, one player a line, and what the players think of the lead.</summary>
    override advantage.ToString() =
        let players = advantage.Nash.Players

        let point name (report: Report) =
            let costs = String.Join(", ", report.Costs |> Array.map (digits 7))
            (invariant $"{name} at {report.Point}, {PointKind.words true report}: costs {costs}")

        String.Join(
            "\n",
            [
                point "simultaneous play" advantage.Nash
                point "the order of play" advantage.Stackelberg

                if not (isNull (box advantage.Swapped)) then
                    point "the order swapped" advantage.Swapped

                for index in 0 .. players.Length - 1 do
                    let gain = (digits 7) advantage.Gains[index]

                    let leading =
                        if advantage.GainsFromLeading.Length > 0 then
                            (invariant
                                $", and {advantage.GainsFromLeading[index]:G7} by leading instead of following")
                        else
                            ""

                    (invariant $"{players[index]} gains {gain} by the order of play{leading}")
                match advantage.Leadership with
                | Leadership.NonConcurrent -> "each prefers to lead"
                | Leadership.Concurrent -> "both prefer the same leader"
                | Leadership.Stalemate -> "each prefers to follow"
                | Leadership.Indifferent -> "the lead makes no difference to at least one of them"
                | Leadership.Undecided ->
                    "a cost is not finite at one of the points: nothing follows of the lead"
                | _ -> ()
            ]
        )

module internal LeaderAdvantage =

    /// A gain below this share of the cost's size is rounding of the critical points.
    let private indifferentUpTo = 1e-9

    /// The same two players with their levels exchanged; none for other games.
    let swapped (game: Game) =
        match game.Seats with
        | [| leader; follower |] when game.Levels.Length = 2 ->
            let seats = [|
                Seat(leader.Player, 1, leader.Cost)
                Seat(follower.Player, 0, follower.Cost)
            |]

            // With the roles swapped, a constraint may be left to a player who can do nothing to heed it.
            match
                GameCheck.createWith
                    (invariant $"{game.Name}, roles swapped")
                    seats
                    game.Constraints
                    game.Sampler
                    game.Precision
            with
            | Ok swapped -> ValueSome swapped
            | Error _ -> ValueNone
        | _ -> ValueNone

    /// A joint strategy with the first player's part moved behind the second's, and back.
    let swap (first: int) (x: float[]) = Array.append x[first..] x[.. first - 1]

    let compare (nash: Report) (stackelberg: Report) (swapped: Report voption) : LeaderAdvantage =
        let gains = Array.map2 (-) nash.Costs stackelberg.Costs

        let fromLeading =
            match swapped with
            | ValueSome other -> [|
                // The other game's first player is this one's second.
                other.Costs[1] - stackelberg.Costs[0]
                stackelberg.Costs[1] - other.Costs[0]
              |]
            | ValueNone -> [||]

        let sign index =
            let scale = max 1.0 (abs stackelberg.Costs[index])

            if abs fromLeading[index] <= indifferentUpTo * scale then
                0
            else
                sign fromLeading[index]

        {
            Nash = nash
            Stackelberg = stackelberg
            Swapped = ValueOption.defaultValue Unchecked.defaultof<Report> swapped
            Gains = gains
            GainsFromLeading = fromLeading
            Leadership =
                if fromLeading.Length = 0 then
                    Leadership.NotAsked
                elif not (Finite.all fromLeading) then
                    Leadership.Undecided
                else
                    match sign 0, sign 1 with
                    | 0, _
                    | _, 0 -> Leadership.Indifferent
                    | 1, 1 -> Leadership.NonConcurrent
                    | -1, -1 -> Leadership.Stalemate
                    | _ -> Leadership.Concurrent
        }
