module Stackelberg.Kernels.Tests.ScalarStepTests

open System
open System.Reflection
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Tests

let private every =
    typeof<ElementKernel>
        .Assembly.GetType("Stackelberg.Kernels.ElementKernels")
        .GetFields(BindingFlags.Public ||| BindingFlags.Static)
    |> Array.choose (fun field ->
        match field.GetValue null with
        | :? ElementKernel as kernel -> Some kernel
        | _ -> None)

let private values = [|
    0.0
    -0.0
    1.0
    -1.0
    0.5
    2.5
    -3.75
    1e-310
    700.0
    -745.0
    infinity
    -infinity
    nan
|]

/// A random chain on single numbers, its inputs, and where its results are.
let private chain (random: Random) dtype length =
    let loads = random.Next(1, 5)

    let instructions =
        Array.init length (fun i ->
            let register () = random.Next(loads + i)
            Instruction(every[random.Next every.Length], register (), register (), register (), loads + i))

    let stores =
        Array.init (min 3 (loads + length)) (fun i -> Store(loads + length - 1 - i, Place(1, i)))

    let inputs =
        Array.init loads (fun _ ->
            if random.Next 2 = 0 then
                values[random.Next values.Length]
            else
                random.NextDouble() * 4.0 - 2.0)

    // Some operands are said to be constants: emitted code does not read them.
    let load i =
        if random.Next 3 = 0 then
            Load(Place(0, i), true, Constant = Nullable inputs[i])
        else
            Load(Place(0, i), true)

    let step = Steps.Fused(dtype, 1, Array.init loads load, instructions, stores)
    step, inputs

/// A number's bits; those of a NaN, whose sign and payload no standard fixes, are all the same here.
let private bits (x: float) =
    if Double.IsNaN x then
        Int64.MaxValue
    else
        BitConverter.DoubleToInt64Bits x

/// The results of the first run, and of one after many.
let private firstAndLate (step: Step) (inputs: float[]) =
    let run (workspace: Workspace) read =
        step.Run workspace
        let first: int64[] = read ()

        for _ in 1..200 do
            step.Run workspace

        first, read ()

    match step.Type with
    | DType.Float64 ->
        let results = Array.zeroCreate<float> 3

        run (Workspace([| inputs; results |], step.Scratch, 0, 0)) (fun () -> Array.map bits results)
    | _ ->
        let results = Array.zeroCreate<float32> 3

        let workspace =
            Workspace([| Array.map float32 inputs; results |], 0, step.Scratch, 0)

        run workspace (fun () -> Array.map (float >> bits) results)

[<Fact>]
let ``a chain on single numbers has the same bits interpreted and emitted`` () =
    Law.forSeeds 300 (fun seed ->
        let random = Random seed
        let dtype = if random.Next 4 = 0 then DType.Float32 else DType.Float64
        let step, inputs = chain random dtype (random.Next 40)
        let first, late = firstAndLate step inputs
        first = late)

[<Fact>]
let ``a chain deeper than the stack allows is emitted all the same`` () =
    let random = Random 5
    let step, inputs = chain random DType.Float64 800
    let first, late = firstAndLate step inputs
    Assert.Equal<int64[]>(first, late)

[<Fact>]
let ``a value may be stored where an operand was read`` () =
    let add = Instruction(ElementKernels.Add, 0, 1, -1, 2)

    let step =
        Steps.Fused(
            DType.Float64,
            1,
            [| Load(Place(0, 0), true); Load(Place(0, 1), true) |],
            [| add |],
            [| Store(2, Place(0, 0)) |]
        )

    let memory = [| 0.0; 1.0 |]
    let workspace = Workspace([| memory |], step.Scratch, 0, 0)

    for _ in 1..1000 do
        step.Run workspace

    Assert.Equal(1000.0, memory[0])

[<Fact>]
let ``an emitted chain allocates nothing`` () =
    let step, inputs = chain (Random 1) DType.Float64 30

    let workspace =
        Workspace([| inputs; Array.zeroCreate<float> 3 |], step.Scratch, 0, 0)

    for _ in 1..200 do
        step.Run workspace

    let bytes =
        Allocation.least (fun () ->
            for _ in 1..1000 do
                step.Run workspace)

    Assert.Equal(0L, bytes)
