// A zero-sum game on the torus: which of its minimax points attracts depends on how fast the follower learns.
// f = −0.15 cos θ1 + cos(θ1 − θ2) + 0.15 cos θ2 (after Fiez and Ratliff, Local Convergence Analysis of Gradient Descent
// Ascent with Finite Timescale Separation). Both (0, 0) and (π, π) are minimax; with the follower τ times as fast,
// (0, 0) attracts for τ > 17/23 and (π, π) for τ > 23/17. All points and classes are derived here.
#load "Prelude.fsx"

open System
open System.Numerics
open Prelude
open Stackelberg

let a = 0.15
let theta1, theta2 = Player.angle "θ1", Player.angle "θ2"

let torus =
    let f (q: Strategies) =
        -a * cos q[theta1] + cos (q[theta1] - q[theta2]) + a * cos q[theta2]

    game "finite-timescale torus" {
        leader theta1 f
        follower theta2 (fun q -> -(f q))
    }

/// How far from (π, π) play ends that begins near it.
let escape tau =
    let run =
        torus
        |> Learn.run
            Rule.simultaneous
            {
                Learn.settings with
                    Steps = 20000
                    Rates = [ Rate.constant 0.02; Rate.constant (0.02 * tau) ]
            }
            (Tensor.ofList [ Math.PI - 0.02; Math.PI - 0.01 ])

    run.Final.ToArray()
    |> Array.sumBy (fun x -> abs (Math.IEEERemainder(x - Math.PI, 2.0 * Math.PI)))

for tau in [ 1.0; 1.25; 1.45; 2.0 ] do
    printfn $"τ = {tau}: play from near (π, π) ends {escape tau:G3} from it"

check "above 23/17 it stays" (escape 1.45) 0.0 1e-6
check "below it leaves (1 = yes)" (if escape 1.25 > 0.5 then 1.0 else 0.0) 1.0 0.0

// sin θ1 = sin θ2 at every critical point: θ2 = θ1, or θ2 = π − θ1 with sin θ1 = 0 or cos θ1 = −a / 2.
// J = [c1 − c, c; −c, c + c2] with c = cos(θ1 − θ2), c1 = a cos θ1, c2 = a cos θ2.
let known =
    let critical = [ Trait.CriticalOmega; Trait.CriticalOmegaS ]
    let minimax = Trait.DifferentialStackelberg :: Trait.StableStackelberg :: critical
    let side = acos (-a / 2.0)

    let saddle =
        [ -1.0; 1.0 ]
        |> List.map (fun sign -> sign * sqrt (1.0 - (1.0 - a * a / 2.0) ** 2.0))

    torus
    |> Known.game "after Fiez and Ratliff (2021); points and classes derived here" [ 0.5; 0.4 ] 0.1 [
        Known.point [ 0.0; 0.0 ] (Trait.StableSimgrad :: minimax)
        |> Known.withJ [ a; a ]
        Known.point [ Math.PI; Math.PI ] minimax |> Known.withJ [ -a; -a ]
        // A centre: its eigenvalues lie on the axis.
        Known.point [ Math.PI; 0.0 ] critical
        |> Known.undecided [ Trait.StableSimgrad ]
        |> Known.withComplexJ [ Complex(0.0, sqrt (1.0 - (1.0 - a) ** 2.0)) ]
        Known.point [ 0.0; Math.PI ] critical
        Known.point [ side; Math.PI - side ] critical |> Known.withJ saddle
        Known.point [ -side; side - Math.PI ] critical |> Known.withJ saddle
    ]

checkKnown known
