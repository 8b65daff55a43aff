/// Solves whose matrix is given by its products.
module Stackelberg.Kernels.Tests.LinearSolveTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory
open Stackelberg.Kernels.Tests.SolveTests

/// Buffers: 0 matrix, 1 v, 2 A v, 3 b, 4 x, 5 guess, 6 work.
let internal linear dtype (method: LinearMethod) n warm tolerance iterations =
    let product =
        Steps.MatMul(dtype, [||], n, n, 1, place 0, [||], n, 1, place 1, [||], 1, 1, place 2)

    let transposed =
        Steps.MatMul(dtype, [||], n, n, 1, place 0, [||], 1, n, place 1, [||], 1, 1, place 2)

    let guess = if warm then Nullable(place 5) else Nullable()

    Steps.LinearSolve(
        dtype,
        method,
        n,
        [| product |],
        [| transposed |],
        place 1,
        place 2,
        place 3,
        place 4,
        guess,
        place 6,
        tolerance,
        iterations,
        0
    )

let internal memory (method: LinearMethod) n a b guess = [
    a
    Array.zeroCreate n
    Array.zeroCreate n
    b
    Array.create n 77.0
    guess
    Array.zeroCreate (method.WorkLength n)
]

let private relativeResidual n a b x =
    norm (Array.map2 (-) (multiply n 1 a x) b) / norm b

/// MᵀM + I.
let private positive (random: Random) n =
    let m = noise random (n * n)

    Array.init (n * n) (fun at ->
        let sum =
            Seq.sum (seq { for p in 0 .. n - 1 -> m.[p * n + at / n] * m.[p * n + at % n] })

        if at / n = at % n then sum + 1.0 else sum)

let private sizes = [| 1; 2; 3; 8; 9; 30; 65 |]

let private converges (method: LinearMethod) (makeMatrix: Random -> int -> float[]) (seed: int) =
    let random = Random seed
    let n = sizes.[random.Next sizes.Length]
    let dtype = if random.Next 2 = 0 then DType.Float64 else DType.Float32
    let tolerance = if dtype = DType.Float64 then 1e-10 else 1e-4
    let a = makeMatrix random n |> rounded dtype
    let b = noise random n |> rounded dtype
    let warm = random.Next 2 = 0
    let guess = noise random n |> rounded dtype

    let after, solves =
        runReporting dtype (linear dtype method n warm tolerance 2000) (memory method n a b guess)

    let report = solves.[0]
    let reached = relativeResidual n a b after.[4]

    report.Status = SolveStatus.Converged
    && reached <= 3.0 * tolerance
    && abs (report.Residual - reached) <= tolerance
    && report.Iterations > 0
    && after.[3] = b
    && after.[5] = (if warm then after.[4] else guess)

[<Fact>]
let ``conjugate gradients solve positive definite systems`` () =
    forSeeds 200 (converges LinearMethod.ConjugateGradient positive)

[<Fact>]
let ``gmres solves systems that are not symmetric`` () =
    forSeeds 200 (converges (LinearMethod.Gmres 200) matrix)
    forSeeds 200 (converges (LinearMethod.Gmres 7) matrix)

[<Fact>]
let ``the dense method solves systems that are not symmetric`` () =
    forSeeds 200 (converges LinearMethod.Dense matrix)

let private methods = [ LinearMethod.ConjugateGradient; LinearMethod.Gmres 5; LinearMethod.Dense ]

[<Fact>]
let ``conjugate gradients end after n products and report the least curvature`` () =
    let a = [| 4.0; 0.0; 0.0; 0.0; 2.0; 0.0; 0.0; 0.0; 1.0 |]
    let b = [| 1.0; 1.0; 1.0 |]
    let method = LinearMethod.ConjugateGradient

    let after, solves =
        runReporting
            DType.Float64
            (linear DType.Float64 method 3 false 1e-12 10)
            (memory method 3 a b (Array.zeroCreate 3))

    Assert.Equal(3, solves.[0].Iterations)
    Assert.InRange(solves.[0].Curvature, 1.0, 4.0)

    Assert.All(
        Array.zip [| 0.25; 0.5; 1.0 |] after.[4],
        fun (expected, actual) -> Assert.Equal(expected, actual, 1e-12)
    )

[<Fact>]
let ``conjugate gradients stop before a direction of negative curvature`` () =
    let method = LinearMethod.ConjugateGradient
    // The first direction (1, 1) has curvature (3 − 1) / 2 > 0, a later one is negative.
    let solve a =
        runReporting
            DType.Float64
            (linear DType.Float64 method 2 false 1e-12 10)
            (memory method 2 a [| 1.0; 1.0 |] [| 0.0; 0.0 |])

    let after, solves = solve [| 3.0; 0.0; 0.0; -1.0 |]
    Assert.Equal(SolveStatus.NegativeCurvature, solves.[0].Status)
    Assert.Equal(2, solves.[0].Iterations)
    Assert.True(solves.[0].Curvature < 0.0)
    Assert.Equal<float[]>([| 1.0; 1.0 |], after.[4])
    let after, solves = solve [| -1.0; 0.0; 0.0; -1.0 |]
    Assert.Equal(SolveReport(SolveStatus.NegativeCurvature, 1, 1.0, -1.0), solves.[0])
    Assert.Equal<float[]>([| 0.0; 0.0 |], after.[4])
    let _, solves = solve (Array.zeroCreate 4)
    Assert.Equal(SolveReport(SolveStatus.NegativeCurvature, 1, 1.0, 0.0), solves.[0])

[<Fact>]
let ``a guess that is the answer costs the one product that shows it`` () =
    for method in [ LinearMethod.ConjugateGradient; LinearMethod.Gmres 5 ] do
        for dtype in types do
            let a = positive (Random 4) 6 |> rounded dtype
            let answer = Array.init 6 float
            let b = multiply 6 1 a answer |> rounded dtype

            let after, solves =
                runReporting dtype (linear dtype method 6 true 1e-5 10) (memory method 6 a b answer)

            Assert.Equal(SolveStatus.Converged, solves.[0].Status)
            Assert.Equal(1, solves.[0].Iterations)
            Assert.Equal<float[]>(answer, after.[4])
            Assert.Equal<float[]>(answer, after.[5])

[<Fact>]
let ``a guess that is not finite is replaced by zero`` () =
    for method in [ LinearMethod.ConjugateGradient; LinearMethod.Gmres 5 ] do
        let a = positive (Random 4) 6
        let b = Array.init 6 float

        let after, solves =
            runReporting
                DType.Float64
                (linear DType.Float64 method 6 true 1e-9 50)
                (memory method 6 a b (Array.create 6 nan))

        Assert.Equal(SolveStatus.Converged, solves.[0].Status)
        Assert.True(relativeResidual 6 a b after.[5] <= 1e-8)

[<Fact>]
let ``a right-hand side of zero has the answer zero without a product`` () =
    for method in methods do
        let a = positive (Random 4) 3

        let after, solves =
            runReporting
                DType.Float64
                (linear DType.Float64 method 3 true 1e-9 50)
                (memory method 3 a (Array.zeroCreate 3) [| 1.0; 2.0; 3.0 |])

        Assert.Equal(SolveStatus.Converged, solves.[0].Status)
        Assert.Equal(0, solves.[0].Iterations)
        Assert.Equal(0.0, solves.[0].Residual)
        Assert.Equal<float[]>(Array.zeroCreate 3, after.[4])
        Assert.Equal<float[]>(Array.zeroCreate 3, after.[5])

[<Fact>]
let ``no unknowns are solved at once`` () =
    for method in methods do
        let _, solves =
            runReporting
                DType.Float64
                (linear DType.Float64 method 0 true 1e-9 50)
                (memory method 0 [||] [||] [||])

        Assert.Equal(SolveStatus.Converged, solves.[0].Status)

[<Fact>]
let ``the iteration limit leaves the last iterate and its true residual`` () =
    for method in [ LinearMethod.ConjugateGradient; LinearMethod.Gmres 3; LinearMethod.Gmres 100 ] do
        for limit in [ 0; 1; 5 ] do
            let a = positive (Random 9) 40
            let b = noise (Random 10) 40

            let after, solves =
                runReporting
                    DType.Float64
                    (linear DType.Float64 method 40 false 1e-12 limit)
                    (memory method 40 a b [||])

            Assert.Equal(SolveStatus.OutOfIterations, solves.[0].Status)
            Assert.Equal(limit, solves.[0].Iterations)
            Assert.Equal(relativeResidual 40 a b after.[4], solves.[0].Residual, 1e-9)

[<Fact>]
let ``a singular matrix breaks gmres and the dense method down`` () =
    let a = [| 1.0; 0.0; 0.0; 0.0 |]

    for method in [ LinearMethod.Gmres 5; LinearMethod.Dense ] do
        for dtype in types do
            let _, solves =
                runReporting
                    dtype
                    (linear dtype method 2 false 1e-6 20)
                    (memory method 2 a [| 1.0; 1.0 |] [||])

            Assert.Equal(SolveStatus.Breakdown, solves.[0].Status)

[<Fact>]
let ``a matrix that is not finite breaks every method down`` () =
    for method in methods do
        for bad in [ nan; infinity ] do
            let after, solves =
                runReporting
                    DType.Float64
                    (linear DType.Float64 method 2 false 1e-6 20)
                    (memory method 2 [| 1.0; 0.0; 0.0; bad |] [| 1.0; 1.0 |] [||])

            Assert.Equal(SolveStatus.Breakdown, solves.[0].Status)

            if method.Name <> "dense" then
                Assert.Equal<float[]>([| 0.0; 0.0 |], after.[4])

[<Fact>]
let ``tiny right-hand sides in float are solved, not taken for zero`` () =
    for method in methods do
        let a = [| 2.0; 0.0; 0.0; 4.0 |]
        let b = rounded DType.Float32 [| 1e-30; 2e-30 |]

        let after, solves =
            runReporting
                DType.Float32
                (linear DType.Float32 method 2 false 1e-6 20)
                (memory method 2 a b [||])

        Assert.Equal(SolveStatus.Converged, solves.[0].Status)
        Assert.Equal(0.5, after.[4].[0] / 1e-30, 1e-5)
        Assert.Equal(0.5, after.[4].[1] / 1e-30, 1e-5)

[<Fact>]
let ``running allocates nothing`` () =
    let n = 20
    let a = positive (Random 3) n
    let b = noise (Random 4) n

    for method in methods do
        for dtype in types do
            let step = linear dtype method n true 1e-9 50
            Assert.Equal(0L, allocated dtype step (memory method n a b (Array.zeroCreate n)))

    let dense =
        Steps.Solve(DType.Float64, 1, n, 1, place 0, place 1, place 2, place 3, 0)

    Assert.Equal(0L, allocated DType.Float64 dense [ a; b; Array.zeroCreate n; Array.zeroCreate (n * n + n) ])

[<Fact>]
let ``wrong arguments are refused`` () =
    let refused (action: unit -> obj) =
        Assert.Throws<ArgumentException>(fun () -> action () |> ignore).Message

    Assert.Contains("restart is 0", refused (fun () -> box (LinearMethod.Gmres 0)))

    Assert.Contains(
        "tolerance is NaN",
        refused (fun () -> box (linear DType.Float64 LinearMethod.Dense 2 false nan 5))
    )

    Assert.Contains(
        "maxIterations is -1",
        refused (fun () -> box (linear DType.Float64 LinearMethod.Dense 2 false 0.0 -1))
    )

    Assert.Contains(
        "n is -2",
        refused (fun () -> box (Steps.Solve(DType.Float64, 1, -2, 1, place 0, place 1, place 2, place 3, 0)))
    )

    Assert.Contains(
        "report is -2",
        refused (fun () -> box (Steps.Solve(DType.Float64, 1, 2, 1, place 0, place 1, place 2, place 3, -2)))
    )

[<Fact>]
let ``a guess that is worse than none does not spoil the answer`` () =
    // In float, 1e5 and what it leaves of b have few digits in common.
    for method in [ LinearMethod.ConjugateGradient; LinearMethod.Gmres 5 ] do
        let a, b, guess = [| 3.0 |], [| 1e-3 |], [| 1e5 |]
        let memory = memory method 1 a b guess

        let after, solves =
            runReporting DType.Float32 (linear DType.Float32 method 1 true 1e-6 10) memory

        Assert.Equal(SolveStatus.Converged, solves.[0].Status)
        Assert.InRange(relativeResidual 1 a b after.[4], 0.0, 1e-6)
