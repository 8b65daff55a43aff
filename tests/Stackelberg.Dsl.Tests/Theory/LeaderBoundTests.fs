/// Proposition 7 of arXiv 1906.01217: the leader's cost at Stackelberg and at Nash points.
module Stackelberg.Dsl.Tests.LeaderBoundTests

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

/// A small search: the games have one point of either kind.
let private search = {
    Equilibrium.search with
        StartsPerRound = 4
        QuietRounds = 1
        MaxRounds = 2
}

let private box = Tensor.scalar -20.0, Tensor.scalar 20.0

/// f1 = ½ a x² + b x y + ½ d y² + p x + s y, f2 = ½ q y² + e x y + t y, the leader's curvatures both positive.
let private quadratic seed =
    let random = Random(seed: int)
    let u low high = Draw.uniform random low high
    let q, e, b, d = u 0.5 2.0, u -1.0 1.0, u -1.0 1.0, u -0.5 1.0
    let slope = -e / q
    // D²f1 = a + 2 b r' + d r'² and J's own a and determinant are kept away from zero.
    let a =
        0.5
        + max 0.0 (max (-2.0 * b * slope - d * slope * slope) (b * e / q))
        + u 0.0 1.0

    let p, s, t = u -1.0 1.0, u -1.0 1.0, u -1.0 1.0

    let cost1 x y =
        0.5 * a * x * x + b * x * y + 0.5 * d * y * y + p * x + s * y

    let cost2 x y = 0.5 * q * y * y + e * x * y + t * y

    let game =
        Game.twoPlayer
            "quadratic"
            (fun x y -> 0.5 * a * x * x + b * x * y + 0.5 * d * y * y + p * x + s * y)
            (fun x y -> 0.5 * q * y * y + e * x * y + t * y)

    // Nash: a x + b y = −p, e x + q y = −t. Stackelberg: x minimises cost1 x (−(e x + t)/q).
    let nash =
        (array2D [ [ a; b ]; [ e; q ] ] |> CreateMatrix.DenseOfArray).Solve(CreateVector.Dense [| -p; -t |])

    let level = -t / q

    let x =
        -(p + b * level + slope * (d * level + s))
        / (a + 2.0 * b * slope + d * slope * slope)

    let y = slope * x + level
    game, (cost1 nash[0] nash[1], cost2 nash[0] nash[1]), (cost1 x y, cost2 x y)

[<Fact>]
let ``Proposition 7 over 1,000 random games: f₁ˢ ≤ f₁ᴺ, and the follower gains or loses`` () =
    let found =
        Draw.forSeeds 1000 (fun seed ->
            let game, (nash1, nash2), (leading1, leading2) = quadratic seed
            let report = game |> LeaderBound.inBox search 5 box
            Assert.Equal(Verdict.Yes, report.IsReactionUnique)
            Check.closeNumber 1e-9 nash1 report.LeastNash
            Check.closeNumber 1e-9 leading1 report.LeastStackelberg
            Assert.True(leading1 <= nash1 + 1e-12 * abs nash1)
            Assert.Equal(Verdict.Yes, report.IsMet)
            Check.closeNumber 1e-8 (nash2 - leading2) report.FollowerGains[0, 0]
            nash2 - leading2)

    let gains = found |> Draw.count (fun gain -> gain > 1e-6)
    let losses = found |> Draw.count (fun gain -> gain < -1e-6)
    Assert.True(gains > 100 && losses > 100, $"{gains} followers gain, {losses} lose")

[<Fact>]
let ``worked example: the duopoly, and the torus with two points of either kind`` () =
    let found =
        TestGames.duopoly.Game
        |> LeaderBound.inBox Equilibrium.search 100 (Tensor.scalar 0.0, Tensor.scalar 100.0)

    Check.close 1e-9 [| -((92.0 / 3.0) ** 2.0); -1058.0 |] [| found.LeastNash; found.LeastStackelberg |]
    Check.closeNumber 1e-9 (676.0 - (101.0 / 3.0) ** 2.0) found.FollowerGains[0, 0]

    Assert.Equal(
        "the leader's least cost is -1058 at 1 Stackelberg points and -940.4444 at 1 Nash points",
        string found
    )

    let torus =
        TestGames.torus.Game
        |> LeaderBound.inBox Equilibrium.search 100 (Tensor.scalar -Math.PI, Tensor.scalar Math.PI)

    Assert.Equal((2, 2), (torus.Nash.Length, torus.Stackelberg.Length))
    Assert.Equal(Verdict.Yes, torus.IsMet)
    // Its follower has a second stationary answer, a maximum.
    Assert.Equal(Verdict.No, torus.IsReactionUnique)

[<Fact>]
let ``without Nash points nothing is compared`` () =
    // D₁f₁ = 1.
    let game =
        Game.twoPlayer "lean" (fun x y -> x + y * y) (fun x y -> 0.5 * (y - x) ** 2.0)

    let found =
        game |> LeaderBound.inBox search 5 (Tensor.scalar -2.0, Tensor.scalar 2.0)

    Assert.Equal(infinity, found.LeastNash)
    Assert.Equal(Verdict.Undecided, found.IsMet)
    // x + x² has its least value −¼ at −½.
    Check.closeNumber 1e-9 -0.25 found.LeastStackelberg
