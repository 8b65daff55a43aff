// Model-based control as a game: the leader is a policy, the follower the linear model that is fitted to its data.
// The policy u = −k x minimises its cost in the model x⁺ = a x + b u; the model fits random data and those of the policy
// on the true system, which is not linear, so that the policy decides what the model sees (after Rajeswaran, Mordatch and
// Kumar, A Game Theoretic Framework for Model Based Reinforcement Learning; system and data made here).
#load "Prelude.fsx"

open Prelude
open Stackelberg

let truth (x: Tensor) (u: Tensor) = 0.7 * x + 0.5 * sin x + 0.4 * u
let horizon, price, samples = 8, 0.1, 50

let states, inputs =
    2.0 * Tensor.randn 1UL [ samples ], Tensor.randn 2UL [ samples ]

let begins = Tensor.ofList [ -2.0; -1.0; 1.0; 2.0 ]

/// The states that a policy visits, from each beginning, step by step: [horizon; 4].
let visited next (k: Tensor) =
    Loop.path (horizon - 1) (fun x -> next x (-k * x)) begins

/// Pairs of inputs (x, u) and their successors on the true system.
let dataset k =
    let x = Tensor.concat 0 [ states; Tensor.flatten (visited truth k) ]
    let u = Tensor.concat 0 [ inputs; -k * x[samples .. samples + 4 * horizon - 1] ]
    Tensor.stack 1 [ x; u ], truth x u

/// What a policy costs in a model (a, b).
let cost k (model: Tensor) =
    let x = visited (fun x u -> model[0] * x + model[1] * u) k
    (1.0 + price * k ** 2) * float horizon * Tensor.mean (x ** 2)

let misfit k model =
    let pairs, next = dataset k
    Tensor.mean ((Tensor.matmul pairs model - next) ** 2)

let policy, model = Player.scalar "k", Player.vector "(a, b)" 2

let control =
    game "model-based control" {
        leader policy (fun q -> cost q[policy] q[model])
        follower model (fun q -> misfit q[policy] q[model])
    }

/// The least squares fit in closed form, and from it what the equilibrium must be, by Newton's method.
let fit k =
    let pairs, next = dataset k
    Tensor.solve (Tensor.matmul pairs.T pairs) (Tensor.matmul pairs.T next)

let best =
    let reduced k = cost k (fit k)

    let step k =
        k - Diff.diff reduced k / Diff.diffn 2 reduced k

    Loop.scan 30 step (Tensor.scalar 1.5)

let start = Tensor.ofList [ 1.5; 1.0; 0.4 ]

for concept in [ Concept.Stackelberg; Concept.Nash ] do
    match control |> Equilibrium.find concept start with
    | Ok report ->
        printfn $"{concept}: gain {float report.Point[0]:G6}, model {report.Point[1..2]}"
        printfn $"  cost in the model {report.Costs[0]:G6}, misfit {report.Costs[1]:G6}"
    | Error failure -> stop $"{failure}"

let known =
    let point = float best :: List.ofArray ((fit best).ToArray())

    control
    |> Known.game "after Rajeswaran et al. (2020); closed form derived here" [ 1.5; 1.0; 0.4 ] 0.05 [
        Known.point point [ Trait.DifferentialStackelberg; Trait.StableStackelberg ]
    ]

printfn $"{Equilibrium.classify control (Tensor.ofArray known.Points[0].Point)}"
checkKnown known
