// Strategic classification: an institution publishes a scoring rule, and applicants change what they can to score better
// (Hardt et al. 2016). The leader fits labels by θ₁ x₁ + θ₂ x₂ + b. Applicant i raises its x₁ by z_i at the cost z² for the
// gain θ₁ z, but by no more than m_i: its answer is z_i = clip(θ₁ / 2, 0, m_i), and x₂ nobody can change (data made here).
//
// Where it is known who is at the limit, the leader's loss along the answers is a polynomial, and Newton's method finds its
// least value. A minimisation without derivatives by another program, from six starts, gave the loss 0.0488270899320794 at
// θ = (1.454732781, 0.290912573), b = −0.711551178: the first five applicants are at their limits 0.2 + 0.12 i, the others move
// by θ₁ / 2 = 0.727366391.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let n = 10

let column f =
    Tensor.ofList [ for k in 0 .. n - 1 -> f (float k) ]

let x1, x2 = column (fun k -> sin (2.0 * k + 1.0)), column (fun k -> cos (3.0 * k))

let labels =
    column (fun k -> float (sign (sin (2.0 * k + 1.0) + 0.8 * cos (3.0 * k) + 0.3 * sin (5.0 * k))))

let limits = column (fun k -> 0.2 + 0.12 * k)

/// Half the mean squared error of the score of moved applicants.
let loss (rule: Tensor) (moves: Tensor) =
    0.5
    * Tensor.mean ((rule[0] * (x1 + moves) + rule[1] * x2 + rule[2] - labels) ** 2.0)

let institution = Player.vector "θ₁, θ₂, b" 3

let applicants =
    Player.vector "moves" n
    |> Player.boundedEach (Array.zeroCreate n) (limits.ToArray())

let classification =
    game "strategic classification" {
        leader institution (fun q -> loss q[institution] q[applicants])

        follower applicants (fun q ->
            Tensor.dot q[applicants] q[applicants]
            - q[institution][0] * Tensor.sum q[applicants])
    }

let answer (rule: Tensor) = Tensor.minimum (0.5 * rule[0]) limits

let best =
    let reduced rule = loss rule (answer rule)

    let step rule =
        rule - Tensor.solve (Diff.hessian reduced rule) (Diff.grad reduced rule)

    Loop.scan 20 step (Tensor.ofList [ 1.4; 0.3; -0.7 ])

/// What a leader would choose that takes the applicants' data for given.
let naive =
    let design = Tensor.stack 1 [ x1; x2; Tensor.ones [ n ] ]
    Tensor.solve (Tensor.matmul design.T design) (Tensor.matmul design.T labels)

let known =
    let point = (Tensor.concat 0 [ best; answer best ]).ToArray() |> List.ofArray
    let start = [ 1.0; 0.5; 0.0 ] @ List.replicate n 0.05

    classification
    |> Known.game "after Hardt et al. (2016); closed form derived here" start 0.1 [
        Known.point point [ Trait.DifferentialStackelberg; Trait.StableStackelberg ]
    ]

whenRun __SOURCE_FILE__ (fun () ->
    match Equilibrium.find Concept.Stackelberg (Tensor.ofArray known.Start) classification with
    | Ok report ->
        printfn $"{report}"
        check "the loss" report.Costs[0] 0.0488270899320794 1e-9
        check "weight of what can be changed" (float report.Point[0]) (float best[0]) 1e-9
        printfn $"loss of a leader who foresees nothing: {float (loss naive (answer naive)):G6}"
    | Error failure -> stop $"{failure}"

    checkKnown known)
