module Stackelberg.Dsl.Tests.LargeReportTests

open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.Reference
open Stackelberg.Dsl.Tests.TestGames
open Xunit

[<Fact>]
let ``small games get the report card's verdicts and eigenvalues`` () =
    for row in CriticalPoints.all do
        let x = Tensor.ofList [ fst row.Point; snd row.Point ]
        let dense = Equilibrium.classify (named row.Game) x
        let large = Equilibrium.classifyLarge (named row.Game) x
        Assert.Equal(dense.IsDifferentialNash, large.IsDifferentialNash)
        Assert.Equal(dense.IsStableSimgrad, large.IsStableSimgrad)
        Assert.Equal(dense.IsStableStackelberg, large.IsStableStackelberg)
        Check.closeNumber 1e-12 dense.ResidualOmegaS large.ResidualOmegaS

        Check.close
            1e-8
            (dense.EigenvaluesJ |> Array.map _.Real)
            (large.EigenvaluesJ |> Array.map _.Value.Real)

/// Curvatures from a to b for n entries of the leader and a follower who is coupled by c and bends by 1.
let private many n (least: float) (c: float) =
    let x, y = Player.vector "x" n, Player.vector "y" n

    let curvatures = Tensor.ofArray (Array.init n (fun i -> least + float i / float n))

    game "many" {
        leader x (fun q -> 0.5 * Tensor.sum (curvatures * q[x] * q[x]) + c * Tensor.dot q[x] q[y])
        follower y (fun q -> 0.5 * Tensor.dot q[y] q[y] - c * Tensor.dot q[x] q[y])
    }

[<Fact>]
let ``ten thousand dimensions are judged by the ends of their spectra`` () =
    // Blocks [[μ, c], [−c, 1]] have the trace μ + 1 and the determinant μ + c²; along the answer y = c x the leader's
    // gradient is (μ + c²) x + c y, so that J_S has blocks [[μ + c², c], [−c, 1]].
    let n = 5000
    let game = many n -0.5 1.0
    let report = Equilibrium.classifyLarge game (Tensor.zeros [ 2 * n ])
    Assert.Equal(Verdict.Yes, report.IsCriticalOmega)
    Assert.Equal(Verdict.No, report.IsDifferentialNash)
    Assert.Equal(Verdict.Yes, report.IsStableSimgrad)
    Assert.Equal(Verdict.Yes, report.IsStableStackelberg)
    // μ = −1/2: the eigenvalues of J are 1/4 ± i √7 / 4, and there are near ones.
    Check.closeNumber 1e-8 0.25 report.EigenvaluesJ[0].Value.Real
    Check.closeNumber 1e-8 -0.5 report.EigenvaluesPlayers[0].[0].Value.Real
    Assert.InRange(report.EigenvaluesPlayers[0].[0].Residual, 0.0, 1e-9)

[<Fact>]
let ``an own curvature at zero leaves the verdict open, and says so`` () =
    let n = 200
    let game = many n 0.0 1.0
    let report = Equilibrium.classifyLarge game (Tensor.zeros [ 2 * n ])
    Assert.Equal(Verdict.Undecided, report.IsDifferentialNash)
    Assert.Equal("the own second derivative of x", (Assert.Single report.Doubts).Of)
    Assert.Contains("undecided", string report)
