module Stackelberg.Autodiff.Tests.PositiveDefiniteTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private tensor seed (shape: int list) =
    Expect.numbers seed (List.fold (*) 1 shape)
    |> Tensor.ofArray
    |> Tensor.reshape shape

/// Well conditioned: B Bᵀ plus a multiple of the identity.
let private matrix seed n =
    let b = tensor seed [ n; n ]
    Tensor.matmul b b.T + 2.0 * Tensor.eye n

[<Fact>]
let ``the factor is lower triangular and its square the matrix`` () =
    for n in [ 1; 2; 5; 20 ] do
        let a = matrix n n
        let l = PositiveDefinite.cholesky a
        Expect.near 1e-13 (a.ToArray()) (Tensor.matmul l l.T)

        for i in 0 .. n - 1 do
            for j in i + 1 .. n - 1 do
                Assert.Equal(0.0, float l[i, j])

    Expect.near
        0.0
        [ 2.0; 0.0; 1.0; 3.0 ]
        (PositiveDefinite.cholesky (Tensor.ofArray2D (array2D [ [ 4.0; 2.0 ]; [ 2.0; 10.0 ] ])))

[<Fact>]
let ``solutions are those of the general solve, for a vector, for columns and for a batch`` () =
    let a, b, c = matrix 1 6, tensor 2 [ 6; 3 ], tensor 3 [ 6 ]
    Expect.near 1e-12 ((Tensor.solve a b).ToArray()) (PositiveDefinite.solve a b)
    Expect.near 1e-12 ((Tensor.solve a c).ToArray()) (PositiveDefinite.solve a c)

    let batchA, batchB =
        Tensor.stack 0 [ a; matrix 4 6 ], Tensor.stack 0 [ b; tensor 5 [ 6; 3 ] ]

    Expect.near 1e-12 ((Tensor.solve batchA batchB).ToArray()) (PositiveDefinite.solve batchA batchB)
    let l = PositiveDefinite.cholesky a

    Expect.near 1e-12 ((Tensor.solve l b).ToArray()) (PositiveDefinite.lowerSolve l b)

[<Fact>]
let ``the log-determinant has gradient inverse, and Hessian minus inverse V inverse`` () =
    let a = matrix 1 5
    let inverse = Tensor.solve a (Tensor.eye 5)
    Expect.near 1e-12 (inverse.ToArray()) (Diff.grad PositiveDefinite.logDeterminant a)
    let v = tensor 2 [ 5; 5 ]
    let symmetric = (v + v.T) / 2.0
    let bend = -(Tensor.matmul inverse (Tensor.matmul symmetric inverse))
    Expect.near 1e-12 (bend.ToArray()) (Diff.hessianv PositiveDefinite.logDeterminant a v)

    Expect.near
        1e-12
        (bend.ToArray())
        (Diff.jit (fun a -> Diff.hessianv PositiveDefinite.logDeterminant a v) a)
    // diag(2, 3) and diag(1, 5).
    let batch =
        Tensor.ofList [ 2.0; 0.0; 0.0; 3.0; 1.0; 0.0; 0.0; 5.0 ]
        |> Tensor.reshape [ 2; 2; 2 ]

    Expect.near 1e-15 [ log 6.0; log 5.0 ] (PositiveDefinite.logDeterminant batch)

/// Derivatives of ⟨u, f x⟩ in every order of modes, against central differences.
let private derivatives (f: Tensor -> Tensor) (u: Tensor) (x: Tensor) =
    let n = Array.fold (*) 1 x.Shape
    let shape = List.ofArray x.Shape
    let v, t = tensor 31 shape, tensor 32 shape
    let g x = Tensor.sum (u * f x)
    let h = 1e-5
    let slope = (float (g (x + h * v)) - float (g (x - h * v))) / (2.0 * h)
    let found = float (Tensor.sum (Diff.grad g x * v))
    Assert.InRange(found, slope - 1e-8, slope + 1e-8)
    Expect.near 1e-13 [ found ] (Diff.gradv g x v)
    let bend = (Diff.grad g (x + h * v) - Diff.grad g (x - h * v)) / (2.0 * h)
    let forwardOverReverse = Diff.hessianv g x v
    Expect.near 1e-7 (bend.ToArray()) forwardOverReverse
    let reverseOverReverse = Diff.grad (fun x -> Tensor.sum (Diff.grad g x * v)) x
    let reverseOverForward = Diff.grad (fun x -> Diff.gradv g x v) x
    Expect.near 1e-11 (forwardOverReverse.ToArray()) reverseOverReverse
    Expect.near 1e-11 (forwardOverReverse.ToArray()) reverseOverForward
    let along = Diff.gradv (fun x -> Diff.gradv g x v) x t
    Expect.near 1e-11 [ float (Tensor.sum (forwardOverReverse * t)) ] along
    Assert.Equal(n, forwardOverReverse.ToArray().Length)

[<Fact>]
let ``the factor has the derivatives of differences, to second order`` () =
    derivatives PositiveDefinite.cholesky (tensor 7 [ 4; 4 ]) (matrix 8 4)

[<Fact>]
let ``a solution has the derivatives of differences, by matrix and by right side`` () =
    let a, b, u = matrix 8 4, tensor 9 [ 4; 2 ], tensor 10 [ 4; 2 ]
    derivatives (fun a -> PositiveDefinite.solve a b) u a
    derivatives (fun b -> PositiveDefinite.solve a b) u b
    let l = PositiveDefinite.cholesky a
    derivatives (fun l -> PositiveDefinite.lowerSolve l (b * Tensor.sum l)) u l

[<Fact>]
let ``a batch has the derivatives of its matrices`` () =
    let a = Tensor.stack 0 [ matrix 1 3; matrix 2 3 ]
    derivatives PositiveDefinite.logDeterminant (tensor 3 [ 2 ]) a

[<Fact>]
let ``a matrix that is not positive definite gives NaN`` () =
    let a = Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 2.0; 1.0 ] ])
    Assert.True(Double.IsNaN(float (PositiveDefinite.logDeterminant a)))
    Assert.All((PositiveDefinite.cholesky a).ToArray(), fun value -> Assert.True(Double.IsNaN value))

[<Fact>]
let ``a matrix that is not positive definite is reported as a breakdown`` () =
    let program =
        Program.compile [| DType.Float64, [| 2; 2 |] |] [| false |] (fun a -> [|
            PositiveDefinite.solve a[0] (Tensor.ofList [ 1.0; 2.0 ])
        |])

    let run = program.CreateRun()

    let status values =
        Array.blit values 0 (run.Input 0) 0 4
        run.Execute()
        run.Solves[0].Status

    Assert.Equal(SolveStatus.Converged, status [| 2.0; 1.0; 1.0; 2.0 |])
    Assert.Equal(SolveStatus.Breakdown, status [| 1.0; 2.0; 2.0; 1.0 |])

[<Fact>]
let ``the index of the largest entry has derivative zero`` () =
    let t = Tensor.ofList [ 1.0; 5.0; 5.0; 2.0; nan; 9.0 ] |> Tensor.reshape [ 2; 3 ]
    Expect.near 0.0 [ 1.0; 1.0 ] (Tensor.argMax 1 t)
    Expect.near 0.0 [ 1.0; 1.0; 1.0 ] (Tensor.argMax 0 t)
    let f t = Tensor.sum (t * t + Tensor.argMax 0 t)
    Expect.near 0.0 [ 2.0; 4.0 ] (Diff.grad f (Tensor.ofList [ 1.0; 2.0 ]))

[<Fact>]
let ``shapes that do not fit are named in the error`` () =
    let refused (action: unit -> Tensor) =
        Assert.Throws<ArgumentException>(fun () -> action () |> ignore).Message

    Assert.Contains("[2; 3]", refused (fun () -> PositiveDefinite.cholesky (Tensor.zeros [ 2; 3 ])))
    Assert.Contains("[4]", refused (fun () -> PositiveDefinite.solve (Tensor.eye 3) (Tensor.zeros [ 4 ])))
    Assert.Contains("[0; 2]", refused (fun () -> Tensor.argMax 0 (Tensor.zeros [ 0; 2 ])))
