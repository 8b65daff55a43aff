namespace Stackelberg

/// Every player also descends ½ ‖ω‖²: x⁺ = x − γ (ω + λ Jᵀ ω).
[<Sealed>]
type internal ConsensusRule(λ: float) =
    inherit DescentRule()

    let direction =
        Direction.ofFunction "consensus" λ 0 (fun game x _ ->
            let omega, pullback = Diff.vjp (Game.omega game) x
            omega + λ * pullback omega)

    override _.Name = (invariant $"consensus optimisation {λ}")
    override _.Source = "Mescheder, Nowozin and Geiger 2017, algorithm 2"
    override _.Direction = direction
