module Stackelberg.Dsl.Tests.RegularizedReportTests

open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.TestGames
open Xunit

/// f₁ = α x² / 2 + x y and f₂ = y² / 2 − x y: the anticipated slope is 1 / (1 + η), so that
/// J_S = [[α + 1/(1+η), 1], [−1, 1]].
let private example α =
    Game.twoPlayer "example" (fun x y -> 0.5 * α * x * x + x * y) (fun x y -> 0.5 * y * y - x * y)

[<Fact>]
let ``the printed test takes the partial derivative, the true one the Schur complement`` () =
    let report = Equilibrium.classifyRegularized 1.0 (example 1.0) (Tensor.zeros [ 2 ])
    Check.close 1e-12 [| 1.5 |] report.EigenvaluesPrinted
    Check.close 1e-12 [| 2.5 |] report.EigenvaluesTrue

[<Fact>]
let ``the two tests disagree, and the true one decides`` () =
    // −1.2 + 1/2 against −1.2 + 1/2 + 1.
    let report = Equilibrium.classifyRegularized 1.0 (example -1.2) (Tensor.zeros [ 2 ])

    Assert.Equal(Verdict.No, report.IsPrintedTestMet)
    Assert.Equal(Verdict.Yes, report.IsTrueTestMet)
    Assert.Equal(Verdict.Yes, report.IsDifferentialStackelberg)
    Assert.Equal(Verdict.Yes, report.IsStable)

[<Fact>]
let ``without regularisation the true test is the report card's`` () =
    for known in handGames do
        let x = Tensor.ofList [ 0.3; 0.4 ]
        let plain = Equilibrium.classify known.Game x
        let regularized = Equilibrium.classifyRegularized 0.0 known.Game x
        Check.closeNumber 1e-10 plain.TotalHessian[0, 0] regularized.EigenvaluesTrue[0]
        Check.closeNumber 1e-12 plain.ResidualOmegaS regularized.Residual
        Assert.Equal(plain.IsDifferentialStackelberg, regularized.IsDifferentialStackelberg)

[<Fact>]
let ``the covariance game's regularised second derivative keeps the rotations open`` () =
    let known = randomCovariance 43 3

    let factor =
        (MathNet.Numerics.LinearAlgebra.Matrix<float>.Build.DenseOfRowMajor(3, 3, known.Sigma.ToArray()))
            .Cholesky()
            .Factor

    let x =
        Game.joint known.Game [ known.V, Tensor.ofArray2D (factor.ToArray()); known.W, Tensor.zeros [ 3; 3 ] ]

    let report = Equilibrium.classifyRegularized 0.5 known.Game x
    Assert.Equal(Verdict.Yes, report.IsCritical)
    Assert.Equal(Verdict.Undecided, report.IsTrueTestMet)
    Assert.Equal(Verdict.Undecided, report.IsDifferentialStackelberg)
    Assert.Contains(report.Doubts, (fun doubt -> doubt.Of = "the regularised total second derivative"))

/// f1 = ½ xᵀAx + xᵀBy + ½ yᵀDy and f2 = ½ yᵀQy + yᵀEx with random matrices, and by MathNet D₁ of the leader's regularised
/// gradient and its Schur complement.
let private quadratic seed =
    let random = System.Random(seed: int)
    let m, n = 1 + random.Next 2, 1 + random.Next 2
    let x, y = Player.vector "x" m, Player.vector "y" n

    let a, b, d =
        Draw.symmetric random m, Draw.matrix random m n, Draw.symmetric random n

    let q, e = Draw.withSpectrum random -0.3 2.0 n, Draw.matrix random n m
    let η = Draw.uniform random 0.5 2.0

    let game =
        Game.create "quadratic" [
            [
                x,
                (fun s ->
                    0.5 * Draw.form a s[x] s[x]
                    + Draw.form b s[x] s[y]
                    + 0.5 * Draw.form d s[y] s[y])
            ]
            [ y, (fun s -> 0.5 * Draw.form q s[y] s[y] + Draw.form e s[y] s[x]) ]
        ]

    let answer =
        (q + η * MathNet.Numerics.LinearAlgebra.CreateMatrix.DenseIdentity n).Solve e

    let first = a - answer.Transpose() * b.Transpose()
    let second = b - answer.Transpose() * d
    game, η, q, first, first - second * q.Solve e

[<Fact>]
let ``Proposition 11 of arXiv 1906.01217 over 1,000 games: as printed it is not necessary, corrected it is``
    ()
    =
    let found =
        Draw.forSeeds 1000 (fun seed ->
            let game, η, q, printed, total = quadratic seed

            let report =
                Equilibrium.classifyRegularized η game (Tensor.zeros [ game.Dimension ])

            let follower, first, whole =
                Draw.leastEigenvalue q, Draw.leastEigenvalue printed, Draw.leastEigenvalue total

            // The inverse of Q magnifies rounding.
            Check.closeNumber (1e-13 / abs follower) first report.EigenvaluesPrinted[0]
            Check.closeNumber (1e-11 / abs follower) whole report.EigenvaluesTrue[0]
            Assert.Equal(Verdict.ofBool (follower > 0.0 && first > 0.0), report.IsPrintedNecessaryMet)
            Assert.Equal(Verdict.ofBool (follower > 0.0 && whole > 0.0), report.IsTrueNecessaryMet)
            report)

    let points =
        found
        |> Array.filter (fun report -> report.IsDifferentialStackelberg = Verdict.Yes)

    for report in points do
        Assert.Equal(Verdict.Yes, report.IsTrueNecessaryMet)

    // What is sufficient as printed is necessary as printed.
    for report in found do
        if report.IsPrintedTestMet = Verdict.Yes && report.IsTrueNecessaryMet = Verdict.Yes then
            Assert.Equal(Verdict.Yes, report.IsPrintedNecessaryMet)

    let refuted =
        points |> Draw.count (fun report -> report.IsPrintedNecessaryMet = Verdict.No)

    Assert.True(points.Length >= 200 && refuted >= 20, $"{refuted} of {points.Length}")

[<Fact>]
let ``the necessary tests take zero for not negative, the sufficient ones leave it open`` () =
    // −1/2 + 1/2 = 0 as printed, 1 in truth.
    let report = Equilibrium.classifyRegularized 1.0 (example -0.5) (Tensor.zeros [ 2 ])
    Assert.Equal(Verdict.Undecided, report.IsPrintedTestMet)
    Assert.Equal(Verdict.Yes, report.IsPrintedNecessaryMet)
    Assert.Equal(Verdict.Yes, report.IsTrueNecessaryMet)
    Assert.Contains("necessary, printed and true  yes, yes", string report)
    // Away from a critical point nothing is necessary for an equilibrium's being there.
    let elsewhere =
        Equilibrium.classifyRegularized 1.0 (example -0.5) (Tensor.ofList [ 1.0; 0.0 ])

    Assert.Equal(Verdict.No, elsewhere.IsTrueNecessaryMet)

[<Fact>]
let ``an η that is no regularisation is named`` () =
    Assert.Equal(
        "Equilibrium.classifyRegularized: η is -1, but a finite number of at least 0 is needed.",
        Check.argumentMessage (fun () ->
            Equilibrium.classifyRegularized -1.0 (example 1.0) (Tensor.zeros [ 2 ])
            |> ignore)
    )
