// The hyperparameter of a support vector machine, through the dual: the leader chooses C, the follower solves
// min ½ αᵀ Q α − Σ α with 0 ≤ α ≤ C and yᵀ α = 0 (Cortes and Vapnik 1995; the choice as a bilevel problem: Bennett et
// al. 2006; data made here). The leader's loss is that of pairs of held-out points of both classes, the mean of
// (1 − w·(v₊ − v₋) / 2)², in which the machine's offset cancels.
//
// For C between 1/6 and 1 the fourth and the eighth point are at the upper bound, the first and the sixth are free, and the
// others are 0. Then α1 = α6 = 0.1 + 0.15 C and w = (0.4 − 0.4 C, 0.2 + 0.8 C), and the pairs' halves of w·(v₊ − v₋) are
// 0.8 + 0.2 C, 0.75 + 0.5 C, 0.75 + C, 0.7 + 1.3 C: least squares give C = 0.805 / 2.98. There is a plateau as well:
// between 7/72 and 1/6 a fifth support vector keeps w at (1, 1) / 3, whatever C is.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let inputs =
    let first = [ 2.0; 1.0; 3.0; -0.5; -1.0; -2.0; -2.0; 0.5 ]
    let second = [ 1.0; 2.0; 2.0; 0.5; -2.0; -1.0; -3.0; 0.0 ]
    Tensor.stack 1 [ Tensor.ofList first; Tensor.ofList second ]

let labels = Tensor.ofList [ 1.0; 1.0; 1.0; 1.0; -1.0; -1.0; -1.0; -1.0 ]

/// v₊ − v₋ of every pair held out.
let pairs =
    Tensor.stack 0 [
        for a, b in [ 1.5, 1.0; 0.5, 2.5 ] do
            for c, d in [ -1.5, -1.0; -1.0, -1.5 ] -> Tensor.ofList [ a - c; b - d ]
    ]

let C = Player.scalar "C"
let α = Player.vector "α" 8

let normal (α: Tensor) = Tensor.matmul (labels * α) inputs

let svm =
    game "support vectors" {
        leader C (fun q -> Tensor.mean ((1.0 - 0.5 * Tensor.matmul pairs (normal q[α])) ** 2.0))

        follower α (fun q ->
            let w = normal q[α]
            0.5 * Tensor.dot w w - Tensor.sum q[α])

        subjectTo C "positive" (fun q -> -q[C])
        subjectTo α "α ≥ 0" (fun q -> -q[α])
        subjectTo α "α ≤ C" (fun q -> q[α] - q[C])
        equality α "yᵀα = 0" (fun q -> Tensor.dot labels q[α])
    }

let best = 0.805 / 2.98

let known =
    let free = 0.1 + 0.15 * best
    let point = [ best; free; 0.0; 0.0; best; 0.0; free; 0.0; best ]

    svm
    |> Known.game "closed form, derived here" (0.5 :: List.replicate 8 0.25) 0.05 [
        Known.point point [ Trait.CriticalOmega; Trait.DifferentialStackelberg ]
        |> Known.undecided [ Trait.DifferentialNash; Trait.StableSimgrad; Trait.StableStackelberg ]
    ]

whenRun __SOURCE_FILE__ (fun () ->
    match Equilibrium.find Concept.Stackelberg (Tensor.ofArray known.Start) svm with
    | Ok report ->
        printfn $"{report}"
        check "C" (float report.Point[0]) best 1e-9
        check "a free support vector" (float report.Point[1]) (0.1 + 0.15 * best) 1e-9
        printfn "%O" (Equilibrium.globalResponse svm report.Point |> Array.exactlyOne)
    | Error failure -> stop $"{failure}"

    checkKnown known)
