(**
---
title: Reading a report card
category: Start
categoryindex: 1
index: 3
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# Reading a report card

`Equilibrium.classify game x` says of any point what it is; a run carries the card of its end as `run.Report`.
Here is a game with four attractors of simultaneous play, of which two are no Nash equilibria (arXiv 1906.01217, Example 1).
*)
open Stackelberg

let polynomial =
    Game.zeroSum "polynomial" (fun x y ->
        let u, v = 0.15 * x * x + y, 0.25 * y * y + x
        -(exp (-0.01 * (x * x + y * y)) * (u * u + v * v)))

let found =
    match
        polynomial
        |> Equilibrium.find Concept.Stackelberg (Tensor.ofList [ -13.3; -10.0 ])
    with
    | Ok report -> report
    | Error failure -> failwith $"{failure}"

printfn $"{found}"
(*** include-output ***)
(*** hide ***)
check "x1" (float found.Point[0]) -13.33918039568395 1e-9

check
    "it is a Stackelberg point (1 = yes)"
    (if found.IsDifferentialStackelberg = Verdict.Yes then
         1.0
     else
         0.0)
    1.0
    0.0

check "it is no Nash point (1 = no)" (if found.IsDifferentialNash = Verdict.No then 1.0 else 0.0) 1.0 0.0

check
    "J's least eigenvalue is right of the axis"
    (if found.EigenvaluesJ[0].Real > 0.0 then 1.0 else 0.0)
    1.0
    0.0
(**
## Line by line

**Residuals.** ‖ω‖ and ‖ω_S‖. A point is critical where they vanish up to rounding. Where a point is only near, the card says
how far Newton's next step would go.

**Differential Nash.** ω = 0, and every player's own second derivative D²ᵢᵢfᵢ is positive definite (Definition 3 of arXiv 1906.01217).

**Differential Stackelberg.** ω_S = 0, the follower's D²₂₂f₂ is positive definite, and so is the leader's second derivative
along the follower's answer, which is the Schur complement of J_S (Definition 4; the condition on the follower is not printed there).

**Stable.** All eigenvalues of J, or of J_S, lie right of the imaginary axis: play along −ω, or −ω_S, is drawn to the point.

**Spurious.** Stable, but certainly no equilibrium of its kind.

Each verdict is *yes*, *no* or *undecided*. Undecided means that an eigenvalue which decides is within its own error of zero;
the card then gives the reason.

## Two Schur complements

The Schur complement of J and that of J_S are the same at critical points of zero-sum games, and different in others.
The second one decides. In the 2 × 2 game with softmax policies of the ICML 2020 code they are far apart:
*)
let policy (x: Tensor) =
    1.0 / (1.0 + exp (-2.0 * (2.5 * x + 1.0)))

let bimatrix =
    let same (x: Tensor) (y: Tensor) =
        let p, q = policy x, policy y
        p * q + (1.0 - p) * (1.0 - q)

    Game.twoPlayer "bimatrix" (fun x y -> same x y + 0.05 * x * x) (fun x y ->
        1.0 - 0.5 * same x y + 0.05 * y * y)

let leading =
    match
        bimatrix
        |> Equilibrium.find Concept.Stackelberg (Tensor.ofList [ -0.41; -0.16 ])
    with
    | Ok report -> report
    | Error failure -> failwith $"{failure}"

printfn $"at {leading.Point}"
printfn $"Schur complement of J    {leading.SchurJ[0, 0]:F4}"
printfn $"Schur complement of J_S  {leading.TotalHessian[0, 0]:F4}"
(*** include-output ***)
(*** hide ***)
check "of J" leading.SchurJ[0, 0] 43.67 0.01
check "of J_S" leading.TotalHessian[0, 0] 179.541332 1e-5
(**
## Spectra

`found |> Chart.spectrum |> Chart.show` draws both spectra.
*)
(*** hide ***)
found |> Chart.spectrum |> drawn
(*** include-it-raw ***)
(**
For games of thousands of dimensions `Equilibrium.classifyLarge` needs products with J alone;
`Equilibrium.findAll concept (lower, upper)` searches a box for every critical point.
*)
