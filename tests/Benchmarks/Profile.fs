namespace Stackelberg.Benchmarks

open System
open System.Collections
open System.Collections.Generic
open System.Diagnostics
open System.Reflection
open Stackelberg
open Stackelberg.Kernels

/// A step that takes the time of another one.
type TimedStep(inner: Step, depth: int) =
    inherit Step()
    let times = List<int64>(1 <<< 16)
    member _.Inner = inner
    member _.Depth = depth
    /// Ticks of every call.
    member _.Times = times
    override _.Type = inner.Type
    override _.Scratch = inner.Scratch
    override _.Regions = inner.Regions

    override _.Run workspace =
        let start = Stopwatch.GetTimestamp()
        inner.Run workspace
        times.Add(Stopwatch.GetTimestamp() - start)

/// Where the time of a program goes, step by step. Steps do not publish their operands, so this looks into them by
/// reflection; it is a tool for the engine's own developers.
[<RequireQualifiedAccess>]
module Profile =

    let private fields (value: obj) =
        value.GetType().GetFields(BindingFlags.Instance ||| BindingFlags.NonPublic ||| BindingFlags.Public)

    let private field name (value: obj) =
        fields value
        |> Array.tryFind (fun field ->
            field.Name.Trim('_', '<').StartsWith(name, StringComparison.OrdinalIgnoreCase))
        |> Option.map (fun field -> field.GetValue value)
        |> Option.toObj

    let private kind (step: Step) =
        let name = step.GetType().Name.Split('`')[0]

        if name.EndsWith "Step" then
            name[.. name.Length - 5]
        else
            name

    let private extents (loops: obj) =
        match field "Extents" loops with
        | :? (int[]) as extents -> Shape.show extents
        | _ -> "?"

    let private strides (loops: obj) =
        match field "First" loops with
        | :? (int[]) as strides -> Shape.show strides
        | _ -> "?"

    let private describe (step: Step) =
        match kind step with
        | "MatMul" -> $"""{field "m" step} × {field "k" step} × {field "n" step}, {field "way" step}"""
        | "Fused" ->
            let calls = (field "calls" step :?> IEnumerable) |> Seq.cast<obj> |> Array.ofSeq

            let names =
                calls
                |> Seq.countBy (fun call -> (field "Kernel" call :?> ElementKernel).Name)
                |> Seq.map (fun (name, count) -> if count = 1 then name else $"{count} {name}")

            let splats = (field "splats" step :?> Array).Length
            let shown = String.Join(", ", names)
            $"""{field "count" step} × {calls.Length} ({shown}; {splats} scalars)"""
        | "Reduce" -> $"""{extents (field "rows" step)} over {extents (field "inside" step)}"""
        | "Copy" -> $"""{extents (field "loops" step)} strides {strides (field "loops" step)}"""
        | _ -> ""

    /// The arrays of steps inside a step.
    let private nested (step: Step) =
        match kind step with
        | "LinearSolve" -> [ field "Apply" (field "system" step) :?> Step[] ]
        | "Sequence" -> [ field "steps" step :?> Step[] ]
        | _ -> []

    /// Wraps a step and, in place, the steps inside it.
    let rec private watch depth (into: List<TimedStep>) (step: Step) =
        let timed = TimedStep(step, depth)
        into.Add timed

        for steps in nested step do
            for i in 0 .. steps.Length - 1 do
                steps[i] <- watch (depth + 1) into steps[i]

        timed :> Step

    let private clockCost =
        lazy
            (Seq.init 10000 (fun _ ->
                let start = Stopwatch.GetTimestamp()
                Stopwatch.GetTimestamp() - start)
             |> Seq.sort
             |> Seq.item 5000)

    /// Microseconds of one call: the median, less what reading the clock costs.
    let private duration (step: TimedStep) =
        let sorted = Seq.sort step.Times |> Array.ofSeq
        let ticks = max 0L (sorted[sorted.Length / 2] - clockCost.Value)
        float ticks * 1e6 / float Stopwatch.Frequency

    /// Small numbers in all inputs; a rate or a correction of 0 would make others infinite.
    let private fill (inputs: int) (run: ProgramRun) =
        let random = Random 1

        for i in 0 .. inputs - 1 do
            match run.Array i with
            | :? (float32[]) as singles ->
                for k in 0 .. singles.Length - 1 do
                    singles[k] <- float32 (random.NextDouble() - 0.4)
            | array ->
                for k in 0 .. array.Length - 1 do
                    array.SetValue(random.NextDouble() - 0.4, k)

    let show name (program: Program) =
        let run = program.CreateRun()
        fill program.InputCount run

        let plain =
            Comparison.median [|
                let first = Runner.time 3 run.Execute

                for _ in 1 .. Math.Clamp(int (1.0 / first), 3, 2000) do
                    Runner.time 3 run.Execute
            |]

        let workspace = field "workspace" run :?> Workspace
        let all = List<TimedStep>()
        let steps = program.Steps |> Array.map (watch 0 all)
        let rounds = Math.Clamp(int (3.0 / plain), 5, 3000)

        for _ in 1..rounds do
            for step in steps do
                step.Run workspace

        let total step =
            duration step * float step.Times.Count / float rounds

        let top = all |> Seq.filter (fun step -> step.Depth = 0) |> Seq.sumBy total

        printfn
            $"{name}: {plain * 1e6:F2} µs a run, {steps.Length} steps, arena {program.ArenaSize} numbers\n"

        printfn "| µs | calls | share | step | what |\n|---|---|---|---|---|"

        for step in all do
            let calls = float step.Times.Count / float rounds
            let indent = String('>', step.Depth)

            printfn
                $"| {duration step:F3} | {calls:G3} | {100.0 * total step / top:F1} %% | {indent}{kind step.Inner} | {describe step.Inner} |"

        printfn "\n| kind | steps | µs a run | share |\n|---|---|---|---|"

        all
        |> Seq.filter (fun step -> List.isEmpty (nested step.Inner) || kind step.Inner = "LinearSolve")
        |> Seq.groupBy (fun step -> kind step.Inner)
        |> Seq.map (fun (kind, steps) ->
            let own (step: TimedStep) =
                // A solve's own work is what its inner steps do not take.
                if List.isEmpty (nested step.Inner) then
                    total step
                else
                    total step
                    - (all |> Seq.filter (fun other -> other.Depth > step.Depth) |> Seq.sumBy total)

            kind, Seq.length steps, Seq.sumBy own steps)
        |> Seq.sortByDescending (fun (_, _, time) -> time)
        |> Seq.iter (fun (kind, count, time) ->
            printfn $"| {kind} | {count} | {time:F2} | {100.0 * time / top:F1} %% |")
