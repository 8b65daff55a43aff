module Stackelberg.Autodiff.Tests.LinearSolveTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit
open Stackelberg.Tests

let private solver method = {
    Method = method
    Tolerance = 1e-14
    MaxIterations = 200
    WarmStart = false
}

let private methods = [
    "CG", solver LinearMethod.ConjugateGradient
    "GMRES", solver (LinearMethod.Gmres 30)
    "MINRES", solver LinearMethod.Minres
    "BiCGStab", solver LinearMethod.BiCgStab
    "LSMR", solver LinearMethod.Lsmr
    "Neumann", solver (LinearMethod.Neumann 0.3)
    "MINRES with Jacobi", solver (LinearMethod.Jacobi(LinearMethod.Minres, 3))
    "dense", solver LinearMethod.Dense
]

/// Sizes around the one from which the dense method is no longer written out, and the scalar case.
let cases = [|
    for name, _ in methods do
        for n in [ 1; 2; 5; 8; 9; 12 ] do
            TheoryDataRow<string, int>(name, n)
|]

let private solverOf name =
    methods |> List.find (fst >> (=) name) |> snd

let private factor n =
    Expect.ofShape [ n; n ] (Expect.numbers 21 (n * n))

let private start n = Tensor.ofArray (Expect.numbers 22 n)
let private weights n = Tensor.ofArray (Expect.numbers 23 n)

/// The symmetric positive definite matrix M Mᵀ / n + diag(2 + sin θ).
let private matrix (theta: Tensor) =
    let n = theta.Shape[0]
    let m = factor n

    Tensor.matmul m m.T / float n
    + Tensor.reshape [ n; 1 ] (2.0 + sin theta) * Tensor.eye n

/// Its product with a vector, by products only.
let private apply (theta: Tensor) (v: Tensor) =
    let n = theta.Shape[0]
    let m = factor n
    Tensor.matmul m (Tensor.matmul m.T v) / float n + (2.0 + sin theta) * v

let private right (theta: Tensor) = cos (2.0 * theta) + theta

let private byProducts name (theta: Tensor) =
    LinearSolve.solve (solverOf name) (apply theta) (right theta)

let private byMatrix (theta: Tensor) =
    Tensor.solve (matrix theta) (right theta)

/// Solves end at a residual of 1e-14; derivatives multiply it by the condition, about 5, twice or thrice.
let private bound = 1e-11

[<Theory; MemberData(nameof cases)>]
let ``a solve by products is the dense solve`` (name: string, n: int) =
    let theta = start n
    let expected = (byMatrix theta).ToArray()
    Expect.near bound expected (byProducts name theta)
    Expect.near bound expected (Diff.jit (byProducts name) theta)

[<Theory; MemberData(nameof cases)>]
let ``its derivatives by the right side and by captured values are the dense solve's``
    (name: string, n: int)
    =
    let theta = start n
    let expected = (Diff.jacobian byMatrix theta).ToArray()
    let loss solve theta = Tensor.sum (weights n * solve theta)
    let gradient = (Diff.grad (loss byMatrix) theta).ToArray()
    Expect.near bound expected (Diff.jacobian (byProducts name) theta)
    Expect.near bound gradient (Diff.grad (loss (byProducts name)) theta)
    Expect.near bound gradient (Diff.jit (Diff.grad (loss (byProducts name))) theta)

[<Theory; MemberData(nameof cases)>]
let ``its second derivatives are the dense solve's, in both orders of the modes`` (name: string, n: int) =
    let theta, v = start n, Tensor.ofArray (Expect.numbers 24 n)

    let loss solve theta =
        Tensor.sum (weights n * solve theta ** 2.0)

    let expected = (Diff.hessianv (loss byMatrix) theta v).ToArray()
    let f = loss (byProducts name)
    Expect.near bound expected (Diff.hessianv f theta v)
    Expect.near bound expected (Diff.grad (fun theta -> Tensor.dot (Diff.grad f theta) v) theta)
    Expect.near bound expected (Diff.grad (fun theta -> Diff.gradv f theta v) theta)
    Expect.near bound expected (Diff.jit (fun theta -> Diff.hessianv f theta v) theta)

[<Fact>]
let ``a map that is not symmetric is solved by the methods that need none, and its gradient by the transpose``
    ()
    =
    let n = 10

    let skew (theta: Tensor) =
        matrix theta + 0.5 * (factor n - (factor n).T) * Tensor.reshape [ n; 1 ] theta

    let byProducts name (theta: Tensor) =
        let a = skew theta
        LinearSolve.solve (solverOf name) (Tensor.matmul a) (right theta)

    let byMatrix (theta: Tensor) = Tensor.solve (skew theta) (right theta)
    let theta = start n
    let loss solve theta = Tensor.sum (weights n * solve theta)

    for name in [ "GMRES"; "BiCGStab"; "LSMR"; "dense" ] do
        Expect.near bound ((byMatrix theta).ToArray()) (byProducts name theta)
        let f = loss (byProducts name)
        Expect.near bound ((Diff.grad (loss byMatrix) theta).ToArray()) (Diff.grad f theta)
        let expected = (Diff.hessian (loss byMatrix) theta).ToArray()
        Expect.near bound expected (Diff.hessian f theta)

[<Fact>]
let ``the unknown has the right side's shape`` () =
    for _, solver in methods do
        let b = Expect.ofShape [ 3; 4 ] (Expect.numbers 25 12)
        let x = LinearSolve.solve solver (fun v -> 4.0 * v) b
        Expect.shape [ 3; 4 ] x
        Expect.near 1e-13 ((b / 4.0).ToArray()) x

[<Fact>]
let ``a solve inside a solve`` () =
    let n = 9
    let cg = solver LinearMethod.ConjugateGradient
    // (2 A⁻¹)⁻¹ b = A b / 2.
    let f (theta: Tensor) =
        LinearSolve.solve cg (fun v -> 2.0 * LinearSolve.solve cg (apply theta) v) (right theta)

    let expected (theta: Tensor) = apply theta (right theta) / 2.0
    let theta = start n
    Expect.near bound ((expected theta).ToArray()) (f theta)
    Expect.near bound ((expected theta).ToArray()) (Diff.jit f theta)
    let loss f theta = Tensor.sum (weights n * f theta)
    Expect.near 1e-10 ((Diff.grad (loss expected) theta).ToArray()) (Diff.grad (loss f) theta)

[<Fact>]
let ``a solve with a Hessian given by its products with vectors`` () =
    let n = 9
    // f(x) = Σ exp(x) + ½ (Σ x)², Hessian diag(exp x) + 1 1ᵀ.
    let f (x: Tensor) =
        Tensor.sum (exp x) + 0.5 * Tensor.sum x ** 2.0

    let newton (x: Tensor) =
        LinearSolve.solve (solver LinearMethod.ConjugateGradient) (Diff.hessianv f x) (Diff.grad f x)

    let dense (x: Tensor) =
        Tensor.solve (Tensor.reshape [ n; 1 ] (exp x) * Tensor.eye n + Tensor.ones [ n; n ]) (Diff.grad f x)

    let x = start n
    Expect.near bound ((dense x).ToArray()) (newton x)
    Expect.near bound ((Diff.jacobian dense x).ToArray()) (Diff.jacobian newton x)

let private compiled solver n =
    Program.compile [| DType.Float64, [| n |]; DType.Float64, [| n |] |] [| false; true |] (fun inputs -> [|
        LinearSolve.solve solver (apply inputs[0]) inputs[1]
    |])

/// The linear solves among the symbols of a function of two vectors.
let private solvesIn (f: Tensor -> Tensor -> Tensor list) =
    let trace = Trace()

    let variable () =
        Expression.variable trace DType.Float64 [| 12 |]

    Dependence.all (f (variable ()) (variable ()))
    |> Array.filter (fun t -> t.Op.Name = "linearSolve")
    |> Array.length

[<Fact>]
let ``equal solves are one, others are not`` () =
    let loss (x: Tensor) =
        Tensor.sum (exp x) + Tensor.sum (x * x) ** 2.0

    let newton name (x: Tensor) =
        LinearSolve.solve (solverOf name) (Diff.hessianv loss x) (Diff.grad loss x)

    let cg, gmres = "CG", "GMRES"
    Assert.Equal(1, solvesIn (fun x _ -> [ newton cg x; newton cg x ]))
    Assert.Equal(2, solvesIn (fun x y -> [ newton cg x; newton cg y ]))
    Assert.Equal(2, solvesIn (fun x _ -> [ newton cg x; newton gmres x ]))
    // Not entry by entry, which would be a division.
    let scaled by (v: Tensor) = by * v + Tensor.sum v

    let solve by x =
        LinearSolve.solve (solverOf cg) (scaled by) x

    let two, three = Tensor.scalar 2.0, Tensor.scalar 3.0
    Assert.Equal(2, solvesIn (fun x _ -> [ solve two x; solve three x ]))
    Assert.Equal(2, solvesIn (fun x y -> [ solve (exp x) x; solve (exp y) x ]))
    Assert.Equal(1, solvesIn (fun x _ -> [ solve two x; solve two x ]))

[<Fact>]
let ``a second derivative by reverse differentiation twice takes four solves`` () =
    let loss theta =
        Tensor.sum (weights 12 * byProducts "GMRES" theta ** 2.0)

    let twice (x: Tensor) v = [ Diff.grad (fun x -> Tensor.dot (Diff.grad loss x) v) x ]
    Assert.Equal(4, solvesIn twice)

[<Fact>]
let ``a run reports how each solve ended`` () =
    let n = 12
    let program = compiled (solver LinearMethod.ConjugateGradient) n
    let run = program.CreateRun()
    Assert.Equal(SolveStatus.NotRun, run.Solves[0].Status)
    Array.blit (Expect.numbers 22 n) 0 (run.Input 0) 0 n
    Array.blit (Expect.numbers 26 n) 0 (run.Input 1) 0 n
    run.Execute()
    let report = Assert.Single run.Solves
    Assert.Equal(SolveStatus.Converged, report.Status)
    Assert.InRange(report.Iterations, 2, 4 * n)
    Assert.True(report.Residual <= 1e-14)
    Assert.True(report.Curvature > 0.9)

[<Fact>]
let ``a solve that runs out of iterations says so`` () =
    let limited = {
        solver LinearMethod.ConjugateGradient with
            MaxIterations = 2
    }

    let run = (compiled limited 12).CreateRun()
    Array.blit (Expect.numbers 22 12) 0 (run.Input 0) 0 12
    Array.blit (Expect.numbers 26 12) 0 (run.Input 1) 0 12
    run.Execute()
    Assert.Equal(SolveStatus.OutOfIterations, run.Solves[0].Status)
    Assert.Equal(2, run.Solves[0].Iterations)

[<Fact>]
let ``conjugate gradients report negative curvature`` () =
    let program =
        Program.compile [| DType.Float64, [| 12 |] |] [| false |] (fun inputs -> [|
            LinearSolve.solve
                (solver LinearMethod.ConjugateGradient)
                (Tensor.matmul (-3.0 * Tensor.eye 12))
                inputs[0]
        |])

    let run = program.CreateRun()
    Array.fill (run.Input 0) 0 12 1.0
    run.Execute()
    Assert.Equal(SolveStatus.NegativeCurvature, run.Solves[0].Status)
    Assert.Equal(-3.0, run.Solves[0].Curvature, 12)

[<Fact>]
let ``a map that acts entry by entry is solved by one division, whatever the method`` () =
    let program =
        Program.compile
            [| DType.Float64, [| 12 |]; DType.Float64, [| 12 |] |]
            [| false; false |]
            (fun inputs -> [|
                LinearSolve.solve
                    (solver LinearMethod.ConjugateGradient)
                    (fun v -> v * exp inputs[1] + 3.0 * v)
                    inputs[0]
            |])

    let run = program.CreateRun()

    let b, c =
        Array.init 12 (fun i -> float i - 4.0), Array.init 12 (fun i -> 0.1 * float i)

    b.CopyTo(run.Input 0, 0)
    c.CopyTo(run.Input 1, 0)
    run.Execute()
    Assert.Empty run.Solves
    Assert.Equal(1, program.PrepareSteps)

    for i in 0..11 do
        Assert.Equal(b[i] / (exp c[i] + 3.0), run.Output(0)[i], 14)

[<Fact>]
let ``a warm start begins at the last answer`` () =
    let n = 12

    let warm = {
        solver LinearMethod.ConjugateGradient with
            WarmStart = true
            Tolerance = 1e-10
    }

    let run = (compiled warm n).CreateRun()
    Array.blit (Expect.numbers 22 n) 0 (run.Input 0) 0 n
    Array.blit (Expect.numbers 26 n) 0 (run.Input 1) 0 n
    run.Execute()
    let cold = run.Solves[0].Iterations
    run.Execute()
    // One product for the residual at the start, and perhaps one step because the recurrence's residual differs.
    Assert.InRange(run.Solves[0].Iterations, 1, 2)
    Assert.True(cold > 5)
    let other = Expect.numbers 27 n
    Array.blit other 0 (run.Input 1) 0 n
    run.Execute()
    let expected = Tensor.solve (matrix (start n)) (Tensor.ofArray other)
    Expect.near 1e-9 (run.Output 0) expected

[<Fact>]
let ``what does not depend on a late right side is computed once`` () =
    let program = compiled (solver LinearMethod.ConjugateGradient) 12
    Assert.True(program.PrepareSteps > 0, "sin θ is of the prepare part")
    Assert.Equal(1, program.ApplySteps)

[<Fact>]
let ``running a program with a solve in it allocates nothing`` () =
    for _, solver in methods do
        let run = (compiled solver 12).CreateRun()
        Array.blit (Expect.numbers 26 12) 0 (run.Input 1) 0 12

        // Past the runs after which scalar steps are emitted as machine code, which allocates once.
        for _ in 1..200 do
            run.Execute()

        let bytes =
            Allocation.least (fun () ->
                for _ in 1..100 do
                    run.Execute())

        Assert.Equal(0L, bytes)

[<Fact>]
let ``a map that gives another shape is refused`` () =
    for name, n, shape in [ "CG", 9, "[9]"; "dense", 3, "[3]"; "CG", 1, "[1]" ] do
        Expect.message<ArgumentException, _>
            $"LinearSolve.solve: the map gives shape [] for an argument of shape {shape}; both must be equal."
            (fun () -> LinearSolve.solve (solverOf name) Tensor.sum (Tensor.ones [ n ]))

[<Fact>]
let ``a map that is not linear is refused`` () =
    for name, n in [ "CG", 9; "GMRES", 3; "dense", 12; "dense", 3; "CG", 1 ] do
        let refused message map =
            Expect.message<ArgumentException, _> $"LinearSolve.solve: {message}" (fun () ->
                LinearSolve.solve (solverOf name) map (Tensor.ones [ n ]))

        let curved =
            "the map is not linear in its argument: its derivative depends on where it is taken."

        let shifted =
            "the map is not linear in its argument: it does not take zero to zero."

        refused curved (fun v -> v * v)
        refused curved (fun v -> sin v)
        refused shifted (fun v -> 2.0 * v + 1.0)

[<Fact>]
let ``a map that joins constant zeros to its argument is linear`` () =
    let half (v: Tensor) =
        2.0 * v + Tensor.concat 0 [ v[1..8]; Tensor.zeros [ 1 ] ]

    let x = LinearSolve.solve (solver (LinearMethod.Gmres 30)) half (Tensor.ones [ 9 ])
    Expect.near 1e-12 (Array.create 9 1.0) (half x)

[<Fact>]
let ``a right side of zero has the answer zero`` () =
    for _, solver in methods do
        Expect.exactly (Array.zeroCreate 9) (LinearSolve.solve solver (fun v -> 3.0 * v) (Tensor.zeros [ 9 ]))

[<Fact>]
let ``a solve in float32 is one to float32's precision`` () =
    let single = Tensor.cast DType.Float32

    let solver = {
        solver LinearMethod.ConjugateGradient with
            Tolerance = 1e-6
    }

    let x = LinearSolve.solve solver (fun v -> 3.0 * v) (single (start 9))
    Assert.Equal(DType.Float32, x.DType)
    Expect.near 1e-6 ((start 9 / 3.0).ToArray()) x
