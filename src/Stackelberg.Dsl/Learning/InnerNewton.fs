namespace Stackelberg

/// Newton's method inside a rule's step: finds z with F(z) = 0, from z, by z⁺ = z − t δ with F′(z) δ = F(z), where t
/// is halved until ‖F‖ falls.
[<AbstractClass>]
type internal InnerNewton(what: string, tolerance: float, limit: int) =

    /// Below 2⁻³⁰ of a Newton step nothing is gained.
    let halvings = 30

    /// Below this share of a point its corrections are rounding.
    let rounding (game: Game) =
        if game.Precision = DType.Float32 then 1e-5 else 0.0

    let norm (values: float[]) =
        let mutable sum = 0.0

        for value in values do
            sum <- sum + value * value

        sqrt sum

    /// F(z).
    abstract Residual: step: RuleStep * z: float[] * into: float[] -> unit

    /// δ at z, where F is known.
    abstract Correction: step: RuleStep * z: float[] * residual: float[] * into: float[] -> unit

    /// Whether F is the gradient of a function whose least value is sought, not any critical point.
    abstract IsMinimised: game: Game -> bool
    default _.IsMinimised _ = false

    /// One full Newton step from a first guess that will do, if it lowers ‖F‖. Without it the answers of a run's last steps
    /// would stand still while the guess is good enough, and jump when it is not.
    member private this.Polish(step: RuleStep, z: float[], residual: float[], δ: float[], trial: float[]) =
        let before = norm residual
        this.Correction(step, z, residual, δ)

        for i in 0 .. z.Length - 1 do
            trial[i] <- z[i] - δ[i]

        this.Residual(step, trial, residual)

        if norm residual < before then
            trial.CopyTo(z, 0)

    /// <summary>Leaves the solution in z, or ends the run. It needs three more arrays of length d.</summary>
    /// <param name="step">The step that needs it.</param>
    /// <param name="z">The first guess, then the solution.</param>
    /// <param name="first">The number of the first of three arrays of step.Work.</param>
    member this.Solve(step: RuleStep, z: float[], first: int) =
        let residual, δ, trial =
            step.Work[first], step.Work[first + 1], step.Work[first + 2]

        let minimised = this.IsMinimised step.Game
        let needed = tolerance * max 1.0 (norm z)
        this.Residual(step, z, residual)
        let mutable reached = norm residual
        let mutable iterations = 0
        let mutable isStuck = false

        if reached <= needed && reached > 0.0 then
            this.Polish(step, z, residual, δ, trial)

        while reached > needed && iterations < limit && not isStuck do
            iterations <- iterations + 1
            this.Correction(step, z, residual, δ)
            let mutable slope = 0.0

            for i in 0 .. δ.Length - 1 do
                slope <- slope + residual[i] * δ[i]

            if minimised && slope < 0.0 then
                // Negative curvature: down the slope, not up to a maximum, and no farther than the point's own size.
                let longest = max 1.0 (norm z) / norm δ

                for i in 0 .. z.Length - 1 do
                    z[i] <- z[i] + min 1.0 longest * δ[i]

                this.Residual(step, z, residual)
                reached <- norm residual
            else
                let before = reached
                let mutable t = 1.0
                let mutable left = halvings
                isStuck <- true

                while left > 0 do
                    for i in 0 .. z.Length - 1 do
                        trial[i] <- z[i] - t * δ[i]

                    this.Residual(step, trial, residual)
                    reached <- norm residual

                    if reached < before then
                        trial.CopyTo(z, 0)
                        isStuck <- false
                        left <- 0
                    else
                        t <- t / 2.0
                        left <- left - 1

        // Where rounding lets the residual fall no further, a correction that small says the same.
        let isAtRounding =
            isStuck && norm δ <= max tolerance (rounding step.Game) * max 1.0 (norm z)

        if not (reached <= needed || isAtRounding) then
            step.Fail(what, iterations, reached)
