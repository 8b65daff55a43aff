// A principal's contract with an agent: the wage α + β output is to make the agent work, and the agent has to accept it, which
// is a constraint of the leader's on its follower's strategy (Holmström and Milgrom 1987; closed forms derived here).
//
// Output is the effort a and noise of variance σ²; the contract is worth α + β a − c a² / 2 − r β² σ² / 2 to the agent, who
// answers a = β / c and takes it if its worth is at least 0. The constraint presses: β = 1 / (1 + r c σ²), and α makes the
// worth 0. If α may not be negative (limited liability), that presses instead, and (1 − β) β / c is greatest at β = 1/2,
// which is worth (1 − r c σ²) / 8c, 0.05 here.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let c, r, variance = 1.0, 0.6, 1.0

let agent = Player.scalar "effort"
let principal = Player.vector "α, β" 2

/// What the agent expects of a contract.
let worth (q: Strategies) =
    let contract, a = q[principal], q[agent]

    contract[0] + contract[1] * a
    - 0.5 * c * a ** 2.0
    - 0.5 * r * variance * contract[1] ** 2.0

let profit (q: Strategies) =
    q[agent] - q[principal][0] - q[principal][1] * q[agent]

let linear =
    game "linear contract" {
        leader principal (fun q -> -(profit q))
        follower agent (fun q -> -(worth q))
        subjectTo principal "participation" (fun q -> -(worth q))
    }

let limited =
    game "limited liability" {
        leader principal (fun q -> -(profit q))
        follower agent (fun q -> -(worth q))
        subjectTo principal "participation" (fun q -> -(worth q))
        subjectTo principal "no negative wage" (fun q -> -q[principal][0])
    }

let about point game =
    game
    |> Known.game "Holmström and Milgrom (1987); closed forms derived here" [ 0.5; 0.2; 0.5 ] 0.05 [
        Known.point point [ Trait.DifferentialStackelberg ]
        |> Known.undecided [ Trait.StableStackelberg ]
    ]

let known =
    let β = 1.0 / (1.0 + r * c * variance)
    linear |> about [ β ** 2.0 * (r * variance - 1.0 / c) / 2.0; β; β / c ]

let knownLimited = limited |> about [ 0.0; 0.5; 0.5 ]

whenRun __SOURCE_FILE__ (fun () ->
    for found in [ known; knownLimited ] do
        match Equilibrium.find Concept.Stackelberg (Tensor.ofArray found.Start) found.Game with
        | Ok report ->
            printfn $"{report}"
            check $"{found.Game.Name}, β" (float report.Point[1]) found.Points[0].Point[1] 1e-9
        | Error failure -> stop $"{failure}"

        checkKnown found)
