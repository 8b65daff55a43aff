namespace Stackelberg

/// Stackelberg gradient play: every player with players below it descends its total gradient under the conjecture,
/// x⁺ = x − γ ω_S(x) (Fiez, Chasnov and Ratliff 2020). All players move at once.
[<Sealed>]
type internal StackelbergRule(conjecture: Conjecture) =
    inherit DescentRule()
    override _.Name = (invariant $"stackelberg ({conjecture.Name})")
    override _.Source = "Fiez, Chasnov and Ratliff 2020, section 4"
    override _.Direction = Direction.ofConjecture conjecture
