// Covariance estimation: a linear generator against a quadratic discriminator.
// The leader's V V^T is to match Σ; the follower's W measures the difference. Every V Q with Q orthogonal is as good
// as V (Fiez, Chasnov and Ratliff).
#load "Prelude.fsx"

open Prelude
open Stackelberg

/// V, W and Σ have the shape [d, d]; the discriminator's cost has the term λ/2 tr WᵀW.
let create d (lambda: float) (sigma: Tensor) =
    let generator, discriminator =
        Player.ofShape "V" [ d; d ], Player.ofShape "W" [ d; d ]

    // tr Wᵀ(Σ − V Vᵀ)
    let gap (V: Tensor) (W: Tensor) =
        Tensor.sum (W * (sigma - Tensor.matmul V V.T))

    game "covariance" {
        leader generator (fun q -> gap q[generator] q[discriminator])

        follower discriminator (fun q ->
            lambda / 2.0 * Tensor.sum (q[discriminator] * q[discriminator])
            - gap q[generator] q[discriminator])
    }

let matrix rows = Tensor.ofArray2D (array2D rows)
let U = matrix [ [ 1.8; 0.4; 1.0 ]; [ 2.2; 1.9; -1.0 ]; [ 1.0; -0.2; -0.1 ] ]
let sigma = Tensor.matmul U U.T
let covariance = create 3 (0.2 * 3.0) sigma
let generator, discriminator = covariance.Players[0], covariance.Players[1]

let start =
    Game.joint covariance [
        generator, matrix [ [ 0.4; 0.1; 1.5 ]; [ 0.8; 0.1; 0.4 ]; [ 0.3; 1.5; -0.2 ] ]
        discriminator, matrix [ [ 0.3; -0.9; -2.6 ]; [ 0.7; 0.9; -0.7 ]; [ 2.3; -1.5; 0.0 ] ]
    ]

// V = U Q with any orthogonal Q, and W = 0: three zero modes of both fields leave every second-order verdict open.
let known =
    let flat = List.ofArray (U.ToArray()) @ List.replicate 9 0.0

    covariance
    |> Known.game "Fiez, Chasnov and Ratliff (arXiv 1906.01217)" (List.ofArray (start.ToArray())) 0.015 [
        Known.point flat [ Trait.CriticalOmega; Trait.CriticalOmegaS ]
        |> Known.undecided [ Trait.DifferentialNash; Trait.DifferentialStackelberg ]
        |> Known.undecided [ Trait.StableSimgrad; Trait.StableStackelberg ]
    ]

whenRun __SOURCE_FILE__ (fun () ->
    let errors x =
        let q = Game.strategies covariance x
        let norm (t: Tensor) = sqrt (float (Tensor.sum (t * t)))

        norm (Tensor.matmul q[generator] q[generator].T - sigma),
        norm (q[discriminator] + q[discriminator].T) / 2.0

    let learn rule =
        covariance
        |> Learn.run
            rule
            {
                Learn.settings with
                    Steps = 9998
                    Rates = [ Rate.exponential 0.015 (1.0 - 1e-5); Rate.exponential 0.03 (1.0 - 1e-7) ]
            }
            start

    let simultaneous = learn Rule.simultaneous
    let stackelberg = learn (Rule.stackelberg Conjecture.bestResponse)
    printfn $"simultaneous: {simultaneous.Outcome}; ‖VV^T − Σ‖ and ‖sym W‖: {errors simultaneous.Final}"
    printfn $"Stackelberg:  {stackelberg.Outcome}; ‖VV^T − Σ‖ and ‖sym W‖: {errors stackelberg.Final}"
    printfn $"{Equilibrium.classify covariance stackelberg.Final}"
    check "‖VV^T − Σ‖" (fst (errors stackelberg.Final)) 0.0 1e-8
    check "‖sym W‖" (snd (errors stackelberg.Final)) 0.0 1e-8
    checkKnown known)
