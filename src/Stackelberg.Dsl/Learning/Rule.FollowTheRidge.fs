namespace Stackelberg

/// Leaders descend, and followers descend and also go along with the leaders' move, so that they stay on the ridge
/// D₂f₂ = 0: x₁⁺ = x₁ − γ₁ g₁, x₂⁺ = x₂ − γ₂ D₂f₂ − (D₂²f₂)⁻¹ D₂₁f₂ (x₁⁺ − x₁).
[<Sealed>]
type internal FollowTheRidgeRule(conjecture: Conjecture) =
    inherit Rule()

    /// (D_ℓG_ℓ)⁻¹ D₁G_ℓ m for a move m of the leaders, zero for them.
    let ridge =
        Direction.ofParts "ridge" conjecture.Solver 1 (fun game point further ->
            let leaders, followers = game.LevelBlock 0, game.LevelBlock 1
            let gradients = Field.followers game
            let D2 = Derivative.D2 point

            let turn =
                Operator.inverse conjecture.Solver (D2 followers followers gradients)
                * (D2 followers leaders gradients * leaders.Get further[0])

            let still =
                point
                |> Array.map (fun part -> Tensor.zeros part.Shape |> Tensor.cast game.Precision)

            followers.Set still turn)

    override _.Name = (invariant $"follow-the-ridge ({conjecture.Name})")

    override _.Source =
        "Wang, Zhang and Ba 2020, algorithm 1; with Conjecture.bestResponse its general-sum form"

    override _.Directions _ = [| Direction.ofConjecture conjecture; ridge |]

    override this.Refuses game =
        Refusal.first [ Refusal.unlessTwoLevels this.Name game; Refusal.ifBounded this.Name game ]

    override _.WorkArrays = 2

    override _.Step step =
        let x, next, move, turn = step.X, step.Next, step.Work[0], step.Work[1]
        step.Evaluate(x, step.Gradient)
        step.Move(x, step.Gradient, next)

        for i in 0 .. x.Length - 1 do
            move[i] <- next[i] - x[i]

        step.Further(1, 0, move)
        step.Exact(1, x, turn)

        for i in 0 .. x.Length - 1 do
            next[i] <- next[i] - turn[i]
