namespace Stackelberg

/// The players' total gradients under a conjecture, as expressions.
module internal Field =

    /// <summary>Every player's total gradient, one tensor for each player.</summary>
    /// <param name="conjecture">What players believe of the levels below.</param>
    /// <param name="game">The game.</param>
    /// <param name="point">One tensor for each player.</param>
    let gradients (conjecture: Conjecture) (game: Game) (point: Tensor[]) : Tensor[] =
        let lowest = game.Levels.Length - 1

        let rec total level index (point: Tensor[]) =
            let player, cost = game.PlayerBlock index, Objective.ofCost (game.Cost index)

            match conjecture.Total with
            | ValueSome total when level < lowest ->
                total conjecture.Solver point player cost (game.BlockBelow level) (below level)
            | _ -> Derivative.D point player cost

        and below level : Objective =
            let block = game.BlockBelow level
            let inside = [| block.First .. block.First + block.Count - 1 |]

            if block.Count = 1 && isNull game.Masks[block.First] then
                Objective.ofCost (game.Cost block.First)
            else
                Objective.ofLevel (fun point ->
                    inside
                    |> Array.map (fun index ->
                        let gradient = total game.Seats[index].Level index point

                        // Held entries obey x = where it is, not gradient = 0: their answer is zero.
                        match game.Masks[index] with
                        | null -> gradient
                        | mask ->
                            mask * gradient
                            + (1.0 - mask) * (point[index] - Tensor.stopGradient point[index]))
                    |> block.Join)

        game.Seats |> Array.mapi (fun index seat -> total seat.Level index point)

    /// What the players below the top level settle, for equations that know no bounds: their stacked total gradients, or
    /// a single follower's cost.
    let followers (game: Game) : Objective =
        let block = game.BlockBelow 0

        if block.Count = 1 then
            Objective.ofCost (game.Cost block.First)
        else
            Objective.ofLevel (gradients Conjecture.bestResponse game >> block.Get)

    /// The field as a function of the joint strategy, shape [d].
    let joint conjecture (game: Game) (x: Tensor) =
        x
        |> Tensor.cast game.Precision
        |> game.Everybody.Unflatten
        |> gradients conjecture game
        |> game.Everybody.Flatten
