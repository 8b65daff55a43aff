// Location on the torus: two players want to be near one angle and far from each other.
// There are two Stackelberg equilibria; the start decides which one is reached (Fiez, Chasnov and Ratliff).
#load "Prelude.fsx"

open System
open Prelude
open Stackelberg

let theta1 = Player.angle "θ1"
let theta2 = Player.angle "θ2"
let home = Math.PI / 8.0

/// How much each player wants to be near its own place, and these places.
let create (alpha: float[]) (phi: float[]) =
    game "torus" {
        leader theta1 (fun q -> -alpha[0] * cos (q[theta1] - phi[0]) + cos (q[theta1] - q[theta2]))
        follower theta2 (fun q -> -alpha[1] * cos (q[theta2] - phi[1]) + cos (q[theta2] - q[theta1]))
    }

let torus = create [| 1.0; 1.3 |] [| home; home |]

// The critical points of ω and ω_S from the reference computation; of the first four, all are critical for both.
let known =
    let critical = [ Trait.CriticalOmega; Trait.CriticalOmegaS ]
    let nash = [ Trait.DifferentialNash; Trait.StableSimgrad ]
    let leading = [ Trait.DifferentialStackelberg; Trait.StableStackelberg ]
    let far = home - Math.PI

    torus
    |> Known.game
        "Fiez, Chasnov and Ratliff (arXiv 1906.01217); points by computation"
        [ -2.1729589474367934; 1.5082767261385097 ]
        0.05
        [
            Known.point [ far; far ] critical
            Known.point [ home; far ] critical
            Known.point [ far; home ] critical |> Known.undecided [ Trait.DifferentialNash ]
            Known.point [ home; home ] critical
            |> Known.undecided [ Trait.DifferentialNash ]
            Known.point [ -0.7833061253964111; 1.1822813210982472 ] nash
            Known.point [ 1.5687042887938594; -0.3968831577007985 ] nash
            Known.point [ -0.5252279507149731; 1.2464644148932447 ] leading
            Known.point [ 1.3106261141124218; -0.46106625149579594 ] leading
        ]

whenRun __SOURCE_FILE__ (fun () ->
    let learnFrom start =
        torus
        |> Learn.run
            (Rule.stackelberg Conjecture.bestResponse)
            {
                Learn.settings with
                    Steps = 2000
                    Rates = [ Rate.constant 0.05 ]
            }
            (Tensor.ofList start)

    let seed12 = learnFrom [ -2.1729589474367934; 1.5082767261385097 ]
    let seed13 = learnFrom [ 1.7448557058857794; -1.649077150016919 ]

    for run in [ seed12; seed13 ] do
        printfn $"{run.Outcome} at {run.Final}, costs {Game.costs torus run.Final}"
        let report = Equilibrium.classify torus run.Final
        printfn $"{report}"
        check "differential Stackelberg (1 = yes)" (float report.IsDifferentialStackelberg) 1.0 0.0
        check "differential Nash (0 = no)" (float report.IsDifferentialNash) 0.0 0.0
        check "the leader's cost" (float (Game.costs torus run.Final).[0]) -0.807015538785692 1e-9

    check "θ1 from the start of seed 12" (float seed12.Final[0]) -0.525227950715 1e-9
    check "θ1 from the start of seed 13" (float seed13.Final[0]) 1.310626114112 1e-9
    checkKnown known)
