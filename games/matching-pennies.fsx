// Matching pennies: one player wants the coins to match, the other wants them to differ, and gradients circle.
// Each shows heads with probability sigmoid(x). Paying each player h times the entropy of its coin closes the
// circles. A game of von Neumann's; the points in logits are derived here.
#load "Prelude.fsx"

open System.Numerics
open Prelude
open Stackelberg

/// The first player's loss, −1 where the coins match: −(2 p − 1) (2 q − 1), and 2 sigmoid(x) − 1 = tanh(x / 2).
let loss (x: Tensor) (y: Tensor) = -tanh(x / 2) * tanh (y / 2)

/// The entropy of a coin with logit x: log 2 − x² / 8 + O(x⁴).
let entropy (x: Tensor) =
    Tensor.softplus x - x * Tensor.sigmoid x

let pennies = Game.zeroSum "matching pennies" loss
let h = 0.2

let smoothed =
    Game.twoPlayer "matching pennies with entropy" (fun x y -> loss x y - h * entropy x) (fun x y ->
        -(loss x y) - h * entropy y)

let learn game =
    game
    |> Learn.run
        Rule.simultaneous
        {
            Learn.settings with
                Steps = 2000
                Rates = [ Rate.constant 0.5 ]
        }
        (Tensor.ofList [ 0.3; 0.0 ])

let norm (x: Tensor) = sqrt (float (Tensor.dot x x))

for game in [ pennies; smoothed ] do
    let run = learn game
    printfn $"{game.Name}: from 0.3 to {norm run.Final:G3} away from the equilibrium"

check "with entropy, distance at the end" (norm (learn smoothed).Final) 0.0 1e-6
check "without, it has grown (1 = yes)" (if norm (learn pennies).Final > 0.6 then 1.0 else 0.0) 1.0 0.0

let source = "von Neumann (1928); points and spectra derived here"

// D11 f1 = D22 f2 = 0: nothing decides about Nash, and the follower's answer is undefined.
let known =
    pennies
    |> Known.game source [ 0.3; 0.0 ] 0.5 [
        Known.point [ 0.0; 0.0 ] [ Trait.CriticalOmega ]
        |> Known.undecided [ Trait.DifferentialNash; Trait.StableSimgrad ]
        |> Known.singularFollower
        |> Known.withCosts [ 0.0; 0.0 ]
        |> Known.withComplexJ [ Complex(0.0, 0.25) ]
    ]

// D11 f1 = D22 f2 = h / 4, D12 f1 = −D21 f2 = −1/4, and Df1 = (h / 4 + 1 / (4 h)) x − y / 4 to first order.
let knownSmoothed =
    let trace, determinant = h / 2.0 + 0.25 / h, (h * h + 2.0) / 16.0
    let root = sqrt (trace * trace / 4.0 - determinant)

    smoothed
    |> Known.game source [ 0.3; 0.0 ] 0.5 [
        Known.point [ 0.0; 0.0 ] [
            Trait.DifferentialNash
            Trait.DifferentialStackelberg
            Trait.StableSimgrad
            Trait.StableStackelberg
        ]
        |> Known.withComplexJ [ Complex(h / 4.0, 0.25) ]
        |> Known.withJS [ trace / 2.0 - root; trace / 2.0 + root ]
    ]

checkKnown known
checkKnown knownSmoothed
