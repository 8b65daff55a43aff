namespace Stackelberg

/// Rules that treat the rotation of the field, A = ½ (J − Jᵀ), apart from its rest.
module internal Symplectic =

    /// Balduzzi and others' ε: near a critical point the sign is positive.
    let private ε = 0.1

    /// Adds what the game's rotation does to ω: x⁺ = x − γ (ω + λ Aᵀω). With alignment λ takes the sign of
    /// ⟨ω, ∇H⟩ ⟨Aᵀω, ∇H⟩ / d + ε, where ∇H = Jᵀω: towards stable, away from unstable critical points.
    let adjustment (λ: float) isAligned =
        let field =
            Direction.ofFunction "symplectic adjustment" (λ, isAligned) 0 (fun game x _ ->
                let ω, pullback = Diff.vjp (Game.omega game) x
                let gradH = pullback ω
                let adjustment = 0.5 * (gradH - (Diff.jvp (Game.omega game) x ω |> snd))

                if isAligned then
                    let alignment =
                        Tensor.dot ω gradH * Tensor.dot adjustment gradH * (1.0 / float game.Dimension)
                        + ε

                    ω + λ * Tensor.sign alignment * adjustment
                else
                    ω + λ * adjustment)

        let name =
            if isAligned then
                (invariant $"aligned symplectic adjustment {λ}")
            else
                (invariant $"symplectic adjustment {λ}")

        RuleDefinition.known
            name
            "Balduzzi, Racanière, Martens, Foerster, Tuyls and Graepel 2018, algorithm 1"
            []
            (fun s x -> s.Descend(x, s.Evaluate(field, x)))

    /// Cuts the rotation out of the field: x⁺ = x − γ ½ (ω + Jᵀ (JᵀJ + λ I)⁻¹ Jᵀ ω) with λ = ξ (1 − e^(−‖ω‖²)). At a critical
    /// point the derivative is ½ (J + Jᵀ), so that in zero-sum games attractors are local Nash equilibria.
    let surgery (ξ: float) =
        let field =
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

        RuleDefinition.known
            (invariant $"local symplectic surgery {ξ}")
            "Mazumdar, Jordan and Sastry 2019, section 4"
            []
            (fun s x -> s.Descend(x, s.Evaluate(field, x)))

    /// Every player also descends ½ ‖ω‖²: x⁺ = x − γ (ω + λ Jᵀ ω).
    let consensus (λ: float) =
        let field =
            Direction.ofFunction "consensus" λ 0 (fun game x _ ->
                let ω, pullback = Diff.vjp (Game.omega game) x
                ω + λ * pullback ω)

        RuleDefinition.known
            (invariant $"consensus optimisation {λ}")
            "Mescheder, Nowozin and Geiger 2017, algorithm 2"
            []
            (fun s x -> s.Descend(x, s.Evaluate(field, x)))
