namespace Stackelberg

open System.Collections.Generic

/// The field that the next point will probably see, guessed from the last two: x⁺ = x − γ (2 ω(x) − ω(x⁻)). The first step
/// is plain.
[<Sealed>]
type internal OptimisticRule() =
    inherit Rule()
    override _.Name = "optimistic"
    override _.Source = "Daskalakis, Ilyas, Syrgkanis and Zeng 2018, section 2"
    override _.Directions _ = [| Direction.ofConjecture Conjecture.none |]
    override _.Memory dimension = [| KeyValuePair("last field", Array.zeroCreate dimension) |]
    override _.WorkArrays = 1

    override _.Step step =
        let g, last, guess = step.Gradient, step.Memory[0], step.Work[0]
        step.Evaluate(step.X, g)

        if step.Number = 1 then
            g.CopyTo(last, 0)

        for i in 0 .. g.Length - 1 do
            guess[i] <- 2.0 * g[i] - last[i]

        g.CopyTo(last, 0)
        step.Move(step.X, guess, step.Next)
