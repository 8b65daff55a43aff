module Stackelberg.Autodiff.Tests.InheritingTests

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

/// Sums of two functions of a product, one of which reads it after the other is known.
let private sums (i: Tensor[]) =
    let product = Tensor.matmul i[0] i[1]
    let first = tanh product
    let second = first * product
    [| Tensor.sumAxis 0 first; Tensor.sumAxis 0 second |]

[<Fact>]
let ``a result takes the place of what nobody reads after it`` () =
    let program = compile sums
    // The product, whose place the first function takes, and the second function.
    Assert.InRange(program.ArenaSize, 0, 2 * rows * columns + 64 * columns)

[<Fact>]
let ``a result in an operand's place is what it is elsewhere`` () =
    let run = (compile sums).CreateRun()

    for i in 0..1 do
        let into = run.Input32 i
        let drawn = Expect.numbers (40 + i) into.Length
        drawn |> Array.iteri (fun k value -> into[k] <- float32 value)

    run.Execute()

    let input i shape =
        run.Input32 i
        |> Array.map float
        |> Expect.ofShape shape
        |> Tensor.cast DType.Float32

    // Every op by itself; sums of 512 numbers of single precision in another order.
    let expected = sums [| input 0 [ rows; columns ]; input 1 [ columns; columns ] |]

    for i in 0..1 do
        Expect.closeTo 1e-5 (expected[i].ToArray()) (Array.map float (run.Output32 i))
