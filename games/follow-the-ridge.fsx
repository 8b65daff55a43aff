// The three functions of Follow-the-Ridge: where simultaneous play goes wrong in three ways.
// On f1 it leaves the local minimax; on f2 it stays at a point that is none; on f3 it never arrives (Wang, Zhang and
// Ba, On Solving Minimax Optimization Locally: A Follow-the-Ridge Approach). x minimises, y maximises.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let f1 = Game.zeroSum "ridge 1" (fun x y -> -3.0 * x ** 2 - y ** 2 + 4.0 * x * y)
let f2 = Game.zeroSum "ridge 2" (fun x y -> 3.0 * x ** 2 + y ** 2 + 4.0 * x * y)

let f3 =
    Game.zeroSum "ridge 3" (fun x y ->
        (0.4 * x ** 2 - 0.1 * (y - 3.0 * x + 0.05 * x ** 3) ** 2 - 0.01 * y ** 4)
        * exp (-0.01 * (x ** 2 + y ** 2)))

let learn rule start game =
    let rates = [ Rate.constant 0.05 ]
    let settings = { Learn.settings with Rates = rates }
    (game |> Learn.run rule settings (Tensor.ofList start)).Final

let stackelberg = Rule.stackelberg Conjecture.bestResponse
let size x = sqrt (float (Tensor.dot x x))

for game, start in [ f1, [ 5.0; 7.0 ]; f2, [ 6.0; 5.0 ]; f3, [ 7.0; 5.0 ] ] do
    printfn
        $"{game.Name}: simultaneous {learn Rule.simultaneous start game}, Stackelberg {learn stackelberg start game}"

check "f1, Stackelberg ends at the minimax" (size (learn stackelberg [ 5.0; 7.0 ] f1)) 0.0 1e-30
check "f2, simultaneous ends at no minimax" (size (learn Rule.simultaneous [ 6.0; 5.0 ] f2)) 0.0 1e-30
check "f3, simultaneous: x" (float (learn Rule.simultaneous [ 7.0; 5.0 ] f3).[0]) 1.693133988 1e-6

let about start points game =
    game
    |> Known.game "Wang, Zhang and Ba (2020); f3's outer points by computation" start 0.05 points

let critical = [ Trait.CriticalOmega; Trait.CriticalOmegaS ]

let minimax = [ Trait.CriticalOmega; Trait.DifferentialStackelberg; Trait.StableStackelberg ]

let known1 =
    f1
    |> about [ 5.0; 7.0 ] [
        Known.point [ 0.0; 0.0 ] minimax
        |> Known.withJ [ -2.0; -2.0 ]
        |> Known.withJS [ 2.0; 2.0 ]
    ]

let known2 =
    f2
    |> about [ 6.0; 5.0 ] [
        Known.point [ 0.0; 0.0 ] (Trait.StableSimgrad :: critical)
        |> Known.withJ [ 2.0; 2.0 ]
        |> Known.withJS [ -2.0; -2.0 ]
    ]

let known3 =
    let outer x y =
        Known.point [ x; y ] critical
        |> Known.withJ [ -5.386296069451628; 0.3177330389439849 ]

    f3
    |> about [ 7.0; 5.0 ] [
        Known.point [ 0.0; 0.0 ] minimax
        |> Known.withJ [ -0.4; -0.4 ]
        |> Known.withJS [ 0.2; 0.8 ]
        outer 8.101257694831943 -0.6206619278437845
        outer -8.101257694831943 0.6206619278437845
    ]

List.iter checkKnown [ known1; known2; known3 ]
