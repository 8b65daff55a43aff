// The stag hunt: together the hunters catch a stag, and a hare is safe; both are equilibria, one is better.
// Each hunts the stag with a probability in [0, 1]. A stag is worth 4 to each of two hunters and 1 to one alone; a hare is
// worth 3 to one alone and 2 to each of two (Rousseau's parable with usual numbers; the points are derived here).
#load "Prelude.fsx"

open Prelude
open Stackelberg

let first = Player.scalar "first" |> Player.bounded 0.0 1.0
let second = Player.scalar "second" |> Player.bounded 0.0 1.0

/// Minus the catch, 4 p q + p (1 − q) + 3 (1 − p) q + 2 (1 − p) (1 − q).
let loss (own: Tensor) (other: Tensor) =
    -(2.0 - own + other + 2.0 * own * other)

let stagHunt =
    game "stag hunt" {
        leader first (fun q -> loss q[first] q[second])
        follower second (fun q -> loss q[second] q[first])
    }

// Trust decides: above one half both go for the stag, below it for hares.
for start, final in [ [ 0.6; 0.6 ], 1.0; [ 0.4; 0.4 ], 0.0 ] do
    let run =
        stagHunt |> Learn.run Rule.simultaneous Learn.settings (Tensor.ofList start)

    printfn $"from {start[0]}: {run.Final}, each catches {-run.Costs[0]}"
    check "the first hunter's probability" (float run.Final[0]) final 0.0

let known =
    let strict = [
        Trait.DifferentialNash
        Trait.DifferentialStackelberg
        Trait.StableSimgrad
        Trait.StableStackelberg
    ]

    stagHunt
    |> Known.game "Rousseau (1755), in the numbers of textbooks; points derived here" [ 0.6; 0.6 ] 0.1 [
        Known.point [ 1.0; 1.0 ] strict |> Known.withCosts [ -4.0; -4.0 ]
        Known.point [ 0.0; 0.0 ] strict |> Known.withCosts [ -2.0; -2.0 ]
        // The mixed equilibrium is a saddle of the learning; D22 f2 = 0, so the follower's answer is undefined.
        Known.point [ 0.5; 0.5 ] [ Trait.CriticalOmega ]
        |> Known.undecided [ Trait.DifferentialNash ]
        |> Known.singularFollower
        |> Known.withCosts [ -2.5; -2.5 ]
        |> Known.withJ [ -2.0; 2.0 ]
    ]

checkKnown known
