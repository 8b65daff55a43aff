// The prisoner's dilemma: each player would be better off if both cooperated, and none does.
// Each cooperates with a probability in [0, 1]; the years in prison are 1 each if both do, 2 each if none does, and 3 for
// one who cooperates alone while the other goes free. The equilibrium lies in a corner, held there by the bounds.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let first = Player.scalar "first" |> Player.bounded 0.0 1.0
let second = Player.scalar "second" |> Player.bounded 0.0 1.0

/// p q + 3 p (1 − q) + 2 (1 − p) (1 − q): to confess costs the other 2 and oneself −1, whatever the other does.
let years (own: Tensor) (other: Tensor) = 2.0 + own - 2.0 * other

let dilemma =
    game "prisoner's dilemma" {
        leader first (fun q -> years q[first] q[second])
        follower second (fun q -> years q[second] q[first])
    }

let known =
    dilemma
    |> Known.game "Tucker's story (1950); the point derived here" [ 0.9; 0.9 ] 0.1 [
        Known.point [ 0.0; 0.0 ] [
            Trait.DifferentialNash
            Trait.DifferentialStackelberg
            Trait.StableSimgrad
            Trait.StableStackelberg
        ]
        |> Known.withCosts [ 2.0; 2.0 ]
        // Both cooperating is no equilibrium: each gains a year by confessing.
        Known.point [ 1.0; 1.0 ] [] |> Known.withCosts [ 1.0; 1.0 ]
    ]

whenRun __SOURCE_FILE__ (fun () ->
    for rule in [ Rule.simultaneous; Rule.stackelberg Conjecture.bestResponse ] do
        let run = dilemma |> Learn.run rule Learn.settings (Tensor.ofList [ 0.9; 0.9 ])
        printfn $"{run}"
        check "years of the first" run.Costs[0] 2.0 0.0

    printfn $"{Equilibrium.classify dilemma (Tensor.zeros [ 2 ])}"

    checkKnown known)
