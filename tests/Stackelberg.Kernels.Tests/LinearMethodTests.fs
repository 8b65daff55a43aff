/// Every method on every kind of matrix.
module Stackelberg.Kernels.Tests.LinearMethodTests

open System
open Xunit
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Kernels.Tests.Memory
open Stackelberg.Kernels.Tests.SolveTests
open Stackelberg.Kernels.Tests.LinearSolveTests

let private n = 30

/// Q diag(λ) Qᵀ, where Q is a product of reflections.
let private symmetric (random: Random) (eigenvalues: float[]) =
    let n = eigenvalues.Length

    let a = Array2D.init n n (fun i j -> if i = j then eigenvalues[i] else 0.0)

    for _ in 1..3 do
        let v = noise random n
        let scale = 2.0 / (norm v ** 2.0)

        for j in 0 .. n - 1 do
            let along = scale * Seq.sum (seq { for i in 0 .. n - 1 -> v[i] * a[i, j] })

            for i in 0 .. n - 1 do
                a[i, j] <- a[i, j] - along * v[i]

        for i in 0 .. n - 1 do
            let along = scale * Seq.sum (seq { for j in 0 .. n - 1 -> v[j] * a[i, j] })

            for j in 0 .. n - 1 do
                a[i, j] <- a[i, j] - along * v[j]

    a |> Seq.cast<float> |> Array.ofSeq

let private spread low high (i: int) =
    low + (high - low) * float i / float (n - 1)

let private matrices: (string * (Random -> float[])) list = [
    "positive", (fun random -> symmetric random (Array.init n (spread 1.0 9.0)))
    "indefinite",
    (fun random ->
        symmetric random (Array.init n (fun i -> (if i % 3 = 0 then -1.0 else 1.0) * spread 1.0 4.0 i)))
    "without symmetry", (fun random -> matrix random n)
    "singular",
    (fun random -> symmetric random (Array.init n (fun i -> if i < 5 then 0.0 else spread 1.0 4.0 i)))
    "singular, indefinite",
    (fun random ->
        symmetric
            random
            (Array.init n (fun i ->
                if i < 5 then
                    0.0
                else
                    (if i % 3 = 0 then -1.0 else 1.0) * spread 1.0 4.0 i)))
    "ill conditioned", (fun random -> symmetric random (Array.init n (fun i -> 10.0 ** spread -6.0 0.0 i)))
    "diagonal",
    (fun _ -> Array.init (n * n) (fun at -> if at / n = at % n then spread 1.0 9.0 (at / n) else 0.0))
]

let private combs = LinearMethod.Jacobi(LinearMethod.Minres, 4)

let private given =
    LinearMethod.Preconditioned(
        LinearMethod.ConjugateGradient,
        ReadOnlySpan(Array.init n (fun i -> 1.0 + float (i % 3)))
    )

let private all = [
    LinearMethod.ConjugateGradient
    LinearMethod.Minres
    LinearMethod.Gmres 200
    LinearMethod.BiCgStab
    LinearMethod.Lsmr
    LinearMethod.Neumann 0.1
    LinearMethod.Dense
    combs
    given
]

let private ofName name =
    all |> List.find (fun method -> method.Name = name)

/// How a method ends on a kind of matrix.
let private ending (method: string) (matrix: string) =
    let isSingular = matrix.StartsWith "singular"
    let isIndefinite = matrix.EndsWith "indefinite"
    let isSymmetric = matrix <> "without symmetry"

    match method with
    | "conjugate gradient"
    | "conjugate gradient preconditioned" when isIndefinite -> Some SolveStatus.NegativeCurvature
    | "conjugate gradient"
    | "conjugate gradient preconditioned" when isSymmetric -> Some SolveStatus.Converged
    | "minres"
    | "minres with jacobi(4)" when isSymmetric -> Some SolveStatus.Converged
    | "gmres(200)"
    | "bicgstab"
    | "lsmr" -> Some SolveStatus.Converged
    | "neumann(0.1)" when matrix = "ill conditioned" -> Some SolveStatus.OutOfIterations
    | "neumann(0.1)" when isIndefinite -> Some SolveStatus.Breakdown
    | "neumann(0.1)" -> Some SolveStatus.Converged
    | "dense" when not isSingular -> Some SolveStatus.Converged
    // Rounding decides whether a pivot is zero, and how far a method gets that the matrix does not suit.
    | _ -> None

let table = [|
    for method in all do
        for matrix, _ in matrices do
            TheoryDataRow<string, string>(method.Name, matrix)
|]

let private trueResidual n a b x =
    norm (Array.map2 (-) (multiply n 1 a x) b) / norm b

let private solve dtype (method: LinearMethod) n tolerance limit a b guess =
    let warm = Array.length guess > 0

    let after, solves =
        runReporting dtype (linear dtype method n warm tolerance limit) (memory method n a b guess)

    after[4], solves[0]

[<Theory; MemberData(nameof table)>]
let ``a method ends as its theory says, with the true residual`` (methodName: string, kind: string) =
    let method = ofName methodName
    let make = matrices |> List.find (fst >> (=) kind) |> snd

    for seed in 1..5 do
        for dtype in types do
            let random = Random seed
            let a = make random |> rounded dtype
            let answer = noise random n
            let b = multiply n 1 a answer |> rounded dtype
            // The condition 1e6 leaves float no digit.
            if dtype = DType.Float64 || kind <> "ill conditioned" then
                let tolerance = if dtype = DType.Float64 then 1e-9 else 2e-5
                let x, report = solve dtype method n tolerance 3000 a b [||]
                let reached = trueResidual n a b x

                match ending methodName kind with
                // In float, the null space that a rounded matrix has is not that of the one meant.
                | Some status when dtype = DType.Float64 || not (kind.StartsWith "singular") ->
                    Assert.True((status = report.Status), $"{methodName}, {kind}, {dtype}: {report}")
                | _ -> ()

                // Its recurrences believe in symmetry; the residual that it reports does not.
                if methodName = "minres" && kind = "without symmetry" then
                    Assert.NotEqual(SolveStatus.Converged, report.Status)

                if report.Status = SolveStatus.Converged && methodName <> "dense" then
                    // A float residual has the rounding of float products.
                    let rounding = if dtype = DType.Float64 then 1e-13 else 2e-6
                    Assert.InRange(reached, 0.0, tolerance + rounding)
                    Assert.Equal(reached, report.Residual, tolerance / 10.0 + rounding)
                elif report.Status <> SolveStatus.Breakdown && methodName <> "dense" then
                    Assert.Equal(reached, report.Residual, 1e-3 * reached)

                if
                    report.Status = SolveStatus.Converged
                    && not (kind.StartsWith "singular")
                    && kind <> "ill conditioned"
                then
                    // The condition of these is below 10.
                    let error = norm (Array.map2 (-) x answer) / norm answer
                    Assert.InRange(error, 0.0, 40.0 * tolerance)

[<Fact>]
let ``every method solves one unknown and a right side of zero, and takes a guess that is the answer`` () =
    for method in all do
        for dtype in types do
            let x, report = solve dtype method 1 1e-6 500 [| 4.0 |] [| 2.0 |] [||]
            Assert.Equal(SolveStatus.Converged, report.Status)
            Assert.Equal(0.5, x[0], 1e-5)

            let x, report =
                solve dtype method 3 1e-6 500 (Array.create 9 nan) (Array.zeroCreate 3) [||]

            Assert.Equal(SolveStatus.Converged, report.Status)
            Assert.Equal(0, report.Iterations)
            Assert.Equal<float[]>(Array.zeroCreate 3, x)
            let a = symmetric (Random 3) [| 1.0; 2.0; 4.0 |] |> rounded dtype
            let answer = [| 1.0; -2.0; 4.0 |]
            let b = multiply 3 1 a answer |> rounded dtype

            if method.Name <> "dense" then
                let x, report = solve dtype method 3 1e-5 500 a b answer
                Assert.Equal(SolveStatus.Converged, report.Status)
                // The one product that shows it.
                Assert.Equal(1, report.Iterations)
                Assert.Equal<float[]>(answer, x)

[<Fact>]
let ``minres and lsmr find the least squares answer of a system without solutions, and say so`` () =
    // A = diag(2, 0, 1), b = (2, 3, 4): the least x with the least residual is (1, 0, 4), the residual 3.
    let a = [| 2.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 0.0; 1.0 |]
    let b = [| 2.0; 3.0; 4.0 |]

    for method in [ LinearMethod.Minres; LinearMethod.Lsmr ] do
        let x, report = solve DType.Float64 method 3 1e-10 100 a b [||]
        Assert.Equal(SolveStatus.LeastSquares, report.Status)
        Assert.Equal(3.0 / norm b, report.Residual, 1e-12)
        Assert.Equal(1.0, x[0], 1e-10)
        Assert.Equal(4.0, x[2], 1e-10)
        Assert.Contains("has no solution", string report)

    // Only LSMR's is the least of them: MINRES moves along the null space.
    let x, _ = solve DType.Float64 LinearMethod.Lsmr 3 1e-10 100 a b [||]
    Assert.Equal(0.0, x[1], 1e-10)

[<Fact>]
let ``lsmr takes products with the transpose`` () =
    // The shift of three unknowns is nilpotent: Krylov methods without the transpose break down.
    let shift = [| 0.0; 1.0; 0.0; 0.0; 0.0; 1.0; 0.0; 0.0; 0.0 |]

    let x, report =
        solve DType.Float64 LinearMethod.Lsmr 3 1e-12 100 shift [| 5.0; 7.0; 0.0 |] [||]

    Assert.Equal(SolveStatus.Converged, report.Status)

    Assert.All(
        Array.zip [| 0.0; 5.0; 7.0 |] x,
        fun (expected, actual) -> Assert.Equal(expected, actual, 1e-10)
    )

[<Fact>]
let ``the neumann series has the terms that are allowed`` () =
    // α Σ_{k<3} (1 − 0.25 · 2)^k b with b = 8: 0.25 · 8 · (1 + 1/2 + 1/4).
    let x, report =
        solve DType.Float64 (LinearMethod.Neumann 0.25) 1 0.0 3 [| 2.0 |] [| 8.0 |] [||]

    Assert.Equal(3.5, x[0])
    Assert.Equal(SolveReport(SolveStatus.OutOfIterations, 3, 0.125, nan), report)

[<Fact>]
let ``bicgstab breaks down on a rotation and says so`` () =
    let _, report =
        solve DType.Float64 LinearMethod.BiCgStab 2 1e-9 100 [| 0.0; 1.0; -1.0; 0.0 |] [| 1.0; 2.0 |] [||]

    Assert.Equal(SolveStatus.Breakdown, report.Status)
    Assert.Equal(1.0, report.Residual, 1e-12)

[<Fact>]
let ``a diagonal takes the scale of the unknowns away`` () =
    let random = Random 5
    let scales = Array.init n (fun i -> 10.0 ** spread -3.0 3.0 i)
    let core = symmetric random (Array.init n (spread 1.0 2.0))

    let a = Array.init (n * n) (fun at -> scales[at / n] * core[at] * scales[at % n])

    let b = noise random n
    let diagonal = Array.init n (fun i -> a[i * n + i])
    let plain = LinearMethod.ConjugateGradient
    let _, alone = solve DType.Float64 plain n 1e-6 1000 a b [||]

    let x, report =
        solve DType.Float64 (LinearMethod.Preconditioned(plain, ReadOnlySpan diagonal)) n 1e-6 1000 a b [||]

    Assert.Equal(SolveStatus.Converged, report.Status)
    Assert.InRange(trueResidual n a b x, 0.0, 1e-6)
    Assert.True(report.Iterations * 3 < alone.Iterations, $"{report} against {alone}")
    // As many combs as unknowns give the diagonal itself.
    let estimated, other =
        solve DType.Float64 (LinearMethod.Jacobi(plain, n)) n 1e-6 1000 a b [||]

    Assert.Equal(report.Iterations + n, other.Iterations)
    Assert.InRange(trueResidual n a b estimated, 0.0, 1e-6)

[<Fact>]
let ``two combs see a tridiagonal matrix' diagonal`` () =
    let a =
        Array.init (n * n) (fun at ->
            match at / n - at % n with
            | 0 -> 10.0 ** float (at / n % 5)
            | 1
            | -1 -> 0.1
            | _ -> 0.0)

    let b = noise (Random 6) n

    let _, report =
        solve DType.Float64 (LinearMethod.Jacobi(LinearMethod.Minres, 2)) n 1e-8 1000 a b [||]

    Assert.Equal(SolveStatus.Converged, report.Status)
    // Scaled by its diagonal the matrix is within 0.1 of the identity.
    Assert.InRange(report.Iterations, 5, 25)

/// Whether every method that suits a random indefinite matrix undoes a product with it.
let private undoes seed =
    let random = Random seed
    let n = 1 + random.Next 40

    let indefinite =
        Array.init n (fun _ -> (if random.Next 2 = 0 then 1.0 else -1.0) * (1.0 + random.NextDouble()))

    let a = symmetric random indefinite
    let answer = noise random n
    let b = multiply n 1 a answer

    [
        LinearMethod.Minres
        LinearMethod.Lsmr
        LinearMethod.Gmres 100
        LinearMethod.Jacobi(LinearMethod.Lsmr, n)
    ]
    |> List.forall (fun method ->
        let x, report = solve DType.Float64 method n 1e-10 1000 a b (noise random n)

        report.Status = SolveStatus.Converged
        && norm (Array.map2 (-) x answer) <= 4e-10 * norm b
        && abs (report.Residual - trueResidual n a b x) <= 1e-11)

[<Fact>]
let ``laws: any of the methods undoes a product with a matrix that suits it`` () = forSeeds 100 undoes

[<Fact>]
let ``a preconditioned pass that ends just short of the tolerance is followed by another`` () =
    // Seeds whose second pass was asked for so little that it looked like no progress.
    for seed in [ 1133; 1183; 1571; 18387; 19363 ] do
        Assert.True(undoes seed, $"seed {seed}")

[<Fact>]
let ``running the methods allocates nothing`` () =
    let a = symmetric (Random 2) (Array.init n (spread 1.0 9.0))
    let b = noise (Random 4) n

    for method in all do
        for dtype in types do
            let step = linear dtype method n true 1e-9 50
            Assert.Equal(0L, allocated dtype step (memory method n a b (Array.zeroCreate n)))

[<Fact>]
let ``methods are equal where they do the same`` () =
    let make () = [
        LinearMethod.Neumann 0.5
        LinearMethod.Gmres 7
        LinearMethod.Jacobi(LinearMethod.Gmres 7, 3)
        LinearMethod.Preconditioned(LinearMethod.Minres, ReadOnlySpan [| 1.0; 2.0 |])
        LinearMethod.Preconditioned(LinearMethod.Minres, ReadOnlySpan [| 1.0; 3.0 |])
        LinearMethod.Lsmr
    ]

    for i, one in List.indexed (make ()) do
        for j, other in List.indexed (make ()) do
            Assert.Equal((i = j), one.Equals other)

[<Fact>]
let ``wrong methods are refused`` () =
    let refused (expected: string) (action: unit -> LinearMethod) =
        Assert.Contains(expected, Assert.Throws<ArgumentException>(fun () -> action () |> ignore).Message)

    refused "step is 0" (fun () -> LinearMethod.Neumann 0.0)
    refused "products is 0" (fun () -> LinearMethod.Jacobi(LinearMethod.Lsmr, 0))
    refused "diagonal is empty" (fun () -> LinearMethod.Preconditioned(LinearMethod.Lsmr, ReadOnlySpan [||]))

    refused "has 0 at entry 1" (fun () ->
        LinearMethod.Preconditioned(LinearMethod.Lsmr, ReadOnlySpan [| 1.0; 0.0 |]))

    let withoutTranspose () =
        Steps.LinearSolve(
            DType.Float64,
            LinearMethod.Lsmr,
            1,
            [||],
            null,
            place 1,
            place 2,
            place 3,
            place 4,
            Nullable(),
            place 5,
            0.1,
            5,
            -1
        )

    Assert.Contains(
        "lsmr needs products with the transpose",
        Assert.Throws<ArgumentException>(fun () -> withoutTranspose () |> ignore).Message
    )
