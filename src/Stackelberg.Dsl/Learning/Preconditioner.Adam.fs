namespace Stackelberg

/// m⁺ = β₁ m + (1 − β₁) g, v⁺ = β₂ v + (1 − β₂) g², P(g) = m̂ / (√v̂ + ε) with m̂ = m⁺ / (1 − β₁ᵏ) and v̂ = v⁺ / (1 − β₂ᵏ)
/// (D. Kingma and J. Ba, Adam, 2015, algorithm 1).
[<Sealed>]
type internal AdamPreconditioner(β1: float, β2: float, ε: float) =
    inherit Preconditioner()

    do
        PreconditionerCheck.decay "Preconditioner.adamWith" "β1" β1
        PreconditionerCheck.decay "Preconditioner.adamWith" "β2" β2
        PreconditionerCheck.epsilon "Preconditioner.adamWith" ε

    override _.Name = (invariant $"Adam ({β1}, {β2}, {ε})")

    override _.Memory dimension =
        PreconditionerCheck.zeros [ "mean"; "square" ] dimension

    override _.Apply(uses, memory, g, into, first, count) =
        let mean, square = memory[0], memory[1]
        let meanCorrection = 1.0 - β1 ** float uses
        let squareCorrection = sqrt (1.0 - β2 ** float uses)

        for i in 0 .. count - 1 do
            let slope = g[first + i]
            let m = β1 * mean[i] + (1.0 - β1) * slope
            let v = β2 * square[i] + (1.0 - β2) * slope * slope
            mean[i] <- m
            square[i] <- v
            into[first + i] <- m / (meanCorrection * (sqrt v / squareCorrection + ε))
