// A lasso's penalty: the leader chooses λ by the error on held-out data, the follower solves the lasso
// min |X w − y|² / 2n + λ Σ |w| with w = u − v, u and v ≥ 0 (Tibshirani 1996; the choice of λ as a bilevel problem:
// Bertrand et al. 2020; data made here).
// Between two kinks of its path the answer is w_A = G_AA⁻¹ (c_A − λ s_A) on the active set A with the signs s, G = XᵀX / n,
// c = Xᵀy / n (Efron et al. 2004). Around λ = 0.04 it is A = {1, 3, 5} with the signs +, −, +, checked below; the error is
// quadratic in λ there, and its least value is a quotient of two products.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let n, d = 16, 5
let truth = Tensor.ofList [ 2.0; 0.0; -1.0; 0.0; 0.5 ]

let column first f =
    Tensor.ofList [ for k in first .. first + n - 1 -> f (float k) ]

/// Inputs sin (j k) and targets, j = 1 … d, k from the first on.
let data first =
    let inputs =
        Tensor.stack 1 [ for j in 1..d -> column first (fun k -> sin (float j * k)) ]

    inputs, Tensor.matmul inputs truth + 0.6 * column first (fun k -> cos (7.0 * (k - 1.0)))

let (inputs, targets), (heldInputs, heldTargets) = data 1, data 31

let error (inputs: Tensor) targets weights =
    0.5 * Tensor.mean ((Tensor.matmul inputs weights - targets) ** 2.0)

let penalty = Player.scalar "λ" |> Player.bounded 0.0 infinity
let parts = Player.vector "u, v" (2 * d) |> Player.bounded 0.0 infinity

let weights (p: Tensor) =
    Tensor.slice 0 0 d p - Tensor.slice 0 d d p

let lasso =
    game "lasso" {
        leader penalty (fun q -> error heldInputs heldTargets (weights q[parts]))
        follower parts (fun q -> error inputs targets (weights q[parts]) + q[penalty] * Tensor.sum q[parts])
    }

/// The path on the active set: w = a − λ b in the entries of A.
let signs = Tensor.ofList [ 1.0; -1.0; 1.0 ]
let some (x: Tensor) = Tensor.gather 1 [| 0; 2; 4 |] x

let a, b =
    let X = some inputs
    let gram = Tensor.matmul X.T X / float n
    Tensor.solve gram (Tensor.matmul X.T targets / float n), Tensor.solve gram signs

let best =
    let slope = Tensor.matmul (some heldInputs) b
    let rest = Tensor.matmul (some heldInputs) a - heldTargets
    float (Tensor.dot slope rest) / float (Tensor.dot slope slope)

let w = (a - best * b).ToArray()
let answer = [ w[0]; 0.0; w[1]; 0.0; w[2] ]

// The leader's cost does not contain λ: every regression solution is critical for ω, and Nash says nothing.
let known =
    let point =
        best :: [ for w in answer -> max w 0.0 ] @ [ for w in answer -> max -w 0.0 ]

    lasso
    |> Known.game "closed form, derived here" (0.1 :: List.replicate (2 * d) 0.1) 0.05 [
        Known.point point [ Trait.CriticalOmega; Trait.DifferentialStackelberg; Trait.StableStackelberg ]
        |> Known.undecided [ Trait.DifferentialNash; Trait.StableSimgrad ]
    ]

whenRun __SOURCE_FILE__ (fun () ->
    match Equilibrium.find Concept.Stackelberg (Tensor.ofArray known.Start) lasso with
    | Ok report ->
        printfn $"{report}"
        check "λ" (float report.Point[0]) best 1e-9
        let slopes = Diff.grad (error inputs targets) (Tensor.ofList answer)
        check "the largest slope" (float (Tensor.max (abs slopes))) best 1e-12
    | Error failure -> stop $"{failure}"

    checkKnown known)
