namespace Stackelberg

open System
open System.Collections.Concurrent
open System.Collections.Generic
open Stackelberg.Kernels

/// <summary>The memory of one run of a program, with its inputs and outputs as arrays.</summary>
/// <remarks>Not for use by several threads at once; make one for each. Running allocates nothing.</remarks>
[<Sealed>]
type ProgramRun
    internal (workspace: Workspace, prepare: Step[], apply: Step[], compiled: Compiled, expression: Canonical)
    =

    let firstInput = compiled.FirstInput
    let inputs = compiled.Expression.Variables.Length
    let outputs = compiled.Expression.Results.Length

    let both =
        if apply.Length = 0 then
            prepare
        else
            Array.append prepare apply

    let runAll (steps: Step[]) =
        for step in steps do
            step.Run workspace

    let buffer func what first count (i: int) : 'T[] =
        if i < 0 || i >= count then
            Shape.wrong func (invariant $"{what} {i} does not exist; the program has {count}.")

        match workspace.Buffers[first + i] with
        | :? ('T[]) as array -> array
        | array ->
            Shape.wrong
                func
                (invariant
                    $"{what} {i} holds {array.GetType().GetElementType().Name}, not {typeof<'T>.Name}; Input and Output are for Float64, Input32 and Output32 for Float32.")

    /// <summary>The array that holds a Float64 input, row-major: write it before running.</summary>
    /// <exception cref="T:System.ArgumentException">There is no such input, or it is Float32.</exception>
    member _.Input(i: int) : float[] =
        buffer "ProgramRun.Input" "input" firstInput inputs i

    /// <summary>The array that holds a Float64 output, row-major: read it after running.</summary>
    /// <exception cref="T:System.ArgumentException">There is no such output, or it is Float32.</exception>
    member _.Output(i: int) : float[] =
        buffer "ProgramRun.Output" "output" (firstInput + inputs) outputs i

    /// <summary>The array that holds a Float32 input, row-major: write it before running.</summary>
    /// <exception cref="T:System.ArgumentException">There is no such input, or it is Float64.</exception>
    member _.Input32(i: int) : float32[] =
        buffer "ProgramRun.Input32" "input" firstInput inputs i

    /// <summary>The array that holds a Float32 output, row-major: read it after running.</summary>
    /// <exception cref="T:System.ArgumentException">There is no such output, or it is Float64.</exception>
    member _.Output32(i: int) : float32[] =
        buffer "ProgramRun.Output32" "output" (firstInput + inputs) outputs i

    member internal _.Array(i: int) = workspace.Buffers[firstInput + i]

    /// Gives another run, of a program that begins with the same inputs, the numbers of one of them.
    member internal run.CopyInput(i: int, other: ProgramRun) =
        let numbers = run.Array i
        Array.Copy(numbers, other.Array i, numbers.Length)

    /// <summary>How the linear solves of the last run ended, Tensor.solve among them, in the order that they run in; at the end
    /// those by LinearSolve whose operands are constants, solved once, when the function was traced.</summary>
    member _.Solves: SolveReport[] = workspace.Solves

    /// <summary>Computes the results again from the present inputs, op by op, and says which op first made a NaN or an
    /// infinity of finite numbers.</summary>
    /// <returns>null if all results are finite.</returns>
    /// <remarks>For looking into a run that went wrong: slow, and all values in between are kept while it works. Solves
    /// start from 0, whatever the last run left. The results of the run stay as they are.</remarks>
    /// <example><code lang="fsharp">
    /// let program = Program.compile [| DType.Float64, [||] |] [| false |] (fun x -> [| 2.0 * log x[0] |])
    /// let run = program.CreateRun()
    /// run.FirstNotFinite().ToString() // log made -Infinity of 0 in a scalar, which reached result 0 through multiply
    /// </code></example>
    member _.FirstNotFinite() : NotFinite =
        let values =
            expression.Variables
            |> Array.mapi (fun i variable ->
                Expression.dense
                    variable.DType
                    variable.Shape
                    (workspace.Buffers[firstInput + i].Clone() :?> Array)
                    0)

        // A solve or a loop that fails on the way is what is looked for, not an error.
        let struct (found, _) =
            SolveOutcome.Collect(fun () ->
                FindNotFinite.search expression.Variables values expression.Results)

        found

    /// <summary>How many numbers an execution leaves for the next one: the solutions that warm solves start from.</summary>
    member _.StateLength =
        compiled.Memory.States |> Seq.sumBy (fun struct (_, count) -> count)

    /// <summary>Copies what the last execution left for the next one; with WriteState a run goes on bit for bit.</summary>
    /// <param name="into">Of length StateLength.</param>
    member _.ReadState(into: float[]) =
        let mutable from = 0

        for struct (place, count) in compiled.Memory.States do
            // A widening copy where the numbers are float32.
            Array.Copy(workspace.Buffers[place.Buffer], place.Offset, into, from, count)
            from <- from + count

    /// <summary>Makes the next execution start from what ReadState once gave.</summary>
    /// <param name="state">Of length StateLength.</param>
    /// <exception cref="T:System.ArgumentException">state has another length.</exception>
    member run.WriteState(state: float[]) =
        if state.Length <> run.StateLength then
            Shape.wrong
                "ProgramRun.WriteState"
                (invariant $"state has {state.Length} numbers, but {run.StateLength} are needed.")

        let mutable from = 0

        for struct (place, count) in compiled.Memory.States do
            match workspace.Buffers[place.Buffer] with
            | :? (float32[]) as array ->
                for i in 0 .. count - 1 do
                    array[place.Offset + i] <- float32 state[from + i]
            | array -> Array.Copy(state, from, array, place.Offset, count)

            from <- from + count

    /// <summary>Computes what does not depend on the late inputs.</summary>
    member _.Prepare() = runAll prepare

    /// <summary>Computes the rest, from what the last Prepare left. The other inputs may not change in between.</summary>
    member _.Apply() = runAll apply

    /// <summary>Prepare, then Apply.</summary>
    member _.Execute() =
        // Not by runAll: in a program of one small step a call is a tenth of the time.
        let steps = both

        for i in 0 .. steps.Length - 1 do
            steps[i].Run workspace

    /// The memory of this run, with rows after it: what a loop that Repeating has made runs on.
    member internal _.BuffersWith(rows: Array[]) : Array[] = Array.append workspace.Buffers rows

/// <summary>A function of tensors, compiled to a flat list of kernel calls over one arena.</summary>
/// <remarks>Immutable; may run on several threads at once, each with a ProgramRun of its own.</remarks>
[<Sealed>]
type Program private (compiled: Compiled, expression: Canonical, constantSolves: SolveReport[]) =

    let describe (t: Tensor) = struct (t.DType, t.Shape)
    let inputs = Array.map describe compiled.Expression.Variables
    let outputs = Array.map describe compiled.Expression.Results
    let prepare, apply, memory = compiled.Prepare, compiled.Apply, compiled.Memory

    /// Runs of this program alone: what a run remembers of its last time does not reach another program.
    let idle = ConcurrentBag<ProgramRun>()

    let scratch wanted =
        Seq.append prepare apply
        |> Seq.fold (fun most step -> max most (step.ScratchOf wanted)) 0

    let scratch64, scratch32 = scratch DType.Float64, scratch DType.Float32

    /// <summary>How many steps run before the late inputs are needed.</summary>
    member _.PrepareSteps = prepare.Length

    /// <summary>How many steps run again for new late inputs.</summary>
    member _.ApplySteps = apply.Length

    /// <summary>Elements of working memory, float64 and float32 together.</summary>
    member _.ArenaSize =
        memory.Arena(DType.Float64).Size + memory.Arena(DType.Float32).Size

    member internal _.Steps = Array.append prepare apply

    member internal _.InputCount = inputs.Length
    member internal _.OutputCount = outputs.Length

    /// The ops that have no derivative somewhere between two points, with a third between them; one tensor for each input.
    member internal _.Crossings(below: Tensor[], at: Tensor[], above: Tensor[]) : Crossing[] =
        let struct (found, _) =
            SolveOutcome.Collect(fun () ->
                FindCrossings.search expression.Variables below at above expression.Results)

        found

    /// What this program shares with those of equal expressions.
    member internal _.Compiled = compiled

    /// <summary>Memory for running the program; all zero at first.</summary>
    member _.CreateRun() : ProgramRun =
        let workspace =
            Workspace(memory.Allocate(), scratch64, scratch32, memory.Reports + constantSolves.Length)

        constantSolves.CopyTo(workspace.Solves, memory.Reports)
        ProgramRun(workspace, prepare, apply, compiled, expression)

    /// The program as a loop that carries outputs over to inputs, counts an input up, reads inputs from rows and watches an
    /// output, with the bits of single runs; null if it is not one step on single numbers. Other outputs are not written.
    member internal _.Repeating
        (carried: struct (int * int)[], counter: int, rows: int[], watched: int)
        : RepeatedStep =
        let start i = Place(compiled.FirstInput + i, 0)

        let entries (struct (output, input)) =
            let struct (_, shape: int[]) = inputs[input]

            Array.init (Shape.count shape) (fun k ->
                CarriedOver((start (inputs.Length + output)).Plus k, (start input).Plus k))

        let slot i input =
            let struct (_, shape: int[]) = inputs[input]
            BatchSlot(start input, Place(memory.BufferCount + i, 0), Shape.count shape)

        match Array.append prepare apply with
        | [| step |] ->
            step.Repeat(
                Repetition(
                    Array.collect entries carried,
                    Counter = Nullable(start counter),
                    RowsIn = Array.mapi slot rows,
                    Watched = Nullable(start (inputs.Length + watched))
                )
            )
        | _ -> null

    /// Takes a run that nobody uses, and gives it back.
    member private program.Using(action: ProgramRun -> 'T) : 'T =
        let run =
            match idle.TryTake() with
            | true, run -> run
            | _ -> program.CreateRun()

        let result = action run
        idle.Add run
        result

    member private _.Write(run: ProgramRun, i: int, value: Tensor) =
        let struct (data, offset) = Expression.numbers value
        Array.Copy(data, offset, run.Array i, 0, Shape.count value.Shape)

    member private _.Read(run: ProgramRun) : Tensor[] =
        outputs
        |> Array.mapi (fun i (struct (dtype, shape)) ->
            Expression.dense dtype shape ((run.Array(inputs.Length + i)).Clone() :?> Array) 0)

    /// Runs on tensors, in memory that is kept for the next call.
    member internal program.Call(values: Tensor[]) : Tensor[] =
        program.Using(fun run ->
            for i in 0 .. inputs.Length - 1 do
                program.Write(run, i, values[i])

            run.Execute()
            SolveOutcome.HandOut run.Solves
            program.Read run)

    /// The function of the first input, the only late one, with the others given. Safe to use from several threads.
    member internal program.Bind(others: Tensor[]) : Tensor -> Tensor[] =
        let prepared = ConcurrentBag<ProgramRun>()

        fun value ->
            let run =
                match prepared.TryTake() with
                | true, run -> run
                | _ ->
                    let run = program.CreateRun()
                    others |> Array.iteri (fun i other -> program.Write(run, 1 + i, other))
                    run.Prepare()
                    run

            program.Write(run, 0, value)
            run.Apply()
            SolveOutcome.HandOut run.Solves
            let results = program.Read run
            prepared.Add run
            results

    /// Compiles expressions of given variables.
    static member internal OfExpressions(variables: Tensor[], isLate: bool[], results: Tensor[]) : Program =
        Program.Of(variables, isLate, results, [||])

    /// <summary>Compiles a function that makes its own inputs, in the order of the program's.</summary>
    /// <param name="f">Is given what makes an input of a number type and a shape; it is called once.</param>
    static member internal Tracing(f: (DType -> int[] -> Tensor) -> Tensor[]) : Program =
        let trace, variables = Trace(), List<Tensor>()

        let input dtype shape =
            let variable = Expression.variable trace dtype shape
            variables.Add variable
            variable

        let struct (results, constantSolves) = SolveOutcome.Collect(fun () -> f input)
        let inputs = variables.ToArray()
        Program.Of(inputs, Array.map (fun _ -> false) inputs, results, constantSolves)

    static member private Of
        (variables: Tensor[], isLate: bool[], results: Tensor[], constantSolves: SolveReport[])
        : Program =
        let expression = Canonical(variables, isLate, results)

        let compiled =
            ProgramCache.Shared.GetOrAdd(expression, fun () -> Program.Compile(expression, isLate))

        // Its own expression, for its own names: they are no part of what makes expressions equal.
        Program(compiled, expression, constantSolves)

    static member private Compile(expression: Canonical, isLate: bool[]) : Compiled =
        let variables, results = expression.Variables, expression.Results
        let threads = Parallelism.Threads
        let memory = Memory()
        let bound = Dictionary<Tensor, Operand>(HashIdentity.Reference)
        let first = memory.Buffer(DType.Float64, 0, null) + 1

        let whole (t: Tensor) = {
            Type = t.DType
            Extents = t.Shape
            Place = Place(memory.Buffer(t.DType, Shape.count t.Shape, null), 0)
            Strides = Shape.strides t.Shape
        }

        for variable in variables do
            bound[variable] <- whole variable

        let targets = results |> Array.map (fun result -> result, whole result)

        let struct (_, late) =
            let lateOnes = Array.zip variables isLate |> Array.filter snd |> Array.map fst

            if lateOnes.Length = 0 then
                struct ([||], HashSet<Tensor>(HashIdentity.Reference))
            else
                Dependence.on lateOnes results

        let struct (prepare, apply) = Schedule(memory, late, bound).Emit targets
        memory.Require(Seq.append prepare apply)

        {
            Expression = expression
            Prepare = prepare
            Apply = apply
            Memory = memory
            FirstInput = first
            Threads = threads
        }

    /// <summary>Compiles a function of tensors.</summary>
    /// <param name="inputs">Number type and shape of each input.</param>
    /// <param name="late">Which inputs are late: what does not depend on them is computed by Prepare, and kept.</param>
    /// <param name="f">The function; it is called once, with symbols.</param>
    /// <exception cref="T:System.ArgumentException">late has another length than inputs, or f finds a fault in its
    /// arguments.</exception>
    /// <exception cref="T:System.InvalidOperationException">f reads a symbol's numbers, or uses a symbol of another
    /// compilation or differentiation.</exception>
    /// <example><code lang="fsharp">
    /// let program = Program.compile [| DType.Float64, [| 2 |] |] [| false |] (fun x -> [| Tensor.sum (x[0] * x[0]) |])
    /// let run = program.CreateRun()
    /// run.Input(0)[0] &lt;- 3.0
    /// run.Execute()
    /// run.Output 0 // [| 9.0 |]
    /// </code></example>
    static member compile (inputs: (DType * int[])[]) (late: bool[]) (f: Tensor[] -> Tensor[]) : Program =
        if late.Length <> inputs.Length then
            Shape.wrong
                "Program.compile"
                (invariant
                    $"late has {late.Length} entries, but {inputs.Length} are needed (one for each input).")

        let trace = Trace()

        let variables =
            inputs
            |> Array.map (fun (dtype, shape) -> Expression.variable trace dtype shape)

        let struct (results, constantSolves) = SolveOutcome.Collect(fun () -> f variables)

        Program.Of(variables, late, results, constantSolves)
