namespace Stackelberg

/// Simultaneous gradient play: every player descends its own cost and ignores the others' answers, x⁺ = x − γ ω(x).
[<Sealed>]
type internal SimultaneousRule() =
    inherit DescentRule()
    override _.Name = "simultaneous"
    override _.Source = "Fiez, Chasnov and Ratliff 2020, section 2"
    override _.Direction = Direction.ofConjecture Conjecture.none
