/// solve(c b) = c solve(b), and the solve of c A is that of A over c, for every method, far from 1 on both sides; and numbers
/// that are not finite are never called solved.
module Stackelberg.Kernels.Tests.HomogeneityTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory
open Stackelberg.Kernels.Tests.SolveTests
open Stackelberg.Kernels.Tests.LinearSolveTests

let private n = 12

/// MᵀM / n + I: symmetric positive definite, condition about 5.
let private positive (random: Random) =
    let m = noise random (n * n)

    Array.init (n * n) (fun at ->
        let sum =
            Seq.sum (seq { for p in 0 .. n - 1 -> m[p * n + at / n] * m[p * n + at % n] })

        sum / float n + (if at / n = at % n then 1.0 else 0.0))

let private methods: (string * LinearMethod) list = [
    "cg", LinearMethod.ConjugateGradient
    "minres", LinearMethod.Minres
    "gmres", LinearMethod.Gmres 50
    "gmres restarted", LinearMethod.Gmres 5
    "bicgstab", LinearMethod.BiCgStab
    "lsmr", LinearMethod.Lsmr
    "dense", LinearMethod.Dense
    "neumann", LinearMethod.Neumann 0.2
    "jacobi cg", LinearMethod.Jacobi(LinearMethod.ConjugateGradient, 3)
    "jacobi lsmr", LinearMethod.Jacobi(LinearMethod.Lsmr, 3)
    "given minres", LinearMethod.Preconditioned(LinearMethod.Minres, ReadOnlySpan(Array.create n 1.5))
    "cg, then minres, then dense",
    LinearMethod.InTurn(LinearMethod.ConjugateGradient, LinearMethod.Minres, LinearMethod.Dense)
]

let private scalesOf dtype =
    if dtype = DType.Float64 then
        [ 1e-300; 1e-200; 1e-160; 1e-100; 1e-60; 1e60; 1e100; 1e155; 1e200; 1e300 ]
    else
        [ 1e-35; 1e-25; 1e-15; 1e15; 1e25; 1e35 ]

let private rows = [|
    for name, _ in methods do
        for dtype in types do
            for warm in [ false; true ] do
                TheoryDataRow<string, DType, bool>(name, dtype, warm)
|]

let cases = rows

let private solveWith dtype (method: LinearMethod) tolerance warm a b guess =
    let after, solves =
        runReporting dtype (linear dtype method n warm tolerance 2000) (memory method n a b guess)

    after[4], after[5], solves[0]

/// The greatest difference, relative to the greatest entry; the numbers' own range is not left.
let private apart (expected: float[]) (found: float[]) =
    let size = expected |> Array.fold (fun most value -> max most (abs value)) 0.0

    Array.map2 (fun e f -> abs (e / size - f / size)) expected found |> Array.max

[<Theory; MemberData(nameof cases)>]
let ``a multiple of the right side or of the matrix gives the answer's multiple``
    (name: string, dtype: DType, warm: bool)
    =
    let method = methods |> List.find (fst >> (=) name) |> snd
    let random = Random 7
    let a = positive random |> rounded dtype
    let b = noise random n |> rounded dtype

    let guess =
        if warm then
            noise random n |> rounded dtype
        else
            Array.zeroCreate n

    let tolerance, bound = if dtype = DType.Float64 then 1e-12, 2e-11 else 1e-5, 2e-4

    let right, _, plain =
        solveWith dtype method tolerance false a b (Array.zeroCreate n)

    Assert.Equal(SolveStatus.Converged, plain.Status)

    let check what (expected: float[]) (found: float[]) (left: float[]) (report: SolveReport) =
        Assert.True((report.Status = SolveStatus.Converged), $"{what}: {report}")
        Assert.True(apart expected found <= bound, $"{what}: {apart expected found} apart, {report}")

        if warm then
            Assert.Equal<float[]>(found, left)
        else
            // As many products, one more where the first finds the matrix' power.
            Assert.InRange(report.Iterations, plain.Iterations - 1, plain.Iterations + 2)

    for c in scalesOf dtype do
        let scaled = Array.map ((*) c) >> rounded dtype
        let multiple = Array.map ((*) c) right

        if not warm || c > 1e-30 && c < 1e30 then
            let found, left, report =
                solveWith dtype method tolerance warm a (scaled b) (scaled guess)

            check $"right side times {c}" multiple found left report

        if not (name.StartsWith "neumann") then
            let found, left, report =
                solveWith
                    dtype
                    method
                    tolerance
                    warm
                    (scaled a)
                    b
                    (Array.map (fun g -> g / c) guess |> rounded dtype)

            check $"matrix times {c}" (Array.map (fun x -> x / c) right) found left report

            let found, left, report =
                solveWith dtype method tolerance warm (scaled a) (scaled b) guess

            check $"both times {c}" right found left report

[<Fact>]
let ``a preconditioner is as homogeneous as its method`` () =
    let random = Random 3
    let a, b = positive random, noise random n
    let diagonal = Array.init n (fun i -> a[i * n + i])

    let solve c =
        let method =
            LinearMethod.Preconditioned(LinearMethod.Minres, ReadOnlySpan(Array.map ((*) c) diagonal))

        let x, _, report =
            solveWith DType.Float64 method 1e-12 false (Array.map ((*) c) a) b (Array.zeroCreate n)

        Assert.Equal(SolveStatus.Converged, report.Status)
        x

    let right = solve 1.0

    for c in [ 1e-300; 1e-150; 1e150; 1e300 ] do
        Assert.InRange(apart (Array.map (fun x -> x / c) right) (solve c), 0.0, 2e-11)

[<Fact>]
let ``dense solves and cholesky factors are homogeneous`` () =
    let random = Random 5

    for dtype in types do
        let a = positive random |> rounded dtype
        let b = noise random n |> rounded dtype
        let bound = if dtype = DType.Float64 then 1e-13 else 1e-4

        let dense a b =
            let after, solves =
                runReporting dtype (Steps.Solve(dtype, 1, n, 1, place 0, place 1, place 2, place 3, 0)) [
                    a
                    b
                    Array.zeroCreate n
                    Array.zeroCreate (n * n + n)
                ]

            Assert.Equal(SolveStatus.Converged, solves[0].Status)
            after[2]

        let byCholesky a b =
            let after, solves =
                runReporting dtype (Steps.Cholesky(dtype, 1, n, place 0, place 1, 0)) [
                    a
                    Array.zeroCreate (n * n)
                ]

            Assert.Equal(SolveStatus.Converged, solves[0].Status)

            let solve transposed b =
                let after, _ =
                    runReporting
                        dtype
                        (Steps.LowerSolve(dtype, 1, n, 1, transposed, place 0, place 1, place 2))
                        [ after[1]; b; Array.zeroCreate n ]

                after[2]

            b |> solve false |> solve true

        for name, solve in [ "lu", dense; "cholesky", byCholesky ] do
            let right = solve a b

            for c in scalesOf dtype do
                let scaled = Array.map ((*) c) >> rounded dtype

                let close what expected found =
                    Assert.True(
                        apart expected found <= bound,
                        $"{name}, {dtype}, {what} times {c}: {apart expected found}"
                    )

                close "right side" (Array.map ((*) c) right) (solve a (scaled b))
                close "matrix" (Array.map (fun x -> x / c) right) (solve (scaled a) b)
                close "both" right (solve (scaled a) (scaled b))

[<Fact>]
let ``a right side that is not finite is answered by NaN and never called solved`` () =
    for name, method in methods do
        for dtype in types do
            for bad in [ nan; infinity; -infinity ] do
                for warm in [ false; true ] do
                    let b = noise (Random 2) n |> rounded dtype
                    b[3] <- bad
                    let guess = Array.create n 0.5

                    let x, left, report =
                        solveWith dtype method 1e-6 warm (positive (Random 1) |> rounded dtype) b guess

                    Assert.True((report.Status = SolveStatus.Breakdown), $"{name}, {bad}: {report}")
                    Assert.All(x, fun entry -> Assert.True(Double.IsNaN entry))
                    Assert.Equal<float[]>(guess, left)

[<Fact>]
let ``a matrix that is not finite is never called solved`` () =
    for name, method in methods do
        for dtype in types do
            for bad in [ nan; infinity; -infinity ] do
                for at in [ 0; n + 1; 5; n * n - 1 ] do
                    let a = positive (Random 1) |> rounded dtype
                    a[at] <- bad
                    let b = noise (Random 2) n |> rounded dtype
                    let _, _, report = solveWith dtype method 1e-6 false a b (Array.zeroCreate n)
                    Assert.True((report.Status <> SolveStatus.Converged), $"{name}, {bad} at {at}: {report}")

    for bad in [ nan; infinity ] do
        for at in 0..3 do
            for inMatrix in [ true; false ] do
                let a, b = [| 2.0; 0.5; 0.5; 3.0 |], [| 1.0; 2.0 |]
                if inMatrix then a[at] <- bad else b[at / 2] <- bad

                let _, solves =
                    runReporting
                        DType.Float64
                        (Steps.Solve(DType.Float64, 1, 2, 1, place 0, place 1, place 2, place 3, 0))
                        [ a; b; Array.zeroCreate 2; Array.zeroCreate 6 ]

                Assert.Equal(SolveStatus.Breakdown, solves[0].Status)

/// Whether the methods in turn solve a random symmetric system, and say where it was not positive definite.
let private inTurnSolves seed =
    let random = Random seed
    let method = methods |> List.last |> snd
    let a = positive random
    let flips = Array.init n (fun _ -> if random.Next 4 = 0 then -1.0 else 1.0)
    // S A S has A's eigenvalues; with a reflected part of them the matrix is indefinite.
    let bent =
        Array.init (n * n) (fun at ->
            let i, j = at / n, at % n
            a[at] - (if i = j && flips[i] < 0.0 then 2.0 * a[at] else 0.0))

    let answer = noise random n
    let b = multiply n 1 bent answer

    let x, _, report =
        solveWith DType.Float64 method 1e-12 false bent b (Array.zeroCreate n)

    report.Status = SolveStatus.Converged
    && norm (Array.map2 (-) (multiply n 1 bent x) b) <= 1e-9 * norm b

[<Fact>]
let ``laws: methods in turn solve every symmetric system`` () = forSeeds 200 inTurnSolves

[<Fact>]
let ``methods in turn report all products and the least curvature`` () =
    let a =
        Array.init (n * n) (fun at ->
            if at / n <> at % n then 0.0
            elif at = 0 then -2.0
            else 1.0 + float (at % 3))

    let b = Array.create n 1.0
    let turn = methods |> List.last |> snd
    let x, _, report = solveWith DType.Float64 turn 1e-12 false a b (Array.zeroCreate n)
    Assert.Equal(SolveStatus.Converged, report.Status)
    Assert.True(report.Curvature < 0.0)
    Assert.Equal(-0.5, x[0], 1e-12)

    let _, _, alone =
        solveWith DType.Float64 LinearMethod.ConjugateGradient 1e-12 false a b (Array.zeroCreate n)

    Assert.Equal(SolveStatus.NegativeCurvature, alone.Status)
    Assert.True(report.Iterations > alone.Iterations)

[<Fact>]
let ``methods in turn leave a system without a solution its least squares answer`` () =
    let a =
        Array.init (n * n) (fun at -> if at / n = at % n && at > 0 then 1.0 else 0.0)

    let turn = methods |> List.last |> snd

    let x, _, report =
        solveWith DType.Float64 turn 1e-12 false a (Array.create n 1.0) (Array.zeroCreate n)

    Assert.Equal(SolveStatus.LeastSquares, report.Status)
    Assert.All(x[1..], fun entry -> Assert.Equal(1.0, entry, 1e-10))

[<Fact>]
let ``methods in turn need one`` () =
    Assert.Contains(
        "methods is empty",
        Assert.Throws<ArgumentException>(fun () -> LinearMethod.InTurn [||] |> ignore).Message
    )

[<Fact>]
let ``running methods in turn allocates nothing`` () =
    let a = positive (Random 3)
    a[0] <- -a[0]
    let method = methods |> List.last |> snd
    let step = linear DType.Float64 method n true 1e-9 50

    Assert.Equal(
        0L,
        allocated DType.Float64 step (memory method n a (noise (Random 4) n) (Array.zeroCreate n))
    )
