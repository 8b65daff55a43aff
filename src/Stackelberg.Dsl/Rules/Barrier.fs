namespace Stackelberg

/// The bilevel problem min f₁(x, y), q(x, y) = f₂(x, y) − min f₂(x, ·) ≤ 0, by the direction nearest to ∇f₁ along which q falls
/// fast enough: min ‖Δ − ∇f₁‖² over ⟨Δ, ∇q⟩ ≥ φ, which is ∇f₁ + λ ∇q with λ = max(0, φ − ⟨∇f₁, ∇q⟩) / ‖∇q‖².
module internal Barrier =

    let private descent name (s: Step) (answer: Tensor) (barrier: Tensor -> Tensor -> Tensor) =
        Direction.ofStep name (fun game point ->
            let x, y = game.PlayerBlock 0, game.PlayerBlock 1
            let f1, f2 = Objective.ofCost (game.Cost 0), Objective.ofCost (game.Cost 1)
            let answered = y.Set point (s.Split answer).[1]
            let D = Derivative.D point
            let everybody = game.Everybody
            let f = everybody.Flatten [| D x f1; D y f1 |]
            let q = everybody.Flatten [| D x f2 - Derivative.D answered x f2; D y f2 |]
            let square = Tensor.dot q q
            let one = Tensor.scalar 1.0 |> Tensor.cast f.DType
            let isThere = Tensor.greater square (0.0 * one)
            let gap = game.Cost 1 point - game.Cost 1 answered

            let λ =
                Tensor.where
                    isThere
                    (Tensor.maximum (0.0 * one) (barrier square gap - Tensor.dot f q)
                     / Tensor.where isThere square one)
                    (0.0 * one)

            f + λ * q |> everybody.Unflatten)

    /// Some gradient steps on f₂(x, ·).
    let private answer (s: Step) innerSteps (innerRate: float) from =
        Seq.fold
            (fun z _ -> s.Project(z - innerRate * s.Inner(Penalty.follower, z)))
            from
            (seq { 1..innerSteps })

    /// φ = η ‖∇q‖², and the answer's steps begin at y.
    let bome (η: float) innerSteps innerRate =
        RuleDefinition.known
            (invariant $"BOME {η} ({innerSteps} inner steps of {innerRate})")
            "Ye, Liu, Wright, Stone and Liu 2022, algorithm 1"
            [ Requirement.TwoPlayers; Requirement.TwoLevels ]
            (fun s x ->
                let z = answer s innerSteps innerRate x
                s.Descend(x, s.Evaluate(descent "BOME" s z (fun square _ -> η * square), x)))

    /// φ = η min(q, ‖∇q‖²), and the answer's steps begin where those of the step before ended.
    let dynamic (η: float) innerSteps innerRate =
        RuleDefinition.known
            (invariant $"dynamic barrier {η} ({innerSteps} inner steps of {innerRate})")
            "Gong, Liu and Liu 2021, section 3; of bilevel problems Ye, Liu, Wright, Stone and Liu 2022"
            [ Requirement.TwoPlayers; Requirement.TwoLevels ]
            (fun _ x -> x)
        |> RuleDefinition.remembering (fun _ start -> [| "answer", start |]) (fun s memory x ->
            let z = answer s innerSteps innerRate (Penalty.withAnswer s x memory[0])

            s.Descend(
                x,
                s.Evaluate(
                    descent "dynamic barrier" s z (fun square gap -> η * Tensor.minimum gap square),
                    x
                )
            ),
            [| z |])
