/// How runs end: convergence is a zero of the field, not a short step.
module Stackelberg.Dsl.Tests.OutcomeTests

open System
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Tests
open Xunit

/// ω = 0 at (92/3, 101/3) for costs of 95 and 98; of any size.
let private duopolyOf (scale: float) =
    Game.twoPlayer "duopoly" (fun q1 q2 -> -scale * (95.0 - q1 - q2) * q1) (fun q1 q2 ->
        -scale * (98.0 - q1 - q2) * q2)

let private duopoly = duopolyOf 1.0
let private start = Tensor.ofList [ 10.0; 10.0 ]

let private settings = {
    Learn.settings with
        Steps = 100_000
        RecordEvery = 0
}

let private follow rule rate stop game =
    Learn.run
        rule
        {
            settings with
                Rates = [ rate ]
                Stop = stop
        }
        start
        game

let private ends (expected: string) (run: Run) =
    Assert.True((string run.Outcome).Contains expected, string run)

let private isStopped expected (run: Run) =
    match run.Outcome with
    | Outcome.Stopped(_, residual, _, cause) ->
        Assert.True(expected cause, string run)

        Assert.Contains(
            residual.ToString("G4", Globalization.CultureInfo.InvariantCulture),
            run.Outcome.Words
        )

        Assert.DoesNotContain("converged", string run.Outcome)
    | _ -> Assert.Fail(string run)

[<Fact>]
let ``a rate of 0, rates that fade and an optimiser that has overflowed are no convergence`` () =
    duopoly
    |> follow Rule.simultaneous (Rate.constant 0.0) (Stop.UpdateBelow 1e-9)
    |> isStopped _.IsRateZero

    let faded =
        duopoly |> follow Rule.simultaneous (Rate.power 0.1 3.0) (Stop.UpdateBelow 1e-8)

    isStopped _.IsRatesFaded faded
    ends "the update is 9.98E-09, below 1E-08, and the field's norm is 61.94" faded

    for preconditioner in Preconditioner.all do
        let rule = Rule.preconditioned [ preconditioner ] Rule.simultaneous

        let run = duopoly |> follow rule (Rate.constant 1e300) (Stop.UpdateBelow 1e-9)

        Assert.False(run.Outcome.IsConverged, string run)

    duopoly
    |> follow
        (Rule.preconditioned [ Preconditioner.adam ] Rule.simultaneous)
        (Rate.constant 1e300)
        (Stop.UpdateBelow 1e-9)
    |> isStopped _.IsMemoryNotFinite

[<Fact>]
let ``a game of tiny costs is not solved by a tiny step`` () =
    let tiny =
        Game.twoPlayer "tiny" (fun x y -> 1e-14 * ((x - 1.0) * (x - 1.0) + x * y)) (fun _ y ->
            1e-14 * (y - 2.0) * (y - 2.0))

    let row =
        Comparison.run
            {
                Comparison.settings with
                    Rules = [| Rule.simultaneous |]
            }
            (Tensor.ofList [ 0.5; 0.5 ])
            tiny

    Assert.Equal("stopped", row[0].Kind)

    for stop in [ Stop.UpdateBelow 1e-9; Stop.FieldBelow 1e-9 ] do
        let run = tiny |> follow Rule.simultaneous (Rate.constant 0.1) stop
        isStopped (fun cause -> cause.IsRateSmall || cause.IsFlat) run

    // With rates in the costs' units it is the game that it is with costs of 1.
    let run =
        tiny |> follow Rule.simultaneous (Rate.constant 1e13) (Stop.UpdateBelow 1e-9)

    Assert.True(run.Outcome.IsConverged, string run)
    Check.close 1e-7 [| 0.0; 2.0 |] (run.Final.ToArray())

/// Where a rule comes to rest from near its own rest point; null for one that does not.
let private rest (rule: Rule) =
    let run =
        Learn.run
            rule
            {
                settings with
                    Steps = 20_000
                    Rates = [ Rate.constant 0.1 ]
                    Stop = Stop.UpdateBelow 1e-13
            }
            start
            duopoly

    if run.Outcome.IsConverged then
        run.Final.ToArray()
    else
        null

[<Fact>]
let ``every rule, every stopping test and every kind of schedule: converged where the rule's rest point is, and nowhere else``
    ()
    =
    let schedules = [
        Rate.constant 0.1
        Rate.constant 0.0
        Rate.constant 1e-7
        Rate.power 0.1 3.0
        Rate.power 0.1 1.0
        Rate.power 0.5 0.6
        Rate.exponential 0.1 0.9
        Rate.exponential 0.2 0.999
        Rate.ofFunction (fun k -> if k < 20 then 0.1 else 1e-15)
    ]

    let stops = [
        Stop.UpdateBelow 1e-6, 1e-3
        Stop.UpdateBelow 1e-9, 1e-6
        Stop.FieldBelow 1e-6, 1e-4
        Stop.Never, 1e-5
    ]

    let mutable converged, others = 0, 0

    for rule in Rule.all do
        match rest rule with
        | null -> ()
        | point ->
            for rate in schedules do
                for stop, near in stops do
                    let run =
                        Learn.run
                            rule
                            {
                                settings with
                                    Steps = 2000
                                    Rates = [ rate ]
                                    Stop = stop
                            }
                            start
                            duopoly

                    let distance =
                        Array.fold2 (fun most a b -> max most (abs (a - b))) 0.0 point (run.Final.ToArray())

                    let where = $"{rule}, {rate}, {stop}: {run.Outcome}, {distance} away"

                    if run.Outcome.IsConverged then
                        converged <- converged + 1
                        // Twenty times farther than the tolerance allows, for the rules that act at another rate.
                        Assert.True(distance < near, where)
                    else
                        others <- others + 1
                        Assert.True(distance > 1e-9, where)

    Assert.True(converged > 300 && others > 300, $"{converged} and {others}")

[<Fact>]
let ``the verdict does not change with the units of costs, nor with those of a strategy`` () =
    let exponents = Gen.choose (-120, 120)
    let players = Gen.zip3 exponents exponents (Gen.choose (0, 5))

    Law.check
        60
        (Prop.forAll (Arb.fromGen players) (fun (a, b, which) ->
            let f, g = 10.0 ** float a, 10.0 ** float b

            let scaled =
                Game.twoPlayer "scaled" (fun q1 q2 -> -f * (95.0 - q1 - q2) * q1) (fun q1 q2 ->
                    -g * (98.0 - q1 - q2) * q2)

            let base' =
                match which with
                | 0 -> Rate.constant 0.1
                | 1 -> Rate.power 0.1 3.0
                | 2 -> Rate.power 0.5 1.0
                | 3 -> Rate.constant 0.0
                | 4 -> Rate.exponential 0.1 0.9
                | _ -> Rate.constant 1e-9

            let of' game (rates: Rate list) =
                Learn.run
                    Rule.simultaneous
                    {
                        settings with
                            Steps = 5000
                            Rates = rates
                            Stop = Stop.UpdateBelow 1e-9
                    }
                    start
                    game

            let by (factor: float) =
                Rate.ofFunction (fun k -> base'.At k / factor)

            let plain, other = of' duopoly [ base' ], of' scaled [ by f; by g ]

            let kind (run: Run) =
                match run.Outcome with
                | Outcome.Stopped(_, _, _, cause) -> $"stopped {cause.IsRatesFaded} {cause.IsRateZero}"
                | Outcome.Converged _ -> "converged"
                | _ -> "other"

            if kind plain <> kind other then
                failwith $"{plain} but {other}"

            // With the rates of costs of 1 the steps may be none, but then nothing has converged.
            let small = of' scaled [ base' ]

            if small.Outcome.IsConverged then
                Check.close 1e-5 [| 92.0 / 3.0; 101.0 / 3.0 |] (small.Final.ToArray())))

let private saddle = Game.zeroSum "saddle" (fun x y -> x * x + 10.0 * x * y - y * y)
let private bilinear = Game.zeroSum "bilinear" (fun x y -> x * y)

[<Fact>]
let ``runs that grow diverge, and more steps are not advised`` () =
    let twenty =
        let x, y = Player.vector "x" 10, Player.vector "y" 10

        let f (q: Strategies) =
            Tensor.sum (q[x] ** 2) + 10.0 * Tensor.sum (q[x] * q[y])
            - Tensor.sum (q[y] ** 2)

        game "twenty" {
            leader x f
            follower y (fun q -> -(f q))
        }

    for game, rate in
        [
            saddle, 0.1
            bilinear, 0.1
            twenty, 0.1
            duopoly, 0.9
            Game.twoPlayer "concave" (fun x _ -> -x * x) (fun _ y -> y * y), 0.1
        ] do
        let run =
            Learn.run
                Rule.simultaneous
                {
                    Learn.settings with
                        Rates = [ Rate.constant rate ]
                }
                (Tensor.ones [ game.Dimension ])
                game

        Assert.True(run.Outcome.IsDiverged, string run)
        Assert.True run.Outcome.HasFailed
        ends "diverges" run
        Assert.DoesNotContain("raise Steps", string run)
        Assert.DoesNotContain("Infinity", string run)

    // Where the numbers come to an end first.
    let overflow =
        Learn.run Rule.simultaneous { Learn.settings with Steps = 5000 } (Tensor.ones [ 2 ]) saddle

    Assert.True(overflow.Outcome.IsNotFinite, string overflow)
    ends "diverges" overflow

[<Fact>]
let ``a run of all its steps that has arrived has converged, one that cycles is told so`` () =
    let still =
        Learn.run Rule.extragradient { settings with Steps = 20_000 } (Tensor.ones [ 2 ]) bilinear

    Assert.True(still.Outcome.IsConverged, string still)
    ends "converged: made all 20000 steps, the field's norm is" still

    // Alternating play goes around the saddle for ever.
    let around =
        Learn.run Rule.alternating { settings with Steps = 1000 } (Tensor.ones [ 2 ]) bilinear

    ends "no longer comes nearer" around

    let near =
        Learn.run Rule.extragradient { settings with Steps = 500 } (Tensor.ones [ 2 ]) bilinear

    ends "raise Steps" near

[<Fact>]
let ``in a box: at rest on a bound, and stopped on the way to it`` () =
    let x = Player.scalar "x" |> Player.bounded -1.0 1.0
    let linear = Game.simultaneous "linear" [ (x, (fun q -> q[x])) ]

    let from (rates: Rate) =
        Learn.run
            Rule.simultaneous
            {
                settings with
                    Steps = 1000
                    Rates = [ rates ]
                    Stop = Stop.UpdateBelow 1e-9
            }
            (Tensor.ofList [ 0.5 ])
            linear

    let arrived = from (Rate.constant 0.1)
    Assert.True(arrived.Outcome.IsConverged, string arrived)
    Check.close 0.0 [| -1.0 |] (arrived.Final.ToArray())
    isStopped _.IsRatesFaded (from (Rate.power 0.1 4.0))

[<Fact>]
let ``steps lost to rounding, and fields that are flat far out, are no convergence`` () =
    let far =
        Game.twoPlayer "far" (fun x y -> (x - 1e9) ** 2 + x * y) (fun _ y -> y ** 2)

    let lost =
        Learn.run
            Rule.simultaneous
            {
                settings with
                    Rates = [ Rate.constant 1e-16 ]
                    Stop = Stop.UpdateBelow 1e-300
            }
            (Tensor.ofList [ 1.1e9; 0.0 ])
            far

    isStopped _.IsRounding lost

    let tail = Game.twoPlayer "tail" (fun x _ -> exp -x) (fun x y -> (y - x) ** 2)

    for stop in [ Stop.UpdateBelow 1e-6; Stop.FieldBelow 1e-6 ] do
        let run = tail |> follow Rule.simultaneous (Rate.constant 1.0) stop
        Assert.False(run.Outcome.IsConverged, string run)

[<Fact>]
let ``many dimensions: one derivative along the field tells fading rates from rest`` () =
    let x, y = Player.vector "x" 60, Player.vector "y" 60

    let wide =
        game "wide" {
            leader x (fun q -> Tensor.sum ((q[x] - 1.0) ** 2) + Tensor.sum (q[x] * q[y]))
            follower y (fun q -> 1e-12 * Tensor.sum ((q[y] - 3.0) ** 2))
        }

    let from rates =
        Learn.run
            Rule.simultaneous
            {
                settings with
                    Rates = rates
                    Stop = Stop.UpdateBelow 1e-9
            }
            (Tensor.zeros [ 120 ])
            wide

    let arrived = from [ Rate.constant 0.1; Rate.constant 1e11 ]
    Assert.True(arrived.Outcome.IsConverged, string arrived.Outcome)
    // y's costs are small: at the rates of x's it does not move.
    isStopped
        (function
        | Standstill.RateSmall("y", _) -> true
        | _ -> false)
        (from [ Rate.constant 0.1 ])

    isStopped _.IsRatesFaded (from [ Rate.power 0.1 3.0; Rate.power 1e11 3.0 ])

[<Fact>]
let ``with noise, one short step is chance`` () =
    let run =
        Learn.run
            Rule.simultaneous
            {
                settings with
                    Noise = Noise.gaussian 1.0
                    Stop = Stop.UpdateBelow 1e-3
            }
            start
            duopoly

    isStopped (fun cause -> cause.IsNoise) run

[<Fact>]
let ``an ensemble's runs end as they do alone`` () =
    for rates, stop in
        [
            Rate.constant 0.1, Stop.UpdateBelow 1e-9
            Rate.constant 0.1, Stop.FieldBelow 1e-9
            Rate.power 0.1 3.0, Stop.UpdateBelow 1e-8
            Rate.constant 0.0, Stop.Never
            Rate.constant 0.9, Stop.Never
            Rate.constant 0.1, Stop.Never
            Rate.constant 1e-4, Stop.Never
        ] do
        let settings = {
            settings with
                Steps = 1000
                Rates = [ rates ]
                Stop = stop
        }

        let alone = Learn.run Rule.simultaneous settings start duopoly

        let runs =
            Ensemble.run Rule.simultaneous settings (Tensor.reshape [ 1; 2 ] start) duopoly

        Assert.Equal(alone.Outcome.Words, runs.Outcomes[0].Words)
        Assert.Equal(string alone.Outcome, string runs.Outcomes[0])

[<Fact>]
let ``a run says what kind of point it ended at`` () =
    let run =
        duopoly
        |> follow (Rule.stackelberg Conjecture.bestResponse) (Rate.constant 0.1) (Stop.FieldBelow 1e-9)

    Assert.EndsWith("at [46, 26], a differential Stackelberg equilibrium", string run)
    Assert.Equal(Verdict.Yes, run.Report.IsDifferentialStackelberg)

    let early = Learn.run Rule.simultaneous { settings with Steps = 20 } start duopoly

    Assert.Contains("no critical point yet (residual", string early)

    Assert.Null(
        box
            (Learn.run
                Rule.simultaneous
                {
                    Learn.settings with
                        Rates = [ Rate.constant 0.9 ]
                }
                start
                duopoly)
                .Report
    )
