namespace Stackelberg

open System.Collections.Generic

/// Polyak's heavy ball for all players at once, x⁺ = x − γ ω(x) + β (x − x⁻); games want β < 0.
[<Sealed>]
type internal MomentumRule(β: float) =
    inherit Rule()
    override _.Name = (invariant $"momentum {β}")

    override _.Source =
        "Gidel, Askari Hemmat, Pezeshki, Le Priol, Huang, Lacoste-Julien and Mitliagkas 2019, section 3; Polyak 1964"

    override _.Directions _ = [| Direction.ofConjecture Conjecture.none |]
    override _.Memory dimension = [| KeyValuePair("velocity", Array.zeroCreate dimension) |]
    override _.WorkArrays = 1

    override _.Step step =
        let x, next, velocity, from = step.X, step.Next, step.Memory[0], step.Work[0]
        step.Evaluate(x, step.Gradient)

        for i in 0 .. x.Length - 1 do
            from[i] <- x[i] + β * velocity[i]

        step.Move(from, step.Gradient, next)

        // The move itself, not the difference of two points: angles may be turned back between steps.
        for i in 0 .. x.Length - 1 do
            velocity[i] <- next[i] - x[i]
