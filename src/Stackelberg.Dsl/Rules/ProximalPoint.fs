namespace Stackelberg

/// x⁺ = Π(x − γ ω(x⁺)): the step that descends from where it ends. Its noise is that of one evaluation.
module internal ProximalPoint =

    let private rootOf = "Rule.proximalPoint"

    let usualTolerance, usualLimit = 1e-12, 50

    let rule (tolerance: float) (limit: int) =
        let settings = {
            Root.settings with
                Tolerance = tolerance
                MaxSteps = limit
        }

        let name =
            if tolerance = usualTolerance && limit = usualLimit then
                "proximal point"
            else
                (invariant $"proximal point ({tolerance}, {limit})")

        RuleDefinition.known
            name
            "Rockafellar 1976; Grosse and Zhang, Differentiable Games (lecture)"
            []
            (fun s x ->
                let game = s.Game
                let ω = Field.joint Conjecture.none
                let noise = s.Omega x - s.Exact(Direction.ofConjecture Conjecture.none, x)
                let inPrecision (t: Tensor) = Tensor.cast game.Precision t
                let from, rate, noise' = inPrecision x, inPrecision s.Rate, inPrecision noise

                let isBounded = Seq.exists game.IsBounded (seq { 0 .. game.Players.Length - 1 })

                let within z =
                    game.Everybody.Unflatten z
                    |> Array.mapi game.Projected
                    |> game.Everybody.Flatten

                let left z =
                    let g = ω game z + noise'

                    if isBounded then
                        z - within (from - rate * g)
                    else
                        z - from + rate * g

                let z = Root.find rootOf settings left from |> Tensor.cast DType.Float64

                s.Descend(x, s.Exact(Direction.ofConjecture Conjecture.none, z) + noise))
        |> RuleDefinition.solving "the proximal step"
