/// Steps that run a body again and again: Scan and Until.
module Stackelberg.Kernels.Tests.LoopStepTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory

/// state, input → state · factor + input, and the state as it was as an output and as a sum. Buffers: taken, start, state,
/// next, factor, inputs, one input, outputs, one output, sums, one sum.
let private scan dtype count isBackward =
    let fused (instructions: Instruction[]) loads stores =
        Steps.Fused(dtype, 2, loads, instructions, stores)

    let body = [|
        fused [| Instruction(ElementKernels.MultiplyAdd, 0, 1, 2, 3) |] [|
            Load(place 2, false)
            Load(place 4, true)
            Load(place 6, false)
        |] [| Store(3, place 3) |]
        fused [||] [| Load(place 2, false) |] [| Store(0, place 8); Store(0, place 10) |]
    |]

    Steps.Scan(
        dtype,
        count,
        isBackward,
        place 0,
        2,
        [| LoopPart(place 1, 1); LoopPart(Place(1, 1), 1) |],
        place 2,
        place 3,
        body,
        [| BatchSlot(place 6, place 5, 2) |],
        [| BatchSlot(place 8, place 7, 2) |],
        [| BatchSlot(place 10, place 9, 2) |],
        0,
        0
    )

let private buffers taken count = [
    [| taken |]
    [| 1.0; -1.0 |]
    [| 9.0; 9.0 |]
    [| 9.0; 9.0 |]
    [| 2.0 |]
    Array.init (2 * count) float
    [| 9.0; 9.0 |]
    Array.create (2 * count) 9.0
    [| 9.0; 9.0 |]
    [| 9.0; 9.0 |]
    [| 9.0; 9.0 |]
]

[<Fact>]
let ``a scan runs as many rows as it is told, forwards or backwards, and clears the others`` () =
    for dtype in types do
        for isBackward in [ false; true ] do
            for taken, rows in [ 4.0, 4; 7.0, 4; 2.0, 2; 2.9, 2; 0.0, 0; -1.0, 0; nan, 0 ] do
                let found = run dtype (scan dtype 4 isBackward) (buffers taken 4)
                let mutable a, b = 1.0, -1.0
                let outputs = Array.zeroCreate 8
                let sums = [| 0.0; 0.0 |]

                for k in 0 .. rows - 1 do
                    let row = if isBackward then rows - 1 - k else k
                    outputs[2 * row] <- a
                    outputs[2 * row + 1] <- b
                    sums[0] <- sums[0] + a
                    sums[1] <- sums[1] + b
                    a <- 2.0 * a + float (2 * row)
                    b <- 2.0 * b + float (2 * row + 1)

                Assert.Equal<float[]>([| a; b |], found[2])
                Assert.Equal<float[]>(outputs, found[7])
                Assert.Equal<float[]>(sums, found[9])

/// Doubles a number until it is above 100. Buffers: start, state, next, flag, taken, two constants.
let private doubling dtype limit =
    let one kernel a b target =
        Steps.Fused(
            dtype,
            1,
            [| Load(place a, true); Load(place b, true) |],
            [| Instruction(kernel, 0, 1, -1, 2) |],
            [| Store(2, place target) |]
        )

    Steps.Until(
        dtype,
        limit,
        1,
        [| LoopPart(place 0, 1) |],
        place 1,
        place 2,
        [| one ElementKernels.Less 5 1 3 |],
        place 3,
        [| one ElementKernels.Add 1 1 2 |],
        place 4,
        0,
        1,
        0
    )

[<Fact>]
let ``a loop ends where its condition holds, or reports that its limit came first`` () =
    for dtype in types do
        for start, limit, state, taken, status in
            [
                1.0, 20, 128.0, 7.0, SolveStatus.Ended
                1.0, 7, 128.0, 7.0, SolveStatus.Ended
                1.0, 6, 64.0, 6.0, SolveStatus.OutOfSteps
                101.0, 0, 101.0, 0.0, SolveStatus.Ended
                nan, 3, nan, 3.0, SolveStatus.OutOfSteps
            ] do
            let found, solves =
                runReporting dtype (doubling dtype limit) [
                    [| start |]
                    [| 9.0 |]
                    [| 9.0 |]
                    [| 9.0 |]
                    [| 9.0 |]
                    [| 100.0 |]
                ]

            Assert.Equal(state, found[1][0])
            Assert.Equal(taken, found[4][0])
            Assert.Equal(status, solves[0].Status)
            Assert.Equal(int taken, solves[0].Iterations)

[<Fact>]
let ``of two reports of one solve the worse one is left`` () =
    let report status residual = SolveReport(status, 3, residual, nan)

    let good, better, bad =
        report SolveStatus.Converged 1e-3,
        report SolveStatus.Converged 1e-9,
        report SolveStatus.Breakdown 1e-12

    for a, b, worse in [ good, better, good; bad, good, bad; SolveReport(), better, better ] do
        Assert.Equal(worse, SolveReport.Worse(a, b))
        Assert.Equal(worse, SolveReport.Worse(b, a))

[<Fact>]
let ``wrong places and counts of loops are refused`` () =
    let refused (make: unit -> Step) =
        Assert.Throws<ArgumentException>(fun () -> make () |> ignore) |> ignore

    let scanFrom starts count slots =
        Steps.Scan(
            DType.Float64,
            count,
            false,
            place 0,
            1,
            starts,
            place 0,
            place 0,
            [||],
            slots,
            [||],
            [||],
            0,
            0
        )

    let scan = scanFrom [| LoopPart(place 0, 1) |]
    refused (fun () -> scan -1 [||])
    refused (fun () -> scanFrom [| LoopPart(place 0, 2) |] 1 [||])
    refused (fun () -> scan 1 [| BatchSlot(place 0, Place(-1, 0), 1) |])
    refused (fun () -> scan 1 [| BatchSlot(place 0, place 0, -1) |])

    refused (fun () ->
        Steps.Until(
            DType.Float64,
            -1,
            1,
            [| LoopPart(place 0, 1) |],
            place 0,
            place 0,
            [||],
            place 0,
            [||],
            place 0,
            0,
            0,
            0
        ))
