namespace Stackelberg

open System
open Stackelberg.Kernels

/// Some of an ensemble's runs, which go step by step together; for one thread.
/// <param name="program">The rule's step on the game.</param>
/// <param name="layout">Of the batch.</param>
/// <param name="batch">The same for at least so many runs at once.</param>
/// <param name="width">For how many.</param>
/// <param name="settings">Those of every run.</param>
/// <param name="starts">All runs' starts, [runs, d] row-major.</param>
/// <param name="first">The number of the first of these runs.</param>
/// <param name="count">How many they are.</param>
[<Sealed>]
type internal EnsembleChunk
    (
        program: StepProgram,
        layout: StepLayout,
        batch: Program,
        width: int,
        settings: LearnSettings,
        starts: float[],
        first: int,
        count: int
    ) =

    let game, rule = program.Game, program.Rule
    let d = game.Dimension
    let run = batch.CreateRun()
    let players = game.Players.Length
    let x, next = run.Input 0, run.Output 0
    let remembered = layout.Names.Length
    let memory = Array.init remembered (fun k -> run.Input(1 + k))
    let after = Array.init remembered (fun k -> run.Output(1 + k))

    let uses =
        Array.init (layout.Number - layout.Uses) (fun k -> run.Input(layout.Uses + k))

    let number = run.Input layout.Number
    let given = Array.init layout.RateCount (fun k -> run.Input(layout.Rates + k))

    /// The squares of each run's update and of what the stopping test looks at.
    let squares = run.Output layout.SquareOfUpdate

    let fieldSquares =
        if layout.SquareOfField < 0 then
            [||]
        else
            run.Output layout.SquareOfField

    let curvature = if layout.Least < 0 then [||] else run.Output layout.Least
    let isCurved = layout.Fields |> Array.exists _.RaisedBy.IsSome
    let indefinite = Array.zeroCreate<int> count
    let rates = Array.ofList settings.Rates

    let deviations =
        match settings.Noise with
        | Noise.Gaussian [| one |]
        | Noise.Growing [| one |] -> Array.create players one
        | Noise.Gaussian each
        | Noise.Growing each -> each
        | _ -> [||]

    let seedOf k = settings.Seed + uint64 (first + k)

    let noises = layout.Noises |> Array.map run.Input

    let random =
        if noises.Length = 0 then
            [||]
        else
            Array.init count (fun k -> Philox(seedOf k, 0UL))

    let draws: float[] = if noises.Length = 0 then [||] else Array.zeroCreate d

    let isSampled = game.Batches.Length > 0

    let samples =
        if isSampled then
            Array.init count (fun k -> game.Sampler.Open(seedOf k, 1UL))
        else
            [||]

    /// Draws that the runs have read.
    let mutable evaluations = 0L

    let isActive = Array.create count true
    let active = ref count

    /// The square of the length of each run's last update.
    let updates = Array.zeroCreate<float> count

    let traces = Array.init count (fun _ -> Trace(game, settings.Steps))

    let updateTolerance, fieldTolerance = Ending.tolerances settings.Stop

    let finish k outcome (outcomes: Outcome[]) =
        outcomes[first + k] <- outcome
        isActive[k] <- false
        active.Value <- active.Value - 1

    let fillNoise () =
        for values in noises do
            for k in 0 .. count - 1 do
                if isActive[k] then
                    random[k].FillNormal(draws, 0, d)

                    for index in 0 .. players - 1 do
                        for i in game.Offsets[index] .. game.Offsets[index + 1] - 1 do
                            values[k * d + i] <- deviations[index] * draws[i]

    let fillSamples () =
        for n in 0 .. layout.Samples.Length - 1 do
            for i in 0 .. game.Batches.Length - 1 do
                let size = game.Batches[i].Count

                match run.Array(layout.Samples[n] + i) with
                | :? (float[]) as values ->
                    let one = Array.zeroCreate size

                    for k in 0 .. count - 1 do
                        samples[k].Fill(evaluations + int64 n, i, one)
                        Array.Copy(one, 0, values, k * size, size)
                | values ->
                    let one = Array.zeroCreate<float32> size

                    for k in 0 .. count - 1 do
                        samples[k].FillSingle(evaluations + int64 n, i, one)
                        Array.Copy(one, 0, values, k * size, size)

    /// Whether a run's next point is finite, as it is where the length of the step overflows.
    let isFinite k =
        let mutable finite = not (Double.IsNaN squares[k])

        for i in k * d .. k * d + d - 1 do
            finite <- finite && Double.IsFinite next[i]

        finite

    let isIndefinite k =
        isCurved
        && not (
            (if curvature.Length > 0 then
                 curvature[k]
             else
                 layout.LeastEverywhere)
                >
                0.0
        )

    let accept k =
        if isIndefinite k then
            indefinite[k] <- indefinite[k] + 1

        Array.Copy(next, k * d, x, k * d, d)

        for m in 0 .. remembered - 1 do
            let size = memory[m].Length / width
            Array.Copy(after[m], k * size, memory[m], k * size, size)

    let pointOf k = Array.sub x (k * d) d

    let rateOf i =
        rates[if rates.Length = 1 then 0 else i]

    let greatestRate number =
        Seq.max (
            seq {
                for i in 0 .. players - 1 ->
                    abs (rule.Definition.Speed game.Seats[i].Level * (rateOf i).At number)
            }
        )

    let isNoisy =
        isSampled || deviations |> Array.exists (fun deviation -> deviation > 0.0)

    /// One run's step, for what is asked of single runs.
    let single = lazy (StepRun(program, false, settings.Noise, settings.Seed))

    /// The same at what a run remembers, on its draw.
    let singleOf k =
        let one = single.Value
        one.TakeEntry(run, k, width)
        one

    let isOpen = isNull (box layout.Field) || layout.Field.IsOpen

    let explain k number =
        let onDraw (field: Direction) =
            let found = FieldRun(FieldProgram.Of field game)
            found.Seed <- seedOf k

            if isSampled then
                found.Draw(max 0L (evaluations - 1L))

            found

        let breakdown =
            Breakdown.ofField
                game
                (if isOpen then ValueNone else ValueSome(onDraw layout.Field))
                (if isNull (box layout.Field) then
                     rule.Name
                 else
                     layout.Field.Name)
                (onDraw (Direction.ofConjecture Conjecture.none))
                (pointOf k)

        match breakdown with
        | Breakdown.Singular condition -> Outcome.SingularFollower(number, condition)
        | Breakdown.NotFinite quantity -> Outcome.NotFinite(number, quantity)

    /// How a run ends after some steps, whose stopping test held at some value, or which made all its steps.
    let settle k steps met =
        let x, g = pointOf k, Array.zeroCreate d
        traces[k].Look x

        let one: StepRun = singleOf k
        let evaluate (at: float[]) (into: float[]) = one.Probe(at, into)

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
                    Preconditioner =
                        fun i ->
                            if rule.Preconditioners.Length = 0 then
                                null
                            else
                                (rule.PreconditionerOf i).Name
                    IsSound =
                        fun i ->
                            Seq.forall
                                (fun m ->
                                    let size = memory[m].Length / width

                                    not (
                                        layout.Names[m]
                                            .StartsWith(
                                                (invariant $"preconditioner: {game.Players[i].Name}: "),
                                                StringComparison.Ordinal
                                            )
                                    )
                                    || Finite.all (Array.sub memory[m] (k * size) size))
                                (seq { 0 .. remembered - 1 })
                }
                met

    do
        // What is left of the width repeats the first run, so that nothing there is out of the ordinary.
        for k in 0 .. width - 1 do
            let row = first + (if k < count then k else 0)
            let start = Array.sub starts (row * d) d
            start.CopyTo(x, k * d)

            for struct (name, values) in StepExpression.memory rule game start do
                values.CopyTo(memory[Array.IndexOf(layout.Names, name)], k * values.Length)

        for k in 0 .. count - 1 do
            traces[k].Begin(pointOf k)

    /// How the inner solves of all these runs went.
    member val Solves = SolveSummary()

    /// At how many of each run's steps the followers' curvature was found not to be positive definite.
    member _.IndefiniteSteps = indefinite

    /// Writes the present points into rows of all runs' points, [runs, d].
    member _.CopyTo(points: float[]) =
        Array.Copy(x, 0, points, first * d, count * d)

    /// Whether there is a run that has not ended.
    member _.IsActive = active.Value > 0

    /// One step of every run that has not ended; those that end tell how.
    member this.Step(step: int, outcomes: Outcome[]) =
        number[0] <- float step

        for i in 0 .. given.Length - 1 do
            given[i].[0] <- (rateOf i).At step

        if isSampled then
            fillSamples ()

        fillNoise ()
        run.Execute()
        evaluations <- evaluations + int64 layout.Draws

        for k in 0 .. uses.Length - 1 do
            uses[k].[0] <- (run.Output(layout.UsesAfter + k))[0]

        if run.Solves.Length > 0 then
            this.Solves.Add run.Solves |> ignore

        if fieldSquares.Length > 0 then
            for k in 0 .. count - 1 do
                if isActive[k] && fieldSquares[k] < fieldTolerance * fieldTolerance then
                    finish k (settle k (step - 1) (ValueSome(sqrt fieldSquares[k]))) outcomes

        let mutable roots = 0

        for report in run.Solves do
            if report.IsRoot then
                let k = roots % width
                roots <- roots + 1

                if report.Status <> SolveStatus.Converged && k < count && isActive[k] && isFinite k then
                    finish
                        k
                        (Outcome.InnerFailed(step, rule.Definition.Sought, report.Iterations, report.Residual))
                        outcomes

        let isMark = traces[0].IsMark step

        for k in 0 .. count - 1 do
            if isActive[k] then
                if Double.IsFinite squares[k] || isFinite k then
                    accept k
                    updates[k] <- squares[k]

                    if isMark then
                        traces[k].Step(step, pointOf k, sqrt squares[k], greatestRate step)

                    if squares[k] < updateTolerance * updateTolerance then
                        finish k (settle k step (ValueSome(sqrt squares[k]))) outcomes
                else
                    finish k (explain k step) outcomes

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
