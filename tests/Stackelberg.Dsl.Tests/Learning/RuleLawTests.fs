/// What the sources of rules prove about them, on games small enough to see it.
module Stackelberg.Dsl.Tests.RuleLawTests

open System.Numerics
open Stackelberg
open Xunit

let private bilinear = Game.zeroSum "bilinear" (fun x y -> x * y)
let private duopoly = TestGames.duopoly.Game
let private away = Tensor.ofList [ 1.0; 1.0 ]

let private runFor steps (rate: Rate) x game rule =
    game
    |> Learn.run
        rule
        {
            Learn.settings with
                Steps = steps
                Rates = [ rate ]
        }
        x

let private follow steps (rate: float) x game rule =
    runFor steps (Rate.constant rate) x game rule

let private norm (x: float[]) =
    sqrt (Array.sumBy (fun entry -> entry * entry) x)

let private minus = Array.map2 (fun (a: float) b -> a - b)

/// On f = x y, ω = (y, −x).
let private turned (x: float[]) = [| x[1]; -x[0] |]

[<Fact>]
let ``extrapolation from the past converges where simultaneous play leaves, and its middles are optimistic points``
    ()
    =
    Assert.True(norm ((follow 2000 0.1 away bilinear Rule.simultaneous).Final.ToArray()) > 1e4)
    let run = follow 2000 0.1 away bilinear Rule.extrapolationFromThePast
    Assert.True(norm (run.Final.ToArray()) < 1e-4)

    // x⁺ = x − γ ω(z), z⁺ = x⁺ − γ ω(z): so z⁺ = z − 2γ ω(z) + γ ω(z⁻).
    let at = run.Trajectory

    let fields =
        Array.pairwise at
        |> Array.map (fun (x, next) -> minus x next |> Array.map (fun v -> v / 0.1))
    // ω(z) = (z₂, −z₁).
    let middles = fields |> Array.map (fun g -> [| -g[1]; g[0] |])

    for k in 1..100 do
        let expected =
            Array.map3
                (fun z g last -> z - 0.2 * g + 0.1 * last)
                middles[k]
                (turned middles[k])
                (turned middles[k - 1])

        Check.close 1e-12 expected middles[k + 1]

[<Fact>]
let ``anchored steps: the squared field falls as 1/k², and a map that is not expansive moves less and less``
    ()
    =
    // L = 1: at α = 1/8, ‖ω(xᵏ)‖² ≤ 260 ‖x⁰ − x*‖² / (k + 1)² (Yoon and Ryu 2021, theorem 1).
    let anchored = follow 4000 0.125 away bilinear Rule.extraAnchoredGradient

    let scaled k =
        (float (k + 1) * norm anchored.Trajectory[k]) ** 2.0 / 2.0

    for k in 0..4000 do
        Assert.True(scaled k <= 260.0, $"{k}: {scaled k}")

    // No faster either.
    Assert.True(abs (scaled 4000 / scaled 1000 - 1.0) < 0.05, $"{scaled 1000}, {scaled 4000}")

    // The proximal point's map is not expansive: ‖x − T(x)‖ ≤ 2 ‖x⁰ − x*‖ / (k + 1) (Lieder 2021, theorem 2.1).
    for rate in [ 0.1; 1.0; 100.0 ] do
        let run = follow 1000 rate away bilinear (Rule.halpern Rule.proximalPoint)

        for k in 0..1000 do
            let x = run.Trajectory[k]
            // (I + γ A)⁻¹ x for A = [0 1; −1 0].
            let scale = 1.0 / (1.0 + rate * rate)
            let next = [| scale * (x[0] - rate * x[1]); scale * (x[1] + rate * x[0]) |]
            Assert.True(norm (minus x next) <= 2.0 * sqrt 2.0 / float (k + 1) * (1.0 + 1e-12), $"{rate}, {k}")

[<Fact>]
let ``the average of points that circle comes to rest, as 1/k, and that of a rule with β = 0 is the rule``
    ()
    =
    let alternating = follow 4000 0.1 away bilinear Rule.alternating
    Assert.True(norm (alternating.Final.ToArray()) > 0.5)

    let average =
        follow 4000 0.1 away bilinear (Rule.averagedUniformly Rule.alternating)

    let distance k = norm average.Trajectory[k]

    for k in 1..4000 do
        Assert.True(float k * distance k < 40.0, $"{k}: {distance k}")

    Assert.Equal<float[][]>(
        (follow 50 0.1 away duopoly Rule.alternating).Trajectory,
        (follow 50 0.1 away duopoly (Rule.averagedExponentially 0.0 Rule.alternating)).Trajectory
    )

[<Fact>]
let ``a run of averages is judged where the average is, not where the points are`` () =
    // The points go around (1, −2), the average comes to rest there.
    let shifted = Game.zeroSum "shifted" (fun x y -> (x - 1.0) * (y + 2.0))

    let run =
        shifted
        |> Learn.run
            (Rule.averagedExponentially 0.99 Rule.extragradient)
            {
                Learn.settings with
                    Steps = 20_000
                    Stop = Stop.UpdateBelow 1e-12
            }
            (Tensor.ofList [ 3.0; 3.0 ])

    Assert.True(run.Outcome.IsConverged, string run)
    Check.close 1e-8 [| 1.0; -2.0 |] (run.Final.ToArray())

    let field =
        shifted
        |> Learn.run
            (Rule.averagedUniformly Rule.alternating)
            {
                Learn.settings with
                    Steps = 200_000
                    RecordEvery = 0
                    Stop = Stop.FieldBelow 1e-3
            }
            (Tensor.ofList [ 3.0; 3.0 ])

    Assert.True(field.Steps < 200_000, string field)
    let x = field.Final.ToArray()
    Assert.True(norm (minus x [| 1.0; -2.0 |]) < 1e-3, string field)

[<Fact>]
let ``an average of angles goes the shorter way around`` () =
    let θ = Player.angle "θ"
    // The rest point is at π, where angles wrap.
    let game = Game.simultaneous "across" [ (θ, (fun q -> cos q[θ])) ]

    for rule in [ Rule.averagedUniformly; Rule.averagedExponentially 0.9 ] do
        let run = follow 200 0.9 (Tensor.ofList [ 2.5 ]) game (rule Rule.simultaneous)
        let away = abs (run.Final.ToArray()[0])
        Assert.True(away > 3.0, string run)

    for start in [ 3.0; -3.0 ] do
        let run =
            follow 500 1.5 (Tensor.ofList [ start ]) game (Rule.halpern Rule.simultaneous)

        Assert.True(abs (run.Final.ToArray()[0]) > 3.1, string run)

[<Fact>]
let ``the fully first-order method is off by O(1/λ), and not at all as λ grows`` () =
    // y = (98 − x − x/λ)/2, z = (98 − x)/2: x = 46/(1 − 1/(2λ)), where ω_S rests at 46.
    let limit λ =
        (follow 4000 0.1 (Tensor.ofList [ 20.0; 20.0 ]) duopoly (Rule.fullyFirstOrder λ 0.0 5))
            .Final.ToArray()[0]

    for λ in [ 5.0; 10.0; 20.0; 40.0; 80.0 ] do
        Check.closeNumber 1e-9 (46.0 / (1.0 - 1.0 / (2.0 * λ))) (limit λ)

    let growing steps =
        let run =
            follow steps 0.1 (Tensor.ofList [ 20.0; 20.0 ]) duopoly (Rule.fullyFirstOrder 5.0 0.1 5)

        run.Final.ToArray()[0] - 46.0

    let early, late = growing 1000, growing 8000
    Assert.True(late > 0.0 && late < 0.2 * early, $"{early}, {late}")

[<Fact>]
let ``barriers let the follower's gap fall and lead to the Stackelberg point as rates fall`` () =
    let gap (x: float[]) = (x[1] - 0.5 * (98.0 - x[0])) ** 2.0

    for rule in [ Rule.bome 0.5 40 0.1; Rule.dynamicBarrier 0.5 10 0.1 ] do
        let error rate =
            let run = follow 20_000 rate (Tensor.ofList [ 20.0; 10.0 ]) duopoly rule
            let last = Array.skip 15_000 run.Trajectory
            let most f = last |> Array.map f |> Array.max
            most gap, most (fun x -> norm (minus x [| 46.0; 26.0 |]))

        let gapOf, distanceOf = error 0.05
        let gap', distance = error 0.005
        Assert.True(gap' < 0.1 * gapOf && gap' < 1e-1, $"{rule}: gaps {gapOf}, {gap'}")
        Assert.True(distance < 0.5 * distanceOf && distance < 2.0, $"{rule}: {distanceOf}, {distance}")

[<Fact>]
let ``DARTS without an expected step is alternating play, and by differences is exact for quadratic costs``
    ()
    =
    Assert.Equal<float[][]>(
        (follow 50 0.1 away duopoly Rule.alternating).Trajectory,
        (follow 50 0.1 away duopoly (Rule.darts 0.0)).Trajectory
    )

    let exact = follow 50 0.1 away duopoly (Rule.darts 0.3)
    let near = follow 50 0.1 away duopoly (Rule.dartsByDifferences 0.3)
    Array.iter2 (Check.close 1e-11) exact.Trajectory near.Trajectory

[<Fact>]
let ``look-ahead and LOLA to first order differ from the exact ones by α²`` () =
    let game =
        Game.twoPlayer "curved" (fun x y -> x * x + sin (x * y) + y * y * x) (fun x y ->
            y * y - cos (x + 2.0 * y) * x)

    let after rule =
        (follow 1 1.0 (Tensor.ofList [ 0.3; 0.7 ]) game rule).Final.ToArray()

    let off exact first (α: float) =
        norm (minus (after (exact α)) (after (first α)))

    for exact, first in
        [
            Rule.lookAhead, Rule.firstOrderLookAhead
            Rule.lolaMoved, Rule.firstOrderLola
        ] do
        let ratio = off exact first 1e-2 / off exact first 1e-3
        Assert.True(ratio > 90.0 && ratio < 110.0, $"{first 0.1}: {ratio}")

[<Fact>]
let ``Nesterov's momentum contracts as its characteristic polynomial says, and never on a bilinear game`` () =
    // On a direction with ω = λ x: z² − (1 + β)(1 − γ λ) z + β (1 − γ λ) = 0.
    let radius β (λ: Complex) =
        let shrunk = 1.0 - 0.1 * λ
        let half = 0.5 * (1.0 + β) * shrunk
        let root = Complex.Sqrt(half * half - β * shrunk)
        max (half + root).Magnitude (half - root).Magnitude

    let measured β game =
        StepMap(Rule.nesterov β, [ Rate.constant 0.1 ], game).SpectralRadius [| 0.0; 0.0 |]

    let bowls = Game.twoPlayer "bowls" (fun x _ -> 0.5 * x * x) (fun _ y -> y * y)

    for β in [ -0.9; -0.5; -0.1; 0.2; 0.5; 0.9 ] do
        Check.closeNumber 1e-12 (max (radius β Complex.One) (radius β (Complex(2.0, 0.0)))) (measured β bowls)
        let around = measured β bilinear
        Check.closeNumber 1e-12 (radius β Complex.ImaginaryOne) around
        Assert.True(around > 1.0, $"{β}: {around}")
