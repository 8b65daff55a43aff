namespace Stackelberg

/// Every player moves as if it and the others solved the game's bilinear approximation, regularised by 1/γ:
/// Δᵢ = −γ (Dᵢfᵢ + Σ_{j≠i} Dᵢⱼfᵢ Δⱼ), so that x⁺ = x − Γ w with (I + C Γ) w = ω and C the blocks of J off its diagonal.
[<Sealed>]
type internal CompetitiveRule() =
    inherit Rule()

    static let direction =
        Direction.ofParts "competitive" null 1 (fun game point further ->
            let everybody = game.Everybody
            let rates = FieldJacobian.scale (everybody.Flatten further[0])
            let omega = Field.gradients Conjecture.none game point |> everybody.Flatten

            Operator.inverse Solver.auto (Operator.identity + FieldJacobian.cross game point * rates)
            * omega
            |> everybody.Unflatten)

    override _.Name = "competitive gradient descent"

    override _.Source =
        "Schäfer and Anandkumar 2019, algorithm 1; for more players Ma, Letcher, Schäfer, Shi and Anandkumar 2021"

    override _.Directions _ = [| direction |]

    override _.Step step =
        step.Further(0, 0, step.Rates)
        step.Evaluate(step.X, step.Gradient)
        step.Move(step.X, step.Gradient, step.Next)
