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

[<Fact>]
let ``an η that is no regularisation is named`` () =
    Assert.Equal(
        "Equilibrium.classifyRegularized: η is -1, but a finite number of at least 0 is needed.",
        Check.argumentMessage (fun () ->
            Equilibrium.classifyRegularized -1.0 (example 1.0) (Tensor.zeros [ 2 ])
            |> ignore)
    )
