/// Each system of a batch ends on its own, and no answer of a solve that failed is handed out without a word.
module Stackelberg.Autodiff.Tests.SolveOutcomeTests

open System
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Kernels
open Xunit

let private solver method = {
    Method = method
    Tolerance = 1e-12
    MaxIterations = 2000
    WarmStart = false
}

let private methods = [
    "auto", solver null
    "dense", solver LinearMethod.Dense
    "cg", solver LinearMethod.ConjugateGradient
    "minres", solver LinearMethod.Minres
    "gmres", solver (LinearMethod.Gmres 50)
    "bicgstab", solver LinearMethod.BiCgStab
    "lsmr", solver LinearMethod.Lsmr
    "neumann", solver (LinearMethod.Neumann 0.1)
    "jacobi", solver (LinearMethod.Jacobi(LinearMethod.ConjugateGradient, 3))
    "in turn", solver (LinearMethod.InTurn(LinearMethod.ConjugateGradient, LinearMethod.Minres))
]

let cases = [|
    for name, _ in methods do
        for n in [ 9; 30 ] do
            TheoryDataRow<string, int>(name, n)
|]

let private ofName name =
    methods |> List.find (fst >> (=) name) |> snd

/// Symmetric positive definite, shifted so that the condition differs from entry to entry.
let private matrix seed n shift =
    let m = Tensor.reshape [ n; n ] (Tensor.randn seed [ n * n ])
    Tensor.matmul m m.T / float n + shift * Tensor.eye n

let private scales = [ 1.0; 1e-6; 1e-12; 1e6; 1e-200 ]

let private rights n =
    scales
    |> List.mapi (fun k scale -> scale * Tensor.randn (uint64 (40 + k)) [ n ])

let private rowsOf (t: Tensor) =
    let width = Shape.count t.Shape[1..]
    t.ToArray() |> Array.chunkBySize width

let private apart (expected: float[]) (found: float[]) =
    let size = expected |> Array.fold (fun most value -> max most (abs value)) 0.0
    Array.map2 (fun e f -> abs (e / size - f / size)) expected found |> Array.max

[<Theory; MemberData(nameof cases)>]
let ``an entry of a batch is solved as it is alone`` (name: string, n: int) =
    let a = matrix 1UL n 0.5

    let one (b: Tensor) =
        LinearSolve.solve (ofName name) (fun v -> Tensor.matmul a v) b

    let alone = rights n |> List.map one
    let together = Diff.vmap one (Tensor.stack 0 (rights n)) |> rowsOf
    let compiled = Diff.jit (Diff.vmap one) (Tensor.stack 0 (rights n)) |> rowsOf

    for k in 0 .. scales.Length - 1 do
        Assert.InRange(apart (alone[k].ToArray()) together[k], 0.0, 1e-11)
        Assert.InRange(apart (alone[k].ToArray()) compiled[k], 0.0, 1e-11)

[<Theory; MemberData(nameof cases)>]
let ``entries with matrices of their own end on their own, and report it`` (name: string, n: int) =
    let shifts = [ 1.0; 0.6; 2.0; 0.5; 1.0 ]
    let matrices = shifts |> List.mapi (fun k shift -> matrix (uint64 (20 + k)) n shift)

    let inputs = [| DType.Float64, [| 5; n; n |]; DType.Float64, [| 5; n |] |]

    let one (row: Tensor) =
        LinearSolve.solve
            (ofName name)
            (fun v -> Tensor.matmul (Tensor.reshape [ n; n ] row[.. n * n - 1]) v)
            row[n * n ..]

    let program =
        Program.compile inputs [| false; false |] (fun args ->
            let rows = Tensor.concat 1 [ Tensor.reshape [ 5; n * n ] args[0]; args[1] ]
            [| Diff.vmap one rows |])

    let run = program.CreateRun()
    (Tensor.stack 0 matrices).ToArray().CopyTo(run.Input 0, 0)
    (Tensor.stack 0 (rights n)).ToArray().CopyTo(run.Input 1, 0)
    run.Execute()
    Assert.Equal(5, run.Solves.Length)
    let found = run.Output 0 |> Array.chunkBySize n

    for k in 0..4 do
        let b = (rights n)[k]

        let single =
            Program.compile
                [| DType.Float64, [| n; n |]; DType.Float64, [| n |] |]
                [| false; false |]
                (fun args -> [| LinearSolve.solve (ofName name) (fun v -> Tensor.matmul args[0] v) args[1] |])

        let alone = single.CreateRun()
        (matrices[k]).ToArray().CopyTo(alone.Input 0, 0)
        b.ToArray().CopyTo(alone.Input 1, 0)
        alone.Execute()
        Assert.Equal(alone.Solves[0].Status, run.Solves[k].Status)
        Assert.Equal(alone.Solves[0].Iterations, run.Solves[k].Iterations)
        Assert.InRange(apart (alone.Output 0) found[k], 0.0, 1e-11)

/// A quadratic in the solution of a system that depends on θ, through products only.
let private loss name (theta: Tensor) =
    let n = theta.Shape[0]
    let a = matrix 3UL n 1.0

    let x =
        LinearSolve.solve (ofName name) (fun v -> Tensor.matmul a v + (2.0 + sin theta) * v) (cos theta)

    Tensor.sum (x * x)

[<Theory; MemberData(nameof cases)>]
let ``derivatives of a batch are those of its entries, to second order and in both modes``
    (name: string, n: int)
    =
    let thetas =
        Tensor.stack 0 [ for k in 0..2 -> Tensor.randn (uint64 (50 + k)) [ n ] ]

    let rows = thetas |> rowsOf |> Array.map Tensor.ofArray

    let near expected found =
        Assert.InRange(apart expected found, 0.0, 1e-9)

    let each f =
        rows |> Array.collect (fun row -> (f row: Tensor).ToArray())

    let batched = Diff.vmap (loss name)
    near (each (loss name)) ((batched thetas).ToArray())
    // Reverse through the batch, reverse inside it, and forward through it.
    let gradient = each (Diff.grad (loss name))
    near gradient ((Diff.grad (fun t -> Tensor.sum (batched t)) thetas).ToArray())
    near gradient ((Diff.vmap (Diff.grad (loss name)) thetas).ToArray())
    let direction = Tensor.randn 60UL [ 3; n ]

    let slopes =
        Array.init 3 (fun k -> (Diff.gradv (loss name) rows[k] direction[k]).ToDouble())

    near slopes ((Diff.jvp batched thetas direction |> snd).ToArray())
    // Second derivatives by reverse over reverse of the batch.
    let curved =
        Array.init 3 (fun k -> (Diff.hessianv (loss name) rows[k] direction[k]).ToArray())
        |> Array.concat

    near curved ((Diff.hessianv (fun t -> Tensor.sum (batched t)) thetas direction).ToArray())
    // A batch of batches, with values that are shared by the inner entries and with values that are not.
    let twice = Tensor.stack 0 [ thetas; 0.5 * thetas ]

    let inner (t: Tensor) =
        Diff.vmap (fun (row: Tensor) -> loss name (row + 0.1 * Tensor.sum t)) t

    let separately = [| for k in 0..1 -> (inner twice[k]).ToArray() |] |> Array.concat
    near separately ((Diff.vmap inner twice).ToArray())

[<Fact>]
let ``the gradient by a value that all entries share is the sum of theirs`` () =
    let n = 10
    let b = Tensor.stack 0 [ for k in 0..3 -> Tensor.randn (uint64 (70 + k)) [ n ] ]
    let a = matrix 4UL n 1.0

    let total (s: Tensor) =
        Diff.vmap (fun b -> LinearSolve.solve (ofName "cg") (fun v -> Tensor.matmul a v + s * v) b) b
        |> Tensor.sum

    let byHand (s: Tensor) =
        Tensor.sum (Tensor.solve (a + s * Tensor.eye n) b.T)

    let s = Tensor.scalar 0.3

    let near (expected: Tensor) (found: Tensor) =
        Assert.Equal(expected.ToDouble(), found.ToDouble(), 1e-10)

    near (byHand s) (total s)
    near (Diff.grad byHand s) (Diff.grad total s)
    near (Diff.diff byHand s) (Diff.diff total s)
    near (Diff.diffn 2 byHand s) (Diff.diffn 2 total s)

[<Fact>]
let ``warm entries of a batch each start from their own last answer, without allocating`` () =
    let n = 12
    let a = matrix 5UL n 1.0

    let warm = {
        ofName "cg" with
            WarmStart = true
            Tolerance = 1e-9
    }

    let program =
        Program.compile [| DType.Float64, [| 4; n |] |] [| false |] (fun args -> [|
            Diff.vmap (fun b -> LinearSolve.solve warm (fun v -> Tensor.matmul a v) b) args[0]
        |])

    let run = program.CreateRun()
    (Tensor.randn 80UL [ 4; n ]).ToArray().CopyTo(run.Input 0, 0)
    run.Execute()
    let cold = run.Solves |> Array.map _.Iterations
    run.Execute()
    Array.iteri (fun k (report: SolveReport) -> Assert.True(report.Iterations < cold[k] / 2)) run.Solves
    Assert.Equal(4 * n, run.StateLength)

    for _ in 1..200 do
        run.Execute()

    let before = GC.GetAllocatedBytesForCurrentThread()

    for _ in 1..100 do
        run.Execute()

    Assert.Equal(0L, GC.GetAllocatedBytesForCurrentThread() - before)

/// Random systems: what is solved fulfils its equations, whatever the scale; the default never fails on a regular one.
let private holds (seed: int) =
    let random = Random seed
    let n = 9 + random.Next 20

    let noise count =
        Array.init count (fun _ -> 2.0 * random.NextDouble() - 1.0)

    let m = Tensor.reshape [ n; n ] (Tensor.ofArray (noise (n * n)))

    let diagonal =
        Array.init n (fun _ -> (if random.Next 3 = 0 then -1.0 else 1.0) * (4.0 + random.NextDouble()))

    let a =
        match random.Next 3 with
        | 0 -> Tensor.matmul m m.T / float n + Tensor.eye n
        | 1 ->
            (m + m.T) / float n
            + Tensor.reshape [ n; 1 ] (Tensor.ofArray diagonal) * Tensor.eye n
        | _ -> m / float n + Tensor.reshape [ n; 1 ] (Tensor.ofArray diagonal) * Tensor.eye n

    let batch = 1 + random.Next 4

    let b =
        Array.init batch (fun _ -> 10.0 ** float (random.Next(-250, 250)) * Tensor.ofArray (noise n))

    let scale = 10.0 ** float (random.Next(-30, 30))

    let one (b: Tensor) =
        LinearSolve.solve (ofName "auto") (fun v -> scale * Tensor.matmul a v) b

    let found = Diff.vmap one (Tensor.stack 0 b) |> rowsOf

    Array.forall2
        (fun (b: Tensor) (x: float[]) ->
            let size = b.ToArray() |> Array.fold (fun most value -> max most (abs value)) 0.0
            let right = (Tensor.solve a (b / size)).ToArray()
            apart right (x |> Array.map (fun entry -> entry / size * scale)) <= 1e-9)
        b
        found

[<Fact>]
let ``laws: the default solves every regular system, batched and at every scale`` () =
    let seeds = Arb.fromGen (Gen.choose (0, Int32.MaxValue - 1))
    Stackelberg.Tests.Law.check 100 (Prop.forAll seeds holds)

let private indefinite =
    Tensor.reshape [ 12; 1 ] (Tensor.ofArray (Array.init 12 (fun i -> if i = 0 then -2.0 else 1.0 + float i)))
    * Tensor.eye 12
    + 0.1

let private failing: (string * Solver) list = [
    "cg", ofName "cg"
    "neumann",
    {
        ofName "neumann" with
            MaxIterations = 5
    }
    "minres, 3 products",
    {
        ofName "minres" with
            MaxIterations = 3
    }
    "gmres, 2 products",
    {
        ofName "gmres" with
            MaxIterations = 2
    }
    "bicgstab, 2 products",
    {
        ofName "bicgstab" with
            MaxIterations = 2
    }
    "lsmr, 3 products", { ofName "lsmr" with MaxIterations = 3 }
]

[<Fact>]
let ``a solver that fails hands out no number, at once, in a derivative, in a batch or compiled`` () =
    let b = Tensor.randn 90UL [ 12 ]

    for name, solver in failing do
        let solve (b: Tensor) =
            LinearSolve.solve solver (fun v -> Tensor.matmul indefinite v) b

        let refused what (action: unit -> Tensor) =
            let error = Assert.Throws<InvalidOperationException>(fun () -> action () |> ignore)
            Assert.True(error.Message.Contains "did not converge", $"{name}, {what}: {error.Message}")

        refused "value" (fun () -> solve b)

        refused "jvp" (fun () ->
            Diff.jvp (fun t -> solve (t * b)) (Tensor.scalar 1.0) (Tensor.scalar 1.0) |> snd)

        refused "grad" (fun () -> Diff.grad (fun b -> Tensor.sum (solve b)) b)
        refused "vmap" (fun () -> Diff.vmap solve (Tensor.stack 0 [ b; 2.0 * b ]))
        refused "jit" (fun () -> Diff.jit solve b)
        refused "linearize" (fun () -> (Diff.linearize solve b |> snd) b)

[<Fact>]
let ``solves of constants are in the reports of the program that they were traced for`` () =
    let b = Tensor.randn 91UL [ 12 ]

    for name, solver in failing @ [ "auto", ofName "auto"; "minres", ofName "minres" ] do
        let program =
            Program.compile [| DType.Float64, [| 12 |] |] [| false |] (fun args -> [|
                args[0] + LinearSolve.solve solver (fun v -> Tensor.matmul indefinite v) b
            |])

        for _ in 1..2 do
            let run = program.CreateRun()
            run.Execute()
            let report = Assert.Single run.Solves
            let isGood = List.contains name [ "auto"; "minres" ]
            Assert.Equal(isGood, (report.Status = SolveStatus.Converged))

            if isGood then
                Expect.near 1e-10 ((Tensor.solve indefinite b).ToArray()) (Tensor.ofArray (run.Output 0))

[<Fact>]
let ``a division by a constant that has no reciprocal is one`` () =
    let b =
        Tensor.ofList [ 1e-310; 2e-310; 0.0; 4e-310; 1e-310; 1e-310; 1e-310; 1e-310; 1e-310 ]

    let x = LinearSolve.solve (ofName "cg") (fun v -> 1e-310 * v) b
    Expect.near 1e-12 (Array.map (fun entry -> entry / 1e-310) (b.ToArray())) x
