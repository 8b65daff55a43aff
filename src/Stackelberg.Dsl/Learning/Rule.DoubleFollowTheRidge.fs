namespace Stackelberg

/// Every player descends and goes along with the moves that the others make in the end, as if it were their follower:
/// Δᵢ = −γ Dᵢfᵢ − (Dᵢᵢfᵢ)⁻¹ Σ_{j≠i} Dᵢⱼfᵢ Δⱼ. With B the blocks of J on its diagonal, that is J Δ = −γ B ω. At a critical point the
/// derivative of Δ is similar to −γ B: of these points those attract where every Dᵢᵢfᵢ is positive definite, and no others. It
/// rests as well where B is singular and B ω = 0.
[<Sealed>]
type internal DoubleFollowTheRidgeRule() =
    inherit Rule()

    /// J⁻¹ B m for a joint move m.
    static let along =
        Direction.ofParts "double ridge" null 1 (fun game point further ->
            let everybody = game.Everybody

            Operator.inverse Solver.auto (FieldJacobian.full game point)
            * (FieldJacobian.own game point * everybody.Flatten further[0])
            |> everybody.Unflatten)

    override _.Name = "double follow-the-ridge"
    override _.Source = "Zhang and Bao 2023"
    override _.Directions _ = [| Direction.ofConjecture Conjecture.none; along |]
    override this.Refuses game = Refusal.ifBounded this.Name game
    override _.WorkArrays = 2

    override _.Step step =
        let x, next, move, all = step.X, step.Next, step.Work[0], step.Work[1]
        step.Evaluate(x, step.Gradient)
        step.Move(x, step.Gradient, next)

        for i in 0 .. x.Length - 1 do
            move[i] <- next[i] - x[i]

        step.Further(1, 0, move)
        step.Exact(1, x, all)

        for i in 0 .. x.Length - 1 do
            next[i] <- x[i] + all[i]
