// Hidden effort: the wages with which a principal makes an agent work, under participation and incentive constraints
// (Grossman and Hart 1983; closed form derived here). One player, whose problem is a programme.
//
// Success has the probability 0.8 with effort, 0.4 without; effort costs the agent 1, a wage w is worth √w to it, and it must
// come to a worth of 1 on average. In the worths v of the two wages the principal pays 0.8 v₊² + 0.2 v₋², and both
// constraints are linear. Both bind: 0.4 (v₊ − v₋) = 1 and 0.8 v₊ + 0.2 v₋ = 2, so that v₊ = 2.5 and v₋ = 0. Their prices
// balance the slopes: 0.8 λ + 0.4 μ = 1.6 v₊ and 0.2 λ − 0.4 μ = 0.4 v₋, so that λ = 4 and μ = 2.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let worths = Player.vector "v₊, v₋" 2

let efforts =
    game "hidden effort" {
        player worths (fun q -> 0.8 * q[worths][0] ** 2.0 + 0.2 * q[worths][1] ** 2.0)
        subjectTo worths "participation" (fun q -> 2.0 - 0.8 * q[worths][0] - 0.2 * q[worths][1])
        subjectTo worths "incentive" (fun q -> 1.0 - 0.4 * q[worths][0] + 0.4 * q[worths][1])
    }

let known =
    efforts
    |> Known.game "Grossman and Hart (1983); closed form derived here" [ 3.0; 1.0 ] 0.05 [
        Known.point [ 2.5; 0.0 ] [ Trait.DifferentialNash; Trait.DifferentialStackelberg ]
        |> Known.undecided [ Trait.StableSimgrad; Trait.StableStackelberg ]
        |> Known.withCosts [ 5.0 ]
    ]

whenRun __SOURCE_FILE__ (fun () ->
    match Equilibrium.find Concept.Nash (Tensor.ofArray known.Start) efforts with
    | Ok report ->
        printfn $"{report}"
        check "the worth of success" (float report.Point[0]) 2.5 1e-9
        check "the worth of failure" (float report.Point[1]) 0.0 1e-9
        check "the price of the agent's worth" report.Constraints[0].Multipliers[0] 4.0 1e-9
        check "the price of the incentive" report.Constraints[1].Multipliers[0] 2.0 1e-9
    | Error failure -> stop $"{failure}"

    checkKnown known)
