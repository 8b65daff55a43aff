namespace Stackelberg

/// Players who expect the others to learn.
module internal OpponentShaping =

    /// Every player anticipates the answer of all others, whatever their levels: xᵢ⁺ = xᵢ − γ (Dᵢfᵢ + Dr̂ᵢᵀ D₋ᵢfᵢ), where
    /// r̂ᵢ is what i believes that the others answer.
    let mutual name source (conjecture: Conjecture) =
        RuleDefinition.known name source [] (fun s x ->
            s.Descend(x, s.Evaluate(Direction.mutual conjecture, x)))

    /// Every player descends its cost at the strategies that the others are predicted to move to, without regard to its own
    /// influence on them: xᵢ⁺ = xᵢ − γ Dᵢfᵢ(xᵢ, x₋ᵢ − α ω₋ᵢ(x)).
    let lookAhead (α: float) =
        let field =
            Direction.ofParts "look-ahead" α 0 (fun game point _ ->
                let moved =
                    Field.gradients Conjecture.none game point
                    |> Array.mapi (fun index g -> Bounded.after game index point[index] (-α * g))

                point
                |> Array.mapi (fun index own ->
                    Derivative.D
                        (Array.updateAt index own moved)
                        (game.PlayerBlock index)
                        (Objective.ofCost (game.Cost index))))

        RuleDefinition.known
            (invariant $"look-ahead {α}")
            "Zhang and Lesser 2010 (policy prediction); Letcher, Foerster, Balduzzi, Rocktäschel and Whiteson 2019, section 3"
            []
            (fun s x -> s.Descend(x, s.Evaluate(field, x)))

    /// ω − χ is the field of players who expect steps of rate 1.
    let private shaping = Conjecture.gradientStep 1.0

    /// ξ₀ = (I − α C) ω, C the blocks of J off its diagonal: look-ahead to first order. Bounds stop the others' steps.
    let private ahead (α: float) (game: Game) (point: Tensor[]) (ξ: Tensor) =
        let steps =
            game.Everybody.Unflatten ξ
            |> Array.mapi (fun index g -> Bounded.moved game index point[index] g g)
            |> game.Everybody.Flatten

        ξ - α * (FieldJacobian.cross game point * steps)

    /// χᵢ = Σ_{j≠i} (D_ji f_j)ᵀ D_j fᵢ: what the others' steps, if xᵢ moves them, do to fᵢ.
    let private shapingOf (game: Game) point (ξ: Tensor) =
        ξ - (MutualField.gradients shaping game point |> game.Everybody.Flatten)

    /// To first order in α the costs after the steps that all others are expected to make: x⁺ = x − γ ξ₀, and with an eye to
    /// what an own move does to these steps x⁺ = x − γ (ξ₀ − α χ).
    let firstOrder (α: float) isShaping =
        let name, source =
            if isShaping then
                "first-order LOLA",
                "Letcher, Foerster, Balduzzi, Rocktäschel and Whiteson 2019, section 3; after Foerster and others 2018"
            else
                "first-order look-ahead",
                "Letcher, Foerster, Balduzzi, Rocktäschel and Whiteson 2019, section 3; linearised competitive gradient descent in Schäfer and Anandkumar 2019"

        let field =
            Direction.ofParts name α 0 (fun game point _ ->
                let everybody = game.Everybody
                let ξ = Field.gradients Conjecture.none game point |> everybody.Flatten
                let ξ0 = ahead α game point ξ

                everybody.Unflatten(if isShaping then ξ0 - α * shapingOf game point ξ else ξ0))

        RuleDefinition.known (invariant $"{name} {α}") source [] (fun s x ->
            s.Descend(x, s.Evaluate(field, x)))

    /// Between look-ahead and LOLA: ξ₀ − p α χ with p in [0, 1] such that the shaping term −α χ neither turns the step away from ξ₀
    /// nor moves fixed points.
    let stable name (α: float) (a: float) (b: float) =
        let field =
            Direction.ofParts "stable opponent shaping" (α, a, b) 0 (fun game point _ ->
                let everybody = game.Everybody
                let ξ = Field.gradients Conjecture.none game point |> everybody.Flatten
                let χ = shapingOf game point ξ
                let ξ0 = ahead α game point ξ
                let square t = Tensor.dot t t
                let one = Tensor.scalar 1.0 |> Tensor.cast ξ.DType
                let slope = -α * Tensor.dot χ ξ0
                let isAligned = Tensor.greaterEqual slope (0.0 * one)

                // The division is looked at only where slope < 0.
                let p1 =
                    Tensor.where
                        isAligned
                        one
                        (Tensor.minimum one (-a * square ξ0 / Tensor.where isAligned (-one) slope))

                let p2 = Tensor.where (Tensor.less (square ξ) (b * b * one)) (square ξ) one

                ξ0 - α * Tensor.minimum p1 p2 * χ |> everybody.Unflatten)

        RuleDefinition.known
            name
            "Letcher, Foerster, Balduzzi, Rocktäschel and Whiteson 2019, algorithm 1"
            []
            (fun s x -> s.Descend(x, s.Evaluate(field, x)))
