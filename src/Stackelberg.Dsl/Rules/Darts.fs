namespace Stackelberg

/// One level after another, from the top: leaders descend their cost after one expected step of rate ξ of the followers, who then
/// make one step of their own. With ξ = 0 leaders descend their own gradient.
module internal Darts =

    let private source = "Liu, Simonyan and Yang 2019, algorithm 1"

    /// The players from first to last descend the field at x.
    let private level (s: Step) (field: Direction) first last x =
        let g = s.Evaluate(field, x)
        Seq.fold (fun next player -> s.DescendPlayer(player, x, g, next)) x (seq { first..last })

    /// The exact derivative, eq. 7: D₁f₁(x, y′) − ξ (D₂₁f₂)ᵀ D₂f₁(x, y′) with y′ = y − ξ D₂f₂.
    let oneStep (ξ: float) =
        let field = Direction.ofConjecture (Conjecture.lookAhead ξ)

        RuleDefinition.known
            (invariant $"DARTS {ξ}")
            (invariant $"{source}, eq. 7")
            [ Requirement.Followers ]
            (fun s x ->
                Array.fold2
                    (fun next first count -> level s field first (first + count - 1) next)
                    x
                    (Array.scan (+) 0 s.Game.Levels |> Array.truncate s.Game.Levels.Length)
                    s.Game.Levels)

    /// The difference's reach, in units of the length of D₂f₁: the source's ε = 0.01 / ‖D₂f₁(x, y′)‖.
    let private reach = 0.01

    /// Its product by differences, eq. 8: (D₁f₂(x, y⁺) − D₁f₂(x, y⁻)) / 2ε with y± = y ± ε D₂f₁(x, y′).
    let byDifferences (ξ: float) =
        let field =
            Direction.ofParts "DARTS by differences" ξ 0 (fun game point _ ->
                let x, y = game.PlayerBlock 0, game.PlayerBlock 1
                let f1, f2 = Objective.ofCost (game.Cost 0), Objective.ofCost (game.Cost 1)
                let at strategy = Derivative.D(y.Set point strategy)
                let g = Derivative.D point y f2
                let after = at (Bounded.after game 1 point[1] (-ξ * g))
                let v = after y f1 |> Bounded.moved game 1 point[1] g
                let length = sqrt (Tensor.sum (v * v))
                let one = Tensor.scalar 1.0 |> Tensor.cast length.DType
                let ε = reach / Tensor.where (Tensor.greater length (0.0 * one)) length one

                let product = (at (point[1] + ε * v) x f2 - at (point[1] - ε * v) x f2) / (2.0 * ε)

                [| after x f1 - ξ * product; g |])

        RuleDefinition.known
            (invariant $"DARTS by differences {ξ}")
            (invariant $"{source}, eq. 8")
            [ Requirement.TwoPlayers; Requirement.TwoLevels ]
            (fun s x -> x |> level s field 0 0 |> level s field 1 1)
