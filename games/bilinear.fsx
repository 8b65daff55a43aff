// The bilinear saddle f = 10 x y: simultaneous gradient play spirals outwards, whatever its step.
// A step multiplies the distance from the saddle by √(1 + 100 η²); the game is of Grosse and Zhang's lecture.
#load "Prelude.fsx"

open System.Numerics
open Prelude
open Stackelberg

let b = 10.0
let bilinear = Game.zeroSum "bilinear saddle" (fun x y -> b * x * y)

for rate, factor in [ 0.01, 1.004987562; 0.001, sqrt 1.0001 ] do
    let run =
        bilinear
        |> Learn.run
            Rule.simultaneous
            {
                Learn.settings with
                    Steps = 100
                    Rates = [ Rate.constant rate ]
            }
            (Tensor.ofList [ 0.6; 0.8 ])

    let distance = sqrt (float (Tensor.dot run.Final run.Final))
    printfn $"rate {rate}: after 100 steps the distance is {distance:G6}"
    check "its growth in a step" (distance ** 0.01) factor 1e-9

// D11 f1 = D22 f2 = 0: nothing decides about Nash, and the follower's answer is undefined.
let known =
    bilinear
    |> Known.game "Grosse and Zhang, Differentiable Games (lecture)" [ 0.6; 0.8 ] 0.01 [
        Known.point [ 0.0; 0.0 ] [ Trait.CriticalOmega ]
        |> Known.undecided [ Trait.DifferentialNash; Trait.StableSimgrad ]
        |> Known.singularFollower
        |> Known.withCosts [ 0.0; 0.0 ]
        |> Known.withComplexJ [ Complex(0.0, b) ]
    ]

checkKnown known
