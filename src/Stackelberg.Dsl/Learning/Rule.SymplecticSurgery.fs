namespace Stackelberg

/// Cuts the rotation out of the field: x⁺ = x − γ ½ (ω + Jᵀ (JᵀJ + λ I)⁻¹ Jᵀ ω) with λ = ξ (1 − e^(−‖ω‖²)). At a critical
/// point the derivative is ½ (J + Jᵀ), so that in zero-sum games attractors are local Nash equilibria.
[<Sealed>]
type internal SymplecticSurgeryRule(ξ: float) =
    inherit DescentRule()

    let direction =
        Direction.ofParts "symplectic surgery" ξ 0 (fun game point _ ->
            let everybody = game.Everybody
            let ω = Field.gradients Conjecture.none game point |> everybody.Flatten
            let J = FieldJacobian.full game point
            let λ = ξ * (1.0 - exp (-(Tensor.dot ω ω)))

            let normal v = J.ApplyTranspose(J.Apply v) + λ * v

            let gram = Operator(ω.Shape, ω.Shape, false, true, normal, normal)
            let Jω = J.ApplyTranspose ω

            0.5 * (ω + J.ApplyTranspose(Operator.inverse Solver.auto gram * Jω))
            |> everybody.Unflatten)

    override _.Name = (invariant $"local symplectic surgery {ξ}")
    override _.Source = "Mazumdar, Jordan and Sastry 2019, section 4"
    override _.Direction = direction
