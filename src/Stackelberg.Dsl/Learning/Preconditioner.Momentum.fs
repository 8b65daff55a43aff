namespace Stackelberg

/// v⁺ = β v + g, P(g) = v⁺ (B. Polyak, Some methods of speeding up the convergence of iteration methods, 1964).
[<Sealed>]
type internal MomentumPreconditioner(β: float) =
    inherit Preconditioner()

    do
        if not (abs β < 1.0) then
            Require.wrong
                "Preconditioner.momentum"
                "β"
                (invariant $"is {β}, but a number in (−1, 1) is needed.")

    override _.Name = (invariant $"momentum {β}")

    override _.Memory dimension =
        PreconditionerCheck.zeros [ "velocity" ] dimension

    override _.Apply(_, memory, g, into, first, count) =
        let velocity = memory[0]

        for i in 0 .. count - 1 do
            velocity[i] <- β * velocity[i] + g[first + i]
            into[first + i] <- velocity[i]
