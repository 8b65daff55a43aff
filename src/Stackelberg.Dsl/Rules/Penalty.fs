namespace Stackelberg

/// The bilevel problem min f₁(x, y) over x and y ∈ argmin f₂(x, ·), by its value function v(x) = min f₂(x, ·): leader and follower
/// together descend f₁ + λ (f₂ − v), where v's derivative is that of f₂ at z, the end of some gradient steps on f₂(x, ·)
/// that begin where those of the step before ended. λ is fixed, as Shen and Chen have it; Ye and others choose it in every
/// step (Barrier).
module internal Penalty =

    let private cost (game: Game) index = Objective.ofCost (game.Cost index)

    /// D₂f₂ in the follower's entries, zero in the leader's.
    let follower =
        Direction.ofParts "follower's gradient" null 0 (fun game point _ -> [|
            Expression.zeros point[0].DType point[0].Shape
            Derivative.D point (game.PlayerBlock 1) (cost game 1)
        |])

    let private penalised (λ: float) (s: Step) (answer: Tensor) =
        Direction.ofStep "penalty" (fun game point ->
            let x, y = game.PlayerBlock 0, game.PlayerBlock 1
            let f1, f2 = cost game 0, cost game 1
            let D = Derivative.D point
            let answered = s.Split answer
            let atAnswer = Derivative.D(y.Set point answered[1])
            [| D x f1 + λ * (D x f2 - atAnswer x f2); D y f1 + λ * D y f2 |])

    /// The leader's strategy with the answer that is remembered.
    let withAnswer (s: Step) (x: Tensor) (answer: Tensor) =
        let leaders, d = s.Game.Offsets[1], s.Game.Dimension
        Tensor.concat 0 [ Tensor.slice 0 0 leaders x; Tensor.slice 0 leaders (d - leaders) answer ]

    let rule (λ: float) (innerSteps: int) (innerRate: float) =
        RuleDefinition.known
            (invariant $"penalty {λ} ({innerSteps} inner steps of {innerRate})")
            "Shen and Chen 2023 (V-PBGD); the answer by inner steps as Ye, Liu, Wright, Stone and Liu 2022, whose λ adapts"
            [ Requirement.TwoPlayers; Requirement.TwoLevels ]
            (fun _ x -> x)
        |> RuleDefinition.remembering (fun _ start -> [| "answer", start |]) (fun s memory x ->
            let answer =
                Seq.fold
                    (fun z _ -> s.Project(z - innerRate * s.Inner(follower, z)))
                    (withAnswer s x memory[0])
                    (seq { 1..innerSteps })

            s.Descend(x, s.Evaluate(penalised λ s answer, x)), [| answer |])
