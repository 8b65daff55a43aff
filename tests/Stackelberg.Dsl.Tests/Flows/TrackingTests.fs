module Stackelberg.Dsl.Tests.TrackingTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Kernels
open Xunit

let private duopoly = TestGames.duopoly.Game
let private rule = Rule.stackelberg Conjecture.bestResponse

let private settings = {
    Learn.settings with
        Steps = 60
        Rates = [ Rate.power 1.0 1.0; Rate.power 1.0 (2.0 / 3.0) ]
        Noise = Noise.gaussian 1.0
        Seed = 3UL
}

[<Fact>]
let ``the duopoly's gaps are those of its closed forms`` () =
    let run = Learn.run rule settings (Tensor.ofList [ 20.0; 30.0 ]) duopoly
    let tracking = Tracking.ofRun 10 settings.Rates run duopoly
    Assert.Equal<int[]>([| 10..60 |], tracking.Steps)
    Assert.True(tracking.FlowOutcome.IsReachedTime, string tracking.FlowOutcome)
    let start = run.Trajectory[10][0]

    for column, step in Array.indexed tracking.Steps do
        let time = Seq.sumBy (fun k -> 1.0 / float k) [ 11..step ]
        Check.closeNumber 1e-12 time tracking.Times[column]
        let q1, q2 = run.Trajectory[step][0], run.Trajectory[step][1]
        // r(q1) = 49 − q1/2, and along it the leader descends q1 − 46.
        Check.closeNumber 1e-10 (abs (q2 - (49.0 - q1 / 2.0))) tracking.FollowerGaps[0, column]
        let ξ = 46.0 + (start - 46.0) * exp -time
        // The integration's tolerance of 1e-9 a step.
        Check.closeNumber 1e-7 (abs (q1 - ξ)) tracking.LeaderGaps[0, column]

[<Fact>]
let ``without noise both gaps go to zero, the leader's as Proposition 9 of arXiv 1906.01217 says, the follower's as its proof``
    ()
    =
    let settings = {
        settings with
            Steps = 20000
            Noise = Noise.none
            RecordEvery = 1000
    }

    let run = Learn.run rule settings (Tensor.ofList [ 20.0; 30.0 ]) duopoly
    let tracking = Tracking.ofRun 1000 settings.Rates run duopoly
    let last = tracking.Steps.Length - 1
    Assert.True(tracking.FollowerGaps[0, last] < 0.1 * tracking.FollowerGaps[0, 0])
    // With γ₁/γ₂ = k^(−1/3) the gap is about |r'| |ẋ₁| k^(−1/3) / D22 f2, and the leader's error its integral.
    Assert.InRange(tracking.FollowerGaps[0, last], 0.0, 1e-3)
    Assert.InRange(tracking.LeaderGaps[0, last], 0.0, 0.05)

[<Fact>]
let ``an ensemble's gaps are those of its runs`` () =
    let starts =
        Tensor.ofArray2D (array2D [ [ 20.0; 30.0 ]; [ 20.0; 30.0 ]; [ 40.0; 10.0 ] ])

    let runs = Ensemble.run rule settings starts duopoly
    let together = Tracking.ofEnsemble 5 runs

    for k in 0..2 do
        let alone =
            let settings = {
                settings with
                    Seed = settings.Seed + uint64 k
            }

            let start = starts.ToArray()[2 * k .. 2 * k + 1]
            let run = Learn.run rule settings (Tensor.ofArray start) duopoly
            Tracking.ofRun 5 settings.Rates run duopoly

        Check.close 1e-9 (Check.entries alone.FollowerGaps) together.FollowerGaps[k, *]
        Check.close 1e-7 (Check.entries alone.LeaderGaps) together.LeaderGaps[k, *]

let private noisyRuns count game =
    let random = Random 4

    let starts =
        Array2D.init count 2 (fun _ _ -> 20.0 + 20.0 * random.NextDouble())
        |> Tensor.ofArray2D

    Ensemble.run rule settings starts game

[<Fact>]
let ``every run has its own flow and gaps, of which there are means and quantiles`` () =
    let runs = noisyRuns 300 duopoly
    let tracking = Tracking.ofEnsemble 10 runs
    Assert.Equal(300, tracking.Count)
    let last = tracking.Steps.Length - 1
    let row, time = runs.RecordedSteps.Length - 1, tracking.Times[last]

    for run in 0 .. tracking.Count - 1 do
        Assert.True tracking.FlowOutcomes[run].IsReachedTime
        // Along the answer the leader descends q1 − 46.
        let start = (runs.Points 10)[2 * run]
        let ξ = 46.0 + (start - 46.0) * exp -time
        Check.closeNumber 1e-8 ξ tracking.Flows[run].[last].[0]
        Check.closeNumber 1e-7 (abs ((runs.Points row)[2 * run] - ξ)) tracking.LeaderGaps[run, last]

    let gaps = Array.sort tracking.LeaderGaps[*, last]
    Check.closeNumber 1e-13 (Array.average gaps) tracking.MeanLeaderGaps[last]
    Check.closeNumber 1e-15 gaps[0] (tracking.LeaderGapQuantiles 0.0).[last]
    Check.closeNumber 1e-15 gaps[299] (tracking.LeaderGapQuantiles 1.0).[last]
    Check.closeNumber 1e-13 (0.5 * (gaps[149] + gaps[150])) (tracking.LeaderGapQuantiles 0.5).[last]
    // 0.9 · 299 = 269.1.
    Check.closeNumber 1e-13 (0.9 * gaps[269] + 0.1 * gaps[270]) (tracking.LeaderGapQuantiles 0.9).[last]
    let below = Array.sort tracking.FollowerGaps[*, 3]
    Check.closeNumber 1e-13 (Array.average below) tracking.MeanFollowerGaps[3]
    Check.closeNumber 1e-13 (0.5 * (below[149] + below[150])) (tracking.FollowerGapQuantiles 0.5).[3]
    Assert.StartsWith("300 runs, steps 10 to 60; at the last the followers' gap: median ", string tracking)

    Assert.Equal(
        "TrackingRun.LeaderGapQuantiles: share is 1.5, but a number from 0 to 1 is needed (0 for the least, 0.5 for the median, 1 for the greatest).",
        Check.argumentMessage (fun () -> tracking.LeaderGapQuantiles 1.5 |> ignore)
    )

[<Fact>]
let ``quantiles lie between the least and the greatest, rise with the share, and leave out what is not known``
    ()
    =
    let property
        (FsCheck.NonEmptyArray(values: FsCheck.NormalFloat[]))
        (FsCheck.NormalFloat a)
        (FsCheck.NormalFloat b)
        =
        let values = values |> Array.map (fun value -> value.Get)
        let share (x: float) = abs x - floor (abs x)
        let p, q = min (share a) (share b), max (share a) (share b)
        let low, high = Quantile.at p values, Quantile.at q values

        Array.min values <= low
        && low <= high
        && high <= Array.max values
        && Quantile.at p (Array.append [| nan |] values) = low

    FsCheck.Check.One(FsCheck.Config.QuickThrowOnFailure, property)
    Assert.True(Double.IsNaN(Quantile.at 0.5 [| nan |]))
    Assert.True(Double.IsNaN(Quantile.mean [||]))

[<Fact>]
let ``runs in float32 are tracked by the flow and the answers of float64`` () =
    let runs = noisyRuns 5 (Game.withPrecision DType.Float32 duopoly)
    let tracking = Tracking.ofEnsemble 10 runs

    for run in 0..4 do
        let point = runs.Points 20
        let gap = abs (point[2 * run + 1] - (49.0 - point[2 * run] / 2.0))
        Check.closeNumber 1e-10 gap tracking.FollowerGaps[run, 10]

[<Fact>]
let ``the follower's answer is the minimum that is nearest downhill, not a maximum`` () =
    // On the torus the follower's gradient vanishes at a minimum and at a maximum of its cost.
    let reaction = Reaction(TestGames.torus.Game, 8)
    let random = Random 2
    let points = Array.init 400 (fun _ -> (2.0 * random.NextDouble() - 1.0) * Math.PI)
    let answers = Array.copy points

    for first in 0..8..199 do
        reaction.Solve(answers, first, min 8 (200 - first))

    let mutable found = 0

    for k in 0..199 do
        let x, y = answers[2 * k], answers[2 * k + 1]
        Assert.Equal(points[2 * k], x)

        if Double.IsFinite y then
            found <- found + 1
            let partials = TestGames.torus.At x y
            Assert.InRange(partials.First2, -1e-12, 1e-12)
            Assert.True(snd partials.Second2 > 0.0)

    Assert.Equal(200, found)

[<Fact>]
let ``a follower with two entries answers with a minimum also from beside saddles and maxima`` () =
    // Σ (¼ zᵢ⁴ − ½ zᵢ²) + x z₁ in turned coordinates: along each a minimum where z³ − z is −x or 0, between −1/√3 and 1/√3 none.
    let x, y = Player.scalar "x", Player.vector "y" 2

    let cost (q: Strategies) =
        let z1, z2 = 0.6 * q[y][0] + 0.8 * q[y][1], 0.6 * q[y][1] - 0.8 * q[y][0]
        let well (z: Tensor) = 0.25 * z ** 4.0 - 0.5 * z ** 2.0
        well z1 + 3.0 * well z2 + q[x] * z1

    let game =
        Game.create "wells" [ [ x, (fun q -> q[x] * q[x] + q[y][0]) ]; [ y, cost ] ]

    let random = Random 8

    let points =
        Array.init 300 (fun k ->
            if k % 3 = 0 then
                0.6 * random.NextDouble() - 0.3
            else
                3.0 * random.NextDouble() - 1.5)

    let answers = Reaction.Answers(game, points)

    for k in 0..99 do
        let x, y1, y2 = answers[3 * k], answers[3 * k + 1], answers[3 * k + 2]
        let z1, z2 = 0.6 * y1 + 0.8 * y2, 0.6 * y2 - 0.8 * y1
        Assert.Equal(points[3 * k], x)
        Assert.InRange(z1 ** 3.0 - z1 + x, -1e-11, 1e-11)
        Assert.True(abs z1 > 1.0 / sqrt 3.0)
        Check.closeNumber 1e-11 1.0 (abs z2)

[<Fact>]
let ``the answer of two followers in Cournot's market is their equilibrium`` () =
    // Costs 2 each, A = 100: both answer (98 − q) / 3.
    let q = Array.init 3 (fun i -> Player.scalar $"firm {i}")

    let cost i c (s: Strategies) =
        -(100.0 - s[q[0]] - s[q[1]] - s[q[2]] - c) * s[q[i]]

    let market =
        Game.create "market" [ [ q[0], cost 0 5.0 ]; [ q[1], cost 1 2.0; q[2], cost 2 2.0 ] ]

    let answers = [| 44.5; 0.0; 30.0 |]
    Reaction(market, 1).Solve(answers, 0, 1)
    Check.close 1e-12 [| 44.5; 53.5 / 3.0; 53.5 / 3.0 |] answers

    let run =
        Learn.run
            rule
            {
                Learn.settings with
                    Steps = 50
                    Rates = [ Rate.constant 0.01; Rate.constant 0.3; Rate.constant 0.3 ]
            }
            (Tensor.ofList [ 30.0; 20.0; 20.0 ])
            market

    let tracking =
        Tracking.ofRun 0 [ Rate.constant 0.01; Rate.constant 0.3; Rate.constant 0.3 ] run market
    // D f1 along the reaction is (2 q − 89) / 3.
    let last = Array.last tracking.Flow
    Check.closeNumber 1e-8 (44.5 - 14.5 * exp (-2.0 / 3.0 * 0.5)) last[0]

let private duopolyWarnings rates =
    Tracking.warnings rule rates duopoly |> Array.map string

[<Fact>]
let ``the paper's rates satisfy all conditions`` () =
    Assert.Empty(duopolyWarnings [ Rate.power 1.0 1.0; Rate.power 1.0 (2.0 / 3.0) ])
    Assert.Empty(duopolyWarnings [ Rate.harmonicFromZero; Rate.publishedPower (2.0 / 3.0) ])

/// Rates for leader and follower, and which conditions fail.
let rates: obj[][] =
    let row (leader: Rate) (follower: Rate) (expected: string) : obj[] = [| leader; follower; expected |]

    [|
        row (Rate.constant 0.1) (Rate.constant 0.1) "squares x1, squares x2, slower"
        row (Rate.power 1.0 1.0) (Rate.power 2.0 1.0) "slower"
        row (Rate.power 1.0 1.5) (Rate.power 1.0 1.0) "sum x1"
        row (Rate.power 1.0 0.75) (Rate.power 1.0 0.5) "squares x2"
        row (Rate.harmonicFromZero) (Rate.publishedPower 0.5) "squares x2"
        row (Rate.publishedPower 0.0) (Rate.publishedPower -1.0) "squares x1, squares x2, slower"
        row (Rate.exponential 0.015 0.999) (Rate.power 1.0 1.0) "sum x1"
        row (Rate.exponential 0.1 0.99) (Rate.exponentialFromZero 0.1 0.99) "sum x1, sum x2, slower"
        row (Rate.power 1.0 1.0) (Rate.exponential 0.1 0.99) "sum x2, slower"
        row (Rate.exponential 0.1 1.0) (Rate.power 1.0 1.0) "squares x1, slower"
        row (Rate.power 0.0 1.0) (Rate.power 1.0 1.0) "sum x1"
        row (Rate.ofFunction (fun k -> 1.0 / float k)) (Rate.power 1.0 0.75) "unknown x1"
    |]

[<Theory; MemberData(nameof rates)>]
let ``each condition on the rates is decided by formula`` (leader: Rate) (follower: Rate) (expected: string) =
    let found =
        Tracking.warnings rule [ leader; follower ] duopoly
        |> Array.map (function
            | RateWarning.SumFinite(player, _) -> $"sum {player}"
            | RateWarning.SquaresInfinite(player, _) -> $"squares {player}"
            | RateWarning.NotSlower _ -> "slower"
            | RateWarning.Unknown(player, _) -> $"unknown {player}")

    Assert.Equal(expected, String.Join(", ", found))

[<Fact>]
let ``the conditions' sums behave as decided`` () =
    // Partial sums to 10⁵ and 10⁶: a divergent one grows by more than a tenth of the first, a convergent one by less than
    // a hundredth, for these schedules, which are not near the border.
    let grows power (rate: Rate) =
        let sum last =
            Seq.sumBy (fun k -> rate.At k ** power) (seq { 1..last })

        let short = sum 100000
        (sum 1000000 - short) / short

    for rate in
        [
            Rate.power 1.0 0.6
            Rate.publishedPower 0.55
            Rate.exponential 0.1 0.999
            Rate.power 1.0 2.0
        ] do
        let found = Tracking.warnings Rule.simultaneous [ rate ] duopoly
        let isSumFinite = found |> Array.exists _.IsSumFinite
        Assert.Equal(isSumFinite, grows 1.0 rate < 0.01)

    for rate in [ Rate.power 1.0 0.4; Rate.constant 0.1; Rate.power 1.0 1.0 ] do
        let found = Tracking.warnings Rule.simultaneous [ rate ] duopoly
        Assert.Equal(found |> Array.exists _.IsSquaresInfinite, grows 2.0 rate > 0.1)

[<Fact>]
let ``simultaneous play needs no order of speeds`` () =
    Assert.Empty(Tracking.warnings Rule.simultaneous [ Rate.power 1.0 1.0 ] duopoly)

[<Fact>]
let ``a noisy run tells its doubts about the rates, a silent one none`` () =
    let play noise =
        Learn.run
            rule
            {
                Learn.settings with
                    Steps = 5
                    Noise = noise
            }
            (Tensor.ofList [ 20.0; 30.0 ])
            duopoly

    Assert.Empty((play Noise.none).Warnings)
    Assert.Empty((play (Noise.gaussian 0.0)).Warnings)
    let noisy = play (Noise.gaussian 1.0)
    Assert.Equal(3, noisy.Warnings.Length)

    Assert.EndsWith(
        "; the rate of x1 is not o(that of x2), so x2 need not keep up with its answer; let the leader's rate fall faster",
        string noisy
    )

[<Fact>]
let ``what cannot be tracked is told with the reason`` () =
    let run = Learn.run rule settings (Tensor.ofList [ 20.0; 30.0 ]) duopoly

    Assert.Equal(
        "Tracking.ofRun: fromStep is 100, but the last recorded step is 60; give that or an earlier one.",
        Check.argumentMessage (fun () -> Tracking.ofRun 100 settings.Rates run duopoly |> ignore)
    )

    Assert.Contains(
        "is torus, but the run played duopoly",
        Check.argumentMessage (fun () -> Tracking.ofRun 0 settings.Rates run TestGames.torus.Game |> ignore)
    )

    let a, b = Player.scalar "a", Player.scalar "b"

    let flat =
        Game.simultaneous "flat" [ a, (fun q -> q[a] * q[a]); b, (fun q -> q[b] * q[b]) ]

    let still =
        Learn.run Rule.simultaneous Learn.settings (Tensor.ofList [ 1.0; 1.0 ]) flat

    Assert.Contains(
        "whose players are all on one level",
        Check.argumentMessage (fun () -> Tracking.ofRun 0 Learn.settings.Rates still flat |> ignore)
    )
