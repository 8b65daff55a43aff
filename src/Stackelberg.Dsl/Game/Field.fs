namespace Stackelberg

/// The players' total gradients under a conjecture, as expressions.
module internal Field =

    /// Up to so many entries below a level the matrix of their stacked gradients' derivatives is written down, each entry once
    /// for all levels above.
    let private explicitUpTo = 256

    /// <summary>Every player's total gradient, one tensor for each player.</summary>
    /// <param name="conjecture">What players believe of the levels below.</param>
    /// <param name="game">The game.</param>
    /// <param name="point">One tensor for each player.</param>
    let gradients (conjecture: Conjecture) (game: Game) (point: Tensor[]) : Tensor[] =
        let lowest = game.Levels.Length - 1

        // With three levels and more, every player's gradient is derived once, at variables of its own, and put where it is
        // asked for: derived anew in each of the derivatives that the level above takes of it, the gradients would be three
        // times as many with each level.
        let anywhere =
            lazy
                (let trace =
                    match Expression.traceOf point with
                    | null -> Trace()
                    | trace -> trace

                 point |> Array.map (fun part -> Expression.variable trace part.DType part.Shape))

        // Filled from the lowest level up.
        let below: Objective[] = Array.zeroCreate lowest
        let once: Tensor[] = Array.zeroCreate game.Players.Length

        let total index (point: Tensor[]) =
            let level = game.Seats[index].Level
            let player, cost = game.PlayerBlock index, Objective.ofCost (game.Cost index)

            match conjecture.Total with
            | ValueSome total when level < lowest ->
                total conjecture.Solver point player cost (game.BlockBelow level) below[level]
            | _ -> Derivative.D point player cost

        /// A player's entry of its level's stacked gradient.
        let settled (gradient: int -> Tensor) (point: Tensor[]) index =
            if game.MayHold index then
                game.Settled index point[index] (gradient index)
            else
                gradient index

        let stacked (block: Block) (gradient: int -> Tensor) (point: Tensor[]) =
            Array.init block.Count (fun k -> settled gradient point (block.First + k))
            |> block.Join

        /// The derivative of one player's settled gradient in the joint strategy at these variables, one row [d] for each entry:
        /// what every level above asks of it.
        let rows =
            Array.init game.Players.Length (fun index ->
                lazy
                    (let gradient =
                        settled (fun index -> once[index]) anywhere.Value index |> Tensor.flatten

                     let count = Shape.count gradient.Shape

                     let part (player: Player) (cotangent: Tensor) =
                         match cotangent with
                         | null -> Expression.zeros gradient.DType [| player.Dimension |]
                         | cotangent -> Tensor.flatten cotangent

                     Array.init count (fun entry ->
                         Array.init count (fun k -> if k = entry then 1.0 else 0.0)
                         |> Tensor.ofArray
                         |> Tensor.cast gradient.DType
                         |> Reverse.cotangents anywhere.Value gradient
                         |> Array.map2 part game.Players
                         |> Tensor.concat 0)))

        /// The matrix of a level's stacked gradient in the strategy of a block.
        let jacobian (level: Block) (block: Block) =
            Seq.init level.Count (fun k -> rows[level.First + k].Value)
            |> Seq.concat
            |> Tensor.stack 0
            |> Tensor.slice 1 game.Offsets[block.First] block.Dimension

        let deriveOnce level =
            for index in 0 .. once.Length - 1 do
                if game.Seats[index].Level = level then
                    once[index] <- total index anywhere.Value

        if lowest > 1 then
            deriveOnce lowest

        for level in lowest - 1 .. -1 .. 0 do
            let block = game.BlockBelow level

            if level < lowest - 1 then
                deriveOnce (level + 1)

            below[level] <-
                if block.Count = 1 && not (game.MayHold block.First) then
                    Objective.ofCost (game.Cost block.First)
                elif level = lowest - 1 then
                    Objective.ofLevel (fun point -> stacked block (fun index -> total index point) point)
                else
                    let whole = stacked block (fun index -> once[index]) anywhere.Value

                    // Conjectures also ask for it at answers that they move.
                    let gradient point =
                        (Substitution.many anywhere.Value point [| whole |])[0]

                    if block.Dimension <= explicitUpTo then
                        Objective.ofDerivedLevel gradient anywhere.Value (jacobian block)
                    else
                        Objective.ofLevel gradient

        if lowest < 2 then
            game.Seats |> Array.mapi (fun index _ -> total index point)
        else
            deriveOnce 0
            Substitution.many anywhere.Value point once

    /// What the players below the top level settle, as far as their bounds let them: their stacked total gradients, or a
    /// single follower's cost.
    let followers (game: Game) : Objective =
        let block = game.BlockBelow 0

        if block.Count = 1 && not (game.IsBounded block.First) then
            Objective.ofCost (game.Cost block.First)
        else
            Objective.ofLevel (fun point ->
                gradients Conjecture.bestResponse game point
                |> Array.mapi (fun index gradient ->
                    if index < block.First then
                        gradient
                    else
                        Bounded.settled game index point[index] gradient)
                |> block.Get)

    /// The field as a function of the joint strategy, shape [d].
    let joint conjecture (game: Game) (x: Tensor) =
        x
        |> Tensor.cast game.Precision
        |> game.Everybody.Unflatten
        |> gradients conjecture game
        |> game.Everybody.Flatten
