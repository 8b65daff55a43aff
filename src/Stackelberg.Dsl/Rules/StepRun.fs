namespace Stackelberg

open System
open System.Threading
open Stackelberg.Kernels

/// The memory of a run's steps, for one thread. A step allocates nothing.
[<Sealed>]
type internal StepRun(program: StepProgram, areRatesConstant: bool, noise: Noise, seed: uint64) =

    let game, layout = program.Game, program.Layout
    let d = game.Dimension
    let run = program.Single.CreateRun()
    let probe = lazy (program.Single.CreateRun())
    let x, next = run.Input 0, run.Output 0
    let remembered = layout.Names.Length
    let memory = Array.init remembered (fun k -> run.Input(1 + k))
    let after = Array.init remembered (fun k -> run.Output(1 + k))

    let uses =
        Array.init (layout.Number - layout.Uses) (fun k -> run.Input(layout.Uses + k))

    let number = run.Input layout.Number
    let rates = Array.init layout.RateCount (fun k -> run.Input(layout.Rates + k))

    let square =
        if layout.SquareOfUpdate < 0 then
            [||]
        else
            run.Output layout.SquareOfUpdate

    let optional place =
        if place < 0 then [||] else run.Output place

    let value = optional layout.Value
    let exact = if layout.Exact < 0 then value else optional layout.Exact
    let squareOfField = optional layout.SquareOfField
    let least = optional layout.Least
    let isStochastic = game.Batches.Length > 0

    let samples =
        if isStochastic then
            layout.Samples |> Array.map (fun first -> SamplePorts(game, run, first))
        else
            [||]

    let noises = layout.Noises |> Array.map run.Input
    let random = Philox(seed, 0UL)

    /// The standard deviation of each entry.
    let deviations =
        match noise with
        | Noise.Gaussian [| one |]
        | Noise.Growing [| one |] -> Array.create d one
        | Noise.Gaussian each
        | Noise.Growing each ->
            game.Players
            |> Array.mapi (fun index player -> Array.create player.Dimension each[index])
            |> Array.concat
        | Noise.Silent
        | Noise.Given _ -> [||]

    let draws = layout.Draws

    let mutable evaluations = 0L

    /// The noise of some steps in a row, into rows of d.
    let fillNoises (into: float[][]) steps =
        match noise with
        | Noise.Silent -> ()
        | Noise.Gaussian _
        | Noise.Growing _ ->
            // The numbers are those of one fill a step.
            if into.Length = 1 then
                random.FillNormal(into[0], 0, steps * d)
            else
                for step in 0 .. steps - 1 do
                    for values in into do
                        random.FillNormal(values, step * d, d)

            for values in into do
                for step in 0 .. steps - 1 do
                    for i in 0 .. d - 1 do
                        values[step * d + i] <- deviations[i] * values[step * d + i]
        | Noise.Given given ->
            for step in 0 .. steps - 1 do
                for k in 0 .. into.Length - 1 do
                    Array.Copy(given[int evaluations + step * draws + k], 0, into[k], step * d, d)

    /// Solves and least curvatures say whether the followers' curvature is positive definite.
    let curved =
        layout.Fields
        |> Array.filter _.RaisedBy.IsSome
        |> Array.map (fun field -> FieldProgram.Of field game)

    let isIndefiniteEverywhere = curved.Length > 0 && not (layout.LeastEverywhere > 0.0)
    let telling = curved |> Array.filter _.SolvesTell
    let reports = run.Solves
    let hasReports = reports.Length > 0

    /// Steps one by one before a loop is emitted, which takes milliseconds.
    let stepsBeforeLoop = 20_000

    let loop =
        lazy
            (if isStochastic || isNull (program.Loop areRatesConstant) then
                 null
             else
                 StepLoop(program, areRatesConstant, run))

    do
        for sample in samples do
            sample.Seed <- seed

    /// The joint strategy, and what it is after the step.
    member _.X = x
    member _.Next = next

    /// One for all players or one for each.
    member _.Rates = rates

    /// The first field's value, with noise and without; empty if no field was asked for.
    member _.Value = value
    member _.Exact = exact

    member _.Names = layout.Names
    member _.Memory = memory
    member _.Uses = uses

    /// ‖x⁺ − x‖² of the last step, before Accept.
    member _.SquareOfUpdate =
        if square.Length > 0 then
            square[0]
        else
            let mutable sum = 0.0

            for i in 0 .. x.Length - 1 do
                let change = next[i] - x[i]
                sum <- sum + change * change

            sum

    /// What the stopping test looks at.
    member _.FieldNorm = sqrt squareOfField[0]

    member _.Solves: SolveReport[] = reports
    member _.HasSolves = hasReports

    /// How many draws a step reads.
    member _.DrawsPerStep = draws

    /// How many evaluations with a draw of their own there were, and how many random numbers they took.
    member _.Counters
        with get () = struct (evaluations, random.Position)
        and set (struct (evaluated: int64, position: uint64)) =
            evaluations <- evaluated
            random.Position <- position

    /// The draw that the last evaluation read.
    member _.Draw = max 0L (evaluations - 1L)

    /// The solutions that the warm solves of the next step start from.
    member _.WarmStart
        with get (): float[] =
            let state = Array.zeroCreate run.StateLength
            run.ReadState state
            state
        and set (state: float[]) = run.WriteState state

    /// Gives a run of another program with the same inputs the numbers of one of them.
    member _.CopyInput(i: int, other: ProgramRun) = run.CopyInput(i, other)

    /// Whether the last step's fields or its strategy are not finite, which an update need not be: its length may overflow.
    member _.IsBroken =
        not (Finite.all next)
        || Double.IsNaN(if square.Length > 0 then square[0] else 0.0)

    /// The first search for a root of the last step that found none; none if all did.
    member _.FailedRoot: SolveReport voption =
        let mutable found = ValueNone

        for report in reports do
            if report.IsRoot && report.Status <> SolveStatus.Converged && found.IsNone then
                found <- ValueSome report

        found

    /// Whether the last step found the followers' second derivatives not to be positive definite, where a field of it takes
    /// their answers to be best.
    member _.IsIndefinite =
        isIndefiniteEverywhere
        || (least.Length > 0 && not (least[0] > 0.0))
        || (telling.Length > 0
            && telling
               |> Array.exists (fun field ->
                   reports |> Array.exists (FollowerCurvature.isNegative field.RaisedBy)))

    /// Whether that needs to be asked.
    member _.MayBeIndefinite =
        isIndefiniteEverywhere || least.Length > 0 || (telling.Length > 0 && hasReports)

    /// The number of the step that was the last one.
    member _.Number
        with set (k: int) = number[0] <- float k

    /// The k-th step, from X to Next; X and what is remembered stay until Accept.
    member _.Execute(k: int) =
        number[0] <- float k

        if isStochastic then
            for i in 0 .. samples.Length - 1 do
                samples[i].Draw(evaluations + int64 i)

        if noises.Length > 0 then
            fillNoises noises 1

        run.Execute()
        evaluations <- evaluations + int64 draws

    /// The first field without noise at another point, on this step's draw and with what is remembered now; whether it is
    /// finite. A step that asks for none is judged by what it does: (x − x⁺) over the rate.
    member step.Probe(at: float[], into: float[]) : bool =
        let probe: ProgramRun = probe.Value

        if isStochastic then
            for i in 0 .. samples.Length - 1 do
                samples[i].Draw(max 0L (evaluations - int64 draws + int64 i))

        for i in 0 .. layout.Inputs - 1 do
            run.CopyInput(i, probe)

        for place in layout.Noises do
            Array.Clear(probe.Input place)

        at.CopyTo(probe.Input 0, 0)
        probe.Execute()

        if layout.Value >= 0 then
            (probe.Output(if layout.Exact >= 0 then layout.Exact else layout.Value)).CopyTo(into, 0)
        else
            let after = probe.Output 0
            let rate = rates[0].[0]

            for i in 0 .. d - 1 do
                into[i] <- (at[i] - after[i]) / (if rate = 0.0 then 1.0 else rate)

        Finite.all into

    /// Takes over one entry of a batch of runs.
    member _.TakeEntry(batch: ProgramRun, entry: int, width: int) =
        for i in 0 .. layout.Inputs - 1 do
            let from, into = batch.Array i, run.Array i

            if from.Length = into.Length && width > 1 then
                Array.Copy(from, into, into.Length)
            else
                Array.Copy(from, entry * into.Length, into, 0, into.Length)

    /// Next becomes X, and what the step remembers is remembered.
    member _.Accept() =
        if d < 8 then
            for i in 0 .. d - 1 do
                x[i] <- next[i]
        else
            Array.Copy(next, x, d)

        for k in 0 .. remembered - 1 do
            Array.Copy(after[k], memory[k], memory[k].Length)

        for k in 0 .. uses.Length - 1 do
            uses[k].[0] <- (run.Output(layout.UsesAfter + k))[0]

    /// Steps in one loop after so many, as many as its block has and leave one more to be made: how many.
    member private _.Block
        (made: int, last: int, tolerance: float, setRates: Action<int>, square: byref<float>)
        =
        let loop: StepLoop = loop.Value

        if isNull loop then
            0
        else
            let steps = min loop.Block (last - made - 1)

            if not areRatesConstant then
                for step in 0 .. steps - 1 do
                    setRates.Invoke(made + 1 + step)

                    for k in 0 .. rates.Length - 1 do
                        loop.Rates[k].[step] <- rates[k].[0]

            let position = random.Position
            fillNoises loop.Noises steps
            number[0] <- float (made + 1)
            let accepted = loop.Run(steps, tolerance, &square)

            // The draws of those that were not made are drawn again.
            random.Position <-
                position + (random.Position - position) / uint64 (max 1 steps) * uint64 accepted

            evaluations <- evaluations + int64 draws * int64 accepted
            accepted

    /// <summary>Steps that nothing but the update and its finiteness is asked of.</summary>
    /// <param name="from">Steps made before.</param>
    /// <param name="last">The number of the last step.</param>
    /// <param name="squaredTolerance">The first update whose square is below it is not accepted, nor one that is not finite.</param>
    /// <param name="setRates">Sets the rates of a step.</param>
    /// <param name="square">The square of the last accepted update, if there was one.</param>
    /// <param name="cancellation">Ends the loop between two steps.</param>
    /// <returns>How many steps were accepted.</returns>
    member step.Plain
        (
            from: int,
            last: int,
            squaredTolerance: float,
            setRates: Action<int>,
            square: byref<float>,
            cancellation: CancellationToken
        ) : int =
        let mutable made = from
        let mutable isGoingOn = true

        while isGoingOn && made < last do
            // The last step, and one that is not accepted, is always made by itself: it leaves all outputs.
            if program.PlainSteps >= stepsBeforeLoop then
                made <- made + step.Block(made, last, squaredTolerance, setRates, &square)

            let position, before = random.Position, evaluations
            setRates.Invoke(made + 1)
            step.Execute(made + 1)
            let moved = step.SquareOfUpdate

            if Double.IsFinite moved && moved >= squaredTolerance then
                step.Accept()
                square <- moved
                made <- made + 1
                isGoingOn <- not cancellation.IsCancellationRequested
            else
                random.Position <- position
                evaluations <- before
                isGoingOn <- false

            if program.PlainSteps < stepsBeforeLoop then
                program.PlainSteps <- program.PlainSteps + 1

        made - from

    /// The last step's evaluations once more, one after another, with numbers.
    member _.Replay() : FieldValue[] =
        let tensor dtype shape i =
            let numbers = run.Array i
            Expression.dense dtype shape (numbers.Clone() :?> Array) 0

        let scalar (values: float[]) = Tensor.scalar values[0]
        let rule = program.Rule
        let own = rule.Definition.Memory game (Tensor.ofArray x)

        let valueOf k =
            let shape =
                if k < own.Length then
                    (snd own[k]).Shape
                else
                    [| memory[k].Length |]

            tensor DType.Float64 shape (1 + k)

        let mutable first = own.Length

        let ofPlayers =
            if rule.Preconditioners.Length = 0 then
                Array.create game.Players.Length [||]
            else
                game.Players
                |> Array.mapi (fun index player ->
                    let count = (rule.PreconditionerOf index).Memory(player.Dimension).Length
                    let values = Array.init count (fun i -> valueOf (first + i))
                    first <- first + count
                    values)

        let step =
            Stackelberg.Step(
                {
                    Game = game
                    Number = scalar number
                    Rates = rates |> Array.map scalar
                    Sample =
                        fun n ->
                            game.Batches
                            |> Array.mapi (fun i batch ->
                                tensor game.Precision batch.Shape (layout.Samples[n] + i))
                    Noise =
                        fun n ->
                            if noises.Length = 0 then
                                null
                            else
                                tensor DType.Float64 [| d |] layout.Noises[n]
                    IsNoiseGrowing = program.Using.IsNoiseGrowing
                    Preconditioners = rule.Preconditioners
                    Memory = ofPlayers
                    Uses = uses |> Array.map scalar
                }
            )

        // What a solve that fails hands out is looked at here.
        SolveOutcome.Collect(fun () ->
            rule.Definition.Step step (Array.init own.Length valueOf) (Tensor.ofArray x)
            |> ignore)
        |> ignore

        step.Evaluations.ToArray()
