namespace Stackelberg

/// One player moves after another, in the game's order, and sees where those before it have gone:
/// xᵢ⁺ = xᵢ − γ Dᵢfᵢ(x₁⁺, …, xᵢ₋₁⁺, xᵢ, …, xₙ) + β (xᵢ − xᵢ⁻).
module internal Alternating =

    /// The gradient of one player, zero in the others' entries.
    let private ofPlayer index =
        if index = 0 then
            Direction.ofConjecture Conjecture.none
        else
            Direction.ofParts "gradient of one player" index 0 (fun game point _ ->
                point
                |> Array.mapi (fun i part ->
                    if i = index then
                        Derivative.D point (game.PlayerBlock i) (Objective.ofCost (game.Cost i))
                    else
                        Expression.zeros part.DType part.Shape))

    let private step (s: Step) x from =
        Seq.fold
            (fun next player -> s.DescendPlayer(player, from, s.Evaluate(ofPlayer player, next), next))
            x
            (seq { 0 .. s.Game.Players.Length - 1 })

    let plain =
        RuleDefinition.known
            "alternating"
            "Grosse and Zhang, Differentiable Games (lecture): alternating gradient descent"
            []
            (fun s x -> step s x x)

    let withMomentum (β: float) =
        RuleDefinition.known
            (invariant $"alternating with momentum {β}")
            "Gidel, Askari Hemmat, Pezeshki, Le Priol, Huang, Lacoste-Julien and Mitliagkas 2019, section 5"
            []
            (fun _ x -> x)
        |> RuleDefinition.remembering
            (fun game _ -> [| "velocity", Tensor.zeros [ game.Dimension ] |])
            (fun s memory x ->
                let next = step s x (x + β * memory[0])
                next, [| next - x |])
