(**
---
title: Your own rule
category: Learning
categoryindex: 2
index: 2
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# Your own rule

A rule is one expression from a joint strategy to the next. `s` has what a step is made of: the rates of this step, the fields,
the projection onto the players' sets. This one mixes a step of simultaneous play with the point that it started from:
*)
open Stackelberg

/// x⁺ = (1 − α) x + α Π(x − γ ω(x)).
let averaged (α: float) =
    Rule.create $"averaged {α}" "Mann 1953" (fun s x -> (1.0 - α) * x + α * s.Project(x - s.Rate * s.Omega x))
(**
It is in no way less than a rule of the library: it learns, runs in ensembles, is compared with theory, trains networks,
is saved and resumed. On a saddle whose gradients turn:
*)
let turning =
    Game.zeroSum "turning saddle" (fun x y -> x * y / 2 + x ** 2 / 8 - y ** 2 / 8)

let start = Tensor.ofList [ 1.0; -1.0 ]

let rows =
    turning
    |> Comparison.run
        {
            Comparison.settings with
                Rules = [| averaged 0.5; Rule.simultaneous; Rule.extragradient |]
                Rate = 0.5
        }
        start

for row in rows do
    printfn $"{row}"
(*** include-output ***)
(*** hide ***)
// J has the eigenvalues (1 ± 2i)/4, so that a step multiplies by 1 − αγ (1 ± 2i)/4.
check "the averaged rule's factor" rows[0].Measured (sqrt (0.9375 ** 2 + 0.125 ** 2)) 1e-6
check "simultaneous play's" rows[1].Measured (sqrt (0.875 ** 2 + 0.25 ** 2)) 1e-6
(**
*Factor* is by how much a step shrinks the distance, measured on the last steps; *predicted* is the spectral radius of the
derivative of the rule's own step at the end point. That derivative needs nothing from you: the step is an expression.

## A rule with a memory

`Rule.withState` carries tensors from step to step. Momentum, written out:
*)
/// x⁺ = x − γ ω(x) + β (x − x⁻).
let heavyBall (β: float) =
    Rule.withState $"heavy ball {β}" "Polyak 1964" (fun _ x -> [ ("last", x) ]) (fun s memory x ->
        s.Project(x - s.Rate * s.Omega x + β * (x - memory[0])), [| x |])

let finalOf rule =
    (turning
     |> Learn.run
         rule
         {
             Learn.settings with
                 Steps = 50
                 Rates = [ Rate.constant 0.5 ]
         }
         start)
        .Final

printfn $"own     {finalOf (heavyBall -0.2)}"
printfn $"library {finalOf (Rule.momentum -0.2)}"
(*** include-output ***)
(*** hide ***)
check
    "own momentum against the library's"
    (float (Tensor.norm (finalOf (heavyBall -0.2) - finalOf (Rule.momentum -0.2))))
    0.0
    1e-14
(**
## What a leader believes

A field of its own makes a rule too: `Rule.stackelberg conjecture` descends the total derivative under a conjecture of the
follower's answer. `Conjecture.bestResponse`, `regularized η`, `gradientStep γ`, `lookAhead γ` and `unrolled k γ` are there.
*)
for conjecture in
    [
        Conjecture.none
        Conjecture.gradientStep 0.5
        Conjecture.unrolled 5 0.5
        Conjecture.bestResponse
    ] do
    printfn $"{conjecture, -20} {Game.field conjecture turning start}"
(*** include-output ***)
(**
The rules of the library, with formula and source: [which rule for which game](which-rule.html).
*)
