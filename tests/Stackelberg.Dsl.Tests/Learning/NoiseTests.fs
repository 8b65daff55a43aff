/// Noise that grows with the joint strategy: assumption A1c of arXiv 1906.01217 at its limit.
module Stackelberg.Dsl.Tests.NoiseTests

open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private x, y = Player.vector "x" 2, Player.scalar "y"

/// Costs whose gradients are zero: the steps are the noise alone.
let private still =
    Game.create "still" [ [ x, (fun q -> 0.0 * Tensor.sum q[x]) ]; [ y, (fun q -> 0.0 * q[y]) ] ]

let private norm (values: float[]) =
    sqrt (Array.sumBy (fun value -> value * value) values)

let private play rule noise steps (start: float[]) game seed =
    Learn.run
        rule
        {
            Learn.settings with
                Steps = steps
                Rates = [ Rate.constant 0.05 ]
                Noise = noise
                Seed = seed
        }
        (Tensor.ofArray start)
        game

[<Fact>]
let ``1,000 steps of it are those of plain noise times 1 + ‖x‖`` () =
    let start = [| 1.0; -2.0; 2.0 |]

    let plain =
        (play Rule.simultaneous (Noise.gaussian 0.4) 1000 start still 3UL).Trajectory

    let growing =
        (play Rule.simultaneous (Noise.growing 0.4) 1000 start still 3UL).Trajectory

    for k in 0..999 do
        let moves (points: float[][]) = Array.map2 (-) points[k + 1] points[k]
        let expected = moves plain |> Array.map (fun move -> (1.0 + norm growing[k]) * move)
        // The differences of points lose some digits.
        Check.close (1e-13 * (1.0 + norm growing[k] + norm plain[k])) expected (moves growing)

    // At the start ‖x‖ = 3.
    let first (points: float[][]) =
        norm (Array.map2 (-) points[1] points[0])

    Check.closeNumber 1e-13 (4.0 * first plain) (first growing)

[<Fact>]
let ``each evaluation of a step has the noise of its own point`` () =
    // Extragradient draws twice: z = x − γ w, x⁺ = x − γ w′ with w′ as large as ‖z‖ says.
    let start = [| 3.0; 0.0; 4.0 |]

    let plain =
        (play Rule.extragradient (Noise.gaussian 1.0) 1 start still 5UL).Final.ToArray()
    // The first draw is that of simultaneous play.
    let first =
        (play Rule.simultaneous (Noise.gaussian 1.0) 1 start still 5UL).Final.ToArray()

    let middle = Array.map2 (fun from moved -> from + 6.0 * (moved - from)) start first

    let expected =
        Array.map2 (fun from moved -> from + (1.0 + norm middle) * (moved - from)) start plain

    let actual =
        (play Rule.extragradient (Noise.growing 1.0) 1 start still 5UL).Final.ToArray()

    Check.close 1e-13 expected actual

[<Fact>]
let ``it is warned of as other noise is, and wrong deviations are told`` () =
    let run = play Rule.simultaneous (Noise.growing 0.1) 1 [| 0.0; 0.0; 0.0 |] still 0UL
    Assert.Equal(2, run.Warnings.Length)
    Assert.Empty (play Rule.simultaneous (Noise.growing 0.0) 1 [| 0.0; 0.0; 0.0 |] still 0UL).Warnings

    Assert.Equal(
        "Noise.growing: σ is -1, but a finite standard deviation of at least 0 is needed.",
        Check.argumentMessage (fun () -> Noise.growing -1.0 |> ignore)
    )

    Assert.Contains(
        "Noise holds 3 standard deviations",
        Check.argumentMessage (fun () ->
            play Rule.simultaneous (Noise.Growing [| 1.0; 1.0; 1.0 |]) 1 [| 0.0; 0.0; 0.0 |] still 0UL
            |> ignore)
    )
