namespace Stackelberg

/// Leaders descend, and followers descend and also go along with the leaders' move, so that they stay on the ridge
/// D₂f₂ = 0: x₁⁺ = x₁ − γ₁ g₁, x₂⁺ = x₂ − γ₂ D₂f₂ − (D₂²f₂)⁻¹ D₂₁f₂ (x₁⁺ − x₁).
module internal FollowTheRidge =

    /// (D_ℓG_ℓ)⁻¹ D₁G_ℓ m for a move m of the leaders, zero for them.
    let private ridge (conjecture: Conjecture) (s: Step) (move: Tensor) =
        Direction.ofStep "ridge" (fun game point ->
            let leaders, followers = game.LevelBlock 0, game.LevelBlock 1
            let gradients = Field.followers game
            let D2 = Derivative.D2 point

            let turn =
                Operator.inverse conjecture.Solver (D2 followers followers gradients)
                * (D2 followers leaders gradients * leaders.Get(s.Split move))

            followers.Set (point |> Array.map (fun part -> Expression.zeros part.DType part.Shape)) turn)

    let rule (conjecture: Conjecture) =
        RuleDefinition.known
            (invariant $"follow-the-ridge ({conjecture.Name})")
            "Wang, Zhang and Ba 2020, algorithm 1; with Conjecture.bestResponse its general-sum form"
            [ Requirement.TwoLevels ]
            (fun s x ->
                let next = s.Descend(x, s.Field(conjecture, x))
                next - s.Exact(ridge conjecture s (next - x), x))

    /// Every player descends and goes along with the moves that the others make in the end, as if it were their follower:
    /// Δᵢ = −γ Dᵢfᵢ − (Dᵢᵢfᵢ)⁻¹ Σ_{j≠i} Dᵢⱼfᵢ Δⱼ. With B the blocks of J on its diagonal, that is J Δ = −γ B ω. At a critical point the
    /// derivative of Δ is similar to −γ B: of these points those attract where every Dᵢᵢfᵢ is positive definite, and no others. It
    /// rests as well where B is singular and B ω = 0.
    let double =
        let along (s: Step) (move: Tensor) =
            Direction.ofStep "double ridge" (fun game point ->
                let everybody = game.Everybody

                Operator.inverse Solver.auto (FieldJacobian.fullSettled game point)
                * (FieldJacobian.ownSettled game point * everybody.Flatten(s.Split move))
                |> everybody.Unflatten)

        RuleDefinition.known "double follow-the-ridge" "Zhang and Bao 2023" [] (fun s x ->
            let move = s.Descend(x, s.Omega x) - x
            x + s.Exact(along s move, x))
