namespace Stackelberg

/// Adds what the game's rotation does to ω: x⁺ = x − γ (ω + λ Aᵀω), A = ½ (J − Jᵀ). With alignment λ takes the sign of
/// ⟨ω, ∇H⟩ ⟨Aᵀω, ∇H⟩ / d + ε, where ∇H = Jᵀω: towards stable, away from unstable critical points.
[<Sealed>]
type internal SymplecticAdjustmentRule(λ: float, isAligned: bool) =
    inherit DescentRule()

    /// Balduzzi and others' ε: near a critical point the sign is positive.
    let ε = 0.1

    let direction =
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

    override _.Name =
        if isAligned then
            (invariant $"aligned symplectic adjustment {λ}")
        else
            (invariant $"symplectic adjustment {λ}")

    override _.Source =
        "Balduzzi, Racanière, Martens, Foerster, Tuyls and Graepel 2018, algorithm 1"

    override _.Direction = direction
