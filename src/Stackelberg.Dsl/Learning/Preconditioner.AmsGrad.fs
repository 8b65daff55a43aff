namespace Stackelberg

/// As Adam, with the greatest v so far in the place of v: v̄⁺ = max(v̄, v⁺), P(g) = m̂ / (√(v̄⁺ / (1 − β₂ᵏ)) + ε)
/// (S. Reddi, S. Kale and S. Kumar, On the Convergence of Adam and Beyond, 2018, algorithm 2, which has no bias
/// correction; this is the corrected form that networks are trained with).
[<Sealed>]
type internal AmsGradPreconditioner(β1: float, β2: float, ε: float) =
    inherit Preconditioner()

    do
        PreconditionerCheck.decay "Preconditioner.amsGradWith" "β1" β1
        PreconditionerCheck.decay "Preconditioner.amsGradWith" "β2" β2
        PreconditionerCheck.epsilon "Preconditioner.amsGradWith" ε

    override _.Name = (invariant $"AMSGrad ({β1}, {β2}, {ε})")

    override _.Memory dimension =
        PreconditionerCheck.zeros [ "mean"; "square"; "greatest square" ] dimension

    override _.Apply(uses, memory, g, into, first, count) =
        let mean, square, greatest = memory[0], memory[1], memory[2]
        let meanCorrection = 1.0 - β1 ** float uses
        let squareCorrection = sqrt (1.0 - β2 ** float uses)

        for i in 0 .. count - 1 do
            let slope = g[first + i]
            mean[i] <- β1 * mean[i] + (1.0 - β1) * slope
            square[i] <- β2 * square[i] + (1.0 - β2) * slope * slope
            greatest[i] <- max greatest[i] square[i]

            into[first + i] <- mean[i] / (meanCorrection * (sqrt greatest[i] / squareCorrection + ε))
