namespace Stackelberg

open Stackelberg.Kernels

/// A rule's directions as a run sees them: evaluated on fresh draws, watched, noise added. Nothing here allocates after
/// construction.
[<Sealed>]
type internal NoisyField(game: Game, directions: Direction[], noise: Noise, seed: uint64) =

    let dimension = game.Dimension

    let fields =
        directions
        |> Array.map (fun direction -> FieldRun(FieldProgram.Of direction game))

    let solves = fields |> Array.map _.Solves
    let shortfall = Shortfall(game, directions, seed)
    let isStochastic = game.Batches.Length > 0
    let random = Philox(seed, 0UL)

    /// Room for normal numbers, which no other noise needs.
    let draw: float[] =
        match noise with
        | Noise.Gaussian _ -> Array.zeroCreate dimension
        | Noise.Silent
        | Noise.Given _ -> [||]

    let mutable evaluations = 0L

    /// Where the first evaluation was that failed: rules evaluate at points between.
    let mutable failedAt: float[] = [||]

    /// Which draw each direction's costs read now.
    let drawn = Array.create fields.Length -1L

    do
        for field in fields do
            field.Seed <- seed

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
            let given = draws[int evaluations]

            for i in 0 .. dimension - 1 do
                g[i] <- g[i] + given[i]

    /// The draw of the last evaluation with noise; before the first, the first.
    let current () = max 0L (evaluations - 1L)

    /// Multiplying by 0 keeps what is not finite and nothing else.
    static member IsFinite(values: float[]) =
        let mutable sum = 0.0

        for value in values do
            sum <- sum + 0.0 * value

        sum = 0.0

    /// Whether values differ between evaluations at one point.
    member val IsNoisy =
        isStochastic
        || match noise with
           | Noise.Silent -> false
           | Noise.Gaussian deviations -> deviations |> Array.exists (fun deviation -> deviation > 0.0)
           | Noise.Given _ -> true

    /// Whether the residual of every evaluation is wanted.
    member val WatchesResidual = false with get, set

    /// The norm of x − Π(x − g) at the last evaluation, without noise.
    member val Residual = nan with get, set

    /// The direction whose evaluation gave a number that is not finite, as a singular system does; −1 for none.
    member val Failed = -1 with get, set

    member this.HasFailed = this.Failed >= 0

    /// Whether, since this was last set to false, an evaluation found the followers' curvature not positive definite.
    member val WasIndefinite = false with get, set

    /// How the inner solves of the rule's evaluations went.
    member val Solves = SolveSummary() with get, set

    /// How many evaluations with noise there were, and how many random numbers they took.
    member _.Counters
        with get () = struct (evaluations, random.Position)
        and set (struct (evaluated: int64, position: uint64)) =
            evaluations <- evaluated
            random.Position <- position

    /// The draw that the last evaluation with noise read.
    member _.Draw = current ()

    /// The solutions that the warm solves of each direction start from.
    member _.WarmStarts
        with get () = fields |> Array.map _.WarmStart
        and set (states: float[][]) =
            for i in 0 .. fields.Length - 1 do
                fields[i].WarmStart <- states[i]

    member _.Further(direction: int, input: int, values: float[]) =
        fields[direction].Further(input, values)

    member private this.On(number: int64, direction: int, at: float[], into: float[]) =
        let field = fields[direction]

        if isStochastic && drawn[direction] <> number then
            drawn[direction] <- number
            field.Draw number

        field.Evaluate(at, into)

        if not (NoisyField.IsFinite into) && not this.HasFailed then
            this.Failed <- direction
            failedAt <- Array.copy at

    /// A direction without noise, on the present draw.
    member this.Exact(direction, at: float[], into: float[]) =
        this.On(current (), direction, at, into)

    /// The first direction without noise beside a point, on the present draw; whether it is finite. A value that is not is
    /// no failure of the run.
    member this.Probe(at: float[], into: float[]) : bool =
        let failed = this.Failed
        this.Exact(0, at, into)
        this.Failed <- failed
        NoisyField.IsFinite into

    member private this.CountSolves(direction, at, into) =
        let solves = solves[direction]

        if fields[direction].IsIndefinite then
            this.WasIndefinite <- true

        if solves.Length > 0 && this.Solves.Add solves then
            shortfall.Keep(direction, drawn[direction], at, into)

    /// The evaluation whose solve fell short the most.
    member _.Shortfall = shortfall

    /// Finds out what the worst of the solves that fell short did to its update.
    member this.MeasureShortfall() =
        this.Solves.UpdateError <- shortfall.Measure this.Solves

    /// As Exact, for a rule's step: its inner solves count.
    member this.Inner(direction, at: float[], into: float[]) =
        this.Exact(direction, at, into)
        this.CountSolves(direction, at, into)

    /// A direction with fresh noise, on a fresh draw.
    member this.Evaluate(direction, at: float[], into: float[]) =
        this.On(evaluations, direction, at, into)
        this.CountSolves(direction, at, into)

        if this.WatchesResidual && direction = 0 then
            this.Residual <- game.Residual(at, into)

        addNoise into
        evaluations <- evaluations + 1L

    /// The outcome of an evaluation that failed.
    member this.Explain(step: int) : Outcome =
        let name = directions[this.Failed].Name

        if not (NoisyField.IsFinite failedAt) then
            Outcome.NotFinite(step, $"a point at which the rule evaluates \"{name}\"")
        else
            match Breakdown.explain game fields[this.Failed] failedAt with
            | Breakdown.Singular condition -> Outcome.SingularFollower(step, condition)
            | Breakdown.NotFinite quantity -> Outcome.NotFinite(step, quantity)
