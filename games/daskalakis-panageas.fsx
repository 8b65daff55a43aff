// A stable point of gradient descent-ascent that is no Nash equilibrium: f = −x²/8 − y²/2 + 6 x y/10.
// The minimiser sits on a maximum of its own cost, and the coupling holds it there (Daskalakis and Panageas, The Limit
// Points of (Optimistic) Gradient Descent in Min-Max Optimization). To the leader it is a minimum along y = 0.6 x.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let saddle =
    Game.zeroSum "Daskalakis-Panageas" (fun x y -> -(x ** 2) / 8 - y ** 2 / 2 + 0.6 * x * y)

// J = [−1/4 3/5; −3/5 1]; the Schur complement is −1/4 + 9/25 = 11/100.
let known =
    saddle
    |> Known.game "Daskalakis and Panageas (2018); spectra derived here" [ 1.0; -1.0 ] 0.1 [
        Known.point [ 0.0; 0.0 ] [
            Trait.StableSimgrad
            Trait.DifferentialStackelberg
            Trait.StableStackelberg
        ]
        |> Known.withCosts [ 0.0; 0.0 ]
        |> Known.withJ [ 0.2; 0.55 ]
        |> Known.withJS [ 0.11; 1.0 ]
    ]

whenRun __SOURCE_FILE__ (fun () ->
    let run =
        saddle
        |> Learn.run
            Rule.simultaneous
            {
                Learn.settings with
                    Steps = 2000
                    Stop = Stop.UpdateBelow 1e-12
            }
            (Tensor.ofList [ 1.0; -1.0 ])

    printfn $"{run}"

    printfn $"{Equilibrium.classify saddle (Tensor.zeros [ 2 ])}"

    check "converged (1 = yes)" (if run.Outcome.IsConverged then 1.0 else 0.0) 1.0 0.0

    checkKnown known)
