namespace Stackelberg

open Stackelberg.Kernels

/// A rule's field as a run sees it: evaluated, watched, noise added. Nothing here allocates after construction.
[<Sealed>]
type internal NoisyField(game: Game, conjecture: Conjecture, noise: Noise, seed: uint64) =

    let dimension = game.Dimension
    let field = FieldRun(FieldProgram.Of conjecture game)
    let solves = field.Solves
    let random = Philox(seed, 0UL)
    let draw: float[] = Array.zeroCreate dimension
    let mutable evaluations = 0

    /// The standard deviation of each entry.
    let deviations =
        match noise with
        | Noise.Gaussian [| one |] -> Array.create dimension one
        | Noise.Gaussian each ->
            game.Players
            |> Array.mapi (fun index player -> Array.create player.Dimension each[index])
            |> Array.concat
        | Noise.Silent
        | Noise.Given _ -> [||]

    let addNoise (g: float[]) =
        match noise with
        | Noise.Silent -> ()
        | Noise.Gaussian _ ->
            random.FillNormal(draw, 0, dimension)

            for i in 0 .. dimension - 1 do
                g[i] <- g[i] + deviations[i] * draw[i]
        | Noise.Given draws ->
            let given = draws[evaluations]

            for i in 0 .. dimension - 1 do
                g[i] <- g[i] + given[i]

    /// Multiplying by 0 keeps what is not finite and nothing else.
    static member IsFinite(values: float[]) =
        let mutable sum = 0.0

        for value in values do
            sum <- sum + 0.0 * value

        sum = 0.0

    /// Whether the residual of every evaluation is wanted.
    member val WatchesResidual = false with get, set

    /// The norm of x − Π(x − g) at the last evaluation, without noise.
    member val Residual = nan with get, set

    /// Whether an evaluation gave a number that is not finite, as a singular system does.
    member val HasFailed = false with get, set

    /// How the inner solves of all evaluations with noise went.
    member val Solves = SolveSummary()

    /// The field without noise.
    member this.Exact(at: float[], into: float[]) =
        field.Evaluate(at, into)

        if not (NoisyField.IsFinite into) then
            this.HasFailed <- true

    /// The field with fresh noise.
    member this.Evaluate(at: float[], into: float[]) =
        this.Exact(at, into)

        if solves.Length > 0 then
            this.Solves.Add solves

        if this.WatchesResidual then
            this.Residual <- game.Residual(at, into)

        addNoise into
        evaluations <- evaluations + 1

    /// The outcome of an evaluation that failed at a finite point.
    member _.Explain(step: int, at: float[]) : Outcome =
        match Breakdown.explain game field at with
        | Breakdown.Singular condition -> Outcome.SingularFollower(step, condition)
        | Breakdown.NotFinite quantity -> Outcome.NotFinite(step, quantity)
