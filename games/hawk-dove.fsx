// Hawk and dove: two animals want the same food, and only one should fight for it.
// Each fights with a probability in [0, 1]. The food is worth V = 2, a wound costs C = 4 (Maynard Smith and Price; the
// points are derived here). Who moves first and fights wins; the mixed equilibrium V / C does not hold under learning.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let first = Player.scalar "first" |> Player.bounded 0.0 1.0
let second = Player.scalar "second" |> Player.bounded 0.0 1.0
let food, wound = 2.0, 4.0

/// Minus the gain: (V − C) / 2 for two hawks, V for a hawk against a dove, V / 2 for two doves.
let loss (own: Tensor) (other: Tensor) =
    -((food - wound) / 2.0 * own * other
      + food * own * (1.0 - other)
      + food / 2.0 * (1.0 - own) * (1.0 - other))

let hawkDove =
    game "hawk and dove" {
        leader first (fun q -> loss q[first] q[second])
        follower second (fun q -> loss q[second] q[first])
    }

for start in [ [ 0.6; 0.4 ]; [ 0.4; 0.6 ] ] do
    let run =
        hawkDove |> Learn.run Rule.simultaneous Learn.settings (Tensor.ofList start)

    printfn $"from {start}: {run.Final}, gains {-run.Costs[0]} and {-run.Costs[1]}"
    check "who was bolder fights" (float run.Final[0]) (if start[0] > start[1] then 1.0 else 0.0) 0.0

let known =
    let strict = [
        Trait.DifferentialNash
        Trait.DifferentialStackelberg
        Trait.StableSimgrad
        Trait.StableStackelberg
    ]

    hawkDove
    |> Known.game "Maynard Smith and Price (1973); points derived here" [ 0.6; 0.4 ] 0.1 [
        Known.point [ 1.0; 0.0 ] strict |> Known.withCosts [ -2.0; 0.0 ]
        Known.point [ 0.0; 1.0 ] strict |> Known.withCosts [ 0.0; -2.0 ]
        Known.point [ food / wound; food / wound ] [ Trait.CriticalOmega ]
        |> Known.undecided [ Trait.DifferentialNash ]
        |> Known.singularFollower
        |> Known.withCosts [ -0.5; -0.5 ]
        |> Known.withJ [ -2.0; 2.0 ]
    ]

checkKnown known
