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

    let updateTolerance, fieldTolerance =
        match settings.Stop with
        | Stop.Never -> 0.0, 0.0
        | Stop.UpdateBelow tolerance -> tolerance, 0.0
        | Stop.FieldBelow tolerance -> 0.0, tolerance

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

    let explain k number =
        let run = FieldRun(FieldProgram.Of field.Direction game)

        match Breakdown.explain game run (pointOf k) with
        | Breakdown.Singular condition -> Outcome.SingularFollower(number, condition)
        | Breakdown.NotFinite quantity -> Outcome.NotFinite(number, quantity)

    do
        // What is left of the width repeats the first run, so that nothing there is out of the ordinary.
        for k in 0 .. field.Width - 1 do
            let row = first + (if k < count then k else 0)

            for i in 0 .. players - 1 do
                Array.Copy(starts, row * d + game.Offsets[i], x[i], k * sizes[i], sizes[i])

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
                    finish k (Outcome.Converged(number - 1)) outcomes

        addNoise ()
        move number

        for k in 0 .. count - 1 do
            if isActive[k] then
                if Double.IsFinite squares[k] then
                    accept k

                    if squares[k] < updateTolerance * updateTolerance then
                        finish k (Outcome.Converged number) outcomes
                else
                    finish k (explain k number) outcomes

    /// What the runs that made all their steps came to.
    member _.Close(outcomes: Outcome[]) =
        if active.Value > 0 then
            run.Execute()
            measureField ()

            for k in 0 .. count - 1 do
                if isActive[k] then
                    outcomes[first + k] <-
                        if Double.IsFinite squares[k] then
                            Outcome.OutOfSteps(settings.Steps, sqrt squares[k])
                        else
                            explain k settings.Steps

    /// How a run that the caller stopped ended.
    member _.Cancel(steps: int, outcomes: Outcome[]) =
        for k in 0 .. count - 1 do
            if isActive[k] then
                finish k (Outcome.Cancelled steps) outcomes
