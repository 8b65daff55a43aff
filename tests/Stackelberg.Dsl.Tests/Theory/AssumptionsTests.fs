/// Assumptions A1 to A3 of arXiv 1906.01217, sampled: against constants by hand.
module Stackelberg.Dsl.Tests.AssumptionsTests

open System
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private norm2 (a: Matrix<float>) = a.Svd(false).S.Maximum()

let private eigenvalues (a: Matrix<float>) =
    let values =
        ((0.5 * (a + a.Transpose())).Evd Symmetricity.Symmetric).EigenValues.Real()

    struct (values.Minimum(), values.Maximum())

[<Fact>]
let ``of 1,000 random quadratic games the constants are those of their matrices`` () =
    let found =
        Draw.forSeeds 1000 (fun seed ->
            // f1 = ½ xᵀAx + xᵀBy + ½ yᵀDy, f2 = ½ yᵀQy + yᵀEx.
            let random = Random(seed: int)
            let m, n = 1 + random.Next 2, 1 + random.Next 2
            let x, y = Player.vector "x" m, Player.vector "y" n

            let a, b, d =
                Draw.symmetric random m, Draw.matrix random m n, Draw.symmetric random n

            let q, e = Draw.withSpectrum random 0.2 2.0 n, Draw.matrix random n m
            let a = a + 1.0 * CreateMatrix.DenseIdentity m

            let f1 (s: Strategies) =
                0.5 * Draw.form a s[x] s[x]
                + Draw.form b s[x] s[y]
                + 0.5 * Draw.form d s[y] s[y]

            let f2 (s: Strategies) =
                0.5 * Draw.form q s[y] s[y] + Draw.form e s[y] s[x]

            let game = Game.create "quadratic" [ [ x, f1 ]; [ y, f2 ] ]
            let report = game |> Assumptions.inBox 3 (Tensor.scalar -1.0, Tensor.scalar 1.0)
            let slope = -q.Inverse() * e
            // Df1 = A x + B y + Rᵀ (D y + Bᵀ x), R = Dr.
            let inLeader = a + slope.Transpose() * b.Transpose()
            let inFollower = b + slope.Transpose() * d
            let close = Check.closeNumber 1e-10
            close (norm2 (Draw.blocks [ [ inLeader; inFollower ] ])) report.LipschitzLeader
            close (norm2 inFollower) report.LipschitzLeaderInFollower
            close (norm2 (Draw.blocks [ [ e; q ] ])) report.LipschitzFollower
            close (norm2 slope) report.LipschitzReaction

            let struct (κ2, L2), struct (κ1, Λ1) =
                eigenvalues q, eigenvalues (inLeader + inFollower * slope)

            let struct (least2, greatest2), struct (least1, greatest1) =
                report.FollowerCurvature, report.LeaderCurvature

            Check.close 1e-10 [| κ2; L2; κ1; Λ1 |] [| least2; greatest2; least1; greatest1 |]
            Assert.Equal(3, report.Answers)
            Assert.Equal(Verdict.Yes, report.IsReactionStable)
            Assert.Equal(Verdict.ofBool (κ1 > 0.0), report.IsLeaderStable)
            // ‖Df1‖ at most its Lipschitz constant times the farthest corner's distance.
            Assert.InRange(report.BoundOfLeader, 0.0, report.LipschitzLeader * sqrt (float (m + n)))
            report)

    Assert.InRange(found |> Draw.count (fun report -> report.IsLeaderStable = Verdict.Yes), 200, 950)

[<Fact>]
let ``worked example: the duopoly's constants, printed`` () =
    let found =
        TestGames.duopoly.Game
        |> Assumptions.inBox 50 (Tensor.scalar 46.0, Tensor.scalar 46.5)
    // Df1 = 3/2 q1 + q2 − 95, at most 3/2 · 46.5 + 46.5 − 95.
    Assert.InRange(found.BoundOfLeader, 20.0, 21.25)

    let bound =
        found.BoundOfLeader.ToString("G5", Globalization.CultureInfo.InvariantCulture)

    Assert.Equal(
        "in the box, by 50 samples, 50 with an answer of the follower:\n"
        + $"  A1a  L1 = 1.8028, L2 = 2.2361, M1 = {bound}\n"
        + "  A2   yes: L_r = 0.5, D22 f2 between 2 and 2\n"
        + "  A3   yes: D²f1 along the answer between 1 and 1",
        string found
    )

[<Fact>]
let ``samples of a game that is not quadratic come near its greatest derivatives, and never pass them`` () =
    // D₂²f₂ = 2 + cos y lies in [1, 3], r(x) solves 2 y + sin y = x, with slope 1/(2 + cos y).
    let game =
        Game.twoPlayer "bent" (fun x y -> 0.5 * x * x + y) (fun x y -> y * y - cos y - x * y)

    let report = game |> Assumptions.inBox 2000 (Tensor.scalar -4.0, Tensor.scalar 4.0)
    let struct (κ2, L2) = report.FollowerCurvature
    Assert.InRange(κ2, 1.0, 1.001)
    Assert.InRange(L2, 2.999, 3.0)
    // The answers of |x| ≤ 4 have |y| ≤ 2.35, where cos y ≥ −0.704.
    let farthest =
        (Equilibrium.find
            Concept.Nash
            (Tensor.ofList [ 2.0 ])
            (Game.create "r" [
                [
                    (let y = Player.scalar "y" in y, fun q -> q[y] * q[y] - cos q[y] - 4.0 * q[y])
                ]
            ]))

    match farthest with
    | Ok answer ->
        let greatest = 1.0 / (2.0 + cos (float answer.Point[0]))
        Assert.InRange(report.LipschitzReaction, 0.99 * greatest, greatest)
    | Error failure -> Assert.Fail(string failure)

[<Fact>]
let ``assumption A1c: the mean length of normal noise`` () =
    let game = TestGames.duopoly.Game

    Check.close
        1e-14
        (Array.create 2 (2.0 * sqrt (2.0 / Math.PI)))
        (Assumptions.noiseGrowth (Noise.gaussian 2.0) game)

    Check.close 0.0 [| 0.0; 0.0 |] (Assumptions.noiseGrowth Noise.none game)

    Check.close
        0.0
        [| 3.0; 5.0 |]
        (Assumptions.noiseGrowth (Noise.given [| [| -3.0; 4.0 |]; [| 1.0; -5.0 |] |]) game)
    // Against the mean of 10⁵ draws, whose error is 0.002 or so.
    let x, y = Player.vector "x" 3, Player.vector "y" 5

    let vectors =
        Game.create "vectors" [
            [ x, (fun q -> Tensor.dot q[x] q[x]) ]
            [ y, (fun q -> Tensor.dot q[y] q[y]) ]
        ]

    let mean n =
        let draws = TestGames.normals 3 (n * 100_000)

        draws
        |> Array.chunkBySize n
        |> Array.averageBy (fun w -> sqrt (Array.sumBy (fun v -> v * v) w))

    let growth = Assumptions.noiseGrowth (Noise.gaussian 1.0) vectors
    Check.close 0.01 [| mean 3; mean 5 |] growth

    Assert.Equal(
        "Assumptions.noiseGrowth: noise holds 3 standard deviations, but 1 or 2 are needed (for all players or for each).",
        Check.argumentMessage (fun () ->
            Assumptions.noiseGrowth (Noise.gaussianEach [ 1.0; 1.0; 1.0 ]) game |> ignore)
    )

[<Fact>]
let ``games of another kind are refused`` () =
    let a = Player.scalar "a"
    let one = Game.simultaneous "one" [ a, (fun q -> q[a] * q[a]) ]
    let box = Tensor.scalar -1.0, Tensor.scalar 1.0

    Assert.Equal(
        "Assumptions.inBox: game has 1 levels (the joint strategy of one: a []), but two are needed, leaders and followers.",
        Check.argumentMessage (fun () -> one |> Assumptions.inBox 1 box |> ignore)
    )

    Assert.Equal(
        "Assumptions.inBox: samples is 0, but at least 1 is needed.",
        Check.argumentMessage (fun () -> TestGames.duopoly.Game |> Assumptions.inBox 0 box |> ignore)
    )
