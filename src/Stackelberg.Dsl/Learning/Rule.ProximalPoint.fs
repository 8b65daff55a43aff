namespace Stackelberg

/// F(z) = z − x + Γ (ω(z) + e), with the step's noise e held fixed.
[<Sealed>]
type private ProximalEquation(tolerance, limit) =
    inherit InnerNewton("the proximal step", tolerance, limit)

    override _.Residual(step, z, into) =
        let noise = step.Work[0]
        step.Exact(0, z, into)

        for i in 0 .. z.Length - 1 do
            into[i] <- z[i] - step.X[i] + step.Rates[i] * (into[i] + noise[i])

    override _.Correction(step, z, residual, into) =
        step.Further(1, 1, residual)
        step.Exact(1, z, into)

/// A step along the field where it ends, not where it begins: x⁺ = x − γ ω(x⁺).
[<Sealed>]
type internal ProximalPointRule(tolerance: float, limit: int) =
    inherit Rule()

    /// (I + Γ J(z))⁻¹ r; the further inputs are Γ's diagonal and r.
    static let newton =
        Direction.ofParts "proximal Newton" null 2 (fun game point further ->
            let everybody = game.Everybody
            let rates = FieldJacobian.scale (everybody.Flatten further[0])

            Operator.inverse Solver.auto (Operator.identity + rates * FieldJacobian.full game point)
            * everybody.Flatten further[1]
            |> everybody.Unflatten)

    let equation = ProximalEquation(tolerance, limit)

    override _.Name = "proximal point"
    override _.Source = "Rockafellar 1976; Grosse and Zhang, Differentiable Games (lecture)"
    override _.Directions _ = [| Direction.ofConjecture Conjecture.none; newton |]
    override this.Refuses game = Refusal.ifBounded this.Name game
    override _.WorkArrays = 5

    override _.Step step =
        let x, g, noise, z = step.X, step.Gradient, step.Work[0], step.Work[1]
        step.Evaluate(x, g)
        step.Exact(0, x, noise)

        for i in 0 .. x.Length - 1 do
            noise[i] <- g[i] - noise[i]

        x.CopyTo(z, 0)
        step.Further(1, 0, step.Rates)
        equation.Solve(step, z, 2)
        step.Exact(0, z, g)

        for i in 0 .. x.Length - 1 do
            g[i] <- g[i] + noise[i]

        step.Move(x, g, step.Next)
