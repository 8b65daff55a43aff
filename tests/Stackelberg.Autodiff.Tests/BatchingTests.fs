module Stackelberg.Autodiff.Tests.BatchingTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private cases = OpCases.all |> Seq.map (fun case -> case.Name, case) |> dict
let names = TheoryData<string>(cases.Keys)

let private near (expected: Tensor) (found: Tensor) =
    Assert.Equal<int[]>(expected.Shape, found.Shape)

    let scale =
        Array.fold (fun most value -> max most (abs value)) 1.0 (expected.ToArray())

    Array.iter2
        (fun (e: float) f -> Assert.InRange(f, e - 1e-12 * scale, e + 1e-12 * scale))
        (expected.ToArray())
        (found.ToArray())

/// Three points near the case's own, inside its domain.
let private points (case: OpCase) =
    [| 1.0; 0.9; 0.83 |]
    |> Array.map (fun factor -> Tensor.ofArray (Array.map ((*) factor) case.Point))

let private oneByOne f (points: Tensor[]) = Tensor.stack 0 (Array.map f points)

/// A batch gives what its entries give one by one, eagerly and compiled.
let private agrees (f: Tensor -> Tensor) (points: Tensor[]) =
    let batch = Tensor.stack 0 points
    let expected = oneByOne f points
    near expected (Diff.vmap f batch)
    near expected (Diff.jit (Diff.vmap f) batch)

[<Theory; MemberData(nameof names)>]
let ``a batch of an op's arguments gives its values one by one`` (name: string) =
    agrees cases[name].Apply (points cases[name])

[<Theory; MemberData(nameof names)>]
let ``a derivative taken for each entry of a batch is the entry's`` (name: string) =
    let case = cases[name]
    agrees (Diff.grad (fun x -> Tensor.sum (case.Apply x * case.Apply x))) (points case)

[<Theory; MemberData(nameof names)>]
let ``a second derivative taken for each entry of a batch is the entry's`` (name: string) =
    let case = cases[name]
    let v = Tensor.ofArray (Expect.numbers 7 case.Point.Length)
    agrees (fun x -> Diff.hessianv (fun x -> Tensor.sum (case.Apply x * case.Apply x)) x v) (points case)

[<Theory; MemberData(nameof names)>]
let ``the derivative of a batch is the batch of the derivatives`` (name: string) =
    let case = cases[name]
    let batch = Tensor.stack 0 (points case)

    let square x =
        Tensor.sum (case.Apply x * case.Apply x)

    near
        (Diff.vmap (Diff.grad square) batch)
        (Diff.grad (fun batch -> Tensor.sum (Diff.vmap square batch)) batch)

[<Fact>]
let ``a batch of batches is both`` () =
    let x = Tensor.ofArray (Expect.numbers 3 24) |> Tensor.reshape [ 2; 3; 4 ]
    let f v = Tensor.sum (exp v) * v
    let expected = Tensor.stack 0 [ Diff.vmap f x[0]; Diff.vmap f x[1] ]
    near expected (Diff.vmap (Diff.vmap f) x)

[<Fact>]
let ``values from outside are the same for every entry, and derivatives flow to them`` () =
    let x = Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ]; [ 5.0; 6.0 ] ])

    let loss w =
        Tensor.sum (Diff.vmap (fun v -> Tensor.dot (w * w) v) x)

    near (Tensor.ofList [ 2.0 * 0.5 * 9.0; 2.0 * -1.5 * 12.0 ]) (Diff.grad loss (Tensor.ofList [ 0.5; -1.5 ]))

[<Fact>]
let ``a function that ignores its argument gives its value for every entry`` () =
    near (Tensor.full [ 3; 2 ] 7.0) (Diff.vmap (fun _ -> Tensor.full [ 2 ] 7.0) (Tensor.zeros [ 3; 5 ]))

[<Fact>]
let ``systems solved for each entry of a batch are solved together`` () =
    let matrix (x: Tensor) (v: Tensor) =
        Tensor.matmul (Tensor.outer x x) v + 2.0 * v + 0.1 * Tensor.sum v

    // A diagonal that is given for one system repeats along the batch.
    let diagonal = Array.init 10 (fun i -> 2.0 + float i)

    for method in
        [
            LinearMethod.ConjugateGradient
            LinearMethod.Gmres 12
            LinearMethod.Dense
            LinearMethod.Minres
            LinearMethod.Lsmr
            LinearMethod.Preconditioned(LinearMethod.BiCgStab, System.ReadOnlySpan diagonal)
        ] do
        let solver = {
            Method = method
            Tolerance = 1e-14
            MaxIterations = 400
            WarmStart = false
        }

        let solution x =
            LinearSolve.solve solver (matrix x) (exp x)

        let points = Array.init 3 (fun k -> Tensor.ofArray (Expect.numbers (k + 1) 10))

        let close (expected: Tensor) (found: Tensor) =
            Assert.True(float (Tensor.max (abs (expected - found))) < 1e-9)

        close (oneByOne solution points) (Diff.vmap solution (Tensor.stack 0 points))
        let loss x = Tensor.sum (solution x * x)
        close (oneByOne (Diff.grad loss) points) (Diff.vmap (Diff.grad loss) (Tensor.stack 0 points))

[<Fact>]
let ``a network's images and weights may both be batched`` () =
    let w =
        Tensor.ofArray (Expect.numbers 5 (3 * 3 * 2 * 4))
        |> Tensor.reshape [ 3; 3; 2; 4 ]

    let images =
        Tensor.ofArray (Expect.numbers 6 (3 * 2 * 5 * 5 * 2))
        |> Tensor.reshape [ 3; 2; 5; 5; 2 ]

    let net w x =
        Layer.averagePool2d 2 2 0 (Layer.maxPool2d 2 1 0 (Layer.conv2d 1 1 w x))

    near (Tensor.stack 0 [ for i in 0..2 -> net w images[i] ]) (Diff.vmap (net w) images)
    let weights = Tensor.stack 0 [ w; 2.0 * w; -w ]

    near
        (Tensor.stack 0 [ for i in 0..2 -> net weights[i] images[0] ])
        (Diff.vmap (fun w -> net w images[0]) weights)

    let loss w =
        Tensor.sum (exp (0.01 * net w images[0]))

    near (Tensor.stack 0 [ for i in 0..2 -> Diff.grad loss weights[i] ]) (Diff.vmap (Diff.grad loss) weights)

[<Fact>]
let ``a scalar is no batch`` () =
    let error =
        Assert.Throws<ArgumentException>(fun () -> Diff.vmap exp (Tensor.scalar 1.0) |> ignore)

    Assert.Contains("Diff.vmap: the batch is a scalar []", error.Message)

let private stepsOf shape f =
    let program =
        Program.compile [| DType.Float64, shape |] [| false |] (fun inputs -> [| f inputs[0] |])

    program.PrepareSteps + program.ApplySteps

[<Fact>]
let ``a batched program has as many steps as that of one entry`` () =
    let torus (x: Tensor) =
        let f1 (x: Tensor) = -cos(x[0] - 0.4) + cos (x[0] - x[1])

        let f2 (x: Tensor) =
            -1.3 * cos (x[1] - 0.4) + cos (x[1] - x[0])

        let h = Diff.hessian f2 x
        let g1, g2 = Diff.grad f1 x, Diff.grad f2 x
        Tensor.stack 0 [ g1[0] - h[0, 1] / h[1, 1] * g1[1]; g2[1] ]

    Assert.Equal(1, stepsOf [| 2 |] torus)
    Assert.Equal(1, stepsOf [| 1000; 2 |] (Diff.vmap torus))
    let w = Tensor.ofArray (Expect.numbers 5 24) |> Tensor.reshape [ 4; 6 ]

    let network (x: Tensor) =
        Tensor.sum (tanh (Tensor.matmul x w + 0.5))

    let one, many =
        stepsOf [| 5; 4 |] network, stepsOf [| 50; 5; 4 |] (Diff.vmap network)

    Assert.Equal(one, many)

[<Fact>]
let ``a Jacobian by batches has the columns that single products give`` () =
    let check rows columns =
        let a =
            Tensor.ofArray (Expect.numbers 8 (rows * columns))
            |> Tensor.reshape [ rows; columns ]

        let f (x: Tensor) =
            sin (Tensor.matmul a x) * Tensor.sum (x * x)

        let x = Tensor.ofArray (Expect.numbers 9 columns) * 0.1
        let jacobian = Diff.jacobian f x
        Assert.Equal<int[]>([| rows; columns |], jacobian.Shape)

        for k in [ 0; columns / 2; columns - 1 ] do
            let direction =
                Tensor.ofArray (Array.init columns (fun i -> if i = k then 1.0 else 0.0))

            near (Diff.jacobianv f x direction) (Tensor.slice 1 k 1 jacobian |> Tensor.flatten)

    check 12 10
    check 10 30
    // More entries than one batch holds.
    check 1000 700

[<Fact>]
let ``a Hessian by batches is the same inside a compiled function`` () =
    let a = Tensor.ofArray (Expect.numbers 4 400) |> Tensor.reshape [ 20; 20 ]

    let f x =
        Tensor.sum (tanh (Tensor.matmul a x)) + Tensor.sum (x * x * x)

    let x = Tensor.ofArray (Expect.numbers 5 20)
    let hessian = Diff.hessian f x
    near hessian hessian.T
    near hessian (Diff.jit (Diff.hessian f) x)
