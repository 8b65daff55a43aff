namespace Stackelberg

/// Between look-ahead and LOLA: ξ₀ − p α χ with ξ₀ = (I − α C) ω, C the blocks of J off its diagonal,
/// χᵢ = Σ_{j≠i} (D_ji f_j)ᵀ D_j fᵢ and p in [0, 1] such that the shaping term −α χ neither turns the step away from ξ₀ nor
/// moves fixed points.
[<Sealed>]
type internal StableOpponentShapingRule(α: float, a: float, b: float) =
    inherit DescentRule()

    /// ω − χ is the field of players who expect steps of rate 1.
    static let shaping = Conjecture.gradientStep 1.0

    let direction =
        Direction.ofParts "stable opponent shaping" (α, a, b) 0 (fun game point _ ->
            let everybody = game.Everybody
            let ξ = Field.gradients Conjecture.none game point |> everybody.Flatten
            let χ = ξ - (MutualField.gradients shaping game point |> everybody.Flatten)
            let ξ0 = ξ - α * (FieldJacobian.cross game point * ξ)
            let square t = Tensor.dot t t
            let slope = -α * Tensor.dot χ ξ0
            let isAligned = Tensor.greaterEqual slope (0.0 * slope)
            // The division is looked at only where slope < 0.
            let p1 =
                Tensor.where
                    isAligned
                    (0.0 * slope + 1.0)
                    (Tensor.minimum
                        (0.0 * slope + 1.0)
                        (-a * square ξ0 / Tensor.where isAligned (0.0 * slope - 1.0) slope))

            let p2 =
                Tensor.where (Tensor.less (square ξ) (0.0 * slope + b * b)) (square ξ) (0.0 * slope + 1.0)

            ξ0 - α * Tensor.minimum p1 p2 * χ |> everybody.Unflatten)

    override _.Name = (invariant $"stable opponent shaping {α}")

    override _.Source =
        "Letcher, Foerster, Balduzzi, Rocktäschel and Whiteson 2019, algorithm 1"

    override _.Direction = direction
    override this.Refuses game = Refusal.ifBounded this.Name game
