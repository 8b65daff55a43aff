module Stackelberg.Dsl.Tests.StepMapTests

open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

/// f = ½A x² + B x y − ½C y², a quadratic saddle of Grosse and Zhang's lecture.
let private quadratic (a: float) (b: float) (c: float) =
    Game.zeroSum $"quadratic {a} {b} {c}" (fun x y -> a / 2.0 * x * x + b * x * y - c / 2.0 * y * y)

let private radius rule rate game =
    StepMap(rule, [ Rate.constant rate ], game).SpectralRadius [| 0.0; 0.0 |]

// Grosse and Zhang's lecture, its quadratics; digits by the reference computation. 1e-9 is their last digit.
[<Fact>]
let ``spectral radii of the lecture's quadratics`` () =
    for (a, b, c), rate, sim, alt, eg, prox in
        [
            (1.0, 10.0, 1.0), 0.01, 0.995037688, 0.990000000, 0.984987315, 0.985281450
            (1.0, 10.0, 1.0), 0.05, 1.073545528, 0.95, 0.834269890, 0.859867161
            (1.0, 10.0, 1.0), 0.1, 1.345362405, 0.9, 0.805046583, 0.672672794
            (0.6, 1.2, 0.6), 0.1, 0.947628619, 0.94, 0.935181266, 0.937408461
            (0.0, 10.0, 0.0), 0.01, 1.004987562, 1.0, 0.995037688, 0.995037190
        ] do
        let radius rule = radius rule rate (quadratic a b c)
        Check.closeNumber 1e-9 sim (radius Rule.simultaneous)
        Check.closeNumber 1e-9 alt (radius Rule.alternating)
        Check.closeNumber 1e-9 eg (radius Rule.extragradient)
        Check.closeNumber 1e-9 prox (radius Rule.proximalPoint)

[<Fact>]
let ``rules with memory: the radius is that of the map of point and memory`` () =
    // On f = b x y with γb = s, ω is i b z in complex numbers. Optimistic: z⁺ = z − i s (2 z − z⁻).
    // Its roots are those of w² − (1 − 2 i s) w − i s; momentum: w² − (1 + β − i s) w + β.
    let largest (p: System.Numerics.Complex) (q: System.Numerics.Complex) =
        let root = System.Numerics.Complex.Sqrt(p * p - 4.0 * q)
        max ((p + root).Magnitude / 2.0) ((p - root).Magnitude / 2.0)

    let s, β = 0.3, -0.25
    let i = System.Numerics.Complex.ImaginaryOne
    let game = quadratic 0.0 3.0 0.0
    let complex (x: float) = System.Numerics.Complex(x, 0.0)
    Check.closeNumber 1e-12 (largest (1.0 - 2.0 * s * i) (-s * i)) (radius Rule.optimistic 0.1 game)
    Check.closeNumber 1e-12 (largest (1.0 + β - s * i) (complex β)) (radius (Rule.momentum β) 0.1 game)
    // Competitive: 1/√(1 + s²) on a bilinear game.
    Check.closeNumber 1e-12 (1.0 / sqrt (1.0 + s * s)) (radius Rule.competitive 0.1 game)
    // Consensus: 1 − γ (i b + λ b²).
    Check.closeNumber 1e-12 (1.0 - s * i - 0.1 * 0.5 * 9.0).Magnitude (radius (Rule.consensus 0.5) 0.1 game)

[<Fact>]
let ``off quadratic games the derivative at a fixed point is that of the formula`` () =
    let game = (TestGames.polynomial 0.15 0.25).Game
    let x = [| 12.188575649030788; -5.423167761844848 |]
    let J = (Game.J game (Tensor.ofArray x)).ToArray()
    let map = StepMap(Rule.simultaneous, [ Rate.constant 0.05 ], game)

    let expected =
        Array.mapi (fun i entry -> (if i % 3 = 0 then 1.0 else 0.0) - 0.05 * entry) J

    Check.close 1e-13 expected (Check.entries (map.Jacobian(map.At x)))
