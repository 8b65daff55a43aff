namespace Stackelberg

open System
open System.Collections.Generic
open Stackelberg.Kernels

/// Where the parts of a step stand among a program's inputs and outputs.
[<NoEquality; NoComparison>]
type internal StepLayout = {
    Names: string[]
    /// The first field that a step asks for, but for inner iterations; null if there is none.
    Field: Direction
    /// All fields that mean something outside of the step.
    Fields: Direction[]
    /// How many draws a step reads.
    Draws: int
    /// How many inputs there are.
    Inputs: int
    /// Inputs: the strategy is the first one, what is remembered follows.
    Uses: int
    Number: int
    Rates: int
    RateCount: int
    /// For every draw the first of the sampler's tensors, and of the noise.
    Samples: int[]
    Noises: int[]
    /// Outputs: the next strategy is the first one, what is remembered follows.
    UsesAfter: int
    TimesUsed: int[]
    SquareOfUpdate: int
    /// −1 for what is not there.
    Value: int
    Exact: int
    SquareOfField: int
    Least: int
    /// The least curvature of the followers where it does not depend on the point, else +∞.
    LeastEverywhere: float
}

/// A rule's step on a game, compiled.
[<Sealed>]
type internal StepProgram(rule: Rule, game: Game, using: StepUse) =

    let mutable layout = Unchecked.defaultof<StepLayout>

    /// The inputs, the outputs and where they stand, with the step written for so many runs at once, or for one (0).
    let trace width (keep: StepLayout -> unit) =
        let variables, batches = List<Tensor>(), List<Tensor>()

        Program.Tracing(fun make ->
            let common dtype shape =
                let variable = make dtype shape
                variables.Add variable
                variable

            let input dtype (shape: int[]) =
                if width = 0 then
                    common dtype shape
                else
                    let batch: Tensor = make dtype (Array.append [| width |] shape)
                    let variable = Expression.variable batch.Trace dtype shape
                    variables.Add variable
                    batches.Add batch
                    variable

            let step = StepExpression.trace rule game using common input

            let at (variable: Tensor) =
                variables.FindIndex(fun other -> Object.ReferenceEquals(other, variable))

            let isTelling (t: Tensor) = not (isNull t)

            let least, everywhere =
                match step.Least with
                | ValueSome least when least.IsSymbolic -> least, infinity
                | ValueSome least -> null, least.ToDouble()
                | ValueNone -> null, infinity

            let usesAfter = 1 + step.Memory.Length
            let squareOfUpdate = usesAfter + step.Uses.Length

            /// Optional outputs, and where they stand.
            let optional = [| step.Value; step.Exact; step.SquareOfField; least |]
            let isWanted = [| true; using.IsNoisy; using.WatchesField; true |]

            let isMeasured = width > 0 || using.MeasuresUpdate

            let chosen =
                Array.zip optional isWanted
                |> Array.map (fun (t, wanted) -> if wanted && isTelling t then t else null)

            let place k =
                if isNull chosen[k] then
                    -1
                else
                    squareOfUpdate
                    + (if isMeasured then 1 else 0)
                    + (chosen[.. k - 1] |> Array.filter isTelling |> Array.length)

            let found = {
                Names = step.Names
                Field = step.Field
                Fields = step.Fields
                Draws = step.Draws
                Inputs = variables.Count
                Uses = 1 + step.Memory.Length
                Number = at step.Number
                Rates = at step.Rates[0]
                RateCount = step.Rates.Length
                Samples =
                    step.Samples
                    |> Array.map (fun sample -> if sample.Length = 0 then -1 else at sample[0])
                Noises = step.Noises |> Array.map at
                UsesAfter = usesAfter
                TimesUsed = step.TimesUsed
                SquareOfUpdate = if isMeasured then squareOfUpdate else -1
                Value = place 0
                Exact = place 1
                SquareOfField = place 2
                Least = place 3
                LeastEverywhere = everywhere
            }

            keep found

            let results =
                Array.concat [
                    [| step.Next |]
                    step.MemoryAfter
                    step.UsesAfter
                    if isMeasured then
                        [| step.SquareOfUpdate |]
                    Array.filter isTelling chosen
                ]

            if width = 0 then
                results
            else
                // Rates, uses and the step's number are those of all runs.
                let isOwn (variable: Tensor) =
                    not (Object.ReferenceEquals(variable, step.Number))
                    && not (
                        Array.exists
                            (fun other -> Object.ReferenceEquals(other, variable))
                            (Array.append step.Rates step.Uses)
                    )

                let own = variables |> Seq.filter isOwn |> Array.ofSeq

                let isBatched =
                    Array.init results.Length (fun k -> k < usesAfter || k >= squareOfUpdate)

                let batched = Batching.many own (batches.ToArray()) width results
                Array.init results.Length (fun k -> if isBatched[k] then batched[k] else results[k]))

    /// The results of one run of a program at some numbers.
    let resultsOf (program: Program) =
        let run = program.CreateRun()

        for i in 0 .. program.InputCount - 1 do
            match run.Array i with
            | :? (float[]) as values ->
                for k in 0 .. values.Length - 1 do
                    values[k] <- 0.37 + 0.01 * float ((7 * i + k) % 50)
            | :? (float32[]) as values ->
                for k in 0 .. values.Length - 1 do
                    values[k] <- 0.37f + 0.01f * float32 ((7 * i + k) % 50)
            | _ -> ()

        run.Execute()
        Array.init program.OutputCount (fun k -> run.Array(program.InputCount + k))

    /// A step of somebody else's that is not the same when it is written down again draws numbers by itself.
    let checkSame (program: Program) =
        if rule.IsForeign then
            let again = trace 0 ignore

            if not (Object.ReferenceEquals(again.Compiled, program.Compiled)) then
                let same (a: Array) (b: Array) =
                    match a, b with
                    | (:? (float[]) as a), (:? (float[]) as b) -> a.AsSpan().SequenceEqual(b.AsSpan())
                    | (:? (float32[]) as a), (:? (float32[]) as b) -> a.AsSpan().SequenceEqual(b.AsSpan())
                    | _ -> false

                if not (Array.forall2 same (resultsOf program) (resultsOf again)) then
                    raise (
                        InvalidOperationException(
                            invariant
                                $"The step of {rule.Name} draws outside of s: written down twice it is not the same. Noise and samples come with every evaluation of a field; give the game a sampler, or Noise to the run."
                        )
                    )

        program

    let single = lazy (trace 0 (fun found -> layout <- found) |> checkSame)

    /// The derivative of what a step makes of the strategy and of what is remembered, without noise.
    let derivative =
        lazy
            (Program.Tracing(fun make ->
                let step = StepExpression.trace rule game using make make
                let state = Array.append [| step.X |] step.Memory
                let after = Array.append [| step.Next |] step.MemoryAfter

                let tangents =
                    state |> Array.map (fun variable -> make variable.DType variable.Shape)

                after
                |> Array.map (fun result ->
                    match Forward.tangent state tangents result with
                    | null -> Expression.zeros result.DType result.Shape
                    | slope -> slope)))

    /// The step as a loop of its own, for steps of which nothing but the update is asked.
    let makeLoop areRatesConstant =
        lazy
            (let program: Program = single.Value

             if layout.SquareOfUpdate < 0 then
                 null
             else
                 let carried = [|
                     for k in 0 .. layout.Names.Length do
                         struct (k, k)
                     for k in 0 .. layout.Number - layout.Uses - 1 do
                         struct (layout.UsesAfter + k, layout.Uses + k)
                 |]

                 let rows =
                     if areRatesConstant then
                         layout.Noises
                     else
                         Array.append [| layout.Rates .. layout.Rates + layout.RateCount - 1 |] layout.Noises

                 program.Repeating(carried, layout.Number, rows, layout.SquareOfUpdate))

    let withRates, withoutRates = makeLoop false, makeLoop true

    member _.Rule = rule
    member _.Game = game

    /// Plain steps that were made one by one, by all runs: how much a loop would have been worth. Two threads may count at
    /// once; the count is then a little off.
    member val PlainSteps = 0 with get, set

    /// With rows for the rates, unless they are constant, then for the noises; null if the step is not one on single numbers.
    /// Emitted at the first call.
    member _.Loop(areRatesConstant: bool) : RepeatedStep =
        (if areRatesConstant then withoutRates else withRates).Value

    member _.Using = using

    /// One step of one run.
    member _.Single: Program = single.Value

    /// One step of so many runs at once, each with one more axis at the front of all but rates and the step's number.
    member _.Batch(width: int) : struct (StepLayout * Program) =
        let mutable found = Unchecked.defaultof<StepLayout>
        let program = trace width (fun layout -> found <- layout)
        struct (found, program)

    /// As Single, with tangents of the strategy and of what is remembered after the inputs; gives the derivatives along them.
    member _.Derivative: Program = derivative.Value

    /// The fields that a step asks for.
    member program.Fields: Direction[] = program.Layout.Fields

    /// Known with a program.
    member _.Layout: StepLayout =
        single.Value |> ignore
        layout

    /// The fields that a rule's step asks for on a game.
    static member FieldsOf (rule: Rule) (game: Game) : Direction[] =
        let using = {
            IsRateEach = false
            IsNoisy = false
            IsNoiseGrowing = false
            WatchesField = false
            MeasuresUpdate = true
        }

        (StepProgram.Of using rule game).Fields

    static member Of (using: StepUse) (rule: Rule) (game: Game) : StepProgram =
        game.Once (struct (rule.Definition.Key, rule.Name, using)) (fun () -> StepProgram(rule, game, using))
