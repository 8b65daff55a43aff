(**
---
title: Bilevel problems and hyperparameters
category: Problems
categoryindex: 3
index: 1
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# Bilevel problems and hyperparameters

A bilevel problem min f₁(x, y) with y ∈ argmin f₂(x, ·) is a game whose leader chooses x and whose follower chooses y.
The hypergradient is the leader's total derivative Df₁ = D₁f₁ − (D₂₁f₂)ᵀ (D₂²f₂)⁻¹ D₂f₁.

## A ridge regression's penalty

The leader chooses the penalty e^λ, the follower the weights; the leader pays the error on held-out data.
*)
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

/// The follower's answer in closed form.
let closed (lambda: Tensor) =
    let gram = Tensor.matmul inputs.T inputs / n + exp lambda * Tensor.eye d
    Tensor.solve gram (Tensor.matmul inputs.T targets / n)

let start =
    Game.joint ridge [ penalty, Tensor.scalar -2.0; weights, closed (Tensor.scalar -1.0) ]

let best =
    match ridge |> Equilibrium.find Concept.Stackelberg start with
    | Ok report -> report
    | Error failure -> failwith $"{failure}"

printfn $"e^λ = {exp (float best.Point[0]):G6}, held-out error {best.Costs[0]:G6}"
printfn $"differential Stackelberg: {best.IsDifferentialStackelberg}"
(*** include-output ***)
(**
## Three ways to the same hypergradient

By the game; by an argmin inside of an expression, which is differentiated by the implicit function theorem; by the closed form.
*)
/// argmin of the follower's cost as an expression of λ.
let fitted (lambda: Tensor) =
    Diff.argmin
        (fun w -> error inputs targets w + 0.5 * exp lambda * Tensor.sum (w ** 2))
        (Tensor.zeros [ d ])

let lambda = Tensor.scalar -1.0
let held w = error heldInputs heldTargets w

let byGame =
    (Game.omegaS ridge (Game.joint ridge [ penalty, lambda; weights, closed lambda ]))[0]

let byArgmin = Diff.diff (fitted >> held) lambda
let byClosedForm = Diff.diff (closed >> held) lambda

printfn $"the game's Df₁     {float byGame:G10}"
printfn $"through argmin     {float byArgmin:G10}"
printfn $"the closed form    {float byClosedForm:G10}"
(*** include-output ***)
(*** hide ***)
check "by the game" (float byGame) (float byClosedForm) 1e-12
check "through argmin" (float byArgmin) (float byClosedForm) 1e-9

let newton =
    Loop.scan
        20
        (fun x -> x - Diff.diff (closed >> held) x / Diff.diffn 2 (closed >> held) x)
        (Tensor.scalar -1.0)

check "λ" (float best.Point[0]) (float newton) 1e-9
(**
The derivative of an argmin is again an expression, so its second derivative is there too:
*)
printfn $"second derivative through argmin {float (Diff.diffn 2 (fitted >> held) lambda):G8}"
printfn $"… of the closed form             {float (Diff.diffn 2 (closed >> held) lambda):G8}"
(*** include-output ***)
(*** hide ***)
check
    "second derivative"
    (float (Diff.diffn 2 (fitted >> held) lambda))
    (float (Diff.diffn 2 (closed >> held) lambda))
    1e-8
(**
## Without solving for the follower

Rules that never form the inverse: `Rule.penalty`, `Rule.fullyFirstOrder`, `Rule.bome`, `Rule.dynamicBarrier`, `Rule.darts`.
They play the same game.
*)
let play rule steps rate =
    (ridge
     |> Learn.run
         rule
         {
             Learn.settings with
                 Steps = steps
                 Rates = [ Rate.constant rate ]
         }
         start)
        .Final

for rule in
    [
        Rule.stackelberg Conjecture.bestResponse
        Rule.darts 0.2
        Rule.unrolled 20 0.2
    ] do
    printfn $"{rule, -30} λ = {float ((play rule 4000 0.1)[0]):F6}"

printfn $"""{"best", -30} λ = {float best.Point[0]:F6}"""
(*** include-output ***)
(*** hide ***)
check
    "λ learned by the total derivative"
    (float ((play (Rule.stackelberg Conjecture.bestResponse) 4000 0.1)[0]))
    (float best.Point[0])
    1e-5
(**
A follower who is looked through with one step, or twenty, has another derivative than its answer, and the leader ends elsewhere.

## Constrained followers

`ConstrainedMinimum` is min f(y, p) with g(y, p) ≤ 0 and h(y, p) = 0 as a function of p; `subjectTo` and `equality` say the same in a game
([constraints](constraints.html)). `games/hypercleaning.fsx`, `games/svm-dual.fsx` and `games/lasso.fsx` are three such problems,
and of the collection BOLIBver2 165 problems are stated in `tests/Stackelberg.Bilevel.Tests`.
*)
