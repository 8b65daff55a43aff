namespace Stackelberg

/// Simultaneous gradient play: every player descends its own cost and ignores the others' answers, x⁺ = x − γ ω(x).
[<Sealed>]
type internal SimultaneousRule() =
    inherit Rule()
    override _.Name = "simultaneous"
    override _.Source = "Fiez, Chasnov and Ratliff 2020, section 2"
    override _.Directions _ = [| Direction.ofConjecture Conjecture.none |]
    override this.Descends game = (this.Directions game)[0]
    override _.Step step = Descent.plain step
