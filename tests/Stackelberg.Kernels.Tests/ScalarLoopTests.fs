module Stackelberg.Kernels.Tests.ScalarLoopTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Tests

/// What goes from one run to the next: two numbers are carried, one counts, the last stored one is watched.
let private reads, leaves = 3, 3

/// A random chain that reads two carried numbers and a counter, and leaves the two and what is watched.
let private chain (random: Random) dtype length =
    let kernels = [|
        ElementKernels.Add
        ElementKernels.Subtract
        ElementKernels.Multiply
        ElementKernels.Maximum
        ElementKernels.Sin
        ElementKernels.Tanh
        ElementKernels.MultiplyAdd
    |]

    let instructions =
        Array.init length (fun i ->
            let register () = random.Next(reads + i)

            Instruction(
                kernels[random.Next kernels.Length],
                register (),
                register (),
                register (),
                reads + i
            ))

    let stores =
        Array.init leaves (fun i -> Store(random.Next(reads + length), Place(1, i)))

    let loads = Array.init reads (fun i -> Load(Place(0, i), true))
    Steps.Fused(dtype, 1, loads, instructions, stores)

let private repetition =
    Repetition(
        [|
            CarriedOver(Place(1, 0), Place(0, 0))
            CarriedOver(Place(1, 1), Place(0, 1))
        |],
        Counter = Place(0, 2),
        Watched = Place(1, 2)
    )

/// The same runs one by one: how many count, what was watched, and what is carried at the end.
let private oneByOne (step: Step) (workspace: Workspace) (numbers: float[], results: float[]) limit least =
    let mutable runs, watched, isGoingOn = 0, nan, true

    while isGoingOn && runs < limit do
        step.Run workspace

        if Double.IsFinite results[2] && results[2] >= least then
            watched <- results[2]
            Array.Copy(results, numbers, 2)
            numbers[2] <- numbers[2] + 1.0
            runs <- runs + 1
        else
            isGoingOn <- false

    runs, watched, numbers[..1]

[<Fact>]
let ``a loop has the bits of its single runs, and ends where they end`` () =
    Law.forSeeds 200 (fun seed ->
        let random = Random seed
        let step = chain random DType.Float64 (random.Next(1, 40))
        let start = Array.init reads (fun _ -> random.NextDouble() * 2.0 - 1.0)
        let limit, least = random.Next 50, [| Double.MinValue; -0.5; 0.0 |][random.Next 3]

        let memory () =
            Array.copy start, Array.zeroCreate<float> leaves

        let expected =
            let numbers, results = memory ()

            oneByOne
                step
                (Workspace([| numbers; results |], step.Scratch, 0, 0))
                (numbers, results)
                limit
                least

        let numbers, results = memory ()
        let mutable watched = nan

        let runs =
            (step.Repeat repetition).Invoke([| numbers; results |], limit, 0, least, &watched)

        let expectedRuns, expectedWatched, expectedNumbers = expected

        runs = expectedRuns
        && watched.Equals expectedWatched
        && Array.forall2 (fun (a: float) (b: float) -> a.Equals b) numbers[..1] expectedNumbers)

[<Fact>]
let ``a step that does not leave what is to be carried is no loop`` () =
    let step = chain (Random 1) DType.Float64 5
    Assert.Null(step.Repeat(Repetition [| CarriedOver(Place(1, 7), Place(0, 0)) |]))

[<Fact>]
let ``a step of many elements is no loop`` () =
    let step =
        Steps.Fused(
            DType.Float64,
            8,
            [| Load(Place(0, 0), false) |],
            [| Instruction(ElementKernels.Sin, 0, -1, -1, 1) |],
            [| Store(1, Place(1, 0)) |]
        )

    Assert.Null(step.Repeat(Repetition [| CarriedOver(Place(1, 0), Place(0, 0)) |]))

[<Fact>]
let ``a loop allocates nothing`` () =
    let step = chain (Random 1) DType.Float64 30
    let loop = step.Repeat repetition
    let buffers: Array[] = [| Array.create reads 0.5; Array.zeroCreate<float> leaves |]
    let mutable watched = nan
    loop.Invoke(buffers, 10, 0, -infinity, &watched) |> ignore

    let bytes =
        Allocation.least (fun () ->
            let mutable watched = nan
            loop.Invoke(buffers, 10, 0, -infinity, &watched) |> ignore)

    Assert.Equal(0L, bytes)
