module Stackelberg.Autodiff.Tests.RecomputingTests

open Stackelberg
open Stackelberg.Kernels
open Xunit

/// Enough for a value to be worth its memory.
let private rows, columns = 512, 256

let private compile f =
    Program.compile
        [| DType.Float32, [| rows; columns |]; DType.Float32, [| columns; columns |] |]
        [| false; false |]
        f

/// The gradient of a layer with batch normalisation and relu, then another product: the mask, the centred batch and the
/// normalised one are read again at the end.
let private layer (i: Tensor[]) =
    let ones = Tensor.cast DType.Float32 (Tensor.ones [ columns ])

    let cost (w: Tensor) =
        let normal = Layer.batchNorm 1e-5 ones ones (Tensor.matmul i[0] w)
        let hidden = Tensor.relu normal
        Tensor.mean (tanh (Tensor.matmul hidden w))

    [| Diff.grad cost i[1] |]

[<Fact>]
let ``a mask and a centred batch are not kept`` () =
    let program = compile layer
    // Both products, the relu's output between them, and two for the cotangents on their way back.
    let arrays = 5
    Assert.InRange(program.ArenaSize, 0, arrays * rows * columns + 2 * columns * columns + 64 * columns)

[<Fact>]
let ``a mask is not kept where scale and shift are a small part of a network's parameters`` () =
    let weights = columns * columns

    let cost (x: Tensor) (parameters: Tensor) =
        let w = Tensor.slice 0 0 weights parameters |> Tensor.reshape [ columns; columns ]

        let scale = Tensor.slice 0 weights columns parameters
        let shift = Tensor.slice 0 (weights + columns) columns parameters
        let hidden = Tensor.relu (Layer.batchNorm 1e-5 scale shift (Tensor.matmul x w))
        Tensor.mean (tanh (Tensor.matmul hidden w))

    let program =
        Program.compile
            [|
                DType.Float32, [| rows; columns |]
                DType.Float32, [| weights + 2 * columns |]
            |]
            [| false; false |]
            (fun i -> [| Diff.grad (cost i[0]) i[1] |])

    // As above: no sixth array of the batch's size for the mask.
    let arrays = 5
    Assert.InRange(program.ArenaSize, 0, arrays * rows * columns + 3 * weights + 64 * columns)

[<Fact>]
let ``what is computed again is what is kept otherwise`` () =
    let program = compile layer
    let run = program.CreateRun()

    for i in 0..1 do
        let into = run.Input32 i
        let drawn = Expect.numbers (30 + i) into.Length
        drawn |> Array.iteri (fun k value -> into[k] <- float32 value)

    run.Execute()

    let input i shape =
        run.Input32 i
        |> Array.map float
        |> Expect.ofShape shape
        |> Tensor.cast DType.Float32

    // Every op by itself; sums of 512 numbers in another order.
    let x, w = input 0 [ rows; columns ], input 1 [ columns; columns ]
    let expected = (layer [| x; w |])[0]
    Expect.closeTo 1e-6 (expected.ToArray()) (Array.map float (run.Output32 0))
