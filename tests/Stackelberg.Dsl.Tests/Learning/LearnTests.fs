module Stackelberg.Dsl.Tests.LearnTests

open System
open System.Threading
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.Reference
open Stackelberg.Dsl.Tests.TestGames
open Xunit
open Stackelberg.Tests

let private nash, stackelberg =
    Rule.simultaneous, Rule.stackelberg Conjecture.bestResponse

let private follow rule settings (start: float list) game =
    Learn.run rule settings (Tensor.ofList start) game

/// The recorded point after so many steps.
let private after steps (run: Run) =
    run.Trajectory[Array.IndexOf(run.RecordedSteps, steps)]

/// From where on the distance to a point stays below a tolerance.
let private settled tolerance (target: float[]) (run: Run) =
    let distance (x: float[]) =
        sqrt (Array.fold2 (fun sum a b -> sum + (a - b) * (a - b)) 0.0 x target)

    1 + Array.findIndexBack (fun x -> distance x >= tolerance) run.Trajectory

let private q0 = [ 23.76599021161583; 37.414602204897115 ]

// Reference: the authors' notebooks in float64 (numpy 1.24); the digits are those printed there.

[<Fact>]
let ``duopoly without noise, simultaneous play: exact after three steps, stopped after the fourth`` () =
    let settings = {
        Learn.settings with
            Steps = 50000
            Rates = [ Rate.harmonicFromZero ]
            Stop = Stop.UpdateBelow 1e-6
    }

    let run = duopoly.Game |> follow nash settings q0
    Check.close 1e-14 [| 33.819407583487056; 36.819407583487056 |] (after 1 run)
    Check.close 1e-14 [| 29.090296208256472; 32.090296208256476 |] (after 2 run)
    Check.close 1e-14 [| 92.0 / 3.0; 101.0 / 3.0 |] run.Trajectory[3]
    Assert.True(run.Outcome.IsConverged, string run)
    Assert.Equal(4, run.Steps)
    Assert.Equal(4, run.Steps)
    Check.close 1e-12 [| -940.4444444444446; -1133.4444444444448 |] run.Costs

[<Fact>]
let ``duopoly without noise, Stackelberg play, with the code's rates: 4211 steps`` () =
    let settings = {
        Learn.settings with
            Steps = 50000
            Rates = [ Rate.publishedPower 1.0; Rate.publishedPower (2.0 / 3.0) ]
            Stop = Stop.UpdateBelow 1e-6
    }

    let run = duopoly.Game |> follow stackelberg settings q0
    Check.close 1e-11 [| 45.7024026893; 36.8194075835 |] (after 1 run)
    Check.close 1e-11 [| 40.5158968806; 26.1487986554 |] (after 2 run)
    Check.close 1e-11 [| 44.8924038239; 26.7285978097 |] (after 10 run)
    Check.close 1e-11 [| 45.8577019963; 26.0799283405 |] (after 99 run)
    Assert.Equal(4211, run.Steps)

    // The published test stops at a short update; the rates have faded, and x1 is 0.004 from 46.
    match run.Outcome with
    | Outcome.Stopped(4211, residual, _, Standstill.RatesFaded("x1", 1.0, _)) ->
        Assert.InRange(residual, 1e-3, 1e-2)
    | other -> Assert.Fail $"{other}"

    Check.close 1e-11 [| 45.9962075045; 26.0019567293 |] (run.Final.ToArray())

[<Fact>]
let ``duopoly with the published noise: it is added to profit gradients, so it is subtracted from cost gradients``
    ()
    =
    let noise = PublishedNoise.duopoly |> Array.map (Array.map (~-)) |> Noise.given

    let settings rates = {
        Learn.settings with
            Steps = 100
            Rates = rates
            Noise = noise
    }

    let simultaneous =
        duopoly.Game |> follow nash (settings [ Rate.publishedPower 1.0 ]) q0

    Check.close 1e-11 [| 32.1491818506; 33.4263828796 |] (after 1 simultaneous)
    Check.close 1e-11 [| 32.2781798738; 31.9504506777 |] (after 10 simultaneous)
    Check.close 1e-13 [| 31.22469992622225; 33.52972634986854 |] (after 99 simultaneous)

    let leading =
        duopoly.Game
        |> follow stackelberg (settings [ Rate.publishedPower 1.0; Rate.publishedPower (2.0 / 3.0) ]) q0

    Check.close 1e-11 [| 44.0321769564; 33.4263828796 |] (after 1 leading)
    Check.close 1e-11 [| 46.6194644910; 25.8969391540 |] (after 99 leading)
    // The profits that the paper prints as those of the equilibria are those of iterate 99.
    let profits = Game.costs duopoly.Game (Tensor.ofArray (after 99 leading))
    Check.close 1e-9 [| -1048.1732219; -659.9471442 |] (profits.ToArray())

[<Fact>]
let ``duopoly with constant rates reaches its equilibria when the reference does`` () =
    let settings = { Learn.settings with Steps = 400 }
    let simultaneous = duopoly.Game |> follow nash settings q0
    Check.close 1e-13 [| 28.765667393367; 35.478608812415 |] (after 10 simultaneous)
    Check.close 1e-13 [| 30.666525245651; 33.666808087682 |] (after 100 simultaneous)
    Assert.Equal(151, settled 1e-6 [| 92.0 / 3.0; 101.0 / 3.0 |] simultaneous)
    Assert.Equal(216, settled 1e-9 [| 92.0 / 3.0; 101.0 / 3.0 |] simultaneous)
    let leading = duopoly.Game |> follow stackelberg settings q0
    Check.close 1e-13 [| 36.715765902794; 33.020313934686 |] (after 10 leading)
    Check.close 1e-13 [| 45.988905295061; 26.008662483852 |] (after 100 leading)
    Assert.Equal(228, settled 1e-6 [| 46.0; 26.0 |] leading)
    Assert.Equal(321, settled 1e-9 [| 46.0; 26.0 |] leading)

let private seed8 = [ 2.3463261368903874; 2.9439278084526643 ]
let private seed12 = [ -2.172958947437; 1.508276726139 ]
let private seed13 = [ 1.7448557058857794; -1.649077150016919 ]

[<Fact>]
let ``torus with constant rates, angles wrapped after each step`` () =
    let settings = {
        Learn.settings with
            Steps = 600
            Rates = [ Rate.constant 0.05 ]
    }

    for rule, start, at10, at100, target, steps in
        [
            nash,
            seed8,
            [| 1.4640131243; 2.9769238383 |],
            [| -0.3855439207; 1.6542015672 |],
            [| -0.783306125396; 1.182281321098 |],
            557
            nash,
            seed12,
            [| -1.7971972563; 1.0033174208 |],
            [| -0.9095101654; 1.1205079320 |],
            [| -0.783306125396; 1.182281321098 |],
            515
            nash,
            seed13,
            [| 1.3937306574; -1.1233396729 |],
            [| 1.5342227179; -0.4166209747 |],
            [| 1.568704288794; -0.396883157701 |],
            468
            stackelberg,
            seed8,
            [| 1.6086311028; 2.9576467259 |],
            [| -0.2644353370; 0.9913544960 |],
            [| -0.525227950715; 1.246464414893 |],
            420
            stackelberg,
            seed12,
            [| -1.8226188979; 0.9924974746 |],
            [| -0.5703547961; 1.2177426085 |],
            [| -0.525227950715; 1.246464414893 |],
            379
            stackelberg,
            seed13,
            [| 1.3060801749; -1.1207437885 |],
            [| 1.2836811972; -0.4806030285 |],
            [| 1.310626114112; -0.461066251496 |],
            368
        ] do
        let run = torus.Game |> follow rule settings start
        Check.close 1e-10 at10 (after 10 run)
        // The Stackelberg run of seed 8 passes D22 f2 = 0.003 in step 86: one unit in the last place of its start moves
        // point 100 by 1e-5.
        let isDelicate =
            obj.ReferenceEquals(rule, stackelberg) && obj.ReferenceEquals(start, seed8)

        Check.close (if isDelicate then 1e-4 else 1e-10) at100 (after 100 run)
        Assert.Equal(steps, settled 1e-6 target run)

[<Fact>]
let ``torus with the published schedules and noise`` () =
    // Unlike the duopoly's, the torus code descends costs, and adds its noise to their gradients.
    let noise = Noise.given PublishedNoise.torusSeed8

    let settings rates noise = {
        Learn.settings with
            Steps = 50
            Rates = rates
            Noise = noise
    }

    let rates = [ Rate.publishedPower 1.0; Rate.publishedPower 0.5 ]

    let noisy =
        torus.Game |> follow nash (settings [ Rate.publishedPower 0.5 ] noise) seed8

    Check.close 1e-12 [| 0.8469332985469318; 2.673798556659238 |] (after 1 noisy)
    Check.close 1e-12 [| -0.47135077441285284; 1.50945247360077 |] (after 10 noisy)
    Check.close 1e-12 [| -0.8053328797335316; 1.1636200001087202 |] (after 50 noisy)
    let leading = torus.Game |> follow stackelberg (settings rates noise) seed8
    Check.close 1e-12 [| -0.30802503993633795; 1.4181642603258648 |] (after 10 leading)
    Check.close 1e-12 [| -0.49684629278515724; 1.2419589282712453 |] (after 50 leading)
    // This one jumps across the singular set and around the circle on its way; its step 10 is near π.
    let exact = torus.Game |> follow stackelberg (settings rates Noise.none) seed8
    Check.close 1e-12 [| -1.02405599430939; 2.6948070647064153 |] (after 3 exact)
    Check.close 1e-10 [| 3.1409703213889415; 0.24984725671874244 |] (after 10 exact)
    Check.close 1e-10 [| 2.5519390578972443; -0.011997042804287133 |] (after 50 exact)

[<Fact>]
let ``polynomial with the published rates`` () =
    let game = (polynomial 0.15 0.25).Game

    let settings rates = {
        Learn.settings with
            Steps = 5000
            Rates = rates
    }

    let simultaneous =
        game |> follow nash (settings [ Rate.constant 0.0025 ]) [ 3.0; 3.0 ]

    Check.close 1e-12 [| 3.3248321355873984; 2.572582338477355 |] (after 10 simultaneous)
    Check.close 1e-12 [| 6.747482462560518; 0.011613936249346014 |] (after 100 simultaneous)
    Check.close 1e-12 [| 12.174666745394372; -5.401311157335455 |] (after 1000 simultaneous)

    let leading =
        game
        |> follow stackelberg (settings [ Rate.constant 2.5e-4; Rate.constant 2.5e-2 ]) [ 3.0; 3.0 ]

    Check.close 1e-12 [| 3.015833660234251; 0.48711974888707915 |] (after 10 leading)
    Check.close 1e-12 [| 3.1634093839531197; -0.5935972548606697 |] (after 100 leading)
    Check.close 1e-12 [| 5.222501077748101; -1.1973756353196485 |] (after 1000 leading)
    Check.close 1e-12 [| 12.156095444111932; -5.380363667921886 |] (after 5000 leading)

[<Fact>]
let ``polynomial from the other published starts ends where the exact reference ends`` () =
    let game = (polynomial 0.15 0.25).Game

    let settings = {
        Learn.settings with
            Steps = 9999
            Rates = [ Rate.constant 2.5e-4; Rate.constant 2.5e-2 ]
            RecordEvery = 0
    }

    for start, last in
        [
            [ -3.0; 1.0 ], [| -2.510124576959; -2.349284370727 |]
            [ -10.0; 10.0 ], [| -10.416623295099; 8.480548853694 |]
            [ 10.0; -10.0 ], [| 12.188575457303; -5.423167507365 |]
            [ -10.0; -10.0 ], [| -13.322782917119; -9.974620162644 |]
            [ -4.0; -6.0 ], [| -2.533449190859; -2.374636320313 |]
            [ -8.0; 12.0 ], [| -10.416623294977; 8.480548853438 |]
        ] do
        let run = game |> follow stackelberg settings start
        Check.close 1e-11 last (run.Final.ToArray())

[<Fact>]
let ``bimatrix games with both ratios of rates`` () =
    let settings ratio = {
        Learn.settings with
            Steps = 9999
            Rates = [ Rate.constant 0.02; Rate.constant (0.02 * ratio) ]
            RecordEvery = 10
    }

    for shift, rule, ratio, start, at10, last in
        [
            1.0,
            nash,
            1.0,
            [ -1.0; -1.0 ],
            [| -0.9339057781; -1.0001110242 |],
            [| -0.424779204153; -0.386345344052 |]
            1.0,
            nash,
            10.0,
            [ 1.0; -1.0 ],
            [| 0.9807018142; -0.1766462222 |],
            [| -0.424788999275; -0.386422117564 |]
            1.0,
            stackelberg,
            1.0,
            [ -1.0; -1.0 ],
            [| -0.9292749017; -1.0000881284 |],
            [| -0.414430359317; -0.160654978285 |]
            1.0,
            stackelberg,
            10.0,
            [ 1.0; -1.0 ],
            [| 0.9818593467; -0.1766438863 |],
            [| -0.414430359317; -0.160654978284 |]
            0.0,
            nash,
            1.0,
            [ 1.0; -1.0 ],
            [| 0.9868703713; -0.9767556856 |],
            [| 0.000022707874; 0.000005633601 |]
            0.0, stackelberg, 10.0, [ -1.0; -1.0 ], [| -0.9732433840; -0.8602417219 |], [| 0.0; 0.0 |]
        ] do
        let run = (bimatrix shift).Game |> follow rule (settings ratio) start
        Check.close 1e-9 at10 (after 10 run)
        Check.close 1e-9 last (run.Final.ToArray())

[<Fact>]
let ``covariance of dimension 3 with the notebook's rates and both time scales`` () =
    let matrix = Tensor.ofArray2D

    let known =
        covariance (Tensor.matmul (matrix CovarianceStart.u) (matrix CovarianceStart.u).T)

    let start =
        Game.joint known.Game [ known.V, matrix CovarianceStart.v0; known.W, matrix CovarianceStart.w0 ]

    let settings τ steps = {
        Learn.settings with
            Steps = steps
            Rates = [
                Rate.exponential 0.015 (1.0 - 1e-5)
                Rate.exponential (τ * 0.015) (1.0 - 1e-7)
            ]
    }

    let error x =
        let v = (Game.strategies known.Game (Tensor.ofArray x)).[known.V]
        sqrt (float (Tensor.sum ((Tensor.matmul v v.T - known.Sigma) ** 2.0)))

    // Row k of the published histories is step k − 1.
    for rule, τ, v00At11, errorAt101, v00At9999 in
        [
            nash, 2.0, 0.5571484493905607, 9.733967826546138, 1.1120920688083227
            nash, 1.0, 0.484123186508124, 17.830774890040345, -1.9152864836728316
            stackelberg, 2.0, 0.24646896167496124, 0.04727786597538402, 0.168373481053576
            stackelberg, 1.0, 0.25874621543142895, 0.21103709008125965, 0.17077164461180241
        ] do
        let run = known.Game |> Learn.run rule (settings τ 9998) start
        Check.closeNumber 1e-11 v00At11 (after 10 run).[0]
        Check.closeNumber 1e-11 errorAt101 (error (after 100 run))
        Check.closeNumber 1e-8 v00At9999 (after 9998 run).[0]
        Assert.Equal(0L, run.Solves.FellShort)

// Domains and rules

[<Fact>]
let ``a scalar follower is stepped in the box that it is bounded to`` () =
    let a, b = Player.scalar "a", Player.scalar "b" |> Player.bounded 0.0 20.0

    let capacity =
        game "capacity" {
            leader a (fun q -> -(95.0 - q[a] - q[b]) * q[a])
            follower b (fun q -> -(98.0 - q[a] - q[b]) * q[b])
        }

    let run =
        capacity
        |> follow
            stackelberg
            {
                Learn.settings with
                    Stop = Stop.FieldBelow 1e-9
            }
            [ 10.0; 5.0 ]

    Assert.True run.Outcome.IsConverged
    // With b at its bound the leader's best is (95 − 20) / 2.
    Check.close 1e-9 [| 37.5; 20.0 |] (run.Final.ToArray())
    Assert.All(run.Trajectory, (fun x -> Assert.InRange(x[1], 0.0, 20.0)))

/// Extragradient with a memory of how many steps it has made: two evaluations a step.
let private extragradient =
    Rule.withState
        "extragradient"
        "Korpelevich 1976"
        (fun _ _ -> [ "steps", Tensor.zeros [] ])
        (fun s memory x ->
            let middle = x - s.Rate * s.Omega x
            x - s.Rate * s.Omega middle, [| memory[0] + 1.0 |])

[<Fact>]
let ``a rule may evaluate its field several times, each with its own noise, and remember`` () =
    // f = 10 x y: one extragradient step multiplies z by I − γ H (I − γ H), with H the quarter turn times 10.
    let saddle = Game.zeroSum "saddle" (fun x y -> 10.0 * x * y)

    let settings = {
        Learn.settings with
            Steps = 50
            Rates = [ Rate.constant 0.01 ]
    }

    let exact = saddle |> follow extragradient settings [ 1.0; 0.0 ]
    let norm (x: float[]) = sqrt (x[0] * x[0] + x[1] * x[1])
    // The radius that Grosse and Zhang's lecture gives for (A, B, C) = (0, 10, 0) at this rate, 0.995037688.
    Check.closeNumber 1e-13 (sqrt (0.99 ** 2.0 + 0.1 ** 2.0) ** 50.0) (norm exact.Trajectory[50])

    let draws = Array.init 100 (fun k -> [| float k; 0.0 |])

    let noisy =
        saddle
        |> follow
            extragradient
            {
                settings with
                    Noise = Noise.given draws
            }
            [ 1.0; 0.0 ]
    // Step 1: draw 0 at x, draw 1 at the point between: x⁺ = 1 − 0.01 (10 y' + 1) with y' = 0.1.
    Check.close 1e-14 [| 0.98; 0.1 |] (after 1 noisy)

    Assert.Equal(
        "Learn.run: Noise holds 99 draws, but 100 are needed (2 for each of 50 steps).",
        Check.argumentMessage (fun () ->
            saddle
            |> follow
                extragradient
                {
                    settings with
                        Noise = Noise.given draws[..98]
                }
                [ 1.0; 0.0 ]
            |> ignore)
    )

// Noise and randomness

let private noisy seed noise = {
    Learn.settings with
        Steps = 200
        Rates = [ Rate.constant 0.05 ]
        Noise = noise
        Seed = seed
}

[<Fact>]
let ``the same seed gives the same bits, another seed does not`` () =
    let run seed =
        (duopoly.Game |> follow stackelberg (noisy seed (Noise.gaussian 3.0)) q0).Trajectory

    Assert.Equal<float[][]>(run 1UL, run 1UL)
    Assert.NotEqual<float[]>((run 1UL)[200], (run 2UL)[200])

[<Fact>]
let ``normal noise has the standard deviation asked for, player by player`` () =
    // A game without gradients: the steps are −γ noise.
    let a, b = Player.vector "a" 500, Player.vector "b" 500

    let flat =
        Game.simultaneous "flat" [ a, (fun q -> 0.0 * Tensor.sum q[a]); b, (fun q -> 0.0 * Tensor.sum q[b]) ]

    let settings = {
        Learn.settings with
            Steps = 20
            Rates = [ Rate.constant 1.0 ]
            Noise = Noise.gaussianEach [ 2.0; 0.5 ]
    }

    let run = flat |> Learn.run nash settings (Tensor.zeros [ 1000 ])

    let steps =
        run.Trajectory
        |> Array.pairwise
        |> Array.map (fun (x, next) -> Array.map2 (-) next x)

    let draws from =
        steps |> Array.collect (fun step -> Array.sub step from 500)

    // 10 000 draws: mean within 6 σ / 100 and variance within 6 √2 σ² / 100, but for one run in 10^8.
    for from, σ in [ 0, 2.0; 500, 0.5 ] do
        Assert.InRange(Array.average (draws from), -0.06 * σ, 0.06 * σ)
        let variance = draws from |> Array.averageBy (fun draw -> draw * draw)
        Assert.InRange(variance, 0.915 * σ * σ, 1.085 * σ * σ)

// Endings

[<Fact>]
let ``a run that explodes says whose number was not finite, and keeps the last finite point`` () =
    let cubic =
        Game.twoPlayer "cubic" (fun x y -> x ** 4.0 + y) (fun x y -> y * y + 0.0 * x)

    let run =
        cubic
        |> follow
            nash
            {
                Learn.settings with
                    Rates = [ Rate.constant 10.0 ]
            }
            [ 3.0; 1.0 ]

    match run.Outcome with
    | Outcome.NotFinite(step, quantity) ->
        Assert.Equal(run.Steps + 1, step)
        // The cost itself is still finite there, its slope 4 x³ is not.
        Assert.StartsWith("the gradient of x1 (multiply in the cost of x1 made Infinity of ", quantity)
        Assert.Contains("in a scalar, which is result 0)", quantity.Replace(" through multiply", ""))
        Assert.Contains("it diverges, the joint strategy's norm having grown from 3.162 to ", quantity)
    | other -> Assert.Fail $"{other}"

    Assert.All(run.Final.ToArray(), (fun value -> Assert.True(Double.IsFinite value)))
    Assert.Contains("try smaller Rates", string run.Outcome)

[<Fact>]
let ``a strategy that overflows is named too`` () =
    let run =
        Game.twoPlayer "linear" (fun x y -> 1e300 * x + 0.0 * y) (fun x y -> y * y + 0.0 * x)
        |> follow
            nash
            {
                Learn.settings with
                    Rates = [ Rate.constant 1e10 ]
            }
            [ 0.0; 1.0 ]

    Assert.Equal(Outcome.NotFinite(1, "the strategy of x1"), run.Outcome)
    Check.close 0.0 [| 0.0; 1.0 |] (run.Final.ToArray())

[<Fact>]
let ``a rate that is no number is named, not the strategy that it spoils`` () =
    let run =
        Game.twoPlayer "bowl" (fun x y -> x * x + 0.0 * y) (fun x y -> y * y + 0.0 * x)
        |> follow
            nash
            {
                Learn.settings with
                    Rates = [ Rate.constant 0.1; Rate.ofFunction (fun k -> if k = 3 then nan else 0.1) ]
            }
            [ 1.0; 1.0 ]

    Assert.Equal(Outcome.NotFinite(3, "the rate of x2"), run.Outcome)

[<Fact>]
let ``a follower without curvature ends the run as singular`` () =
    let flat = Game.twoPlayer "flat" (fun x y -> x * x + x * y) (fun x y -> x * y)
    let run = flat |> follow stackelberg Learn.settings [ 1.0; 1.0 ]
    Assert.Equal(Outcome.SingularFollower(1, 0.0), run.Outcome)
    Assert.Contains("Conjecture.regularized", string run.Outcome)

    // The regularised conjecture is defined there.
    let regularized =
        flat
        |> follow (Rule.stackelberg (Conjecture.regularized 1.0)) { Learn.settings with Steps = 3 } [
            1.0
            1.0
        ]

    Assert.Equal(3, regularized.Steps)

[<Fact>]
let ``a vector follower whose Hessian is singular ends the run as singular`` () =
    let a, b = Player.scalar "a", Player.vector "b" 3
    let weights = Tensor.ofList [ 1.0; 2.0; 0.0 ]

    let game =
        game "flat" {
            leader a (fun q -> q[a] * Tensor.sum q[b])
            follower b (fun q -> Tensor.sum (weights * q[b] * q[b]) + q[a] * Tensor.sum q[b])
        }

    let run = game |> follow stackelberg Learn.settings [ 1.0; 1.0; 1.0; 1.0 ]
    Assert.Equal(Outcome.SingularFollower(1, 0.0), run.Outcome)

[<Fact>]
let ``inner solves that fall short are counted and told`` () =
    let known = randomCovariance 3 3
    // A Hessian that is neither diagonal nor well-conditioned.
    let bowl w =
        Tensor.sum ((Tensor.matmul (normalMatrix 4 3 3) w) ** 2.0)

    let game =
        game "anisotropic" {
            leader known.V (fun q ->
                Tensor.sum (q[known.W] * q[known.V]) + Tensor.sum (q[known.V] * q[known.V]))

            follower known.W (fun q -> bowl q[known.W] + Tensor.sum (q[known.W] * q[known.V]))
        }

    let limited = Solver.cg |> Solver.withMaxIterations 2

    let run =
        game
        |> Learn.run
            (Rule.stackelberg (Conjecture.bestResponse |> Conjecture.withSolver limited))
            {
                Learn.settings with
                    Steps = 5
                    Rates = [ Rate.constant 0.01 ]
            }
            (Tensor.ofArray (normals 8 18))

    Assert.Equal(5L, run.Solves.Count)
    Assert.Equal(5L, run.Solves.FellShort)
    Assert.InRange(run.Solves.WorstResidual, 1e-3, Double.MaxValue)
    Assert.StartsWith("5 of 5 inner solves fell short", string run.Solves)
    Assert.EndsWith($"; {run.Solves}", string run)

    let concave =
        Game.create "concave" [
            [ known.V, (fun q -> Tensor.sum (q[known.W] * q[known.V])) ]
            [
                known.W, (fun q -> -(bowl q[known.W]) + Tensor.sum (q[known.W] * q[known.V]))
            ]
        ]

    let bent =
        concave
        |> Learn.run stackelberg { Learn.settings with Steps = 3 } (Tensor.ofArray (normals 8 18))

    Assert.Equal(3L, bent.Solves.NegativeCurvature)
    Assert.Equal(0L, bent.Solves.FellShort)

    Assert.Contains(
        "in 3 of 3 steps the followers' second derivatives were not positive definite",
        string bent
    )

    // What one short solve did to the update, from two runs of one step.
    let leader solver =
        let settings = {
            Learn.settings with
                Steps = 1
                Rates = [ Rate.constant 0.01 ]
        }

        let conjecture = Conjecture.bestResponse |> Conjecture.withSolver solver

        let run =
            game
            |> Learn.run (Rule.stackelberg conjecture) settings (Tensor.ofArray (normals 8 18))

        let before, after = run.Trajectory[0], run.Trajectory[1]
        run, Array.init 9 (fun i -> (before[i] - after[i]) / 0.01)

    let short, rough = leader limited
    let exact, right = leader Solver.dense

    let size (v: float[]) =
        sqrt (Array.sumBy (fun entry -> entry * entry) v)

    let expected = size (Array.map2 (-) rough right) / size right
    Assert.InRange(expected, 1e-3, 10.0)
    // The steps' differences have lost some digits.
    Assert.Equal(expected, short.Solves.UpdateError, 1e-9)
    Assert.Contains("which left the leaders' update off by", string short.Solves)
    Assert.Equal(0.0, exact.Solves.UpdateError)

[<Fact>]
let ``a run can be cancelled, and reports its progress`` () =
    use source = new CancellationTokenSource()
    let reports = ResizeArray<LearnProgress>()

    let progress = {
        new IProgress<LearnProgress> with
            member _.Report report =
                reports.Add report

                if report.Steps = 50 then
                    source.Cancel()
    }

    let settings = {
        Learn.settings with
            Progress = progress
            Cancellation = source.Token
    }

    let run = duopoly.Game |> follow nash settings q0
    Assert.Equal(Outcome.Cancelled 50, run.Outcome)
    Assert.Equal("cancelled after 50 steps", string run.Outcome)
    Assert.Equal(5, reports.Count)
    Assert.Equal(1000, reports[0].Limit)
    Assert.True(reports[4].Update < reports[0].Update)

[<Fact>]
let ``outcomes say what to try`` () =
    let run = duopoly.Game |> follow nash { Learn.settings with Steps = 10 } q0

    match run.Outcome with
    | Outcome.OutOfSteps(limit, residual, _) ->
        Assert.Equal(10, limit)

        let norm =
            (Game.omega duopoly.Game run.Final).ToArray()
            |> Array.sumBy (fun g -> g * g)
            |> sqrt

        Check.closeNumber 1e-14 norm residual
    | other -> Assert.Fail $"{other}"

    Assert.StartsWith("made all 10 steps, the field's norm is", string run.Outcome)
    Assert.StartsWith("x1x2, simultaneous: made all 10 steps", (string run).Replace("duopoly", "x1x2"))

[<Fact>]
let ``the trajectory keeps what was asked for, the start and the end`` () =
    let recorded every =
        (duopoly.Game
         |> follow
             nash
             {
                 Learn.settings with
                     Steps = 10
                     RecordEvery = every
             }
             q0)
            .RecordedSteps

    Assert.Equal<int[]>([| 0..10 |], recorded 1)
    Assert.Equal<int[]>([| 0; 4; 8; 10 |], recorded 4)
    Assert.Equal<int[]>([| 0; 5; 10 |], recorded 5)
    Assert.Equal<int[]>([| 0; 10 |], recorded 0)
    let still = duopoly.Game |> follow nash { Learn.settings with Steps = 0 } q0
    Assert.Equal<int[]>([| 0 |], still.RecordedSteps)
    Check.close 0.0 (Array.ofList q0) (still.Final.ToArray())

[<Fact>]
let ``a step allocates nothing`` () =
    let known, large = randomCovariance 3 3, randomCovariance 3 9
    let x = Tensor.ofArray (0.1 * normalMatrix 4 1 18 |> Tensor.flatten |> _.ToArray())

    for game, start, noise in
        [
            known.Game, x, Noise.none
            large.Game, 0.1 * Tensor.ofArray (normals 5 162), Noise.none
            known.Game, x, Noise.gaussian 0.01
            duopoly.Game, Tensor.ofList q0, Noise.gaussian 1.0
        ] do
        let settings = {
            Learn.settings with
                Steps = 1_000_000
                Rates = [ Rate.power 0.01 0.5; Rate.exponential 0.01 0.9999 ]
                Noise = noise
                RecordEvery = 0
        }

        let learning = game |> Learn.start stackelberg settings start
        Assert.Equal(0L, Allocation.least (fun () -> learning.Advance 1000))
        Assert.False learning.IsFinished

// Arguments

let private expect (message: string) settings =
    Assert.Equal(message, Check.argumentMessage (fun () -> duopoly.Game |> follow nash settings q0 |> ignore))

[<Fact>]
let ``settings that do not fit are named with what is needed`` () =
    let rate = Rate.constant 0.1

    expect
        "Learn.run: Rates holds 3 schedules, but 1 (for all players) or 2 (one for each of x1, x2) are needed."
        {
            Learn.settings with
                Rates = [ rate; rate; rate ]
        }

    expect
        "Learn.run: Rates holds 0 schedules, but 1 (for all players) or 2 (one for each of x1, x2) are needed."
        { Learn.settings with Rates = [] }

    expect "Learn.run: Steps is -1, but a number of at least 0 is needed." { Learn.settings with Steps = -1 }

    expect "Learn.run: RecordEvery is -5, but a number of at least 0 is needed." {
        Learn.settings with
            RecordEvery = -5
    }

    expect "Learn.run: Stop has tolerance 0, but a finite number above 0 is needed." {
        Learn.settings with
            Stop = Stop.UpdateBelow 0.0
    }

    expect
        "Learn.run: Noise holds 3 standard deviations, but 1 (for all players) or 2 (one for each of x1, x2) are needed."
        {
            Learn.settings with
                Noise = Noise.gaussianEach [ 1.0; 1.0; 1.0 ]
        }

    expect "Learn.run: Noise holds 100 draws, but 1000 are needed (1 for each of 1000 steps)." {
        Learn.settings with
            Noise = Noise.given PublishedNoise.duopoly
    }

    expect
        "Learn.run: Noise has 3 numbers in draw 1, but 2 are needed (the joint strategy of duopoly: x1 [], x2 [])."
        {
            Learn.settings with
                Steps = 2
                Noise = Noise.given [| [| 1.0; 2.0 |]; [| 1.0; 2.0; 3.0 |] |]
        }

[<Fact>]
let ``a start that does not fit is named`` () =
    let message start game =
        Check.argumentMessage (fun () -> game |> follow nash Learn.settings start |> ignore)

    Assert.Equal(
        "Learn.run: x has shape [3], but [2] is needed (the joint strategy of duopoly: x1 [], x2 []).",
        message [ 1.0; 2.0; 3.0 ] duopoly.Game
    )

    Assert.Equal(
        "Learn.run: x holds NaN at entry 1 (x2), but every entry must be finite; start elsewhere.",
        message [ 1.0; nan ] duopoly.Game
    )

    let b = Player.scalar "b" |> Player.bounded 0.0 20.0

    Assert.Equal(
        "Learn.run: x holds 25 at entry 0, outside the box [0, 20] of b; start inside.",
        Game.simultaneous "box" [ b, (fun q -> q[b] * q[b]) ] |> message [ 25.0 ]
    )

[<Fact>]
let ``rates are the formulas that they are called by`` () =
    Check.closeNumber 1e-15 0.25 ((Rate.power 1.0 (2.0 / 3.0)).At 8)
    Check.closeNumber 1e-15 0.3 ((Rate.constant 0.3).At 99)
    Check.closeNumber 1e-15 (0.5 * 0.9 ** 3.0) ((Rate.exponential 0.5 0.9).At 3)
    Check.closeNumber 1e-15 1.0 (Rate.harmonicFromZero.At 1)
    Check.closeNumber 1e-15 0.25 (Rate.harmonicFromZero.At 4)
    Check.closeNumber 1e-15 1.0 ((Rate.publishedPower 0.5).At 1)
    Check.closeNumber 1e-15 (1.0 / 3.0) ((Rate.publishedPower 0.5).At 5)
    Check.closeNumber 1e-15 9.0 ((Rate.ofFunction (fun k -> float (k * k))).At 3)
    Assert.Equal("1 k^(-0.5)", string (Rate.power 1.0 0.5))

    Assert.Equal(
        "Rate: c is NaN, but a finite number is needed.",
        Check.argumentMessage (fun () -> Rate.constant nan |> ignore)
    )

    Assert.Equal(
        "Noise.gaussian: σ is -1, but a finite standard deviation of at least 0 is needed.",
        Check.argumentMessage (fun () -> Noise.gaussian -1.0 |> ignore)
    )

[<Fact>]
let ``steps that nothing is asked of are made in one loop, with the bits of single steps, by every rule`` () =
    let leader, follower = Player.scalar "leader", Player.scalar "follower"

    let games = [
        Game.create "curved" [
            [ (leader, (fun q -> 0.5 * q[leader] ** 2.0 + sin q[leader] * q[follower])) ]
            [ (follower, (fun q -> cosh q[follower] - q[leader] * q[follower])) ]
        ]
        Game.create "bounded" [
            [
                (Player.bounded -0.5 2.0 leader, (fun q -> (q[leader] - 3.0) ** 2.0 + q[leader] * q[follower]))
            ]
            [ (follower, (fun q -> q[follower] ** 2.0 - q[leader] * q[follower])) ]
        ]
    ]

    // So small that 25,000 of them do not yet stand still.
    let plain = {
        Learn.settings with
            Steps = 25_000
            RecordEvery = 0
            Seed = 5UL
    }

    let schedules = [
        "constant", [ Rate.constant 1e-5 ], Noise.none
        "own and falling", [ Rate.exponential 1e-5 0.99999; Rate.power 2e-4 0.6 ], Noise.none
        "noise", [ Rate.constant 1e-5 ], Noise.gaussian 0.3
        "noise of each, falling", [ Rate.power 1e-4 0.6 ], Noise.gaussianEach [ 0.2; 0.5 ]
    ]

    let rules = [|
        yield! Rule.all
        for preconditioner in Preconditioner.all do
            Rule.preconditioned [ preconditioner ] Rule.simultaneous
    |]

    for game in games do
        for rule in rules do
            for name, rates, noise in schedules do
                if isNull (rule.Refuses game) then
                    let plain = {
                        plain with
                            Rates = rates
                            Noise = noise
                    }

                    let start = Tensor.ofList [ 0.7; 0.4 ]
                    let whole = game |> Learn.run rule plain start
                    let single = game |> Learn.run rule { plain with RecordEvery = 1 } start

                    let isSame (expected: Run) (found: Run) =
                        Assert.True(
                            Array.forall2
                                (fun (a: float) b -> a.Equals b)
                                (expected.Final.ToArray())
                                (found.Final.ToArray()),
                            $"{rule} on {game.Name}, {name}: {expected.Final} but {found.Final}"
                        )

                        Assert.Equal(string expected.Outcome, string found.Outcome)

                    isSame single whole
                    let parts = game |> Learn.start rule plain start
                    parts.Advance 23_456
                    let rest = game |> Learn.resume rule plain (parts.Save())
                    rest.Advance plain.Steps
                    isSame single (rest.Finish())

[<Fact>]
let ``a loop of steps ends at the step that stands still, with noise at the same one`` () =
    let x = Player.scalar "x"
    let y = Player.scalar "y"

    let bowl =
        Game.create "bowl" [
            [ (x, (fun q -> 0.5 * q[x] ** 2.0 + 0.1 * q[x] * q[y])) ]
            [ (y, (fun q -> 0.5 * q[y] ** 2.0)) ]
        ]

    for noise, tolerance in [ Noise.none, 1e-9; Noise.gaussian 1.0, 2e-6 ] do
        let settings = {
            Learn.settings with
                Steps = 200_000
                RecordEvery = 0
                Seed = 6UL
                Rates = [ Rate.constant 3e-4 ]
                Noise = noise
                Stop = Stop.UpdateBelow tolerance
        }

        let start = Tensor.ofList [ 1.0; -1.0 ]
        let plain = bowl |> Learn.run Rule.simultaneous settings start

        let single =
            bowl |> Learn.run Rule.simultaneous { settings with RecordEvery = 1 } start

        Assert.InRange(single.Steps, 30_000, 199_999)
        Assert.Equal(single.Steps, plain.Steps)
        Assert.Equal<float[]>(single.Final.ToArray(), plain.Final.ToArray())
        Assert.Equal(string single.Outcome, string plain.Outcome)
