module Stackelberg.Kernels.Tests.FusedTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

let private kernels = [|
    ElementKernels.Add, (fun a b _ -> a + b)
    ElementKernels.Multiply, (fun a b _ -> a * b)
    ElementKernels.Negate, (fun a _ _ -> -a)
    ElementKernels.Maximum, (fun a b _ -> max a b)
    ElementKernels.Where, (fun a b c -> if a <> 0.0 then b else c)
|]

/// What running a block often does.
let private emit (step: Step) =
    match step with
    | :? (FusedStep<float>) as step -> step.Execute()
    | :? (FusedStep<float32>) as step -> step.Execute()
    | _ -> ()

/// A random chain over random loads, with a random choice of registers stored, against a loop over elements.
let private agrees (seed: int) =
    let random = Random seed
    let count = [| 0; 1; 2; 7; 63; 1023; 1024; 1025; 2500 |].[random.Next 9]
    let loads = random.Next(1, 4)
    let instructions = random.Next 12

    // Stretch, period and gap: the block's own length, one number, a broadcast, or entries apart.
    let spread =
        Array.init loads (fun _ ->
            match random.Next 4 with
            | 0 -> 1, 1, 1
            | 1 -> random.Next(1, 40), random.Next(0, 40), random.Next(1, 4)
            | _ -> 1, 0, (if random.Next 3 = 0 then random.Next(1, 4) else 1))

    let read l i =
        let stretch, period, gap = spread.[l]
        gap * (if period = 0 then i / stretch else i / stretch % period)

    let buffers = List.init loads (fun _ -> noise random (3 * count + 123))

    let code =
        Array.init instructions (fun i ->
            let kernel = random.Next kernels.Length
            let register () = random.Next(loads + i)
            kernel, register (), register (), register ())

    let stored = [
        for register in 0 .. loads + instructions - 1 do
            for _ in 1 .. random.Next 3 do
                register
    ]

    // Results go to buffers of their own, or, half the time, into one load's place.
    let reuse =
        if random.Next 2 = 0 && not stored.IsEmpty then
            Some(random.Next stored.Length, random.Next loads)
        else
            None
        // A store may not lie on a broadcast operand, unless that is one number.
        |> Option.filter (fun (_, load) -> spread.[load] = (1, 0, 1) || spread.[load] = (1, 1, 1))

    // A store on a load's place lies as the load does; of the others, some leave gaps.
    let gaps =
        stored
        |> List.mapi (fun i _ ->
            match reuse with
            | Some(store, _) when store = i -> 1
            | _ -> if random.Next 3 = 0 then random.Next(1, 4) else 1)

    let target i =
        match reuse with
        | Some(store, load) when store = i -> Place(load, 2)
        | _ -> Place(loads + i, 1)

    let step =
        Steps.Fused(
            DType.Float64,
            count,
            Array.init loads (fun i ->
                let stretch, period, gap = spread.[i]
                Load(Place(i, 2), stretch, period, gap)),
            code
            |> Array.mapi (fun i (kernel, a, b, c) -> Instruction(fst kernels.[kernel], a, b, c, loads + i)),
            stored
            |> List.mapi (fun i register -> Store(register, target i, gaps.[i]))
            |> List.toArray
        )

    let results () =
        run DType.Float64 step (buffers @ List.map (fun _ -> Array.create (3 * count + 1) 99.0) stored)

    let after = results ()
    emit step
    let emitted = results ()

    let values i =
        let registers = Array.zeroCreate (loads + instructions)

        for l in 0 .. loads - 1 do
            registers.[l] <- buffers.[l].[2 + read l i]

        code
        |> Array.iteri (fun j (kernel, a, b, c) ->
            registers.[loads + j] <- snd kernels.[kernel] registers.[a] registers.[b] registers.[c])

        registers

    [
        for i in 0 .. count - 1 do
            let expected = values i

            for s, register in List.indexed stored do
                let place = target s
                sameBits expected.[register] after.[place.Buffer].[place.Offset + gaps.[s] * i]

        for before, array in List.zip (List.ofSeq after) (List.ofSeq emitted) do
            Array.forall2 sameBits before array
    ]
    |> List.forall id

[<Fact>]
let ``a fused block gives what its instructions give element by element`` () = forSeeds 400 agrees

[<Fact>]
let ``two loads can exchange their places`` () =
    let step =
        Steps.Fused(
            DType.Float64,
            1500,
            [| Load(place 0, false); Load(place 1, false) |],
            [||],
            [| Store(0, place 1); Store(1, place 0) |]
        )

    let a = Array.init 1500 float
    let b = Array.init 1500 (fun i -> -float i)
    let after = run DType.Float64 step [ a; b ]
    Assert.Equal<float[]>(b, after.[0])
    Assert.Equal<float[]>(a, after.[1])

[<Fact>]
let ``wrong programs are refused with the register's number`` () =
    let load = [| Load(place 0, false) |]

    let fused instructions stores =
        Steps.Fused(DType.Float64, 4, load, instructions, stores) |> ignore

    let message (action: unit -> unit) =
        Assert.Throws<ArgumentException>(Action action).Message

    Assert.Contains(
        "register 5",
        message (fun () -> fused [| Instruction(ElementKernels.Negate, 5, -1, -1, 1) |] [||])
    )

    Assert.Contains(
        "register -1",
        message (fun () -> fused [| Instruction(ElementKernels.Add, 0, -1, -1, 1) |] [||])
    )

    Assert.Contains(
        "register 0",
        message (fun () -> fused [| Instruction(ElementKernels.Negate, 0, -1, -1, 0) |] [||])
    )

    Assert.Contains("register 3", message (fun () -> fused [||] [| Store(3, place 0) |]))

    Assert.Contains(
        "stores[0] and stores[1]",
        message (fun () -> fused [||] [| Store(0, place 1); Store(0, Place(1, 3)) |])
    )

    Assert.Contains("does not begin", message (fun () -> fused [||] [| Store(0, Place(0, 1)) |]))

    Assert.Contains(
        "count is -1",
        message (fun () -> Steps.Fused(DType.Float64, -1, load, [||], [||]) |> ignore)
    )

[<Fact>]
let ``running allocates nothing`` () =
    let step count =
        Steps.Fused(
            DType.Float64,
            count,
            [| Load(place 0, false); Load(place 1, true) |],
            [|
                Instruction(ElementKernels.Add, 0, 1, -1, 2)
                Instruction(ElementKernels.Exp, 2, -1, -1, 3)
                Instruction(ElementKernels.Tanh, 3, -1, -1, 4)
            |],
            [| Store(4, place 2) |]
        )

    for count in [ 1; 3; 3000 ] do
        Assert.Equal(0L, allocated DType.Float64 (step count) (List.replicate 3 (Array.create count 0.5)))

[<Fact>]
let ``stores with gaps may interlace, and leave what lies between alone`` () =
    let step =
        Steps.Fused(
            DType.Float64,
            700,
            [| Load(place 0, false); Load(place 1, false) |],
            [||],
            [| Store(0, Place(2, 0), 3); Store(1, Place(2, 2), 3) |]
        )

    let a = Array.init 700 float
    let b = Array.init 700 (fun i -> -float i)
    let after = run DType.Float64 step [ a; b; Array.create 2100 7.0 ]

    let expected =
        Array.init 2100 (fun i -> [| float (i / 3); 7.0; -float(i / 3) |].[i % 3])

    Assert.Equal<float[]>(expected, after.[2])

[<Fact>]
let ``a sine and a cosine of one number have the bits that they have alone`` () =
    for dtype in types do
        let count = 1003
        let random = Random 5

        let values =
            Array.init count (fun i ->
                if i % 97 = 0 then
                    3e7
                else
                    20.0 * random.NextDouble() - 10.0)

        for first, second in
            [
                ElementKernels.Sin, ElementKernels.Cos
                ElementKernels.Cos, ElementKernels.Sin
            ] do
            let step =
                Steps.Fused(
                    dtype,
                    count,
                    [| Load(place 0, false) |],
                    [| Instruction(first, 0, -1, -1, 1); Instruction(second, 0, -1, -1, 2) |],
                    [| Store(1, place 1); Store(2, place 2) |]
                )

            let results () =
                run dtype step [ values; Array.zeroCreate count; Array.zeroCreate count ]

            let before = results ()
            emit step
            Array.iter2 (fun (a: float[]) b -> Assert.True(Array.forall2 sameBits a b)) before (results ())

/// A chain of so many calls of one function.
let private chain (dtype: DType) (kernel: ElementKernel) calls =
    FusedPlan(
        dtype,
        1024,
        [| Load(Place(0, 0), 1, 0, 1) |],
        Array.init calls (fun i -> Instruction(kernel, i, 0, 0, i + 1)),
        [| Store(calls, Place(1, 0), 1) |]
    )

[<Theory>]
[<InlineData("exp", 3, 5)>]
[<InlineData("tanh", 3, 5)>]
[<InlineData("sin", 3, 1)>]
[<InlineData("sqrt", 40, 40)>]
let ``a body is emitted of no more long functions than the runtime keeps in registers``
    (name: string)
    (doubles: int)
    (singles: int)
    =
    let kernel =
        match name with
        | "exp" -> ElementKernels.Exp
        | "tanh" -> ElementKernels.Tanh
        | "sin" -> ElementKernels.Sin
        | _ -> ElementKernels.Sqrt

    for dtype, most in [ DType.Float64, doubles; DType.Float32, singles ] do
        Assert.Equal(most, (chain dtype kernel most).Lines.Length)

        if name <> "sqrt" then
            Assert.Empty((chain dtype kernel (most + 1)).Lines)

[<Fact>]
let ``a sine and a cosine of the same number count as one`` () =
    // sin x, cos x, then the same of sin x and of cos x: three pairs.
    let instructions =
        [| 0; 1; 2 |]
        |> Array.collect (fun x -> [|
            Instruction(ElementKernels.Sin, x, 0, 0, 2 * x + 1)
            Instruction(ElementKernels.Cos, x, 0, 0, 2 * x + 2)
        |])

    let plan count =
        FusedPlan(
            DType.Float64,
            1024,
            [| Load(Place(0, 0), 1, 0, 1) |],
            Array.truncate count instructions,
            [| Store(count, Place(1, 0), 1) |]
        )

    Assert.Equal(6, (plan 6).Lines.Length)

    let another =
        FusedPlan(
            DType.Float64,
            1024,
            [| Load(Place(0, 0), 1, 0, 1) |],
            Array.append instructions [| Instruction(ElementKernels.Exp, 6, 0, 0, 7) |],
            [| Store(7, Place(1, 0), 1) |]
        )

    Assert.Empty another.Lines
