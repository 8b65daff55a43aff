module Stackelberg.Dsl.Tests.ConstrainedUseTests

open Xunit
open Stackelberg
open Stackelberg.Dsl.Tests.Check

let private find (start: float list) game =
    match game |> Equilibrium.find Concept.Stackelberg (Tensor.ofList start) with
    | Ok report -> report
    | Error failure -> failwith $"{failure}"

let private yes (verdict: Verdict) = Assert.Equal(Verdict.Yes, verdict)

[<Fact>]
let ``A follower in a box need not have any curvature off its bounds`` () =
    // A lasso of one weight, u − v: it answers max(0, 1 − λ), and the leader wants 0.6 of it; u + v has no curvature.
    let λ = Player.scalar "λ" |> Player.bounded 0.0 infinity
    let parts = Player.vector "u, v" 2 |> Player.bounded 0.0 infinity

    let lasso =
        game "lasso" {
            leader λ (fun q -> (q[parts][0] - q[parts][1] - 0.6) ** 2.0)

            follower parts (fun q ->
                0.5 * (q[parts][0] - q[parts][1] - 1.0) ** 2.0 + q[λ] * Tensor.sum q[parts])
        }

    let report = lasso |> find [ 0.1; 0.1; 0.1 ]
    close 1e-10 [| 0.4; 0.6; 0.0 |] (report.Point.ToArray())
    Assert.Equal(0.0, float report.Point[2])
    yes report.IsDifferentialStackelberg

[<Fact>]
let ``Where a cost is linear along its slope no critical point is said to be near`` () =
    let x, y = Player.scalar "x", Player.scalar "y"

    let linear =
        game "linear" {
            leader x (fun q -> q[x] * (q[y] - 2.0))
            follower y (fun q -> 0.5 * (q[y] - q[x]) ** 2.0)
            subjectTo x "far away" (fun q -> q[x] - 100.0)
        }

    let report = linear |> find [ 0.0; 0.0 ]
    close 1e-10 [| 1.0; 1.0 |] (report.Point.ToArray())
    Assert.Equal(Verdict.No, report.IsCriticalOmega)
    Assert.Equal(Approach.Far, report.StepOmega.Approach)
    Assert.Contains("a cost is linear along its slope", string report)

[<Fact>]
let ``Rules are compared on a constrained game by its players' strategies`` () =
    // The answer is constant at the capacity, so that the points of both concepts are one.
    let firm1, firm2 = Player.scalar "firm 1", Player.scalar "firm 2"

    let duopoly =
        game "capacity" {
            leader firm1 (fun q -> -(95.0 - q[firm1] - q[firm2]) * q[firm1])
            follower firm2 (fun q -> -(98.0 - q[firm1] - q[firm2]) * q[firm2])
            subjectTo firm1 "never reached" (fun q -> q[firm1] - 1000.0)
            subjectTo firm2 "capacity" (fun q -> q[firm2] - 20.0)
        }

    let rows =
        duopoly
        |> Comparison.run
            {
                Comparison.settings with
                    Rules = [|
                        Rule.simultaneous
                        Rule.extragradient
                        Rule.stackelberg Conjecture.bestResponse
                    |]
                    Rate = 0.02
            }
            (Tensor.ofList [ 30.0; 10.0 ])

    for row in rows do
        close 1e-6 [| 37.5; 20.0 |] row.Final
        Assert.Equal("Nash and Stackelberg", row.Kind)

[<Fact>]
let ``A run on a simplex converges where its field presses on the faces`` () =
    // min ½ ‖p − a‖² on the simplex: (0.65, 0.35, 0), while the field is (−0.15, −0.15, 0.5) there.
    let p = Player.vector "p" 3 |> Player.simplex
    let target = Tensor.ofList [ 0.8; 0.5; -0.5 ]

    let nearest =
        game "nearest" { player p (fun q -> 0.5 * Tensor.dot (q[p] - target) (q[p] - target)) }

    let run =
        nearest
        |> Learn.run
            Rule.simultaneous
            {
                Learn.settings with
                    Steps = 10000
                    Rates = [ Rate.constant 0.05 ]
                    Stop = Stop.UpdateBelow 1e-13
            }
            (Tensor.ofList [ 0.2; 0.3; 0.5 ])

    close 1e-11 [| 0.65; 0.35; 0.0 |] (run.Final.ToArray())

    match run.Outcome with
    | Outcome.Converged _ -> ()
    | other -> failwith $"{other}"

    yes run.Report.IsDifferentialNash
