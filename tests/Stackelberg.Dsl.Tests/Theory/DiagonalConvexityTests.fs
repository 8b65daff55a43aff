/// Rosen's condition (arXiv 1906.01217, appendix F.2) over 1,000 random games of two and three followers.
module Stackelberg.Dsl.Tests.DiagonalConvexityTests

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private box = Tensor.scalar -2.0, Tensor.scalar 2.0

/// A leader of one number, and followers whose f_i = ½ a_i x_i² + x_i Σ_j b_ij x_j + e_i x_i x_0 + quartic/12 x_i⁴.
let private followersGame quartic seed =
    let random = Random(seed: int)
    let n = 2 + random.Next 2
    let lead = Player.scalar "lead"
    let players = Array.init n (fun i -> Player.scalar $"p{i}")
    let j = Draw.matrix random n n
    j.SetDiagonal(Array.init n (fun _ -> Draw.uniform random 0.2 2.0))
    let e = Array.init n (fun _ -> Draw.uniform random -1.0 1.0)

    let cost i (q: Strategies) =
        let own = q[players[i]]

        let others =
            Seq.fold
                (fun sum k -> if k = i then sum else sum + j[i, k] * q[players[k]])
                (e[i] * q[lead])
                (seq { 0 .. n - 1 })

        0.5 * j[i, i] * own * own + own * others + quartic / 12.0 * own ** 4.0

    let game =
        Game.create "followers" [
            [ lead, (fun q -> q[lead] * q[lead]) ]
            [ for i in 0 .. n - 1 -> players[i], cost i ]
        ]

    let weights = List.init n (fun _ -> Draw.uniform random 0.2 3.0)
    game, j, weights

[<Fact>]
let ``the least eigenvalue is that of diag(r) J's symmetric part, and where it is positive J is stable`` () =
    let found =
        Draw.forSeeds 1000 (fun seed ->
            let game, j, weights = followersGame 0.0 seed
            let report = game |> DiagonalConvexity.inBox weights 3 box
            let weighted = CreateMatrix.DenseOfDiagonalArray(Array.ofList weights) * j
            let least = Draw.leastEigenvalue weighted
            Check.closeNumber 1e-12 least report.Least
            Assert.Equal(Verdict.ofBool (least > 0.0), report.IsMet)
            report.IsMet = Verdict.Yes, Draw.leastRealPart j)

    for isMet, leastReal in found do
        if isMet then
            Assert.True(leastReal > 0.0)

    let met = found |> Draw.count fst
    // Stable ones besides: the condition is sufficient, not necessary.
    let stable = found |> Draw.count (fun (_, leastReal) -> leastReal > 0.0)
    Assert.True(met >= 200 && stable > met && stable < 1000, $"{met} of {stable}")

[<Fact>]
let ``where it is met, Rosen's inequality holds between points, V falls along the flow, and the Nash equilibrium is one``
    ()
    =
    let random = Random 5

    let met =
        List.init 60 (followersGame 1.0)
        |> List.filter (fun (game, _, weights) ->
            (game |> DiagonalConvexity.inBox weights 200 box).IsMet = Verdict.Yes)

    Assert.True(met.Length >= 10, $"{met.Length}")

    for game, j, weights in met do
        let r, n = Array.ofList weights, j.RowCount

        let slopes (x: float[]) =
            (Game.omega game (Tensor.ofArray x)).ToArray()[1..]

        for _ in 1..50 do
            let lead = Draw.uniform random -2.0 2.0

            let draw () =
                Array.append [| lead |] (Array.init n (fun _ -> Draw.uniform random -2.0 2.0))

            let a, b = draw (), draw ()
            let ga, gb = slopes a, slopes b

            let product =
                Seq.sumBy (fun i -> r[i] * (a[i + 1] - b[i + 1]) * (ga[i] - gb[i])) (seq { 0 .. n - 1 })

            Assert.True(product > 0.0)

        // The followers' flow with the leader held.
        let start = Array.append [| 0.5 |] (Array.init n (fun i -> float i - 1.0))

        let flow =
            game
            |> Flow.run
                {
                    Flow.settings with
                        TimeScales = Array.append [| 1e-12 |] (Array.create n 1.0)
                        Until = 60.0
                }
                (Direction.ofConjecture Conjecture.none)
                (Tensor.ofArray start)

        let rest = flow.Final.ToArray()
        Assert.InRange(Array.sumBy abs (slopes rest), 0.0, 1e-3)

        let V (x: float[]) =
            Seq.sumBy (fun i -> r[i] * (x[i + 1] - rest[i + 1]) ** 2.0) (seq { 0 .. n - 1 })

        // Down to where the end is the equilibrium to the integration's error.
        flow.Points
        |> Array.map V
        |> Array.takeWhile (fun value -> value > 1e-4)
        |> Array.pairwise
        |> Array.iter (fun (before, after) -> Assert.True(after < before))

[<Fact>]
let ``worked example: Cournot's duopoly, and a pair that turns`` () =
    let a, b = Player.scalar "a", Player.scalar "b"
    let price (q: Strategies) = 100.0 - q[a] - q[b]

    let cournot =
        Game.simultaneous "cournot" [ a, (fun q -> -(price q) * q[a]); b, (fun q -> -(price q) * q[b]) ]

    let found =
        cournot
        |> DiagonalConvexity.inBox [] 100 (Tensor.scalar 0.0, Tensor.scalar 50.0)

    Check.closeNumber 1e-12 1.0 found.Least
    Assert.Equal(Verdict.Yes, found.IsMet)

    Assert.Equal(
        "the game of a, b is diagonally strictly convex at 100 samples: least eigenvalue 1",
        string found
    )

    // J = [[1, 4], [0, 1]]: not with equal weights, whose least eigenvalue is 1 − 2, but with 1 and 9, of determinant 9 − 4.
    let led =
        Game.simultaneous "led" [
            a, (fun q -> 0.5 * q[a] * q[a] + 4.0 * q[a] * q[b])
            b, (fun q -> 0.5 * q[b] * q[b])
        ]

    let box = Tensor.scalar -1.0, Tensor.scalar 1.0
    let equal = led |> DiagonalConvexity.inBox [] 1 box
    Check.closeNumber 1e-12 -1.0 equal.Least
    Assert.Equal(Verdict.No, equal.IsMet)
    let weighted = led |> DiagonalConvexity.inBox [ 1.0; 9.0 ] 1 box
    Check.closeNumber 1e-12 (5.0 - sqrt 20.0) weighted.Least
    Assert.Equal(Verdict.Yes, weighted.IsMet)

[<Fact>]
let ``wrong arguments are told`` () =
    let message weights samples box =
        Check.argumentMessage (fun () ->
            TestGames.duopoly.Game |> DiagonalConvexity.inBox weights samples box |> ignore)

    Assert.Equal(
        "DiagonalConvexity.inBox: weights holds 2 numbers, but 1 are needed (one for each player of the lowest level, or none for ones).",
        message [ 1.0; 1.0 ] 1 box
    )

    Assert.Equal(
        "DiagonalConvexity.inBox: weights is 0, but a finite number above 0 is needed.",
        message [ 0.0 ] 1 box
    )

    Assert.Equal("DiagonalConvexity.inBox: samples is 0, but at least 1 is needed.", message [] 0 box)

    Assert.Equal(
        "DiagonalConvexity.inBox: lower is 2 at entry 0 (x1), but it must be below upper, 2.",
        message [] 1 (Tensor.scalar 2.0, Tensor.scalar 2.0)
    )
