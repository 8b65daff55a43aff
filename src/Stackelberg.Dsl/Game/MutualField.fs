namespace Stackelberg

/// The field in which every player anticipates all others, whatever their levels.
module internal MutualField =

    /// <summary>Every player's total gradient, one tensor for each player, as if it led and all others were one level
    /// below it that plays simultaneously, as far as their bounds let them answer.</summary>
    /// <param name="conjecture">What every player believes of the others.</param>
    /// <param name="game">The game.</param>
    /// <param name="point">One tensor for each player.</param>
    let gradients (conjecture: Conjecture) (game: Game) (point: Tensor[]) : Tensor[] =
        let count = game.Players.Length

        let totalOf index total =
            // The player first, then the others, so that these are neighbours.
            let order =
                Array.append [| index |] ([| 0 .. count - 1 |] |> Array.filter ((<>) index))

            let reordered (parts: _[]) = order |> Array.map (fun i -> parts[i])

            let inGamesOrder (parts: _[]) =
                Array.init count (fun i -> parts[System.Array.IndexOf(order, i)])

            let players = reordered game.Players
            let leader, others = Block(players, 0, 1), Block(players, 1, count - 1)
            let cost i = inGamesOrder >> game.Cost i

            let below =
                if count = 2 && not (game.IsBounded order[1]) then
                    Objective.ofCost (cost order[1])
                else
                    Objective.ofLevel (fun parts ->
                        order[1..]
                        |> Array.mapi (fun k i ->
                            Derivative.D parts (Block(players, k + 1, 1)) (Objective.ofCost (cost i))
                            |> Bounded.settled game i parts[k + 1])
                        |> others.Join)

            total conjecture.Solver (reordered point) leader (Objective.ofCost (cost index)) others below

        match conjecture.Total with
        | ValueSome total when count > 1 -> Array.init count (fun index -> totalOf index total)
        | _ -> Field.gradients Conjecture.none game point
