module Stackelberg.Dsl.Tests.FlowTests

open System
open System.Numerics
open FsCheck
open FsCheck.FSharp
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit
open Stackelberg.Kernels
open Stackelberg.Tests

let private nash = Direction.ofConjecture Conjecture.none
let private leading = Direction.ofConjecture Conjecture.bestResponse

let private follow settings direction (start: float list) game =
    Flow.run settings direction (Tensor.ofList start) game

let private distance (a: float[]) (b: float[]) =
    Array.map2 (fun x y -> (x - y) * (x - y)) a b |> Array.sum |> sqrt

/// Until the field's norm is small; near the end it stays about as large as the tolerance.
let private untilSettled = {
    Flow.settings with
        FieldBelow = 1e-10
        Absolute = 1e-12
}

/// f1 = x y, f2 = −x y: ω = (y, −x), so that the flow turns around the origin, (cos t, sin t) from (1, 0).
let private bilinear = Game.zeroSum "bilinear" (fun x y -> x * y)

/// The logistic flow ẋ = x − x², whose solution from 1/2 is 1 / (1 + e^(−t)).
let private logistic =
    let a = Player.scalar "a"
    Game.simultaneous "logistic" [ a, (fun q -> q[a] ** 3.0 / 3.0 - q[a] ** 2.0 / 2.0) ]

/// Fixed steps of the pair from 0 to 2 on the logistic flow: the errors at the end and, of the interpolant, amid steps.
let private errorsOfFixedSteps steps =
    let slopes = FlowField(logistic, nash, [||], 1).System.Slopes
    let pair = DormandPrince 1
    let h = 2.0 / float steps
    let exact t = 1.0 / (1.0 + exp -t)
    let middle = [| 0.0 |]
    let mutable amid = 0.0
    pair.Start [| 0.5 |]
    slopes [| pair.X |] [| pair.First |]

    for k in 0 .. steps - 1 do
        for stage in 1 .. DormandPrince.LastStage do
            pair.Aim(stage, h)
            slopes [| pair.Next |] [| pair.Slope stage |]

        pair.Interpolate(0.4, middle)
        amid <- max amid (abs (middle[0] - exact ((float k + 0.4) * h)))
        pair.Move false

    abs (pair.X[0] - exact 2.0), amid

[<Fact>]
let ``halving fixed steps divides the error at the end by 2⁵ and the interpolant's by at least 2⁴`` () =
    let coarse, fine = errorsOfFixedSteps 32, errorsOfFixedSteps 64
    // Measured orders approach the whole number from above or below by the next term of the error, about 10 % here.
    Assert.InRange(log (fst coarse / fst fine) / log 2.0, 4.7, 5.5)
    Assert.InRange(log (snd coarse / snd fine) / log 2.0, 3.7, 5.5)

[<Fact>]
let ``the duopoly's simultaneous flow is e^(−tJ) around the Nash point`` () =
    let times = [| 0.0; 0.1; 0.5; 1.0; 2.5; 5.0 |]

    let flow =
        follow
            {
                Flow.settings with
                    Until = 5.0
                    Times = times
            }
            nash
            [ 10.0; 20.0 ]
            TestGames.duopoly.Game

    Assert.Equal<float[]>(times, flow.Times)
    // J = [[2, 1], [1, 2]]: rates 3 along (1, 1) and 1 along (1, −1).
    let n1, n2 = 92.0 / 3.0, 101.0 / 3.0
    let along, across = (10.0 - n1 + 20.0 - n2) / 2.0, (10.0 - n1 - 20.0 + n2) / 2.0

    for time, point in Array.zip flow.Times flow.Points do
        let a, b = along * exp (-3.0 * time), across * exp -time
        // Tolerances of 1e-9 a step, a hundred steps, values up to 30.
        Check.close 1e-7 [| n1 + a + b; n2 + a - b |] point

[<Fact>]
let ``the flow of a random quadratic game is the matrix exponential of its Jacobian`` () =
    let entries =
        Gen.choose (-100, 100)
        |> Gen.map (fun k -> float k / 50.0)
        |> Gen.arrayOfLength 12

    let property (numbers: float[]) =
        let A = Array2D.init 3 3 (fun i j -> numbers[3 * i + j])
        let start = numbers[9..]
        let players = List.init 3 (fun i -> Player.scalar $"p{i}")

        // Player i's cost has the derivative Σ_j A_ij x_j in its own strategy.
        let cost i (q: Strategies) =
            let own = q[players[i]]

            List.fold
                (fun sum j ->
                    let weight = if i = j then A[i, i] / 2.0 else A[i, j]
                    sum + weight * own * q[players[j]])
                (0.0 * own)
                [ 0..2 ]

        let game =
            Game.simultaneous "quadratic" (players |> List.mapi (fun i player -> player, cost i))

        let flow = follow { Flow.settings with Until = 1.0 } nash (List.ofArray start) game

        // e^(−A) by 2⁸ squarings of its Taylor series.
        let small = CreateMatrix.DenseOfArray A * (-1.0 / 256.0)
        let one = CreateMatrix.DenseIdentity<float> 3

        let series =
            Seq.foldBack (fun k (sum: Matrix<float>) -> one + small * sum / float k) [ 1..14 ] one

        let mutable exponential = series

        for _ in 1..8 do
            exponential <- exponential * exponential

        let expected = (exponential * CreateVector.DenseOfArray start).ToArray()
        Check.close 1e-6 expected (flow.Final.ToArray())

    Law.check 30 (Prop.forAll (Arb.fromGen entries) property)

[<Fact>]
let ``the bilinear flow keeps its distance from the origin, which Euler's method does not`` () =
    let flow =
        follow
            {
                Flow.settings with
                    Until = 20.0 * Math.PI
            }
            nash
            [ 1.0; 0.0 ]
            bilinear
    // Ten turns of about 130 steps each, of error 1e-9 at most.
    Check.close 2e-6 [| 1.0; 0.0 |] (flow.Final.ToArray())

    for point in flow.Points do
        Assert.InRange(distance point [| 0.0; 0.0 |], 1.0 - 1e-6, 1.0 + 1e-6)

[<Fact>]
let ``a tenth of the tolerance gives about a tenth of the error`` () =
    let error tolerance =
        let settings = {
            Flow.settings with
                Until = 2.0 * Math.PI
                Absolute = tolerance
                Relative = tolerance
        }

        distance [| 1.0; 0.0 |] ((follow settings nash [ 1.0; 0.0 ] bilinear).Final.ToArray())

    let errors = [| 1e-4; 1e-6; 1e-8; 1e-10 |] |> Array.map error

    for coarse, fine in Array.pairwise errors do
        // A hundredth each; step sizes jump, so a factor of 4 either way.
        Assert.InRange(coarse / fine, 25.0, 400.0)

/// Starts of the published torus runs, and where the flows of ω and ω_S from them end.
let torusEnds: obj[][] = [|
    [| 8; 2.346326136890; 2.943927808453 |]
    [| 12; -2.172958947437; 1.508276726139 |]
    [| 13; 1.744855705886; -1.649077150017 |]
|]

[<Theory; MemberData(nameof torusEnds)>]
let ``the torus flow of ω ends at a Nash point`` (seed: int) θ1 θ2 =
    let flow = follow untilSettled nash [ θ1; θ2 ] TestGames.torus.Game

    let expected =
        if seed = 13 then
            [| 1.568704288794; -0.396883157701 |]
        else
            [| -0.783306125396; 1.182281321098 |]

    Assert.True(flow.Outcome.IsSettled, $"{flow}")
    Check.close 1e-9 expected (flow.Final.ToArray())

[<Theory; InlineData(-2.172958947437, 1.508276726139, -1); InlineData(1.744855705886, -1.649077150017, 1)>]
let ``the torus flow of ω_S ends at a Stackelberg point`` θ1 θ2 side =
    let flow = follow untilSettled leading [ θ1; θ2 ] TestGames.torus.Game

    let expected =
        if side > 0 then
            [| 1.310626114112; -0.461066251496 |]
        else
            [| -0.525227950715; 1.246464414893 |]

    Assert.True(flow.Outcome.IsSettled, $"{flow}")
    Check.close 1e-9 expected (flow.Final.ToArray())

[<Fact>]
let ``angles are wrapped on the way and in the points that are kept`` () =
    // The published start of seed 8 leaves through the cut when the follower is fast.
    let settings = {
        Flow.settings with
            Times = Array.init 101 (fun k -> float k)
            TimeScales = [| 1.0; 3.0 |]
    }

    for start in [ [ 3.0; -3.1 ]; [ 9.0; -8.0 ]; [ -3.1; 3.0 ] ] do
        let flow = follow settings nash start TestGames.torus.Game

        for point in Array.append flow.Points [| flow.Final.ToArray() |] do
            for angle in point do
                Assert.InRange(angle, -Math.PI, Math.PI)

[<Fact>]
let ``with ε → 0 the leader follows the flow along the reaction curve, with an error of the order of ε`` () =
    // On the curve q2 = 49 − q1/2 the leader descends D f1 = q1 − 46: from 10, q1 = 46 − 36 e^(−t).
    let expected = 46.0 - 36.0 * exp -1.5

    let error ε =
        let settings = {
            Flow.settings with
                Until = 1.5
                TimeScales = Flow.singularlyPerturbed ε TestGames.duopoly.Game
        }

        let flow = follow settings leading [ 10.0; 44.0 ] TestGames.duopoly.Game
        abs ((flow.Final.ToArray())[0] - expected)

    Assert.Equal<float[]>([| 1.0; 100.0 |], Flow.singularlyPerturbed 0.01 TestGames.duopoly.Game)
    let coarse, fine = error 0.01, error 0.001
    Assert.InRange(coarse / fine, 8.0, 12.0)
    Assert.InRange(fine, 0.0, 0.05)

[<Fact>]
let ``the flow is the limit of learning with short steps`` () =
    let steps = 20000

    let run =
        TestGames.duopoly.Game
        |> Learn.run
            (Rule.stackelberg Conjecture.bestResponse)
            {
                Learn.settings with
                    Steps = steps
                    Rates = [ Rate.constant (1.0 / float steps); Rate.constant (4.0 / float steps) ]
            }
            (Tensor.ofList [ 10.0; 10.0 ])

    let settings = {
        Flow.settings with
            Until = 1.0
            TimeScales = [| 1.0; 4.0 |]
    }

    let flow = follow settings leading [ 10.0; 10.0 ] TestGames.duopoly.Game
    // Euler's error is of the order of the rate, 2e-4, times the second derivative, about 100.
    Assert.InRange(distance (flow.Final.ToArray()) (run.Final.ToArray()), 1e-5, 2e-2)

[<Fact>]
let ``in a box the flow slides along the bound and leaves it where the field turns`` () =
    // The player descends (q − c(t))²/2, where a second player, descending −s, makes c move: c = s − 1.
    let a, s = Player.scalar "a" |> Player.bounded 0.0 10.0, Player.scalar "s"

    let game =
        Game.simultaneous "bounded" [ a, (fun q -> (q[a] - (q[s] - 1.0)) ** 2.0 / 2.0); s, (fun q -> -q[s]) ]

    let settings = {
        Flow.settings with
            Until = 3.0
            Times = [| 0.9; 1.0; 2.0; 3.0 |]
    }

    let flow = follow settings nash [ 0.0; 0.0 ] game
    // At 0 until s = 1; then ȧ = (s − 1) − a gives u − 1 + e^(−u) after u = t − 1.
    let after u = u - 1.0 + exp -u
    // The kink at t = 1 costs a little of the order of the tolerance.
    Check.close 1e-7 [| 0.0; 0.0; after 1.0; after 2.0 |] (flow.Points |> Array.map (fun point -> point[0]))

[<Fact>]
let ``an end of any kind is a value that says what to try`` () =
    let blows =
        let a = Player.scalar "a"
        Game.simultaneous "explosion" [ a, (fun q -> -(q[a] ** 3.0) / 3.0) ]

    // ẋ = x² from 1 is 1 / (1 − t).
    let blocked = follow { Flow.settings with Until = 2.0 } nash [ 1.0 ] blows

    match blocked.Outcome with
    | FlowOutcome.Blocked(time, _) -> Check.closeNumber 1e-6 1.0 time
    | other -> Assert.Fail $"{other}"

    Assert.Contains("no step is short enough", string blocked)


    let saddle = Game.zeroSum "flat" (fun x y -> x * x + x * y)

    Assert.True((follow Flow.settings leading [ 1.0; 1.0 ] saddle).Outcome.IsSingularFollower)

    let limited = follow { Flow.settings with MaxSteps = 3 } nash [ 1.0; 0.0 ] bilinear
    Assert.Equal(3, limited.Steps)
    Assert.True limited.Outcome.IsOutOfSteps

    use cancelled = new Threading.CancellationTokenSource()
    cancelled.Cancel()

    let stopped =
        follow
            {
                Flow.settings with
                    Cancellation = cancelled.Token
            }
            nash
            [ 1.0; 0.0 ]
            bilinear

    Assert.Equal(FlowOutcome.Cancelled 0.0, stopped.Outcome)

[<Fact>]
let ``a wrong setting is named with what is needed`` () =
    let message settings =
        Check.argumentMessage (fun () -> follow settings nash [ 1.0; 0.0 ] bilinear |> ignore)

    Assert.Equal(
        "Flow.run: TimeScales holds 3 numbers, but 2 are needed (one for each of x1, x2), or none.",
        message {
            Flow.settings with
                TimeScales = [| 1.0; 1.0; 1.0 |]
        }
    )

    Assert.Equal(
        "Flow.run: Times holds 1 at place 1, but rising times from 0 to Until, which is 100, are needed.",
        message {
            Flow.settings with
                Times = [| 2.0; 1.0 |]
        }
    )

    Assert.Contains("Until is -1", message { Flow.settings with Until = -1.0 })
    Assert.Contains("Relative is 0", message { Flow.settings with Relative = 0.0 })

    Assert.Contains(
        "ε is 0",
        Check.argumentMessage (fun () -> Flow.singularlyPerturbed 0.0 bilinear |> ignore)
    )

    let further =
        Direction.ofFunction "shifted" null 1 (fun game x more -> Game.omega game (x + more[0]))

    Assert.Contains(
        "which takes 1 further vectors",
        Check.argumentMessage (fun () -> follow Flow.settings further [ 1.0; 0.0 ] bilinear |> ignore)
    )

let private rows (starts: float[][]) =
    Tensor.ofArray (Array.concat starts)
    |> Tensor.reshape [ starts.Length; starts[0].Length ]

let private randomStarts count (lower: float) upper d =
    let random = Random 5
    Array.init count (fun _ -> Array.init d (fun _ -> lower + (upper - lower) * random.NextDouble()))

/// Every flow of an ensemble against the flow from its start alone.
let private agree tolerance settings direction (starts: float[][]) game =
    let together = Flow.ensemble settings direction (rows starts) game
    Assert.Equal(starts.Length, together.Count)

    for k, start in Array.indexed starts do
        let alone = follow settings direction (List.ofArray start) game
        let one = together.Runs[k]
        Assert.Equal(alone.Outcome.GetType(), one.Outcome.GetType())

        Assert.Equal(
            (alone.Steps, alone.Rejected, alone.Evaluations),
            (one.Steps, one.Rejected, one.Evaluations)
        )

        Check.close tolerance alone.Times one.Times
        Array.iter2 (Check.close tolerance) alone.Points one.Points
        Check.close tolerance (alone.Final.ToArray()) (one.Final.ToArray())
        Assert.Equal(alone.Solves.Count, one.Solves.Count)
        Assert.Equal(alone.Solves.IndefiniteSteps, one.Solves.IndefiniteSteps)

[<Fact>]
let ``flows of sums and products have together the bits that they have alone`` () =
    for direction in [ nash; leading ] do
        agree
            0.0
            { untilSettled with Until = 30.0 }
            direction
            (randomStarts 300 0.0 60.0 2)
            TestGames.duopoly.Game

    let times = {
        Flow.settings with
            Until = 6.0
            Times = [| 0.0; 0.3; 5.0; 6.0 |]
            TimeScales = [| 1.0; 3.0 |]
    }

    agree 0.0 times nash (randomStarts 9 -1.0 1.0 2) bilinear

[<Fact>]
let ``flows of angles are together as alone, up to the rounding of batched sines`` () =
    for direction in [ nash; leading ] do
        agree
            1e-11
            { untilSettled with Until = 3.0 }
            direction
            (randomStarts 40 -3.0 3.0 2)
            TestGames.torus.Game

[<Fact>]
let ``flows in boxes are together as alone`` () =
    let a, s = Player.scalar "a" |> Player.bounded 0.0 10.0, Player.scalar "s"

    let game =
        Game.simultaneous "bounded" [ a, (fun q -> (q[a] - (q[s] - 1.0)) ** 2.0 / 2.0); s, (fun q -> -q[s]) ]

    agree 0.0 { Flow.settings with Until = 3.0 } nash (randomStarts 30 -2.0 4.0 2) game

[<Fact>]
let ``flows with many followers' entries are together as alone, each with its own solves`` () =
    let game = (TestGames.randomCovariance 4 3).Game
    let settings = { Flow.settings with Until = 0.5 }
    let starts = randomStarts 5 -1.0 1.0 game.Dimension

    for solver in [ Solver.dense; Solver.cg |> Solver.withTolerance 1e-12 ] do
        let direction =
            Conjecture.bestResponse
            |> Conjecture.withSolver solver
            |> Direction.ofConjecture

        agree 1e-11 settings direction starts game

[<Fact>]
let ``flows in float32 are together as alone`` () =
    let settings = {
        Flow.settings with
            Until = 2.0
            Absolute = 1e-3
            Relative = 1e-3
    }

    let game = TestGames.duopoly.Game |> Game.withPrecision DType.Float32
    agree 0.0 settings leading (randomStarts 20 0.0 60.0 2) game

[<Fact>]
let ``flows end each in its own way, whatever the others do`` () =
    // ẋ = x²: from 1 it leaves at time 1, from −1 it goes to 0.
    let a = Player.scalar "a"
    let game = Game.simultaneous "explosion" [ a, (fun q -> -(q[a] ** 3.0) / 3.0) ]
    let starts = [| [| 1.0 |]; [| -1.0 |]; [| 0.0 |]; [| 0.5 |] |]

    let flows =
        Flow.ensemble
            {
                Flow.settings with
                    Until = 1.5
                    FieldBelow = 1e-9
            }
            nash
            (rows starts)
            game

    Assert.True flows.Outcomes[0].IsBlocked
    Assert.Equal(FlowOutcome.Settled(0.0, 0.0), flows.Outcomes[2])
    // x(t) = x₀ / (1 − x₀ t).
    Check.close 1e-7 [| -1.0 / 2.5; 0.0; 2.0 |] (flows.Final.ToArray()[1..])

    Assert.Equal("explosion, 4 flows of none: 1 were blocked, 2 reached their time, 1 settled", string flows)
    Assert.Equal<int[]>([| -1; -1; 0; -1 |], flows.Nearest([| [| 0.0 |] |], 0.1))

    let saddle = Game.zeroSum "flat" (fun x y -> x * x + x * y * y)
    let starts = rows [| [| 1.0; 1.0 |]; [| 0.0; 1.0 |] |]

    let singular =
        Flow.ensemble { Flow.settings with Until = 0.1 } leading starts saddle

    Assert.True(singular.Outcomes[1].IsSingularFollower || singular.Outcomes[1].IsNotFinite)
    Assert.True singular.Outcomes[0].IsReachedTime

[<Fact>]
let ``an ensemble of flows is the same for any number of threads`` () =
    let starts = rows (randomStarts 700 -3.0 3.0 2)

    let bits threads =
        let before = Parallelism.Threads
        Parallelism.Threads <- threads

        try
            let settings = { Flow.settings with Until = 1.0 }
            (Flow.ensemble settings leading starts TestGames.torus.Game).Final.ToArray()
        finally
            Parallelism.Threads <- before

    Assert.Equal<float[]>(bits 1, bits 4)

[<Fact>]
let ``wrong starts of an ensemble of flows are told`` () =
    let message starts =
        Check.argumentMessage (fun () -> Flow.ensemble Flow.settings nash starts bilinear |> ignore)

    Assert.Equal(
        "Flow.ensemble: starts has shape [2], but [flows; 2] is needed, one row for each flow (the joint strategy of bilinear: x1 [], x2 []).",
        message (Tensor.ofList [ 1.0; 0.0 ])
    )

    Assert.Contains(
        "starts, row 1, is not finite at entry 0",
        message (rows [| [| 1.0; 0.0 |]; [| nan; 0.0 |] |])
    )
