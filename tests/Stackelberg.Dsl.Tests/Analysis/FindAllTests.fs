module Stackelberg.Dsl.Tests.FindAllTests

open System
open System.Threading
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.Reference
open Stackelberg.Dsl.Tests.TestGames
open Xunit

let private box (lower: float) (upper: float) =
    Tensor.scalar lower, Tensor.scalar upper

let private points (found: SearchReport) =
    found.Points |> Array.map (fun report -> report.Point.ToArray())

let private both = [ Concept.Nash; Concept.Stackelberg ]

/// Every start has one ending.
let private starts (found: SearchReport) =
    found.Points.Length
    + found.Continua.Length
    + found.Duplicates
    + found.Outside
    + found.Singular
    + found.Failed

let private expected kind (row: CriticalPoints.CriticalPoint) =
    // At two vertices of the torus D11 f1 = 0, and whether they are differential Nash is open.
    if row.Game = "torus" && kind = "DNE" && abs row.D11f1 < 1e-12 then
        Verdict.Undecided
    elif List.contains kind row.Kinds then
        Verdict.Yes
    else
        Verdict.No

[<Theory>]
[<InlineData("duopoly", 0.0, 100.0, 1)>]
[<InlineData("torus", -Math.PI, Math.PI, 6)>]
[<InlineData("polynomial 0.15 0.25", -16.0, 16.0, 9)>]
[<InlineData("polynomial 0.3 0.5", -16.0, 16.0, 9)>]
[<InlineData("bimatrix 1", -4.0, 4.0, 1)>]
[<InlineData("bimatrix 0", -4.0, 4.0, 1)>]
let ``all critical points of the published games are found, and are what the reference says``
    (name: string)
    (lower: float)
    (upper: float)
    (count: int)
    =
    for concept in both do
        let found = named name |> Equilibrium.findAll concept (box lower upper)

        let rows =
            CriticalPoints.all
            // The reference lists a zero-sum game's points, which are the same for both fields, once.
            |> List.filter (fun row ->
                row.Game = name && (row.Concept = concept || name.StartsWith "polynomial"))
            |> List.distinctBy _.Point
            |> List.sortBy (fun row -> Math.Round(fst row.Point, 6), Math.Round(snd row.Point, 6))

        Assert.True found.IsSettled
        Assert.Equal(count, found.Points.Length)
        Assert.Equal(count, rows.Length)
        Assert.Empty found.Continua
        Assert.Equal(found.Starts, starts found)
        Assert.Equal(256 * found.Rounds, found.Starts)

        for row, report in Seq.zip rows found.Points do
            Check.close 1e-9 [| fst row.Point; snd row.Point |] (report.Point.ToArray())

            if concept = Concept.Nash then
                Assert.Equal(expected "DNE" row, report.IsDifferentialNash)
                Assert.Equal(expected "simgrad" row, report.IsStableSimgrad)
            else
                Assert.Equal(expected "DSE" row, report.IsDifferentialStackelberg)
                Assert.Equal(expected "stack" row, report.IsStableStackelberg)

[<Fact>]
let ``a fold of the reaction curve is counted, not listed`` () =
    let found =
        (polynomial 0.15 0.25).Game
        |> Equilibrium.findAll Concept.Stackelberg (box -16.0 16.0)

    Assert.InRange(found.Singular, 10, 300)

    for report in found.Points do
        Assert.InRange(report.ResidualOmegaS, 0.0, 1e-12)

let private orthogonal seed n =
    let normal = (normalMatrix seed n n).ToArray()

    MathNet.Numerics.LinearAlgebra.Matrix<float>.Build.DenseOfRowMajor(n, n, normal).QR().Q.ToArray()
    |> Tensor.ofArray2D

/// Three games of two scalars, f1 = u⁴/4 − a u²/2 + c u v and f2 = v²/2 − k u v, whose leaders and followers are turned
/// by orthogonal matrices Q and P: v = k u, and u³ = (a − c k) u without anticipation, u³ = (a − 2 c k) u with it.
let private turned =
    let n = 3
    let Q, P = orthogonal 1 n, orthogonal 2 n
    let a, c, k = [| 1.0; 2.0; 3.0 |], [| 0.5; -1.0; 0.7 |], [| 0.4; 0.3; -0.6 |]
    let x, y = Player.vector "x" n, Player.vector "y" n

    let inner (q: Strategies) =
        Tensor.matmul Q q[x], Tensor.matmul P q[y]

    let made =
        game "turned" {
            leader x (fun q ->
                let u, v = inner q

                Tensor.sum (0.25 * u ** 4.0 - 0.5 * Tensor.ofArray a * u * u + Tensor.ofArray c * u * v))

            follower y (fun q ->
                let u, v = inner q
                Tensor.sum (0.5 * v * v - Tensor.ofArray k * u * v))
        }

    let solutions concept = [
        let anticipation = if concept = Concept.Nash then 1.0 else 2.0

        let root i =
            sqrt (a[i] - anticipation * c[i] * k[i])

        for s1 in [ -1.0; 0.0; 1.0 ] do
            for s2 in [ -1.0; 0.0; 1.0 ] do
                for s3 in [ -1.0; 0.0; 1.0 ] do
                    let u = [| s1 * root 0; s2 * root 1; s3 * root 2 |]
                    let v = Array.map2 (*) k u

                    Array.append
                        ((Tensor.matmul Q.T (Tensor.ofArray u)).ToArray())
                        ((Tensor.matmul P.T (Tensor.ofArray v)).ToArray())
    ]

    made, solutions

[<Fact>]
let ``all 27 solutions of a six-dimensional game built from known ones are found`` () =
    let game, solutions = turned

    for concept in both do
        let found = game |> Equilibrium.findAll concept (box -5.0 5.0)
        Assert.True found.IsSettled
        Assert.Equal(27, found.Points.Length)

        for solution in solutions concept do
            let nearest =
                points found
                |> Array.minBy (fun x -> Array.map2 (fun a b -> abs (a - b)) x solution |> Array.max)

            Check.close 1e-9 solution nearest

[<Fact>]
let ``all 36 critical points of two tori side by side are found`` () =
    let x, y =
        Player.vector "x" 2 |> Player.onCircle, Player.vector "y" 2 |> Player.onCircle

    let φ = Math.PI / 8.0

    let tori =
        game "tori" {
            leader x (fun θ -> Tensor.sum (-cos(θ[x] - φ) + cos (θ[x] - θ[y])))
            follower y (fun θ -> Tensor.sum (-1.3 * cos (θ[y] - φ) + cos (θ[y] - θ[x])))
        }

    for concept in both do
        let found = tori |> Equilibrium.findAll concept (box -Math.PI Math.PI)
        Assert.Equal(36, found.Points.Length)

        // Each pair of entries is a critical point of the torus.
        let single =
            torus.Game |> Equilibrium.findAll concept (box -Math.PI Math.PI) |> points

        for point in points found do
            for i in 0..1 do
                let pair = [| point[i]; point[i + 2] |]

                let nearest =
                    single
                    |> Array.minBy (fun known -> Array.map2 (fun a b -> abs (a - b)) known pair |> Array.max)

                Check.close 1e-9 nearest pair

[<Fact>]
let ``an angle's interval counts modulo 2π`` () =
    let whole = torus.Game |> Equilibrium.findAll Concept.Nash (box 0.0 (2.0 * Math.PI))

    Assert.Equal(6, whole.Points.Length)

    Assert.All(
        points whole,
        (fun x -> Assert.All(x, (fun angle -> Assert.InRange(angle, -Math.PI, Math.PI))))
    )

    // θ1 from 3.5 to 4 is −2.78 to −2.28: two vertices have θ1 = −2.7489.
    let part =
        torus.Game
        |> Equilibrium.findAll Concept.Nash (Tensor.ofList [ 3.5; 0.0 ], Tensor.ofList [ 4.0; 2.0 * Math.PI ])

    Assert.Equal(2, part.Points.Length)
    Assert.InRange(part.Outside, 1, part.Starts)

[<Fact>]
let ``a curve of critical points ends the search and is said`` () =
    let ring =
        Game.twoPlayer "ring" (fun x y -> (x * x + y * y - 1.0) ** 2.0) (fun x y ->
            (x * x + y * y - 1.0) ** 2.0)

    let found = ring |> Equilibrium.findAll Concept.Nash (box -2.0 2.0)
    Assert.True found.IsSettled
    // The centre is isolated: J = −4 I.
    Check.close 1e-9 [| 0.0; 0.0 |] (Assert.Single(points found))
    Assert.InRange(found.Continua.Length, 3, 32)
    Assert.Contains("not isolated", string found)

    for report in found.Continua do
        let x = report.Point.ToArray()
        Check.closeNumber 1e-8 1.0 (x[0] * x[0] + x[1] * x[1])
        Assert.Equal(1, report.ZeroModesJ)
        Assert.Equal(Verdict.Undecided, report.IsStableSimgrad)

[<Fact>]
let ``a singular but isolated critical point is listed once, undecided`` () =
    let flat =
        Game.twoPlayer "flat" (fun x y -> x ** 4.0 + 0.0 * y) (fun x y -> y ** 4.0 - y * y + 0.0 * x)

    let found = flat |> Equilibrium.findAll Concept.Nash (box -2.0 2.0)
    Assert.Empty found.Continua
    Assert.Equal(3, found.Points.Length)
    let y = points found |> Array.map (fun x -> x[1]) |> Array.sort
    // x is flat to third order: Newton's steps shrink it by a third each until its cube is rounding.
    Check.close 1e-9 [| -sqrt 0.5; 0.0; sqrt 0.5 |] y
    Assert.All(points found, (fun x -> Assert.InRange(x[0], -1e-3, 1e-3)))

    for report in found.Points do
        Assert.NotEqual(Verdict.Yes, report.IsDifferentialNash)
        Assert.NotEqual(Verdict.Yes, report.IsStableSimgrad)

[<Fact>]
let ``in players' boxes points at the bounds are found too`` () =
    let a, b =
        Player.scalar "a" |> Player.bounded -1.0 1.0, Player.scalar "b" |> Player.bounded -1.0 1.0

    // Both want to differ most from 0 in a, and b follows: a = ±1, and a = 0 where the gradient vanishes.
    let corners =
        game "corners" {
            leader a (fun q -> -q[a] * q[a] + 0.0 * q[b])
            follower b (fun q -> (q[b] - 2.0 * q[a]) ** 2.0)
        }

    for concept in both do
        let found = corners |> Equilibrium.findAll concept (box -3.0 3.0)
        Assert.Equal(3, found.Points.Length)
        Check.close 1e-9 [| -1.0; -1.0; 0.0; 0.0; 1.0; 1.0 |] (points found |> Array.concat)
        Assert.Equal<int[]>([| 0; 1 |], found.Points[0].HeldEntries)

[<Fact>]
let ``above the vector's dimension the starts go one by one`` () =
    let n = 70
    let w = Player.vector "w" n

    let bowl =
        Game.simultaneous "bowl" [ w, (fun q -> Tensor.sum (q[w] * q[w] - q[w])) ]

    let few = {
        Equilibrium.search with
            StartsPerRound = 4
            QuietRounds = 2
    }

    let found = bowl |> Equilibrium.findAllWith few Concept.Nash (box -1.0 1.0)
    Check.close 1e-9 (Array.create n 0.5) (Assert.Single(points found))

[<Fact>]
let ``the same seed gives the same bits, and another the same points`` () =
    let search seed =
        (polynomial 0.3 0.5).Game
        |> Equilibrium.findAllWith
            { Equilibrium.search with Seed = seed }
            Concept.Stackelberg
            (box -16.0 16.0)

    let first, again, other = search 1UL, search 1UL, search 2UL
    Assert.Equal<float[][]>(points first, points again)
    Assert.Equal<int[]>(first.Hits, again.Hits)
    Assert.Equal(first.Failed, again.Failed)
    Check.close 1e-9 (Array.concat (points first)) (Array.concat (points other))

[<Fact>]
let ``a search for nothing ends and says so`` () =
    let none =
        Game.twoPlayer "none" (fun x y -> x ** 3.0 + x + 0.0 * y) (fun x y -> y * y + 0.0 * x)

    let found = none |> Equilibrium.findAll Concept.Nash (box -2.0 2.0)
    Assert.Empty found.Points
    Assert.Equal(4, found.Rounds)
    Assert.Equal(1.0, found.UnseenShare)
    Assert.Equal(found.Starts, found.Failed + found.Outside)

[<Fact>]
let ``a limit of rounds that comes too early is said`` () =
    let hasty = {
        Equilibrium.search with
            StartsPerRound = 16
            MaxRounds = 1
    }

    let found =
        (polynomial 0.3 0.5).Game
        |> Equilibrium.findAllWith hasty Concept.Nash (box -16.0 16.0)

    Assert.False found.IsSettled
    Assert.Contains("raise MaxRounds", string found)

[<Fact>]
let ``a search can be cancelled, and wrong boxes are named`` () =
    let cancelled = {
        Equilibrium.search with
            Cancellation = CancellationToken true
    }

    let atOnce =
        Assert.Throws<SearchCanceledException>(fun () ->
            duopoly.Game
            |> Equilibrium.findAllWith cancelled Concept.Nash (box 0.0 1.0)
            |> ignore)

    Assert.Empty atOnce.Found.Points
    Assert.True atOnce.Found.IsCancelled
    Assert.False atOnce.Found.IsSettled

    let message settings corners =
        Check.argumentMessage (fun () ->
            duopoly.Game |> Equilibrium.findAllWith settings Concept.Nash corners |> ignore)

    Assert.Equal(
        "Equilibrium.findAll: lower is 1 at entry 0 (x1), but it must be below upper, 1.",
        message Equilibrium.search (box 1.0 1.0)
    )

    Assert.Equal(
        "Equilibrium.findAll: upper has shape [3], but [2] is needed (the joint strategy of duopoly: x1 [], x2 []).",
        message Equilibrium.search (Tensor.scalar 0.0, Tensor.ones [ 3 ])
    )

    Assert.Equal(
        "Equilibrium.findAll: settings has QuietRounds = 0, but at least 1 is needed.",
        message
            {
                Equilibrium.search with
                    QuietRounds = 0
            }
            (box 0.0 1.0)
    )

/// What a search tells, in its own thread.
type private Telling(tell: SearchProgress -> unit) =
    interface IProgress<SearchProgress> with
        member _.Report progress = tell progress

[<Fact>]
let ``a search tells how far it is, and its share never falls`` () =
    let told = ResizeArray<SearchProgress>()

    let found =
        (polynomial 0.3 0.5).Game
        |> Equilibrium.findAllWith
            {
                Equilibrium.search with
                    Progress = Telling told.Add
            }
            Concept.Nash
            (box -16.0 16.0)

    Assert.InRange(told.Count, 2 * found.Rounds, 20 * found.Rounds)
    let shares = told |> Seq.map _.Share |> Array.ofSeq
    Assert.Equal<float[]>(Array.sort shares, shares)
    Assert.InRange(shares[0], 0.0, 0.5)
    let last = told[told.Count - 1]

    Assert.Equal(
        (found.Rounds, found.Starts, found.Points.Length, found.Continua.Length, 1.0),
        (last.Rounds, last.Starts, last.Points, last.Continua, last.Share)
    )

[<Fact>]
let ``a cancelled search hands over what it had found`` () =
    use source = new CancellationTokenSource()

    let cancelLater (progress: SearchProgress) =
        if progress.Points >= 5 then
            source.Cancel()

    let ended =
        Assert.Throws<SearchCanceledException>(fun () ->
            (polynomial 0.3 0.5).Game
            |> Equilibrium.findAllWith
                {
                    Equilibrium.search with
                        StartsPerRound = 32
                        Progress = Telling cancelLater
                        Cancellation = source.Token
                }
                Concept.Nash
                (box -16.0 16.0)
            |> ignore)

    let found = ended.Found
    Assert.Equal(source.Token, ended.CancellationToken)
    Assert.InRange(found.Points.Length, 5, 9)
    Assert.True found.IsCancelled
    Assert.False found.IsSettled
    Assert.Equal(found.Starts, starts found)
    Assert.Contains("cancelled", string found)
    Assert.All(found.Points, (fun report -> Assert.Equal(Verdict.Yes, report.IsCriticalOmega)))
