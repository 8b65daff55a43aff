namespace Stackelberg

open System
open Stackelberg.Kernels

/// Some of an ensemble's runs, which go step by step together; for one thread.
/// <param name="field">The direction, for at least so many points.</param>
/// <param name="settings">Those of every run.</param>
/// <param name="starts">All runs' starts, [runs, d] row-major.</param>
/// <param name="first">The number of the first of these runs.</param>
/// <param name="count">How many they are.</param>
[<Sealed>]
type internal EnsembleChunk
    (field: EnsembleField, settings: LearnSettings, starts: float[], first: int, count: int) =

    let game = field.Game
    let d = game.Dimension
    let run = field.Program.CreateRun()
    let players = game.Players.Length
    let x = Array.init players run.Input
    let g = Array.init players run.Output
    let curvature = if field.GivesCurvature then run.Output players else [||]
    let indefinite = Array.zeroCreate<int> count
    let next = x |> Array.map (fun values -> Array.zeroCreate<float> values.Length)
    let rates = Array.ofList settings.Rates
    let sizes = game.Players |> Array.map _.Dimension

    let deviations =
        match settings.Noise with
        | Noise.Gaussian [| one |] -> Array.create players one
        | Noise.Gaussian each -> each
        | _ -> [||]

    let random =
        if deviations.Length = 0 then
            [||]
        else
            Array.init count (fun k -> Philox(settings.Seed + uint64 (first + k), 0UL))

    let draws = Array.zeroCreate<float>(if random.Length = 0 then 0 else count * d)
    let isActive = Array.create count true
    let active = ref count

    /// Of each run: the square of what the stopping test looks at.
    let squares = Array.zeroCreate<float> count

    /// The square of the length of each run's last update.
    let updates = Array.zeroCreate<float> count

    let traces = Array.init count (fun _ -> Trace(game, settings.Steps))

    let updateTolerance, fieldTolerance = Ending.tolerances settings.Stop

    let finish k outcome (outcomes: Outcome[]) =
        outcomes[first + k] <- outcome
        isActive[k] <- false
        active.Value <- active.Value - 1

    /// The squares of ‖x − Π(x − g)‖.
    let measureField () =
        Array.Clear squares

        for i in 0 .. players - 1 do
            let domain, size = game.Players[i].Domain, sizes[i]
            let x, g = x[i], g[i]

            for k in 0 .. count - 1 do
                for j in 0 .. size - 1 do
                    let part = DomainOps.residual domain j x[k * size + j] g[k * size + j]
                    squares[k] <- squares[k] + part * part

    let addNoise () =
        for k in 0 .. random.Length - 1 do
            if isActive[k] then
                random[k].FillNormal(draws, k * d, d)

        if random.Length > 0 then
            for i in 0 .. players - 1 do
                let size, offset, g = sizes[i], game.Offsets[i], g[i]

                for k in 0 .. count - 1 do
                    for j in 0 .. size - 1 do
                        g[k * size + j] <- g[k * size + j] + deviations[i] * draws[k * d + offset + j]

    /// x − γ g in the players' boxes, and the squares of the updates' lengths.
    let move (number: int) =
        Array.Clear squares

        for i in 0 .. players - 1 do
            let rate = rates[if rates.Length = 1 then 0 else i].At number
            let domain, size = game.Players[i].Domain, sizes[i]
            let x, g, next = x[i], g[i], next[i]

            for k in 0 .. count - 1 do
                let at = k * size

                for j in at .. at + size - 1 do
                    next[j] <- x[j] - rate * g[j]

                DomainOps.project domain next at

                for j in at .. at + size - 1 do
                    let change = next[j] - x[j]
                    squares[k] <- squares[k] + change * change

    /// Whether a run's next point is finite, as it is where the length of the step overflows.
    let isFinite k =
        let mutable finite = true

        for i in 0 .. players - 1 do
            for j in k * sizes[i] .. k * sizes[i] + sizes[i] - 1 do
                let entry = next[i]
                finite <- finite && Double.IsFinite(entry[j])

        finite

    let isIndefinite k =
        not (
            (if curvature.Length > 0 then
                 curvature[k]
             else
                 field.LeastCurvatureEverywhere)
                >
                0.0
        )

    let accept k =
        if isIndefinite k then
            indefinite[k] <- indefinite[k] + 1

        for i in 0 .. players - 1 do
            let size = sizes[i]
            Array.Copy(next[i], k * size, x[i], k * size, size)
            DomainOps.wrap game.Players[i].Domain x[i] (k * size) size

    let pointOf k =
        let point = Array.zeroCreate d

        for i in 0 .. players - 1 do
            Array.Copy(x[i], k * sizes[i], point, game.Offsets[i], sizes[i])

        point

    let rateOf i =
        rates[if rates.Length = 1 then 0 else i]

    let greatestRate number =
        Seq.max (seq { for i in 0 .. players - 1 -> abs ((rateOf i).At number) })

    let isNoisy = deviations |> Array.exists (fun deviation -> deviation > 0.0)

    /// One run's field, for what is asked of single runs.
    let single = lazy (FieldRun(FieldProgram.Of field.Direction game))

    let explain k number =
        match Breakdown.explain game single.Value (pointOf k) with
        | Breakdown.Singular condition -> Outcome.SingularFollower(number, condition)
        | Breakdown.NotFinite quantity -> Outcome.NotFinite(number, quantity)

    /// How a run ends after some steps, whose stopping test held at some value, or which made all its steps.
    let settle k steps met =
        let x, g = pointOf k, Array.zeroCreate d
        traces[k].Look x

        let evaluate at into =
            single.Value.Evaluate(at, into)
            NoisyField.IsFinite into

        if not (evaluate x g) then
            explain k steps
        else
            Ending.decide
                {
                    Game = game
                    Stop = settings.Stop
                    Steps = steps
                    Limit = settings.Steps
                    X = x
                    Field = g
                    Evaluate = evaluate
                    Reach = traces[k].Reach
                    Update = sqrt updates[k]
                    Trend =
                        if isNoisy then
                            nan
                        else
                            traces[k].Trend(sqrt updates[k], greatestRate (max 1 steps))
                    IsNoisy = isNoisy
                    FirstRate = fun i -> (rateOf i).At 1
                    LastRate = fun i -> (rateOf i).At(max 1 steps)
                    Preconditioner = fun _ -> null
                    IsSound = fun _ -> true
                }
                met

    do
        // What is left of the width repeats the first run, so that nothing there is out of the ordinary.
        for k in 0 .. field.Width - 1 do
            let row = first + (if k < count then k else 0)

            for i in 0 .. players - 1 do
                Array.Copy(starts, row * d + game.Offsets[i], x[i], k * sizes[i], sizes[i])

        for k in 0 .. count - 1 do
            traces[k].Begin(pointOf k)

    /// How the inner solves of all these runs went.
    member val Solves = SolveSummary()

    /// At how many of each run's steps the followers' curvature was found not to be positive definite.
    member _.IndefiniteSteps = indefinite

    /// Writes the present points into rows of all runs' points, [runs, d].
    member _.CopyTo(points: float[]) =
        for i in 0 .. players - 1 do
            for k in 0 .. count - 1 do
                Array.Copy(x[i], k * sizes[i], points, (first + k) * d + game.Offsets[i], sizes[i])

    /// Whether there is a run that has not ended.
    member _.IsActive = active.Value > 0

    /// One step of every run that has not ended; those that end tell how.
    member this.Step(number: int, outcomes: Outcome[]) =
        run.Execute()

        if run.Solves.Length > 0 then
            this.Solves.Add run.Solves |> ignore

        if fieldTolerance > 0.0 then
            measureField ()

            for k in 0 .. count - 1 do
                if isActive[k] && squares[k] < fieldTolerance * fieldTolerance then
                    finish k (settle k (number - 1) (ValueSome(sqrt squares[k]))) outcomes

        addNoise ()
        move number
        let isMark = traces[0].IsMark number

        for k in 0 .. count - 1 do
            if isActive[k] then
                if Double.IsFinite squares[k] || isFinite k then
                    accept k
                    updates[k] <- squares[k]

                    if isMark then
                        traces[k].Step(number, pointOf k, sqrt squares[k], greatestRate number)

                    if squares[k] < updateTolerance * updateTolerance then
                        finish k (settle k number (ValueSome(sqrt squares[k]))) outcomes
                else
                    finish k (explain k number) outcomes

    /// What the runs that made all their steps came to.
    member _.Close(outcomes: Outcome[]) =
        for k in 0 .. count - 1 do
            if isActive[k] then
                let x, rate = pointOf k, greatestRate (max 1 settings.Steps)

                outcomes[first + k] <-
                    if traces[k].HasDiverged(x, sqrt updates[k], rate, isNoisy) then
                        Outcome.Diverged(settings.Steps, traces[k].Start, RestPoint.norm x)
                    else
                        settle k settings.Steps ValueNone

    /// How a run that the caller stopped ended.
    member _.Cancel(steps: int, outcomes: Outcome[]) =
        for k in 0 .. count - 1 do
            if isActive[k] then
                finish k (Outcome.Cancelled steps) outcomes
