// Hyperparameter optimisation: the leader chooses the penalty of a ridge regression, the follower its weights.
// The leader's cost is the error on held-out data, and Df1 is the exact hypergradient: it is compared with the
// derivative of the closed form w(λ) = (XᵀX/n + e^λ I)⁻¹ Xᵀy/n (Larsen et al. 1996, Bengio 2000; data made here).
#load "Prelude.fsx"

open Prelude
open Stackelberg

let n, d = 30, 10
let truth = Tensor.randn 1UL [ d ]

let data seed =
    let inputs = Tensor.randn seed [ n; d ]
    inputs, Tensor.matmul inputs truth + 2.0 * Tensor.randn (seed + 1UL) [ n ]

let (inputs, targets), (heldInputs, heldTargets) = data 2UL, data 4UL

/// Half the mean squared error.
let error (inputs: Tensor) targets weights =
    0.5 * Tensor.mean ((Tensor.matmul inputs weights - targets) ** 2)

let penalty = Player.scalar "λ"
let weights = Player.vector "w" d

let ridge =
    game "ridge regression" {
        leader penalty (fun q -> error heldInputs heldTargets q[weights])

        follower weights (fun q ->
            error inputs targets q[weights]
            + 0.5 * exp q[penalty] * Tensor.sum (q[weights] ** 2))
    }

/// The follower's exact answer, and the leader's cost along it.
let answer (lambda: Tensor) =
    let gram = Tensor.matmul inputs.T inputs / n + exp lambda * Tensor.eye d
    Tensor.solve gram (Tensor.matmul inputs.T targets / n)

let reduced lambda =
    error heldInputs heldTargets (answer lambda)

for lambda in [ -3.0; -1.0; 1.0 ] do
    let at = Tensor.scalar lambda
    let found = Game.omegaS ridge (Game.joint ridge [ penalty, at; weights, answer at ])
    check $"hypergradient at λ = {lambda}" (float found[0]) (float (Diff.diff reduced at)) 1e-12

/// Newton's method on the closed form: what the game's equilibrium must be.
let best =
    let step x =
        x - Diff.diff reduced x / Diff.diffn 2 reduced x

    Loop.scan 20 step (Tensor.scalar -1.0)

let start =
    Game.joint ridge [ penalty, Tensor.scalar -2.0; weights, answer (Tensor.scalar -1.0) ]

match ridge |> Equilibrium.find Concept.Stackelberg start with
| Ok report ->
    printfn $"best penalty e^λ = {exp (float report.Point[0]):G6}, error {report.Costs[0]:G6}"
    check "λ" (float report.Point[0]) (float best) 1e-9
| Error failure -> stop $"{failure}"

// The leader's cost does not contain λ: every regression solution is critical for ω, and Nash says nothing.
let known =
    let point = Game.joint ridge [ penalty, best; weights, answer best ]

    ridge
    |> Known.game "closed form, derived here" (List.ofArray (start.ToArray())) 0.1 [
        Known.point (List.ofArray (point.ToArray())) [
            Trait.CriticalOmega
            Trait.DifferentialStackelberg
            Trait.StableStackelberg
        ]
        |> Known.undecided [ Trait.DifferentialNash; Trait.StableSimgrad ]
    ]

checkKnown known
