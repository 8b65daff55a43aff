module Stackelberg.Autodiff.Tests.UnrollingTests

open Stackelberg
open Stackelberg.Kernels
open Xunit

let private matrix rows columns seed =
    Tensor.ofArray2D (
        Array2D.init rows columns (fun i j -> sin (float (seed + 1) * float (i * columns + j + 1)))
    )

let private compile (inputs: Tensor list) f =
    let shapes = [| for t in inputs -> t.DType, t.Shape |]
    Program.compile shapes (Array.create shapes.Length false) f

let private steps (program: Program) =
    program.PrepareSteps + program.ApplySteps

/// Runs often enough that the interpreted step becomes an emitted one; both must give the eager numbers.
let private agreesWithEager (inputs: Tensor list) (f: Tensor[] -> Tensor[]) =
    let expected = f (Array.ofList inputs)
    let program = compile inputs f
    Assert.Equal(1, steps program)
    let run = program.CreateRun()
    inputs |> List.iteri (fun i t -> t.ToArray().CopyTo(run.Input i, 0))

    for _ in 1..100 do
        run.Execute()

        expected
        |> Array.iteri (fun i t -> Expect.closeTo 1e-14 (t.ToArray()) (run.Output i))

[<Fact>]
let ``a program of small matrices is one step`` () =
    agreesWithEager [ matrix 3 2 0; matrix 2 3 1 ] (fun x -> [|
        Tensor.matmul x[0] x[1] + Tensor.matmul x[1].T x[0].T
        tanh x[0] * 2.0
    |])

[<Fact>]
let ``views, sums, broadcasts, slices and concatenations are taken apart`` () =
    agreesWithEager [ matrix 3 2 0; matrix 2 3 1 ] (fun x -> [|
        Tensor.sumAxis 0 x[0]
        Tensor.sumAxis 1 x[0] * 3.0 + x[1][0]
        Tensor.concat 1 [ x[0]; x[1].T ] |> Tensor.slice 1 1 2
        Tensor.concat 0 [ x[0]; Tensor.ones [ 1; 2 ] ]
        x[1].T - x[0][1]
        Tensor.reshape [ 6 ] x[1].T
        Tensor.sum x[0]
        Tensor.pad 1 2 1 x[1] * 2.0
        Tensor.pad 0 0 1 x[1].T
    |])

[<Fact>]
let ``an output that is an input, twice, is copied`` () =
    agreesWithEager [ matrix 2 2 0 ] (fun x -> [| x[0]; x[0] + 1.0; x[0].T |])

[<Fact>]
let ``constants are read, arrays and single numbers`` () =
    let table = matrix 3 3 5
    agreesWithEager [ matrix 3 3 0 ] (fun x -> [| Tensor.matmul table x[0] - 2.0 * table.T; table |])

[<Fact>]
let ``large programs keep their kernels`` () =
    let program =
        compile [ matrix 20 20 0 ] (fun x -> [| Tensor.matmul x[0] x[0] + x[0] |])

    Assert.Equal(2, steps program)
    Assert.Equal(1, steps (compile [ matrix 100 100 0 ] (fun x -> [| tanh x[0] |])))

[<Fact>]
let ``single precision is taken apart as well`` () =
    let input = Tensor.cast DType.Float32 (matrix 2 2 0)
    let f (x: Tensor[]) = [| Tensor.matmul x[0] x[0].T |]
    let program = compile [ input ] f
    Assert.Equal(1, steps program)
    let expected, found = f [| input |], program.Call [| input |]
    Expect.closeTo 0.0 (expected[0].ToArray()) (found[0].ToArray())
