namespace Stackelberg

/// A step from x along the field at the point that a plain step would reach: z = Π(x − γ ω(x)), x⁺ = Π(x − γ ω(z)).
[<Sealed>]
type internal ExtragradientRule() =
    inherit Rule()
    override _.Name = "extragradient"
    override _.Source = "Korpelevich 1976"
    override _.Directions _ = [| Direction.ofConjecture Conjecture.none |]
    override _.EvaluationsPerStep _ = 2
    override _.WorkArrays = 1

    override _.Step step =
        let middle = step.Work[0]
        step.Evaluate(step.X, step.Gradient)
        step.Move(step.X, step.Gradient, middle)
        step.Evaluate(middle, step.Gradient)
        step.Move(step.X, step.Gradient, step.Next)
