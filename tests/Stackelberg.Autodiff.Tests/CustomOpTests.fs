/// That values and derivatives are right is tested with all ops, in OpTests and BatchingTests.
module Stackelberg.Autodiff.Tests.CustomOpTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit
open Stackelberg.Tests

let private three = Tensor.ofList [ 1.0; 2.0; 3.0 ]

let private message (action: unit -> Tensor) =
    Assert.Throws<ArgumentException>(fun () -> action () |> ignore).Message

[<Fact>]
let ``ops made apart are different ops, whatever their names`` () =
    let plus c =
        CustomOp.elementwise "plus" (fun x -> x + c) (fun _ -> Tensor.scalar 1.0)

    let one, two = plus 1.0, plus 2.0
    Expect.exactly [ 1.0; 1.0; 1.0 ] (Diff.jit (fun x -> two x - one x) three)

[<Fact>]
let ``a custom op fuses with its neighbours`` () =
    let half =
        CustomOp.elementwise "half" (fun x -> x / 2.0) (fun _ -> Tensor.scalar 0.5)

    let program =
        Program.compile [| DType.Float64, [| 3 |] |] [| false |] (fun x -> [| sin (half (x[0] * x[0])) |])

    Assert.Equal(1, program.PrepareSteps)

[<Fact>]
let ``a derivative of a wrong shape or type is refused, by name`` () =
    let f = CustomOp.elementwise "f" id (fun _ -> Tensor.zeros [ 2 ])

    Assert.Equal(
        "CustomOp.elementwise: the derivative of \"f\" by argument has shape [2], but [3] is needed (the argument's shape).",
        message (fun () -> Diff.grad (f >> Tensor.sum) three)
    )

    let f = CustomOp.elementwise "f" id (fun _ -> Tensor.cast DType.Float32 three)

    Assert.Contains(
        "is Float32, but Float64 is needed",
        message (fun () -> Diff.grad (f >> Tensor.sum) three)
    )

    let f =
        CustomOp.elementwise2 "f" (fun a _ -> a) (fun a _ -> Tensor.scalar 1.0, Tensor.reshape [ 1; 3 ] a)

    Assert.Contains(
        "\"f\" by second argument has shape [1; 3]",
        message (fun () -> Diff.grad (fun x -> Tensor.sum (f three x)) three)
    )

let private copy pullback =
    CustomOp.ofArrays "copy" (fun shapes -> shapes[0]) (ArrayKernel(fun x y -> x[0].CopyTo y)) pullback

[<Fact>]
let ``a pullback of a wrong shape or number, or that is not linear, is refused`` () =
    let gradient pullback =
        message (fun () -> Diff.grad (fun x -> Tensor.sum (copy pullback [| x |])) three)

    Assert.Contains("gives 2 cotangents, but 1 are needed", gradient (fun _ _ ct -> [| ct; ct |]))
    Assert.Contains("by argument 0 has shape []", gradient (fun _ _ ct -> [| Tensor.sum ct |]))

    let tangent =
        message (fun () ->
            Diff.gradv (fun x -> Tensor.sum (copy (fun _ _ ct -> [| ct * ct |]) [| x |])) three three)

    Assert.Contains("not linear in the cotangent", tangent)

[<Fact>]
let ``an argument without a cotangent has derivative zero`` () =
    let f x =
        Tensor.sum (copy (fun _ _ _ -> [| null |]) [| x |])

    Expect.exactly [ 0.0; 0.0; 0.0 ] (Diff.grad f three)
    Expect.exactly [ 0.0 ] (Diff.gradv f three three)

[<Fact>]
let ``an op on arrays computes in Float64, and says so`` () =
    let f = copy (fun _ _ ct -> [| ct |])
    Assert.Contains("Float64", message (fun () -> f [| Tensor.cast DType.Float32 three |]))
    Assert.Contains("at least one", message (fun () -> f [||]))

    let negative =
        CustomOp.linear
            "negative"
            (fun _ -> [| -1 |])
            (ArrayKernel(fun _ _ -> ()))
            (ArrayKernel(fun _ _ -> ()))

    Assert.Contains("negative extent", message (fun () -> negative three))

[<Fact>]
let ``arrays know their shapes, one entry and none are arrays too`` () =
    let transpose =
        ArrayKernel(fun x y ->
            let rows, columns = (x.Shape 0)[0], (x.Shape 0)[1]
            Assert.Equal<int>([| columns; rows |], x.ResultShape)
            Assert.Equal(1, x.Count)

            for i in 0 .. rows - 1 do
                for j in 0 .. columns - 1 do
                    y[j * rows + i] <- x[0][i * columns + j])

    let turn = CustomOp.linear "turn" Array.rev transpose transpose

    for shape in [ [ 2; 3 ]; [ 1; 1 ]; [ 0; 4 ] ] do
        let x = Expect.ofShape shape (Expect.numbers 1 (List.fold (*) 1 shape))
        let f x = Tensor.sum (turn x * turn x * turn x)
        Expect.exactly (x.T.ToArray()) (turn x)
        Expect.near 1e-15 ((3.0 * x * x).ToArray()) (Diff.grad f x)
        Expect.near 1e-15 ((6.0 * x * x).ToArray()) (Diff.hessianv f x x)

[<Fact>]
let ``a program with a custom op allocates nothing, and runs on two threads`` () =
    let f = copy (fun _ _ ct -> [| ct |])

    let program =
        Program.compile [| DType.Float64, [| 3 |] |] [| false |] (fun x -> [| f [| x[0] * x[0] |] |])

    let run = program.CreateRun()

    let bytes =
        Allocation.least (fun () ->
            for _ in 1..100 do
                run.Execute())

    Assert.Equal(0L, bytes)
