namespace Stackelberg

/// x⁺ = x − γ ω(x⁺): the step that descends from where it ends. Its noise is that of one evaluation.
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
            [ Requirement.Unbounded ]
            (fun s x ->
                let game = s.Game
                let ω = Field.joint Conjecture.none
                let noise = s.Omega x - s.Exact(Direction.ofConjecture Conjecture.none, x)
                let inPrecision (t: Tensor) = Tensor.cast game.Precision t
                let from, rate, noise' = inPrecision x, inPrecision s.Rate, inPrecision noise

                let z =
                    Root.find rootOf settings (fun z -> z - from + rate * (ω game z + noise')) from
                    |> Tensor.cast DType.Float64

                s.Descend(x, s.Exact(Direction.ofConjecture Conjecture.none, z) + noise))
        |> RuleDefinition.solving "the proximal step"
