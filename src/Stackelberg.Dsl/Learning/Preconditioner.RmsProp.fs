namespace Stackelberg

/// v⁺ = β v + (1 − β) g², P(g) = g / (√v⁺ + ε) (T. Tieleman and G. Hinton, lecture 6.5 of Neural Networks for Machine
/// Learning, 2012); with bias correction v⁺ is divided by 1 − βᵏ, as Wang, Zhang and Ba (2020) do.
[<Sealed>]
type internal RmsPropPreconditioner(β: float, ε: float, isCorrected: bool) =
    inherit Preconditioner()

    do
        PreconditionerCheck.decay "Preconditioner.rmsProp" "β" β
        PreconditionerCheck.epsilon "Preconditioner.rmsProp" ε

    override _.Name =
        if isCorrected then
            (invariant $"RMSProp {β}, bias corrected")
        else
            (invariant $"RMSProp {β}")

    override _.Memory dimension =
        PreconditionerCheck.zeros [ "square" ] dimension

    override _.Apply(uses, memory, g, into, first, count) =
        let square = memory[0]
        let correction = if isCorrected then sqrt (1.0 - β ** float uses) else 1.0

        for i in 0 .. count - 1 do
            let slope = g[first + i]
            square[i] <- β * square[i] + (1.0 - β) * slope * slope
            into[first + i] <- slope / (sqrt square[i] / correction + ε)
