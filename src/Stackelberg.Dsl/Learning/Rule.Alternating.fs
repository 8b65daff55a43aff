namespace Stackelberg

open System.Collections.Generic

/// One player moves after another, in the game's order, and sees where those before it have gone:
/// xᵢ⁺ = xᵢ − γ Dᵢfᵢ(x₁⁺, …, xᵢ₋₁⁺, xᵢ, …, xₙ) + β (xᵢ − xᵢ⁻).
[<Sealed>]
type internal AlternatingRule(β: float) =
    inherit Rule()

    /// The gradient of one player, zero in the others' entries.
    let ofPlayer index =
        Direction.ofParts "gradient of one player" index 0 (fun game point _ ->
            point
            |> Array.mapi (fun i part ->
                if i = index then
                    Derivative.D point (game.PlayerBlock i) (Objective.ofCost (game.Cost i))
                else
                    Tensor.zeros part.Shape |> Tensor.cast game.Precision))

    override _.Name =
        if β = 0.0 then
            "alternating"
        else
            (invariant $"alternating with momentum {β}")

    override _.Source =
        if β = 0.0 then
            "Grosse and Zhang, Differentiable Games (lecture): alternating gradient descent"
        else
            "Gidel, Askari Hemmat, Pezeshki, Le Priol, Huang, Lacoste-Julien and Mitliagkas 2019, section 5"

    override _.Directions game =
        Array.init game.Players.Length (fun index ->
            if index = 0 then
                Direction.ofConjecture Conjecture.none
            else
                ofPlayer index)

    override _.EvaluationsPerStep game = game.Players.Length

    override _.Memory dimension =
        if β = 0.0 then
            [||]
        else
            [| KeyValuePair("velocity", Array.zeroCreate dimension) |]

    override _.WorkArrays = 1

    override _.Step step =
        let x, next, from = step.X, step.Next, step.Work[0]
        x.CopyTo(next, 0)
        x.CopyTo(from, 0)

        if β <> 0.0 then
            for i in 0 .. x.Length - 1 do
                from[i] <- x[i] + β * step.Memory[0].[i]

        for player in 0 .. step.Game.Players.Length - 1 do
            step.Evaluate(player, next, step.Gradient)
            step.MovePlayer(player, from, step.Gradient, next)

        if β <> 0.0 then
            for i in 0 .. x.Length - 1 do
                step.Memory[0].[i] <- next[i] - x[i]
