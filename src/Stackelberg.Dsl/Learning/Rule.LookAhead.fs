namespace Stackelberg

/// Every player descends its cost at the strategies that the others are predicted to move to, without regard to its own
/// influence on them: xᵢ⁺ = xᵢ − γ Dᵢfᵢ(xᵢ, x₋ᵢ − α ω₋ᵢ(x)).
[<Sealed>]
type internal LookAheadRule(α: float) =
    inherit DescentRule()

    let direction =
        Direction.ofParts "look-ahead" α 0 (fun game point _ ->
            let moved =
                Field.gradients Conjecture.none game point
                |> Array.map2 (fun x g -> x - α * g) point

            point
            |> Array.mapi (fun index own ->
                Derivative.D
                    (Array.updateAt index own moved)
                    (game.PlayerBlock index)
                    (Objective.ofCost (game.Cost index))))

    override _.Name = (invariant $"look-ahead {α}")

    override _.Source =
        "Zhang and Lesser 2010 (policy prediction); Letcher, Foerster, Balduzzi, Rocktäschel and Whiteson 2019, section 3"

    override _.Direction = direction
    override this.Refuses game = Refusal.ifBounded this.Name game
