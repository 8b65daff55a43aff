// The Dirac-GAN: a generator of one point θ against a linear discriminator ψ x, the data all at 0.
// Plain training circles; a gradient penalty γ ψ²/2 for the discriminator damps it (Mescheder, Geiger and Nowozin,
// Which Training Methods for GANs do actually Converge?). The Stackelberg classes are derived here.
#load "Prelude.fsx"

open System.Numerics
open Prelude
open Stackelberg

/// φ(ψ θ) + φ(0) with φ(t) = −log(1 + e^(−t)).
let value (theta: Tensor) (psi: Tensor) =
    -(Tensor.softplus (-(psi * theta))) - log 2.0

let plain = Game.zeroSum "Dirac-GAN" value
let gamma = 0.4

let penalised =
    Game.twoPlayer "Dirac-GAN with gradient penalty" value (fun theta psi ->
        gamma / 2.0 * psi ** 2 - value theta psi)

let learn game =
    (game |> Learn.run Rule.simultaneous Learn.settings (Tensor.ofList [ 1.0; 0.0 ])).Final

let distance game =
    let x = learn game
    sqrt (float (Tensor.dot x x))

printfn $"after 1000 steps of 0.1: plain {distance plain:G4}, penalised {distance penalised:G4} from the data"
check "penalised, distance" (distance penalised) 0.0 1e-7
check "plain, at least as far as before (1 = yes)" (if distance plain > 1.0 then 1.0 else 0.0) 1.0 0.0

let source =
    "Mescheder, Geiger and Nowozin (2018); Stackelberg classes derived here"

// At θ = ψ = 0: D12 f = φ'(0) = 1/2 and D11 f = D22 f = 0.
let known =
    plain
    |> Known.game source [ 1.0; 0.0 ] 0.1 [
        Known.point [ 0.0; 0.0 ] [ Trait.CriticalOmega ]
        |> Known.undecided [ Trait.DifferentialNash; Trait.StableSimgrad ]
        |> Known.singularFollower
        |> Known.withCosts [ -2.0 * log 2.0; 2.0 * log 2.0 ]
        |> Known.withComplexJ [ Complex(0.0, 0.5) ]
    ]

// Penalised: J = [0 1/2; −1/2 γ], J_S = [1/(4γ) 1/2; −1/2 γ], and f1(θ, r(θ)) = θ²/(4γ) + …
let knownPenalised =
    let about determinant trace = [ Complex(trace / 2.0, sqrt (determinant - trace ** 2.0 / 4.0)) ]

    penalised
    |> Known.game source [ 1.0; 0.0 ] 0.1 [
        Known.point [ 0.0; 0.0 ] [
            Trait.StableSimgrad
            Trait.DifferentialStackelberg
            Trait.StableStackelberg
        ]
        |> Known.undecided [ Trait.DifferentialNash ]
        |> Known.withComplexJ (about 0.25 gamma)
        |> Known.withComplexJS (about 0.5 (gamma + 0.25 / gamma))
    ]

printfn $"{Equilibrium.classify penalised (Tensor.zeros [ 2 ])}"
checkKnown known
checkKnown knownPenalised
