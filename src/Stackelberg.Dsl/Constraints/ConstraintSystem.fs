namespace Stackelberg

open System

/// Rows of one constraint of a player: part of a box or a set, or a function.
type internal ConstraintRows = {
    /// The player's place in the game.
    Player: int
    Name: string
    IsEquality: bool
    /// Where the rows begin among those of their kind.
    First: int
    Count: int
    /// From one tensor for each player to the rows.
    Value: Tensor[] -> Tensor
}

/// <summary>What some players of a game minimise and heed, as expressions of z = (x, λ, ν): the joint strategy, then their
/// inequalities' multipliers, then their equalities'.</summary>
/// <param name="game">The game.</param>
/// <param name="players">Places of players of the game.</param>
[<Sealed>]
type internal ConstraintSystem(game: Game, players: int[]) =

    let d = game.Dimension

    let rowsOf index =
        let player = game.Players[index]

        let set =
            match player.Domain with
            | Domain.Box(lower, upper) -> ConvexSet.Box(lower, upper)
            | Domain.Set set -> set
            | Domain.Free
            | Domain.Circle -> ConvexSet.Everything

        [|
            for rows in ConvexSets.rows set player.Dimension do
                struct (rows.Words,
                        rows.IsEquality,
                        rows.Count,
                        fun (point: Tensor[]) -> rows.Value(Tensor.flatten point[index]))

            for struct (heeded, count) in game.Restrictions do
                if heeded.Player = player then
                    struct (heeded.Name,
                            heeded.IsEquality,
                            count,
                            fun point ->
                                heeded.Rows(Strategies(game.Players, point, game.Batches, game.Sample)))
        |]
        |> Array.map (fun (struct (name, isEquality, count, value)) -> {
            Player = index
            Name = name
            IsEquality = isEquality
            First = 0
            Count = count
            Value = value
        })

    let all = players |> Array.collect rowsOf

    let ofKind isEquality =
        let some = all |> Array.filter (fun rows -> rows.IsEquality = isEquality)
        let firsts = some |> Array.scan (fun first rows -> first + rows.Count) 0
        struct (some |> Array.mapi (fun i rows -> { rows with First = firsts[i] }), Array.last firsts)

    let struct (inequalities, m) = ofKind false
    let struct (equalities, q) = ofKind true

    let stack (rows: ConstraintRows[]) (point: Tensor[]) =
        rows |> Array.map (fun rows -> rows.Value point) |> Tensor.concat 0

    let own = players |> Array.map (fun index -> game.PlayerBlock index)

    let multiplied index (multipliers: Tensor) (rows: ConstraintRows[]) (point: Tensor[]) =
        rows
        |> Array.filter (fun rows -> rows.Player = index)
        |> Array.map (fun rows ->
            Tensor.dot (Tensor.slice 0 rows.First rows.Count multipliers) (rows.Value point))

    /// f_i + λᵀ g_i + νᵀ h_i.
    let lagrangian index (λ: Tensor) (ν: Tensor) (point: Tensor[]) =
        Array.append (multiplied index λ inequalities point) (multiplied index ν equalities point)
        |> Array.fold (+) (game.Cost index point)

    let count = d + m + q

    let point z =
        Tensor.slice 0 0 d z |> game.Everybody.Unflatten

    let λ z = Tensor.slice 0 d m z
    let ν z = Tensor.slice 0 (d + m) q z

    member _.Players = players
    member _.Inequalities = inequalities
    member _.Equalities = equalities

    /// How many inequalities and equalities there are.
    member _.InequalityCount = m
    member _.EqualityCount = q

    /// How many numbers z holds.
    member _.Count = count

    /// How many entries the players' strategies have.
    member _.OwnCount = own |> Array.sumBy _.Dimension

    member _.Point z = point z

    /// The inequalities' values at one tensor for each player.
    member _.Inequality(point: Tensor[]) = stack inequalities point

    member _.Equality(point: Tensor[]) = stack equalities point

    member _.Multipliers z = λ z

    /// Every player's gradient of its Lagrangian in its own strategy, in order.
    member _.Stationarity(z: Tensor) : Tensor =
        let at = point z

        players
        |> Array.mapi (fun k index ->
            Diff.grad
                (fun strategy ->
                    lagrangian
                        index
                        (if m > 0 then λ z else null)
                        (if q > 0 then ν z else null)
                        (own[k].Set at strategy))
                (own[k].Get at)
            |> Tensor.flatten)
        |> Tensor.concat 0

    /// What a row is called: its constraint, and its entry where there are several.
    member _.Name isEquality (row: int) =
        let rows =
            (if isEquality then equalities else inequalities)
            |> Array.findBack (fun rows -> rows.First <= row)

        let entry =
            if rows.Count = 1 then
                ""
            else
                (invariant $", entry {row - rows.First}")

        (invariant $"\"{rows.Name}\" of {game.Players[rows.Player].Name}{entry}")

    member _.OwnerOf isEquality (row: int) =
        ((if isEquality then equalities else inequalities)
         |> Array.findBack (fun rows -> rows.First <= row))
            .Player

/// Programmes made from a game, once each.
module internal GameProgrammes =

    /// The programme of one player, in its own strategy, for the joint strategy as the parameters.
    let ofPlayer (game: Game) (index: int) : struct (ConstraintSystem * Programme) =
        game.Once (struct ("programme of player", index)) (fun () ->
            let system = ConstraintSystem(game, [| index |])
            let block = game.PlayerBlock index

            let at (own: Tensor) (x: Tensor) =
                block.Set (game.Everybody.Unflatten x) (Tensor.reshape (List.ofArray block.Shape) own)

            struct (system,
                    Programme(
                        game.Players[index].Dimension,
                        system.InequalityCount,
                        system.EqualityCount,
                        (fun own x -> game.Cost index (at own x)),
                        (fun own x -> system.Inequality(at own x)),
                        (fun own x -> system.Equality(at own x))
                    )))

    /// Everybody below the leader, and all players.
    let followers (game: Game) : ConstraintSystem =
        game.Once "followers' constraints" (fun () ->
            ConstraintSystem(game, [| game.Levels[0] .. game.Players.Length - 1 |]))

    let everybody (game: Game) : ConstraintSystem =
        game.Once "all constraints" (fun () -> ConstraintSystem(game, [| 0 .. game.Players.Length - 1 |]))

    /// The leader's programme in z of the followers: its cost with the price p₀ on −λᵀ g; inequalities its own, the followers'
    /// g ≤ 0 and −λ ≤ 0; equalities its own, then the followers' stationarity and h = 0. With a complementary λ it is the
    /// leader's problem through the first-order conditions of the followers.
    let ofLeader (game: Game) : struct (ConstraintSystem * ConstraintSystem * Programme) =
        game.Once "programme of the leader" (fun () ->
            let leader, below = ConstraintSystem(game, [| 0 |]), followers game
            let m = below.InequalityCount

            let join parts =
                parts |> List.choose id |> Tensor.concat 0

            let when' condition (make: unit -> Tensor) =
                if condition then Some(make ()) else None

            let cost z (p: Tensor) =
                let at = below.Point z
                let plain = game.Cost 0 at

                if m = 0 then
                    plain
                else
                    plain
                    - Tensor.reshape [] p * Tensor.dot (below.Multipliers z) (below.Inequality at)

            let inequality z _ =
                let at = below.Point z

                join [
                    when' (leader.InequalityCount > 0) (fun () -> leader.Inequality at)
                    when' (m > 0) (fun () -> below.Inequality at)
                    when' (m > 0) (fun () -> -(below.Multipliers z))
                ]

            let equality z _ =
                let at = below.Point z

                join [
                    when' (leader.EqualityCount > 0) (fun () -> leader.Equality at)
                    Some(below.Stationarity z)
                    when' (below.EqualityCount > 0) (fun () -> below.Equality at)
                ]

            struct (leader,
                    below,
                    Programme(
                        below.Count,
                        leader.InequalityCount + 2 * m,
                        leader.EqualityCount + below.OwnCount + below.EqualityCount,
                        cost,
                        inequality,
                        equality
                    )))
