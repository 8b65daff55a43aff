/// Alekseev's formula, Theorem 3 and equation (14) of arXiv 1906.01217.
module Stackelberg.Dsl.Tests.AlekseevTests

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private plain = Direction.ofConjecture Conjecture.none

/// Scalars: f1 = ½ a x² + b x y + c/4 x⁴ and f2 = ½ d y² + e x y + g/4 y⁴.
let private bent seed =
    let random = Random(seed: int)
    let u low high = Draw.uniform random low high

    let a, b, c, d, e, g =
        u 0.2 1.5, u -1.0 1.0, u 0.0 1.0, u 0.2 1.5, u -1.0 1.0, u 0.0 1.0

    let game =
        Game.twoPlayer "bent" (fun x y -> 0.5 * a * x * x + b * x * y + 0.25 * c * x ** 4.0) (fun x y ->
            0.5 * d * y * y + e * x * y + 0.25 * g * y ** 4.0)

    random, game

[<Fact>]
let ``1,000 random flows: Φ is the derivative of the end in the start, and e^(−J t) of a linear field`` () =
    Draw.forSeeds 1000 (fun seed ->
        let random, game = bent seed
        let start = Array.init 2 (fun _ -> Draw.uniform random -1.0 1.0)

        let settings = {
            Flow.settings with
                Until = 1.5
                Absolute = 1e-12
                Relative = 1e-12
        }

        let ends (x: float[]) =
            (game |> Flow.run settings plain (Tensor.ofArray x)).Final.ToArray()

        let run = game |> Alekseev.fundamental settings plain (Tensor.ofArray start)
        Check.close 1e-9 (ends start) (Array.last run.Points)
        let Φ = Array.last run.Matrices
        let h = 1e-4

        for j in 0..1 do
            let moved sign =
                ends (Array.mapi (fun i x -> if i = j then x + sign * h else x) start)
            // Central differences: their own error is of the order of h² = 1e-8.
            let column =
                Array.map2 (fun high low -> (high - low) / (2.0 * h)) (moved 1.0) (moved -1.0)

            Check.close 1e-7 column [| Φ[0, j]; Φ[1, j] |])
    |> ignore

[<Fact>]
let ``Theorem 3: both sides agree on 1,000 random flows and perturbations`` () =
    Draw.forSeeds 1000 (fun seed ->
        let random, game = bent seed
        let start = Tensor.ofArray (Array.init 2 (fun _ -> Draw.uniform random -1.0 1.0))

        let p, q, r =
            Draw.uniform random -0.5 0.5, Draw.uniform random -0.5 0.5, Draw.uniform random 0.0 3.0

        let push time (at: float[]) = [| p * cos (r * time) + q * at[1]; q * sin at[0] |]

        let run =
            game
            |> Alekseev.perturbed
                12
                push
                {
                    Flow.settings with
                        Until = 1.0
                        Absolute = 1e-11
                        Relative = 1e-11
                }
                plain
                start
        // Twelve nodes on an analytic integrand; the interpolant between the steps has order 4.
        Assert.InRange(run.Residual, 0.0, 1e-7)
        let moved = Array.map2 (-) run.Perturbed run.Flow
        Check.close 1e-7 moved run.Integral)
    |> ignore

[<Fact>]
let ``worked example: a linear flow with speeds, and a constant push`` () =
    let game = Game.twoPlayer "g" (fun x _ -> 0.5 * x * x) (fun _ y -> y * y)

    let settings = {
        Flow.settings with
            Until = 1.0
            TimeScales = [| 1.0; 3.0 |]
            Times = [| 0.0; 0.5; 1.0 |]
    }

    let run = game |> Alekseev.fundamental settings plain (Tensor.ofList [ 3.0; 4.0 ])
    Assert.Equal<float[]>([| 0.0; 0.5; 1.0 |], run.Times)
    Check.close 1e-7 [| 1.0; 0.0; 0.0; 1.0 |] (Check.entries run.Matrices[0])
    Check.close 1e-7 [| exp -0.5; 0.0; 0.0; exp -3.0 |] (Check.entries run.Matrices[1])
    Check.close 1e-7 [| 3.0 * exp -1.0; 4.0 * exp -6.0 |] run.Points[2]

    let pushed =
        game
        |> Alekseev.perturbed
            8
            (fun _ _ -> [| 1.0; 0.0 |])
            { Flow.settings with Until = 1.0 }
            plain
            (Tensor.zeros [ 2 ])

    Check.close 1e-7 [| 1.0 - exp -1.0; 0.0 |] pushed.Perturbed
    Check.close 1e-7 [| 1.0 - exp -1.0; 0.0 |] pushed.Integral
    Check.close 1e-12 [| 0.0; 0.0 |] pushed.Flow

[<Fact>]
let ``the decay ‖Φ₂‖ ≤ e^(−κ₂ t) of a follower with curvature at least κ₂`` () =
    for seed in 1..100 do
        let random = Random(seed: int)
        let q = Draw.withSpectrum random 0.3 2.0 3
        let y = Player.vector "y" 3

        let f (s: Strategies) =
            0.5 * Draw.form q s[y] s[y] + 0.25 * Tensor.sum (s[y] ** 4.0)

        let alone = Game.simultaneous "follower" [ y, f ]

        let settings = {
            Flow.settings with
                Until = 2.0
                Times = [| 0.5; 1.0; 2.0 |]
        }

        let run =
            alone |> Alekseev.fundamental settings plain (Tensor.ofList [ 0.5; -0.5; 1.0 ])

        let κ = Draw.leastEigenvalue q

        for time, Φ in Array.zip run.Times run.Matrices do
            let norm = (CreateMatrix.DenseOfArray Φ).Svd(false).S.Maximum()
            Assert.InRange(norm, 0.0, exp (-κ * time) + 1e-8)

[<Fact>]
let ``wrong arguments are told`` () =
    let game = Game.twoPlayer "g" (fun x _ -> 0.5 * x * x) (fun _ y -> y * y)
    let origin = Tensor.zeros [ 2 ]

    let message settings =
        Check.argumentMessage (fun () -> game |> Alekseev.fundamental settings plain origin |> ignore)

    Assert.Equal(
        "Alekseev.fundamental: Times goes from 0 to 200, but the times must rise from 0 to Until, 100.",
        message {
            Flow.settings with
                Times = [| 200.0 |]
        }
    )

    Assert.Equal(
        "Alekseev.fundamental: TimeScales holds 1 speeds, but none or 2 are needed (one for each player).",
        message {
            Flow.settings with
                TimeScales = [| 1.0 |]
        }
    )

    Assert.Contains(
        "perturbation gives 1 numbers, but 2 are needed",
        Check.argumentMessage (fun () ->
            game
            |> Alekseev.perturbed 8 (fun _ _ -> [| 1.0 |]) { Flow.settings with Until = 1.0 } plain origin
            |> ignore)
    )
