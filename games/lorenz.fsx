// The Lorenz game: three players whose gradient play is the Lorenz system, and therefore chaotic.
// Each of the three equilibria is a differential Nash equilibrium, and learning leaves every one of them. The costs are
// those of Grosse and Zhang's lecture: Lorenz's three equations, each integrated in its own variable.
#load "Prelude.fsx"

open System.Numerics
open Prelude
open Stackelberg

let x, y, z = Player.scalar "x", Player.scalar "y", Player.scalar "z"
let sigma, rho, beta = 10.0, 28.0, 8.0 / 3.0

// −D1 f1 = σ (y − x), −D2 f2 = x (ρ − z) − y, −D3 f3 = x y − β z.
let lorenz =
    game "Lorenz" {
        player x (fun q -> sigma * (q[x] ** 2 / 2.0 - q[x] * q[y]))
        player y (fun q -> q[y] ** 2 / 2.0 - q[x] * (rho - q[z]) * q[y])
        player z (fun q -> beta * q[z] ** 2 / 2.0 - q[x] * q[y] * q[z])
    }

let learn start =
    lorenz
    |> Learn.run
        Rule.simultaneous
        {
            Learn.settings with
                Steps = 30000
                Rates = [ Rate.constant 1e-3 ]
        }
        (Tensor.ofList start)

// The eigenvalues at the origin solve (λ − β) (λ² − (σ + 1) λ + σ (1 − ρ)) = 0; at C± the characteristic polynomial
// is λ³ − (σ + β + 1) λ² + β (σ + ρ) λ − 2 β σ (ρ − 1), whose pair of complex roots lies left of the axis.
let known =
    let root = sqrt ((sigma + 1.0) ** 2.0 / 4.0 - sigma * (1.0 - rho))
    let c = sqrt (beta * (rho - 1.0))
    // One level: ω_S is ω.
    let nash = [ Trait.DifferentialNash; Trait.DifferentialStackelberg ]

    let turning =
        Known.withComplexJ [
            Complex(13.854577914596039, 0.0)
            Complex(-0.09395562396468556, 10.194505220927851)
        ]

    lorenz
    |> Known.game "Lorenz (1963); as a game, Grosse and Zhang's lecture" [ 1.0; 1.0; 1.0 ] 1e-3 [
        Known.point [ 0.0; 0.0; 0.0 ] nash
        |> Known.withJ [ beta; (sigma + 1.0) / 2.0 - root; (sigma + 1.0) / 2.0 + root ]
        Known.point [ c; c; rho - 1.0 ] nash |> turning
        Known.point [ -c; -c; rho - 1.0 ] nash |> turning
    ]

whenRun __SOURCE_FILE__ (fun () ->
    let a, b = learn [ 1.0; 1.0; 1.0 ], learn [ 1.0; 1.0; 1.0 + 1e-8 ]

    let distance k =
        Array.fold2 (fun sum p q -> sum + (p - q) ** 2.0) 0.0 a.Trajectory[k] b.Trajectory[k]
        |> sqrt

    for k in [ 0; 10000; 20000; 30000 ] do
        printfn $"after {k} steps two runs that began 1e-8 apart are {distance k:G3} apart"

    check "they have lost each other (1 = yes)" (if distance 30000 > 0.1 then 1.0 else 0.0) 1.0 0.0

    printfn $"{Equilibrium.classify lorenz (Tensor.ofArray known.Points[1].Point)}"

    checkKnown known)
