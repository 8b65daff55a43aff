namespace Stackelberg

/// The bilevel problem min f₁(x, y), y ∈ argmin f₂(x, ·), by gradients alone: y follows the least of f₂ + f₁/λ, z that of f₂,
/// and x descends f₁(x, y) + λ (f₂(x, y) − f₂(x, z)).
module internal FullyFirstOrder =

    let private field name λ (s: Step) (answer: Tensor) isWhole =
        Direction.ofStep name (fun game point ->
            let x, y = game.PlayerBlock 0, game.PlayerBlock 1
            let f1, f2 = Objective.ofCost (game.Cost 0), Objective.ofCost (game.Cost 1)
            let D = Derivative.D point
            let atAnswer = Derivative.D(y.Set point (s.Split answer).[1])
            let λ: Tensor = Tensor.cast game.Precision λ

            [|
                if isWhole then
                    D x f1 + λ * (D x f2 - atAnswer x f2)
                else
                    Expression.zeros point[0].DType point[0].Shape
                D y f2 + D y f1 / λ
            |])

    /// The source's α = γ₂/λ and its γ = γ₂: the follower's rate is that of plain steps on f₂.
    let rule (λ: float) (δ: float) (innerSteps: int) =
        let growth = if δ = 0.0 then "" else (invariant $" + {δ} a step")

        RuleDefinition.known
            (invariant $"fully first-order {λ}{growth} ({innerSteps} inner steps)")
            "Kwon, Kwon, Wright and Nowak 2023, algorithm 1 (F²SA)"
            [ Requirement.TwoPlayers; Requirement.TwoLevels ]
            (fun _ x -> x)
        |> RuleDefinition.remembering (fun _ start -> [| "answer", start |]) (fun s memory x ->
            let λ = λ + δ * (s.Number - 1.0)

            let answer =
                Seq.fold
                    (fun z _ -> s.Project(z - s.Rate * s.Inner(Penalty.follower, z)))
                    (Penalty.withAnswer s x memory[0])
                    (seq { 1..innerSteps })

            let whole = field "fully first-order" λ s answer true
            let follower = field "penalised follower's gradient" λ s answer false

            let moved =
                Seq.fold
                    (fun next _ -> s.DescendPlayer(1, next, s.Inner(follower, next), next))
                    (s.DescendPlayer(1, x, s.Evaluate(whole, x), x))
                    (seq { 2..innerSteps })

            s.DescendPlayer(0, moved, s.Evaluate(whole, moved), moved), [| answer |])
