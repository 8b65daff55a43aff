// Data hypercleaning: the leader weights the training points in [0, 1], the follower fits a ridge regression to the weighted
// data, and the leader pays the error on clean data (Franceschi et al. 2018, Shaban et al. 2019; data made here, four
// of twelve labels with the wrong sign).
//
// The follower's answer is (XᵀΩX/n + ρ I)⁻¹ XᵀΩy/n. A minimisation of the closed form in the box by another program, from ten
// starts, ended at one point: the wrong labels and two more have the weight 0, five have 1, and one is between. Newton's
// method on that weight alone gives it here; the signs of the other slopes are checked.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let n, ridge = 12, 0.05

let column from count f =
    Tensor.ofList [ for k in from .. from + count - 1 -> f (float k) ]

/// Inputs [count, 2] and right targets of the points from the first on.
let data from count =
    let column f = column from count f
    let first, second = column (fun k -> sin (1.0 + k)), column (fun k -> cos (2.0 * k))
    Tensor.stack 1 [ first; second ], first - 0.5 * second + 0.1 * column (fun k -> sin (5.0 * k))

let inputs, right = data 0 n
let targets = right * column 0 n (fun k -> if k < 4.0 then -1.0 else 1.0)
let heldInputs, heldTargets = data 40 20

let error w =
    0.5 * Tensor.mean ((Tensor.matmul heldInputs w - heldTargets) ** 2.0)

let cleaner = Player.vector "ω" n |> Player.bounded 0.0 1.0
let model = Player.vector "w" 2

let cleaning =
    game "hypercleaning" {
        leader cleaner (fun q -> error q[model])

        follower model (fun q ->
            let misses = q[cleaner] * (Tensor.matmul inputs q[model] - targets) ** 2.0
            0.5 * Tensor.mean misses + 0.5 * ridge * Tensor.dot q[model] q[model])
    }

let answer (ω: Tensor) =
    let weighted = Tensor.transpose inputs * ω / float n
    Tensor.solve (Tensor.matmul weighted inputs + ridge * Tensor.eye 2) (Tensor.matmul weighted targets)

let best =
    let bounds = Tensor.ofList [ 0.0; 0.0; 0.0; 0.0; 1.0; 0.0; 0.0; 1.0; 1.0; 1.0; 1.0 ]

    let at t =
        Tensor.concat 0 [ bounds; Tensor.reshape [ 1 ] t ]

    let slope = Diff.diff (at >> answer >> error)
    at (Loop.scan 20 (fun t -> t - slope t / Diff.diff slope t) (Tensor.scalar 0.2))

// The leader's cost does not contain its weights, so that every answer is critical for ω, and Nash says nothing.
let known =
    let point = (Tensor.concat 0 [ best; answer best ]).ToArray() |> List.ofArray
    let holds = [ Trait.CriticalOmega; Trait.DifferentialStackelberg; Trait.StableStackelberg ]

    cleaning
    |> Known.game "closed form, derived here" (List.replicate n 0.5 @ [ 0.0; 0.0 ]) 0.1 [
        Known.point point holds
        |> Known.undecided [ Trait.DifferentialNash; Trait.StableSimgrad ]
    ]

whenRun __SOURCE_FILE__ (fun () ->
    let outwards = (1.0 - 2.0 * best) * Diff.grad (answer >> error) best
    let least = Tensor.min (Tensor.slice 0 0 (n - 1) outwards)
    check "all others press outwards" (float (sign (float least))) 1.0 0.0

    match Equilibrium.find Concept.Stackelberg (Tensor.ofArray known.Start) cleaning with
    | Ok report ->
        printfn $"{report}"
        check "the error" report.Costs[0] (float (error (answer best))) 1e-12
        check "the weight between" (float report.Point[n - 1]) (float best[n - 1]) 1e-9
    | Error failure -> stop $"{failure}"

    checkKnown known)
