module Stackelberg.Dsl.Tests.VerdictTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private isYes verdict = verdict = Verdict.Yes

let private no = Verdict.No

let private at (game: Game) (x: float list) =
    Equilibrium.classify game (Tensor.ofList x)

/// Nothing about the point is an equilibrium of any kind.
let private isNone (report: Report) =
    [
        report.IsCriticalOmega
        report.IsCriticalOmegaS
        report.IsDifferentialNash
        report.IsDifferentialStackelberg
        report.IsStableSimgrad
        report.IsStableStackelberg
    ]
    |> List.forall (isYes >> not)

/// Costs of one number that fall for ever: no game in which a player has one of them has an equilibrium.
let private falling: (string * (Tensor -> Tensor) * float list) list = [
    "exp -x", (fun x -> exp -x), [ 0.0; 1.0; 5.0; 15.89; 40.0; 200.0; 700.0 ]
    "softplus -x", (fun x -> Tensor.softplus -x), [ 0.0; 1.0; 20.0; 36.0; 200.0; 700.0 ]
    "sigmoid -x", (fun x -> Tensor.sigmoid -x), [ 1.0; 10.0; 200.0; 700.0 ]
    "1/x", (fun x -> 1.0 / x), [ 1.0; 1e3; 1e8; 1.65e35; 1e80 ]
    "1/x²", (fun x -> 1.0 / (x * x)), [ 1.0; 1e3; 1e8; 1e35 ]
    "-log x", (fun x -> -(log x)), [ 1.0; 32768.0; 1e8; 1e30; 1e100 ]
    "-sqrt x", (fun x -> -(sqrt x)), [ 1.0; 1e6; 1e30 ]
    "-atan x", (fun x -> -(atan x)), [ 1.0; 1e4; 1e9; 1e30 ]
    "-tanh x", (fun x -> -(tanh x)), [ 0.5; 5.0; 15.0; 100.0 ]
    "-x", (fun x -> -x), [ 0.0; 1.0; 1e10 ]
    "log (1 + exp -x)", (fun x -> log (1.0 + exp -x)), [ 0.0; 10.0; 30.0 ]
    "exp -x²", (fun x -> exp (-x * x)), [ 1.0; 3.0; 10.0; 20.0 ]
]

[<Fact>]
let ``no point of a cost that falls for ever is an equilibrium, alone, beside another player, or above a follower``
    ()
    =
    let x, z = Player.scalar "x", Player.scalar "z"
    let pair = Player.vector "pair" 2

    for name, cost, points in falling do
        for point in points do
            let alone = Game.simultaneous name [ (x, (fun q -> cost q[x])) ]
            Assert.True(isNone (at alone [ point ]), $"{name} alone at {point}")

            let beside =
                Game.simultaneous name [ x, (fun q -> cost q[x]); z, (fun q -> 0.5 * (q[z] - 1.0) ** 2.0) ]

            Assert.True(isNone (at beside [ point; 1.0 ]), $"{name} beside at {point}")

            let leading =
                Game.twoPlayer name (fun x _ -> cost x) (fun x y -> 0.5 * (y - x) ** 2.0)

            Assert.True(isNone (at leading [ point; point ]), $"{name} leading at {point}")

            let through =
                Game.twoPlayer name (fun x y -> cost (0.5 * x + 0.5 * y)) (fun x y -> 0.5 * (y - x) ** 2.0)

            Assert.False(
                isYes (at through [ point; point ]).IsDifferentialStackelberg,
                $"{name} through at {point}"
            )

            let within =
                Game.simultaneous name [ pair, (fun q -> cost q[pair].[0] + (q[pair].[1] - 1.0) ** 2.0) ]

            Assert.True(isNone (at within [ point; 1.0 ]), $"{name} in a vector at {point}")

[<Fact>]
let ``find returns no point of a cost that falls for ever`` () =
    let x, z = Player.scalar "x", Player.scalar "z"

    for name, cost, points in falling do
        let beside =
            Game.simultaneous name [ x, (fun q -> cost q[x]); z, (fun q -> 0.5 * (q[z] - 1.0) ** 2.0) ]

        match
            beside
            |> Equilibrium.find Concept.Nash (Tensor.ofList [ (List.head points + 0.5); 0.0 ])
        with
        | Ok report ->
            // exp −x² has its only critical point, a peak, at 0.
            Assert.True((name = "exp -x²" && abs (report.Point[0].ToDouble()) < 1e-6), $"{name}: {report}")
            Assert.Equal(no, report.IsDifferentialNash)
        | Error _ -> ()

[<Fact>]
let ``a player off its point is not critical, whatever the other player's unit`` () =
    // The leader's (x − 3)² and the follower's s (y − x)²: the only equilibrium is (3, 3) for every s.
    for s in [ 1e-12; 1e-6; 1.0; 1e4; 1e6; 1e7; 5e7; 1e8; 1e12 ] do
        let game =
            Game.twoPlayer "units" (fun x _ -> (x - 3.0) ** 2.0) (fun x y -> s * (y - x) ** 2.0)

        for x in [ 2.999; 2.99; 2.9; 2.5; 3.01 ] do
            let report = at game [ x; x ]
            Assert.Equal(no, report.IsCriticalOmega)
            Assert.Equal(no, report.IsDifferentialNash)
            Assert.Equal(no, report.IsDifferentialStackelberg)
            Assert.Equal(Approach.Near, report.StepOmegaS.Approach)
            Check.closeNumber 1e-9 (abs (x - 3.0)) report.StepOmegaS.Distances[0]

        let there = at game [ 3.0; 3.0 ]
        Assert.Equal(Verdict.Yes, there.IsDifferentialNash)
        Assert.Equal(Verdict.Yes, there.IsDifferentialStackelberg)

        match game |> Equilibrium.find Concept.Stackelberg (Tensor.ofList [ 2.0; 2.0 ]) with
        | Ok found -> Check.close 1e-7 [| 3.0; 3.0 |] (found.Point.ToArray())
        | Error failure -> Assert.Fail $"s = {s}: {failure}"

[<Fact>]
let ``a point that is not there yet says how far it is`` () =
    let game =
        Game.twoPlayer "near" (fun x _ -> (x - 3.0) ** 2.0) (fun x y -> (y - x) ** 2.0)

    let report = at game [ 2.999; 2.999 ]
    Assert.Equal(no, report.IsCriticalOmegaS)
    Assert.Contains("not there yet: a critical point lies about 0.001 away", string report)

    let far =
        at (Game.twoPlayer "far" (fun x _ -> exp -x) (fun _ y -> y * y)) [ 3.0; 0.0 ]

    Assert.Equal(Approach.Far, far.StepOmega.Approach)
    Assert.Contains("no critical point near", string far)

/// Mitsos and Barton's problems 3.13 and 3.15 and Kleniati and Adjiman's 3: near 0 the follower's curvature vanishes, and
/// ω_S is 0/0 there.
let private poles: (string * (Tensor -> Tensor -> Tensor) * (Tensor -> Tensor -> Tensor)) list = [
    "Mitsos-Barton 3.13", (fun x y -> x - y), (fun x y -> 0.5 * x * y * y - x * x * x * y)
    "Kleniati-Adjiman 3", (fun x y -> x - y), (fun x y -> 0.5 * x * y * y - x * y * y * y)
    "Mitsos-Barton 3.15", (fun x y -> x + y), (fun x y -> 0.5 * x * y * y - y * y * y / 3.0)
]

[<Fact>]
let ``no point beside a place where the follower's curvature vanishes is a Stackelberg equilibrium`` () =
    for name, f1, f2 in poles do
        let game = Game.twoPlayer name f1 f2

        for size in [ 1e-2; 1e-4; 1e-6; 1e-8; 1e-10; 1e-14 ] do
            for direction in 0..63 do
                let angle = 2.0 * Math.PI * float direction / 64.0
                let report = at game [ size * cos angle; size * sin angle ]
                Assert.False(isYes report.IsDifferentialStackelberg, $"{name} at {report.Point}")
                Assert.False(isYes report.IsCriticalOmegaS, $"{name} at {report.Point}")

[<Fact>]
let ``a place where a field has a pole is no critical point, however near`` () =
    for offset in [ 1e-4; 1e-8; 1e-10; 1e-13; 2.3e-16; -1e-10 ] do
        let x = Player.scalar "x"

        let game =
            Game.simultaneous "log" [ (x, (fun q -> 0.5 * log ((q[x] - 1.0) ** 2.0))) ]

        Assert.False(isYes (at game [ 1.0 + offset ]).IsCriticalOmega, $"log at {offset}")
        // The follower's curvature x − 1 vanishes at 1: ω_S = 1 + (y + 1) / (x − 1) or so.
        let leading =
            Game.twoPlayer "pole" (fun x y -> x + y) (fun x y -> 0.5 * (x - 1.0) * y * y - x * y)

        Assert.False(isYes (at leading [ 1.0 + offset; 1.0 ]).IsCriticalOmegaS, $"pole at {offset}")

[<Fact>]
let ``at a kink the op is named, and the verdict is no equilibrium or undecided`` () =
    let peak = Game.twoPlayer "peak" (fun x _ -> x * x - abs x) (fun _ y -> y * y)
    let report = at peak [ 0.0; 0.0 ]
    Assert.Equal(no, report.IsDifferentialNash)
    Assert.Equal(no, report.IsDifferentialStackelberg)
    Assert.Contains("abs", string report)

    let kinks: (string * (Tensor -> Tensor) * float * string) list = [
        "|x|", (fun x -> abs x), 0.0, "abs"
        "|x − 2| + x²/10", (fun x -> abs (x - 2.0) + 0.1 * x * x), 2.0, "abs"
        "max(x, −2x)", (fun x -> Tensor.maximum x (-2.0 * x)), 0.0, "maximum"
        "relu x − relu −x + x²", (fun x -> Tensor.relu x + Tensor.relu -x + x * x), 0.0, "maximum"
        "√x²", (fun x -> sqrt (x * x) + x * x), 0.0, "sqrt"
        "where",
        (fun x -> Tensor.where (Tensor.greater x (Tensor.scalar 1.0)) (2.0 * x - 2.0) (1.0 - x)),
        1.0,
        "less"
        "|x| in a loop", (fun x -> Loop.scan 3 (fun s -> s + abs x) (x * x)), 0.0, "abs"
        "a loop that passes a kink in its second step",
        (fun x ->
            Loop.scan2
                2
                (fun (s, sum) -> s + 1.0, sum + Tensor.relu (s * (x + 0.1 * s)))
                (0.0 * x, x * x + 0.2 * x)
            |> snd),
        -0.1,
        "maximum"
        "|x| in a loop until a count",
        (fun x ->
            let last, _ =
                Loop.untilN
                    Checkpoints.Auto
                    (fun s -> Tensor.less (Tensor.scalar 2.5) s[0])
                    9
                    (fun s -> [| s[0] + 1.0; s[1] + abs x |])
                    [| Tensor.scalar 0.0; x * x |]

            last[1]),
        0.0,
        "abs"
        "half a parabola", (fun x -> Tensor.relu x ** 2.0), 0.0, "maximum"
    ]

    for name, cost, point, op in kinks do
        let game =
            Game.twoPlayer name (fun x _ -> cost x) (fun _ y -> (y - 1.0) * (y - 1.0))

        let report = at game [ point; 1.0 ]
        Assert.False(isYes report.IsDifferentialNash, name)
        Assert.False(isYes report.IsDifferentialStackelberg, name)
        Assert.Equal(Verdict.Undecided, report.IsCriticalOmega)
        Assert.Contains(op, string report)
        let large = Equilibrium.classifyLarge game (Tensor.ofList [ point; 1.0 ])
        Assert.False(isYes large.IsDifferentialNash, name)

[<Fact>]
let ``ops that have kinks elsewhere, or pass them smoothly, leave verdicts alone`` () =
    let smooth: (string * (Tensor -> Tensor) * float) list = [
        "|x| away from 0", (fun x -> (abs x - 2.0) ** 2.0), 2.0
        "|x| away from 0 in a loop",
        (fun x -> Loop.scan 2 (fun s -> s + (abs x - 2.0) ** 2.0) (Tensor.scalar 0.0)),
        2.0
        "relu away from 0", (fun x -> (Tensor.relu x - 1.0) ** 2.0), 1.0
        "logsumexp of equal entries", (fun x -> Tensor.logsumexp (Tensor.stack 0 [ x; -x ])), 0.0
    ]

    for name, cost, point in smooth do
        let game =
            Game.twoPlayer name (fun x _ -> cost x) (fun _ y -> (y - 1.0) * (y - 1.0))

        let report = at game [ point; 1.0 ]
        Assert.True(isYes report.IsDifferentialNash, $"{name}: {report}")

[<Fact>]
let ``five thousand equal curvatures are positive beyond doubt`` () =
    let n = 5000
    let x, y = Player.vector "x" n, Player.vector "y" n

    let game =
        game "equal" {
            leader x (fun q -> Tensor.sum (q[x] * q[x] + q[x] * q[y]))
            follower y (fun q -> Tensor.sum (q[y] * q[y] - q[x] * q[y]))
        }

    let report = Equilibrium.classifyLarge game (Tensor.zeros [ 2 * n ])
    Assert.Equal(Verdict.Yes, report.IsDifferentialNash)
    Assert.Equal(Verdict.Yes, report.IsStableSimgrad)
    Assert.Equal(Verdict.Yes, report.IsStableStackelberg)
    let off = Equilibrium.classifyLarge game (Tensor.full [ 2 * n ] 0.01)
    Assert.Equal(no, off.IsCriticalOmega)
    Assert.Equal(Approach.Near, off.StepOmega.Approach)
