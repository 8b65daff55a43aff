// Long by its documentation: most functions are a line or two.
namespace Stackelberg

open Stackelberg.Kernels

/// <summary>How many of a loop's states a reverse derivative keeps. What lies between two of them is computed again on the
/// way back.</summary>
[<RequireQualifiedAccess>]
type Checkpoints =
    /// <summary>Every state up to 8192 numbers (64 kB of doubles) in all; beyond that one in √count, so that memory grows with
    /// 2 √count states. Costs one more run of the loop.</summary>
    | Auto
    /// <summary>Every state: the fastest, with memory for count states.</summary>
    | All
    /// <summary>One in so many, at least 1: memory for count / interval + interval states.</summary>
    | Every of interval: int

/// <summary>Loops as one op: the body is called once, with symbols, and compiled once, so that the time to derive and to
/// compile, and the code, do not grow with the number of steps.</summary>
/// <remarks>
/// <para>Whatever a body uses besides its arguments is found by itself, computed once, and differentiated too.
/// Derivatives of every order and in both modes are loops again. Forward: a loop over the state and its tangent. Reverse: a
/// loop that runs backwards from states that were kept (see Checkpoints), with sums for what is the same in all steps.
/// A. Griewank and A. Walther, Evaluating Derivatives (2008), chapter 12.</para>
/// <para>Diff.vmap makes the state a batch; each entry of an until ends by its own condition and then keeps its
/// state. What a choice left out stays out of derivatives across steps as it does within one: a mask goes along with
/// the derivative of the state wherever one is needed.</para>
/// <para>A body has no numbers to look at: choose with Tensor.where. Random draws are inputs like others: scanOver
/// (Tensor.randn seed [count; …]), one row for each step, so that runs and derivatives see the same ones. Parts of a state may
/// differ in shape and number type; where one of state, inputs and outputs is Float64, the loop keeps all of them as such.
/// Steps are counted in the loop's number type: up to 2²⁴ in Float32.</para>
/// <para>The forms for pairs, triples and arrays of tensors end in 2, 3 and N, as those of Diff.jit do.</para>
/// </remarks>
[<RequireQualifiedAccess>]
module Loop =

    open LoopTracing

    /// Whole numbers that Float32 holds.
    let private mostSteps32 = 1 <<< 24

    let private checkCount func what dtype (count: int) =
        if count < 0 then
            Shape.wrong
                func
                (invariant $"the {what} is {count}, but it must be at least 0: it is a number of steps.")

        if dtype = DType.Float32 && count > mostSteps32 then
            Shape.wrong
                func
                (invariant
                    $"the {what} is {count}, but a loop in Float32 can count to {mostSteps32}; make one part of the state Float64 with Tensor.cast.")

    let private keepOf func checkpoints count length =
        match checkpoints with
        | Checkpoints.Auto -> LoopSegments.keepFor count length
        | Checkpoints.All -> max count 1
        | Checkpoints.Every interval when interval >= 1 -> min interval (max count 1)
        | Checkpoints.Every interval ->
            Shape.wrong
                func
                (invariant
                    $"Checkpoints.Every is given {interval}, but it must be at least 1: the number of steps from one kept state to the next.")

    let private checkInputs func count (inputs: Tensor[]) =
        inputs
        |> Array.iteri (fun i input ->
            if input.Shape.Length = 0 || input.Shape[0] <> count then
                let name =
                    if inputs.Length = 1 then
                        "the input"
                    else
                        (invariant $"input {i}")

                Shape.wrong
                    func
                    (invariant
                        $"{name} has shape {Shape.show input.Shape}, but a first axis of {count} is needed (one row for each step)."))

    let private numbered dtype count =
        Expression.dense DType.Float64 [| count |] (Array.init count float) 0
        |> Cast.cast dtype

    /// The general form. usesIndex: whether the step's number is wanted, as the first row.
    let private scanning
        func
        checkpoints
        count
        (inputs: Tensor[])
        usesIndex
        (body: Tensor[] -> Tensor[] -> struct (Tensor[] * Tensor[]))
        (start: Tensor[])
        : Tensor[] * Tensor[] =
        checkCount func "count" DType.Float64 count
        checkInputs func count inputs

        let inputs =
            if usesIndex && start.Length > 0 then
                Array.append [| numbered start[0].DType count |] inputs
            else
                inputs

        let rows =
            inputs
            |> Array.map (fun t -> {
                DType = t.DType
                Shape = t.Shape[1..]
            })

        let traced = trace func start inputs rows body (Unchecked.defaultof<_>)
        let inner = traced.Body
        checkCount func "count" inner.DType count

        if count = 0 then
            Array.copy start,
            traced.Outputs
            |> Array.map (fun part -> Expression.constant part.DType (Array.append [| 0 |] part.Shape) 0.0)
        else
            let found =
                {
                    Body = inner
                    Count = count
                    IsBackward = false
                    Keep = keepOf func checkpoints count inner.Length
                    Taken = Expression.constant inner.DType Shape.scalar (float count)
                    Start = pack inner.DType start
                    Inputs = inputs |> Array.map (Cast.cast inner.DType)
                    Holes = traced.Captured
                }
                |> LoopParts.pruned
                |> ScanOp.run

            unpack traced.State found.Final,
            Array.map2 (fun (part: Part) output -> Cast.cast part.DType output) traced.Outputs found.Outputs

    let private ending
        func
        checkpoints
        (condition: Tensor[] -> Tensor)
        limit
        (body: Tensor[] -> Tensor[])
        (start: Tensor[])
        : Tensor[] * Tensor =
        checkCount func "limit" DType.Float64 limit

        let traced =
            trace func start [||] [||] (fun state _ -> struct (body state, [||])) condition

        let inner = traced.Body
        checkCount func "limit" inner.DType limit
        let until = UntilBody(inner, traced.Condition)
        let keep = keepOf func checkpoints limit inner.Length

        let found =
            Expression.apply
                (UntilOp.ofBody until limit keep)
                (Array.append (pack inner.DType start) traced.Captured)

        (LoopVector.parts limit inner (Slice.slice 0 0 inner.Length found)).Final
        |> unpack traced.State,
        Slice.slice 0 inner.Length 1 found
        |> Structure.reshape Shape.scalar
        |> Cast.cast traced.State[0].DType

    let private pair (parts: Tensor[]) = parts[0], parts[1]
    let private triple (parts: Tensor[]) = parts[0], parts[1], parts[2]

    /// <summary>The state after a number of steps: s₀ = start, sₖ₊₁ = body sₖ, and of these the last one.</summary>
    /// <param name="count">How many steps, at least 0.</param>
    /// <param name="body">From a state to the next one, of the same shape and number type. It is called once, with a symbol.</param>
    /// <param name="start">The state at first, of any shape.</param>
    /// <returns>s_count, of start's shape. All states in between are Loop.path's.</returns>
    /// <exception cref="T:System.ArgumentException">count is negative, or the body gives another shape or number type.</exception>
    /// <exception cref="T:System.InvalidOperationException">The body reads the numbers of its argument.</exception>
    /// <remarks>As jax.lax.fori_loop; not as F#'s List.scan, which gives all states.</remarks>
    /// <example><code lang="fsharp">
    /// let growth (rate: Tensor) = Loop.scan 10 (fun money -> money + rate * money) (Tensor.scalar 1.0)
    /// growth (Tensor.scalar 0.1) // 2.5937425, which is 1.1¹⁰
    /// Diff.diff growth (Tensor.scalar 0.1) // 23.579477, which is 10 · 1.1⁹
    /// </code></example>
    let scan (count: int) (body: Tensor -> Tensor) (start: Tensor) : Tensor =
        let state, _ =
            scanning "Loop.scan" Checkpoints.Auto count [||] false (fun s _ -> struct ([| body s[0] |], [||])) [|
                start
            |]

        state[0]

    /// <summary>The state after a number of steps, for a state of two tensors: as scan.</summary>
    /// <param name="count">How many steps, at least 0.</param>
    /// <param name="body">From a state to the next one, each part of the same shape and number type.</param>
    /// <param name="start">The state at first.</param>
    /// <exception cref="T:System.ArgumentException">count is negative, or the body gives another shape or number type.</exception>
    /// <example><code lang="fsharp">Loop.scan2 10 (fun (a, b) -> b, a + b) (Tensor.scalar 0.0, Tensor.scalar 1.0) // (55, 89)</code></example>
    let scan2
        (count: int)
        (body: Tensor * Tensor -> Tensor * Tensor)
        (start: Tensor * Tensor)
        : Tensor * Tensor =
        let step (s: Tensor[]) _ =
            let a, b = body (pair s)
            struct ([| a; b |], [||])

        scanning "Loop.scan2" Checkpoints.Auto count [||] false step [| fst start; snd start |]
        |> fst
        |> pair

    /// <summary>The state after a number of steps, for a state of three tensors: as scan.</summary>
    /// <param name="count">How many steps, at least 0.</param>
    /// <param name="body">From a state to the next one, each part of the same shape and number type.</param>
    /// <param name="start">The state at first.</param>
    /// <exception cref="T:System.ArgumentException">count is negative, or the body gives another shape or number type.</exception>
    let scan3
        (count: int)
        (body: Tensor * Tensor * Tensor -> Tensor * Tensor * Tensor)
        (start: Tensor * Tensor * Tensor)
        : Tensor * Tensor * Tensor =
        let step (s: Tensor[]) _ =
            let a, b, c = body (triple s)
            struct ([| a; b; c |], [||])

        let a, b, c = start

        scanning "Loop.scan3" Checkpoints.Auto count [||] false step [| a; b; c |]
        |> fst
        |> triple

    /// <summary>As scan, for a body that is given the number of the step: sₖ₊₁ = body k sₖ.</summary>
    /// <param name="count">How many steps, at least 0.</param>
    /// <param name="body">From the step's number, [], 0 at first, and a state to the next state.</param>
    /// <param name="start">The state at first, of any shape.</param>
    /// <exception cref="T:System.ArgumentException">count is negative, or the body gives another shape or number type.</exception>
    /// <example><code lang="fsharp">Loop.scanIndexed 5 (fun k sum -> sum + k * k) (Tensor.scalar 0.0) // 30</code></example>
    let scanIndexed (count: int) (body: Tensor -> Tensor -> Tensor) (start: Tensor) : Tensor =
        let step (s: Tensor[]) (rows: Tensor[]) = struct ([| body rows[0] s[0] |], [||])

        let state, _ =
            scanning "Loop.scanIndexed" Checkpoints.Auto count [||] true step [| start |]

        state[0]

    let private rowsOf func (inputs: Tensor) =
        if inputs.Shape.Length = 0 then
            Shape.wrong
                func
                "the inputs are a scalar [], but a first axis is needed: one row for each step, shape [count; …]."

        inputs.Shape[0]

    /// <summary>The state after one step for each row of the inputs: sₖ₊₁ = body sₖ inputs[k].</summary>
    /// <param name="inputs">Shape [count; …]: controls, data, or draws (Tensor.randn seed [count; …]).</param>
    /// <param name="body">From a state and a row, of shape […], to the next state.</param>
    /// <param name="start">The state at first, of any shape.</param>
    /// <exception cref="T:System.ArgumentException">The inputs are a scalar, or the body gives another shape or number type.</exception>
    /// <example><code lang="fsharp">Loop.scanOver (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (fun sum x -> 10.0 * sum + x) (Tensor.scalar 0.0) // 123</code></example>
    let scanOver (inputs: Tensor) (body: Tensor -> Tensor -> Tensor) (start: Tensor) : Tensor =
        let func = "Loop.scanOver"

        let step (s: Tensor[]) (rows: Tensor[]) = struct ([| body s[0] rows[0] |], [||])

        let state, _ =
            scanning func Checkpoints.Auto (rowsOf func inputs) [| inputs |] false step [| start |]

        state[0]

    /// <summary>The state after a number of steps, and an output of each: sₖ₊₁, yₖ = body sₖ.</summary>
    /// <param name="count">How many steps, at least 0.</param>
    /// <param name="body">From a state to the next one and an output, of any shape.</param>
    /// <param name="start">The state at first, of any shape.</param>
    /// <returns>The last state, and the outputs, [count; …].</returns>
    /// <exception cref="T:System.ArgumentException">count is negative, or the body gives another shape or number type.</exception>
    /// <remarks>As jax.lax.scan without inputs.</remarks>
    /// <example><code lang="fsharp">Loop.collect 3 (fun s -> 2.0 * s, s * s) (Tensor.scalar 1.0) // (8, [1, 4, 16])</code></example>
    let collect (count: int) (body: Tensor -> Tensor * Tensor) (start: Tensor) : Tensor * Tensor =
        let step (s: Tensor[]) _ =
            let next, output = body s[0]
            struct ([| next |], [| output |])

        let state, outputs =
            scanning "Loop.collect" Checkpoints.Auto count [||] false step [| start |]

        state[0], outputs[0]

    /// <summary>The state after one step for each row of the inputs, and an output of each: sₖ₊₁, yₖ = body sₖ inputs[k].</summary>
    /// <param name="inputs">Shape [count; …].</param>
    /// <param name="body">From a state and a row to the next state and an output.</param>
    /// <param name="start">The state at first, of any shape.</param>
    /// <returns>The last state, and the outputs, [count; …].</returns>
    /// <exception cref="T:System.ArgumentException">The inputs are a scalar, or the body gives another shape or number type.</exception>
    /// <remarks>As jax.lax.scan: a recurrent network, with its outputs.</remarks>
    /// <example><code lang="fsharp">
    /// Loop.collectOver (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (fun sum x -> sum + x, sum * x) (Tensor.scalar 0.0) // (6, [0, 2, 9])
    /// </code></example>
    let collectOver
        (inputs: Tensor)
        (body: Tensor -> Tensor -> Tensor * Tensor)
        (start: Tensor)
        : Tensor * Tensor =
        let func = "Loop.collectOver"

        let step (s: Tensor[]) (rows: Tensor[]) =
            let next, output = body s[0] rows[0]
            struct ([| next |], [| output |])

        let state, outputs =
            scanning func Checkpoints.Auto (rowsOf func inputs) [| inputs |] false step [| start |]

        state[0], outputs[0]

    /// <summary>All states of scan, the start among them, as F#'s List.scan gives.</summary>
    /// <param name="count">How many steps, at least 0.</param>
    /// <param name="body">From a state to the next one, of the same shape and number type.</param>
    /// <param name="start">The state at first, of any shape.</param>
    /// <returns>Shape [count + 1; …].</returns>
    /// <exception cref="T:System.ArgumentException">count is negative, or the body gives another shape or number type.</exception>
    /// <example><code lang="fsharp">Loop.path 3 (fun s -> 2.0 * s) (Tensor.scalar 1.0) // [1, 2, 4, 8]</code></example>
    let path (count: int) (body: Tensor -> Tensor) (start: Tensor) : Tensor =
        let step (s: Tensor[]) _ =
            let next = body s[0]
            struct ([| next |], [| next |])

        let _, states =
            scanning "Loop.path" Checkpoints.Auto count [||] false step [| start |]

        Concat.concat 0 [| Structure.reshape (Array.append [| 1 |] start.Shape) start; states[0] |]

    /// <summary>The full form: a state of several tensors, several inputs and outputs, and the step's number.</summary>
    /// <param name="checkpoints">What reverse derivatives keep.</param>
    /// <param name="count">How many steps, at least 0.</param>
    /// <param name="inputs">Each [count; …]; may be empty.</param>
    /// <param name="body">From the step's number [], the state and a row of each input to the next state and the outputs.</param>
    /// <param name="start">The state at first: at least one tensor.</param>
    /// <returns>The last state, and each output as [count; …].</returns>
    /// <exception cref="T:System.ArgumentException">count is negative; an input has another first axis; the body gives
    /// another number of parts, shape or number type.</exception>
    /// <example><code lang="fsharp">
    /// let last, _ = Loop.scanN Checkpoints.All 3 [||] (fun k s _ -> [| s[0] + k; s[1] * s[0] |], [||]) [| Tensor.scalar 1.0; Tensor.scalar 1.0 |]
    /// last // [| 4; 2 |]
    /// </code></example>
    let scanN
        (checkpoints: Checkpoints)
        (count: int)
        (inputs: Tensor[])
        (body: Tensor -> Tensor[] -> Tensor[] -> Tensor[] * Tensor[])
        (start: Tensor[])
        : Tensor[] * Tensor[] =
        let step (s: Tensor[]) (rows: Tensor[]) =
            let next, outputs = body rows[0] s rows[1..]
            struct (next, outputs)

        scanning "Loop.scanN" checkpoints count inputs true step start

    /// <summary>The first of the states s₀ = start, sₖ₊₁ = body sₖ at which a condition holds.</summary>
    /// <param name="condition">From a state to one entry: 0 where the loop goes on, anything else where it ends;
    /// Tensor.less a b for example.</param>
    /// <param name="limit">The most steps, at least 0.</param>
    /// <param name="body">From a state to the next one, of the same shape and number type.</param>
    /// <param name="start">The state at first, of any shape; it is the answer if the condition holds there.</param>
    /// <returns>That state; after limit steps the one that is reached.</returns>
    /// <exception cref="T:System.ArgumentException">limit is negative; the condition has several entries; the body gives another
    /// shape or number type.</exception>
    /// <exception cref="T:System.InvalidOperationException">Everything is numbers, and the limit came first. In a compiled
    /// program the reports tell (ProgramRun.Solves, SolveStatus.OutOfSteps).</exception>
    /// <remarks>The derivative is that of so many steps as were taken; how that number depends on anything has no part in it.
    /// For a fixed point's own derivative, independent of the way there, use the implicit function theorem.</remarks>
    /// <example><code lang="fsharp">
    /// let root (a: Tensor) = Loop.until (fun x -> Tensor.less (abs (x * x - a)) (Tensor.scalar 1e-12)) 50 (fun x -> 0.5 * (x + a / x)) a
    /// root (Tensor.scalar 2.0) // 1.4142136
    /// Diff.diff root (Tensor.scalar 2.0) // 0.35355339
    /// </code></example>
    let until (condition: Tensor -> Tensor) (limit: int) (body: Tensor -> Tensor) (start: Tensor) : Tensor =
        let state, _ =
            ending "Loop.until" Checkpoints.Auto (fun s -> condition s[0]) limit (fun s -> [| body s[0] |]) [|
                start
            |]

        state[0]

    /// <summary>until for a state of several tensors, with the number of steps.</summary>
    /// <param name="checkpoints">What reverse derivatives keep.</param>
    /// <param name="condition">From a state to one entry: 0 where the loop goes on.</param>
    /// <param name="limit">The most steps, at least 0.</param>
    /// <param name="body">From a state to the next one.</param>
    /// <param name="start">The state at first: at least one tensor.</param>
    /// <returns>The last state, and how many steps led to it, [], of derivative 0.</returns>
    /// <exception cref="T:System.ArgumentException">limit is negative; the condition has several entries; the body gives another
    /// number of parts, shape or number type.</exception>
    /// <exception cref="T:System.InvalidOperationException">Everything is numbers, and the limit came first.</exception>
    /// <example><code lang="fsharp">
    /// let halved = Loop.untilN Checkpoints.Auto (fun s -> Tensor.less s[0] (Tensor.scalar 1.0)) 100 (fun s -> [| 0.5 * s[0] |]) [| Tensor.scalar 20.0 |]
    /// halved // ([| 0.625 |], 5)
    /// </code></example>
    let untilN
        (checkpoints: Checkpoints)
        (condition: Tensor[] -> Tensor)
        (limit: int)
        (body: Tensor[] -> Tensor[])
        (start: Tensor[])
        : Tensor[] * Tensor =
        ending "Loop.untilN" checkpoints condition limit body start
