module Stackelberg.Dsl.Tests.EnsembleTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Kernels
open Xunit

let private nash = Rule.simultaneous
let private leading = Rule.stackelberg Conjecture.bestResponse

let private rows (points: float[][]) =
    Tensor.ofArray (Array.concat points)
    |> Tensor.reshape [ points.Length; points[0].Length ]

let private row (runs: EnsembleRun) column k =
    let d = runs.Game.Dimension
    (runs.Points column)[k * d .. k * d + d - 1]

let private randomStarts count (lower: float) upper d =
    let random = Random 5
    Array.init count (fun _ -> Array.init d (fun _ -> lower + (upper - lower) * random.NextDouble()))

/// Every run of the ensemble against the run that Learn.run makes of its start and seed.
let private agree tolerance rule (settings: LearnSettings) (starts: float[][]) (game: Game) =
    let runs = Ensemble.run rule settings (rows starts) game
    Assert.Equal(starts.Length, runs.Count)

    for k, start in Array.indexed starts do
        let alone =
            Learn.run
                rule
                {
                    settings with
                        Seed = settings.Seed + uint64 k
                }
                (Tensor.ofArray start)
                game

        for column, step in Array.indexed runs.RecordedSteps do
            // A run that has ended stays where it is.
            let at =
                alone.RecordedSteps |> Array.findIndexBack (fun recorded -> recorded <= step)

            Check.close tolerance alone.Trajectory[at] (row runs column k)

        match alone.Outcome, runs.Outcomes[k] with
        | Outcome.OutOfSteps(limit, residual, _), Outcome.OutOfSteps(others, other, _) ->
            Assert.Equal(limit, others)
            Check.closeNumber tolerance residual other
        | Outcome.Converged(steps, residual, _), Outcome.Converged(others, other, _)
        | Outcome.Stopped(steps, residual, _, _), Outcome.Stopped(others, other, _, _) ->
            Assert.Equal(steps, others)
            Check.closeNumber tolerance residual other
        | outcome, other -> Assert.Equal(outcome, other)

[<Fact>]
let ``runs with growing noise are those of Learn.run with its seeds`` () =
    let settings = {
        Learn.settings with
            Steps = 50
            Rates = [ Rate.constant 0.01; Rate.constant 0.02 ]
            Noise = Noise.growing 0.3
            Seed = 7UL
    }

    for rule in [ nash; leading; Rule.extragradient ] do
        agree 1e-12 rule settings (randomStarts 5 10.0 40.0 2) TestGames.duopoly.Game

[<Fact>]
let ``noisy runs of an ensemble are those of Learn.run with its seeds`` () =
    let settings = {
        Learn.settings with
            Steps = 40
            RecordEvery = 7
            Seed = 11UL
            Rates = [ Rate.power 0.5 1.0; Rate.power 0.5 0.6 ]
            Noise = Noise.gaussianEach [ 0.1; 0.2 ]
    }

    // Rounding of batched sines, and on the torus an angle whose wrap it may turn: 1e-15 grown for 40 steps.
    agree 1e-9 nash settings (randomStarts 20 -3.0 3.0 2) TestGames.torus.Game

    agree 1e-10 leading settings (randomStarts 20 0.0 50.0 2) TestGames.duopoly.Game

[<Fact>]
let ``followers who choose vectors answer in an ensemble as alone`` () =
    let game = (TestGames.randomCovariance 3 2).Game
    let dense = Conjecture.bestResponse |> Conjecture.withSolver Solver.dense

    let settings = {
        Learn.settings with
            Steps = 30
            Rates = [ Rate.constant 0.01 ]
    }

    agree 1e-10 (Rule.stackelberg dense) settings (randomStarts 6 -1.0 1.0 8) game

[<Fact>]
let ``runs end each at its own step, as alone`` () =
    let settings = {
        Learn.settings with
            Steps = 200
            Rates = [ Rate.constant 0.3 ]
    }

    for stop in [ Stop.UpdateBelow 1e-3; Stop.FieldBelow 1e-3 ] do
        let settings = { settings with Stop = stop }
        agree 1e-9 nash settings (randomStarts 9 0.0 50.0 2) TestGames.duopoly.Game

[<Fact>]
let ``bounds of players who do not react hold in an ensemble`` () =
    let a, b =
        Player.scalar "a" |> Player.bounded 0.0 1.0, Player.scalar "b" |> Player.bounded -1.0 infinity

    let game =
        Game.simultaneous "bounded" [
            a, (fun q -> (q[a] - 2.0 * q[b]) ** 2.0)
            b, (fun q -> (q[b] + q[a]) ** 2.0)
        ]

    let settings = { Learn.settings with Steps = 25 }
    agree 1e-12 nash settings (randomStarts 8 0.0 1.0 2) game

[<Fact>]
let ``a run that is not finite ends alone, with its reason`` () =
    let game =
        Game.twoPlayer "cubic" (fun x y -> x * y) (fun x y -> y ** 3.0 / 3.0 - x * y)
    // D22 f2 = 2 y: singular at 0.
    let runs =
        Ensemble.run
            leading
            { Learn.settings with Steps = 3 }
            (rows [| [| 1.0; 0.0 |]; [| 1.0; 1.0 |] |])
            game

    Assert.True(runs.Outcomes[0].IsSingularFollower, string runs.Outcomes[0])
    Assert.True(runs.Outcomes[1].IsOutOfSteps)
    Check.close 0.0 [| 1.0; 0.0 |] (row runs 3 0)

[<Fact>]
let ``the bits do not depend on the number of threads`` () =
    let settings = {
        Learn.settings with
            Steps = 5
            Noise = Noise.gaussian 0.1
    }

    let starts = rows (randomStarts 5000 -3.0 3.0 2)

    let play () =
        (Ensemble.run nash settings starts TestGames.torus.Game).Final.ToArray()

    let several = play ()
    let threads = Parallelism.Threads

    try
        Parallelism.Threads <- 1
        Assert.Equal<float[]>(several, play ())
    finally
        Parallelism.Threads <- threads

[<Fact>]
let ``ends are told apart by the nearest point, angles the short way round`` () =
    let starts = rows [| [| 3.1; 0.0 |]; [| -3.1; 0.1 |]; [| 0.0; 0.0 |] |]

    let runs =
        Ensemble.run nash { Learn.settings with Steps = 0 } starts TestGames.torus.Game

    let points = [| [| -3.1; 0.0 |]; [| 1.0; 1.0 |] |]
    Assert.Equal<int[]>([| 0; 0; -1 |], runs.Nearest(points, 0.2))
    Assert.Equal(2.0 / 3.0, runs.ShareLocked(points[0], 0.2, 0))

[<Fact>]
let ``the share of locked runs grows as the rates are made smaller, as the concentration bound has it`` () =
    // From the Stackelberg point itself, noise 1 and rates c / k: of 200 runs, those within 1/2 for good from step 100 on.
    let share c =
        let settings = {
            Learn.settings with
                Steps = 400
                Rates = [ Rate.power c 1.0; Rate.power c (2.0 / 3.0) ]
                Noise = Noise.gaussian 1.0
        }

        let runs =
            Ensemble.run leading settings (rows (Array.create 200 [| 46.0; 26.0 |])) TestGames.duopoly.Game

        runs.ShareLocked([| 46.0; 26.0 |], 0.5, 100)

    let shares = [| 1.0; 0.3; 0.1 |] |> Array.map share
    Assert.True(shares[0] < shares[1] && shares[1] <= shares[2], $"{shares[0]} {shares[1]} {shares[2]}")
    Assert.Equal(1.0, shares[2])

[<Fact>]
let ``what an ensemble cannot play is told with what can`` () =
    let message rule settings starts game =
        Check.argumentMessage (fun () -> Ensemble.run rule settings starts game |> ignore)

    let starts = Tensor.zeros [ 3; 2 ]

    Assert.Equal(
        "Ensemble.run: starts has shape [3], but [runs; 2] is needed, one row for each run (the joint strategy of duopoly: x1 [], x2 []).",
        message nash Learn.settings (Tensor.zeros [ 3 ]) TestGames.duopoly.Game
    )

    Assert.Contains(
        "is given number by number",
        message
            nash
            {
                Learn.settings with
                    Noise = Noise.given [||]
            }
            starts
            TestGames.duopoly.Game
    )

    Assert.Contains(
        "holds 3 schedules",
        message
            nash
            {
                Learn.settings with
                    Rates = List.replicate 3 (Rate.constant 0.1)
            }
            starts
            TestGames.duopoly.Game
    )

[<Fact>]
let ``every rule plays many runs as it plays each`` () =
    let settings = {
        Learn.settings with
            Steps = 5
            Rates = [ Rate.constant 0.05 ]
    }

    for rule in Rule.all do
        agree 1e-10 rule settings (randomStarts 5 -1.0 1.0 2) TestGames.torus.Game

[<Fact>]
let ``a grid of starts has its box's corners, the first entry fastest`` () =
    let found =
        Ensemble.grid (Tensor.ofList [ 0.0; -1.0 ], Tensor.ofList [ 1.0; 3.0 ]) 3

    Assert.Equal<int[]>([| 9; 2 |], found.Shape)

    Assert.Equal<float[]>(
        [|
            0.0
            -1.0
            0.5
            -1.0
            1.0
            -1.0
            0.0
            1.0
            0.5
            1.0
            1.0
            1.0
            0.0
            3.0
            0.5
            3.0
            1.0
            3.0
        |],
        found.ToArray()
    )

[<Fact>]
let ``a grid that cannot be is refused`` () =
    let message lower upper count =
        Check.argumentMessage (fun () -> Ensemble.grid (lower, upper) count |> ignore)

    let zero, one = Tensor.zeros [ 2 ], Tensor.ones [ 2 ]

    Assert.Equal("Ensemble.grid: count is 1, but at least 2 is needed, the two corners.", message zero one 1)

    Assert.Equal(
        "Ensemble.grid: upper has 0 at entry 0, but a finite number above the lower corner's 1 is needed.",
        message one zero 2
    )

    Assert.Equal(
        "Ensemble.grid: upper has shape [3], but [2] is needed (the lower corner's shape).",
        message zero (Tensor.ones [ 3 ]) 2
    )

    Assert.Equal(
        "Ensemble.grid: count is 10, which makes 1E+10 starts of 10 entries; take fewer, or draw starts at random.",
        message (Tensor.zeros [ 10 ]) (Tensor.ones [ 10 ]) 10
    )
