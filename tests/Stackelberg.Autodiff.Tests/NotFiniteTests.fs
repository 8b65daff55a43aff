module Stackelberg.Autodiff.Tests.NotFiniteTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private find shapes (inputs: float[][]) f =
    let inputTypes = shapes |> Array.map (fun shape -> DType.Float64, shape)

    let run =
        (Program.compile inputTypes (Array.map (fun _ -> false) inputTypes) f).CreateRun()

    inputs |> Array.iteri (fun i values -> values.CopyTo(run.Input i, 0))
    run.Execute()
    run.FirstNotFinite()

[<Fact>]
let ``a finite run has no such op`` () =
    Assert.Null(find [| [| 2 |] |] [| [| 1.0; 2.0 |] |] (fun x -> [| log x[0] |]))

[<Fact>]
let ``the first op that made a number that is not finite is named, with its entry, its arguments and its way``
    ()
    =
    let found =
        find [| [| 2; 2 |] |] [| [| 1.0; 4.0; 3.0; 0.0 |] |] (fun x -> [|
            x[0] + 1.0
            Tensor.sum (2.0 * log (x[0] * 0.5))
        |])

    Assert.Equal("log", found.Op)
    Assert.Equal<int>([| 2; 2 |], found.Shape)
    Assert.Equal<int>([| 1; 1 |], found.Entry)
    Assert.Equal(Double.NegativeInfinity, found.Value)
    Assert.Equal<float>([| 0.0 |], found.Arguments)
    Assert.Equal(-1, found.Input)
    Assert.Equal<string>([| "multiply"; "sum" |], found.Path)
    Assert.Equal(1, found.Output)

    Assert.Equal(
        "log made -Infinity of 0 in entry [1; 1] of shape [2; 2], which reached result 1 through multiply, sum",
        found.ToString()
    )

[<Fact>]
let ``a number that a choice threw away is not blamed`` () =
    let found =
        find [| [||] |] [| [| -1.0 |] |] (fun x -> [|
            let safe = Tensor.where (Tensor.less x[0] (Tensor.scalar 0.0)) x[0] (log x[0])
            sqrt (safe * 1.0)
        |])

    Assert.Equal("sqrt", found.Op)
    Assert.True(Double.IsNaN found.Value)

[<Fact>]
let ``an input that is not finite is named as an input`` () =
    let found =
        find [| [||]; [| 2 |] |] [| [| 1.0 |]; [| 1.0; nan |] |] (fun x -> [| x[0] * Tensor.sum x[1] |])

    Assert.Equal(1, found.Input)
    Assert.Equal<int>([| 1 |], found.Entry)

    Assert.Equal(
        "input 1 holds NaN in entry [1] of shape [2], which reached result 0 through sum, multiply",
        found.ToString()
    )

[<Fact>]
let ``a derivative's op is found, and so are a user's own and a singular solve`` () =
    let slope =
        find [| [||] |] [| [| 0.0 |] |] (fun x -> [| Diff.diff (fun x -> sqrt x) x[0] |])

    Assert.Equal("divide", slope.Op)
    let broken = CustomOp.elementwise "broken" (fun _ -> nan) id
    Assert.Equal("broken", (find [| [||] |] [| [| 1.0 |] |] (fun x -> [| broken x[0] |])).Op)

    let solve =
        find [| [| 2; 2 |] |] [| [| 1.0; 1.0; 1.0; 1.0 |] |] (fun x -> [|
            Tensor.solve x[0] (Tensor.ofList [ 1.0; 2.0 ])
        |])

    Assert.Equal("solve", solve.Op)

[<Fact>]
let ``a function is searched at a point`` () =
    let found = Diff.firstNotFinite (Diff.diff sqrt) (Tensor.scalar 0.0)
    Assert.StartsWith("divide made Infinity of 1, 0 in a scalar", string found)
    Assert.Null(Diff.firstNotFinite (Diff.diff sqrt) (Tensor.scalar 1.0))

    Assert.Throws<InvalidOperationException>(fun () ->
        Diff.diff
            (fun x ->
                Diff.firstNotFinite sin x |> ignore
                x)
            (Tensor.scalar 1.0)
        |> ignore)
    |> ignore

[<Fact>]
let ``an op is named after the user's function, also in its derivatives`` () =
    let inner = Diff.named "inner" (fun x -> log (x - 1.0))
    let outer = Diff.named "outer" (fun x -> 2.0 * inner (x * x) + sqrt x)
    let one, zero = Tensor.scalar 1.0, Tensor.scalar 0.0
    let found f at : NotFinite = Diff.firstNotFinite f at
    Assert.Equal("outer, inner", (found outer one).Function)
    Assert.Equal("outer, inner", (found (Diff.diff outer) one).Function)
    Assert.Equal("outer, inner", (found (fun x -> Diff.hessianv outer x one) one).Function)
    Assert.Equal("outer", (found (Diff.named "outer" (fun x -> Diff.diff sqrt x)) zero).Function)
    Assert.Equal("", (found (fun x -> log x + outer (x + 5.0)) zero).Function)

    let other = found (Diff.vmap (Diff.named "entry" log)) (Tensor.zeros [ 2 ])
    Assert.StartsWith("log in entry made -Infinity of 0 in entry [0] of shape [2]", string other)

[<Fact>]
let ``an error inside a named function does not leave its name behind`` () =
    let failing = Diff.named "failing" (fun x -> Tensor.reshape [ 7 ] x)

    Assert.Throws<ArgumentException>(fun () -> Diff.grad failing (Tensor.scalar 1.0) |> ignore)
    |> ignore

    Assert.Equal("", (Diff.firstNotFinite log (Tensor.scalar 0.0)).Function)

[<Fact>]
let ``programs that share what was compiled keep their own names`` () =
    let find name =
        let run =
            (Program.compile [| DType.Float64, [||] |] [| false |] (fun x -> [|
                Diff.named name (fun x -> log (x * 0.28125)) x[0]
            |]))
                .CreateRun()

        run.FirstNotFinite().Function

    Assert.Equal("first", find "first")
    Assert.Equal("second", find "second")

[<Fact>]
let ``of a loop the step is named, and the op inside of it`` () =
    let shrink = Diff.named "shrink" (fun s -> sqrt (s - 0.3))
    let f x = Tensor.sum (Loop.scan 14 shrink x)
    let found = Diff.firstNotFinite f (Tensor.ofList [ 1.0; 2.0 ])
    Assert.Equal("sqrt", found.Op)
    Assert.Equal("shrink", found.Function)
    Assert.Equal<int[]>([| 0 |], found.Entry)
    Assert.Equal<string[]>([| "step 9 of scan"; "sum" |], found.Path)
    Assert.Null(Diff.firstNotFinite (fun x -> Tensor.sum (Loop.scan 5 shrink x)) (Tensor.ofList [ 1.0; 2.0 ]))

    let log x =
        Loop.until (fun s -> Tensor.less s (Tensor.scalar -1.0)) 20 log x

    let found = Diff.firstNotFinite log (Tensor.scalar 2.0)
    Assert.Equal("log", found.Op)
    Assert.Equal("step 2 of until", found.Path[0])
