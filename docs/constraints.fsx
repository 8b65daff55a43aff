(**
---
title: Constraints
category: Problems
categoryindex: 3
index: 4
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# Constraints

A player's own strategy is kept in a convex set (`Player.bounded`, `Player.simplex`, `Player.ball`, `Player.halfSpace`,
`Player.affine`, `Player.secondOrderCone`, `Player.within` for others), and a player can heed functions of all strategies:
`subjectTo` (every entry at most 0) and `equality` (every entry 0).

The duopoly again, whose follower now has a capacity of 20:
*)
open Stackelberg

let firm1 = Player.scalar "firm 1"
let firm2 = Player.scalar "firm 2"

let market =
    game "capacity" {
        leader firm1 (fun q -> -(100.0 - q[firm1] - q[firm2] - 5.0) * q[firm1])
        follower firm2 (fun q -> -(100.0 - q[firm1] - q[firm2] - 2.0) * q[firm2])
        subjectTo firm2 "capacity" (fun q -> q[firm2] - 20.0)
    }

let report =
    match market |> Equilibrium.find Concept.Stackelberg (Tensor.ofList [ 30.0; 10.0 ]) with
    | Ok report -> report
    | Error failure -> failwith $"{failure}"

printfn $"{report}"
(*** include-output ***)
(*** hide ***)
// The follower sells 20, so the leader's cost is −(75 − q) q; the follower's slope there is −(98 − 37.5 − 40) = −20.5.
check "q1" (float report.Point[0]) 37.5 1e-8
check "q2" (float report.Point[1]) 20.0 1e-8
(**
The leader's problem is judged through the follower's constrained answer: where the capacity presses, the answer does not move,
so that its derivative is zero and the leader sells as a monopolist of what is left.

## What a rule plays

Rules heed sets by projection. Of a game with functions they play `Game.withMultipliers ρ`, in which every multiplier is a player.
*)
let start = Tensor.ofList [ 10.0; 10.0; 0.0 ]

let run =
    Game.withMultipliers 1.0 market
    |> Learn.run
        (Rule.stackelberg Conjecture.bestResponse)
        {
            Learn.settings with
                Steps = 3000
                Rates = [ Rate.constant 0.1 ]
        }
        start

printfn $"{run.Outcome}: {run.Final}"
(*** include-output ***)
(*** hide ***)
check "play's q1" (float run.Final[0]) 37.5 1e-6
check "the multiplier" (float run.Final[2]) 20.5 1e-6
(**
Every rule plays so. With `Rule.bestResponse` the follower's strategy is its constrained answer, multiplier included, after every step:
*)
let exact =
    Game.withMultipliers 1.0 market
    |> Learn.run
        Rule.bestResponse
        {
            Learn.settings with
                Steps = 1
                Rates = [ Rate.constant 0.1 ]
        }
        start

printfn $"{exact.Final}"
(*** include-output ***)
(*** hide ***)
// From the answer to 10, which is 20 with the multiplier 48, the leader goes to 10 + 0.1 · 55.
check "one step" (float exact.Final[0]) 15.5 1e-9
check "its answer" (float exact.Final[1]) 20.0 1e-9
check "what the capacity is worth" (float exact.Final[2]) 42.5 1e-9
(**
## A simplex

The leader spreads one guard over three targets, and the attacker answers with a distribution (games/security.fsx has it in full).
A set with a bound of its own needs no function (and rules can move in it by mirror steps instead of projected ones, with
`Preconditioner.entropic`):
*)
let guard = Player.vector "guard" 3 |> Player.simplex
let attacker = Player.vector "attacker" 3 |> Player.simplex
let worth = Tensor.ofList [ 1.0; 2.0; 3.0 ]

let security =
    game "security" {
        leader guard (fun q -> Tensor.dot q[attacker] (worth * (1.0 - q[guard])))

        follower attacker (fun q ->
            -(Tensor.dot q[attacker] (worth * (1.0 - q[guard])))
            + Tensor.dot q[attacker] q[attacker])
    }

match security |> Equilibrium.find Concept.Stackelberg (Tensor.full [ 6 ] (1.0 / 3.0)) with
| Ok report -> printfn $"{report}"
| Error failure -> printfn $"{failure}"
(*** include-output ***)
(**
`Equilibrium.globalResponse` asks whether the follower's answer is its best one and not only a local minimum;
`ConstrainedMinimum` is a constrained answer inside of any expression ([bilevel problems](bilevel.html)).
*)
