namespace Stackelberg

/// Every player anticipates the answer of all others, whatever their levels: xᵢ⁺ = xᵢ − γ (Dᵢfᵢ + Dr̂ᵢᵀ D₋ᵢfᵢ), where
/// r̂ᵢ is what i believes that the others answer.
[<Sealed>]
type internal MutualRule(name: string, source: string, conjecture: Conjecture) =
    inherit DescentRule()
    override _.Name = name
    override _.Source = source
    override _.Direction = Direction.mutual conjecture

    override this.Refuses game =
        if conjecture.Total.IsSome then
            Refusal.ifBounded this.Name game
        else
            null
