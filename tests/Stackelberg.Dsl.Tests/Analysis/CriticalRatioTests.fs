module Stackelberg.Dsl.Tests.CriticalRatioTests

open System
open FsCheck
open FsCheck.FSharp
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.Reference
open Stackelberg.Dsl.Tests.TestGames
open Xunit
open Stackelberg.Tests

[<Fact>]
let ``two scalars are stable from the ratio on that makes the trace positive`` () =
    for row in CriticalPoints.all do
        if row.Game.StartsWith "polynomial" || row.Game.StartsWith "ridge" then
            let x = Tensor.ofList [ fst row.Point; snd row.Point ]
            let found = Equilibrium.criticalRatio (named row.Game) x

            if row.SchurJ > 0.0 && row.D22f2 > 0.0 then
                // D₁₁f₁ + τ D₂₂f₂ > 0, and the determinant is positive for every τ.
                Assert.Equal(Verdict.Yes, found.IsFinite)
                Check.closeNumber 1e-9 (max 0.0 (-row.D11f1 / row.D22f2)) found.Ratio.Value
                Assert.InRange(found.JustAbove, 1e-12, infinity)
            else
                Assert.Equal(Verdict.No, found.IsFinite)
                Assert.False found.Ratio.HasValue
                Assert.Contains("eigenvalue with real part -", found.Reason)

[<Fact>]
let ``a saddle of Follow-the-Ridge is stable above 3`` () =
    let found = Equilibrium.criticalRatio (ridge 1) (Tensor.zeros [ 2 ])
    Check.closeNumber 1e-12 3.0 found.Ratio.Value
    Assert.InRange(found.JustBelow, -infinity, -1e-6)
    Assert.Equal("stable for every ratio above 3", string found)

let private quadratic (D11: float[,]) (D12: float[,]) (D21: float[,]) (D22: float[,]) =
    let m, n = D11.GetLength 0, D22.GetLength 0
    let x, y = Player.vector "x" m, Player.vector "y" n
    let matrix = Tensor.ofArray2D

    game "quadratic" {
        leader x (fun q ->
            0.5 * Tensor.dot q[x] (Tensor.matmul (matrix D11) q[x])
            + Tensor.dot q[x] (Tensor.matmul (matrix D12) q[y]))

        follower y (fun q ->
            0.5 * Tensor.dot q[y] (Tensor.matmul (matrix D22) q[y])
            + Tensor.dot q[y] (Tensor.matmul (matrix D21) q[x]))
    }

let private randomMatrix (random: Random) rows columns =
    Array2D.init rows columns (fun _ _ -> 2.0 * random.NextDouble() - 1.0)

let private symmetric (a: float[,]) shift =
    Array2D.mapi (fun i j value -> 0.5 * (value + a[j, i]) + (if i = j then shift else 0.0)) a

let private randomGame seed =
    let random = Random(seed: int)
    let m, n = 1 + random.Next 3, 1 + random.Next 3
    let leader = symmetric (randomMatrix random m m) 0.2
    let follower = symmetric (randomMatrix random n n) 1.2

    struct (m, quadratic leader (randomMatrix random m n) (randomMatrix random n m) follower)

[<Fact>]
let ``beyond the critical ratio simultaneous play is stable, just below it is not, and none is none`` () =
    let property seed =
        let struct (m, made) = randomGame seed
        let d = made.Dimension
        let origin = Tensor.zeros [ d ]
        let found = Equilibrium.criticalRatio made origin

        let jacobian =
            Matrix<float>.Build.DenseOfRowMajor(d, d, (Game.J made origin).ToArray())

        let least τ =
            let scaled =
                Matrix<float>
                    .Build.Dense(d, d, (fun i j -> if i < m then jacobian[i, j] else τ * jacobian[i, j]))

            scaled.Evd().EigenValues |> Seq.map _.Real |> Seq.min

        let ratios = [ for k in -30 .. 60 -> 10.0 ** (float k / 15.0) ]

        match found.IsFinite with
        | Verdict.Yes ->
            let ratio = found.Ratio.Value

            for τ in ratios do
                if τ > ratio * (1.0 + 1e-9) then
                    Assert.True(least τ > 0.0, $"unstable at {τ} above {ratio}")

            if ratio > 0.0 then
                // Just below either unstable, or the root only touches the axis.
                Assert.True(found.JustBelow < 0.0 || abs (least ratio) < 1e-9)
        | Verdict.No -> Assert.True(least 1e6 < 0.0)
        | _ -> ()

    Law.check 60 (Prop.forAll (ArbMap.defaults |> ArbMap.arbitrary<int>) property)

[<Fact>]
let ``random games have positive ratios, zero ratios and none`` () =
    let found =
        List.init 60 (fun seed ->
            let struct (_, made) = randomGame seed
            Equilibrium.criticalRatio made (Tensor.zeros [ made.Dimension ]))

    let count condition =
        found |> List.filter condition |> List.length

    Assert.InRange(count (fun ratio -> ratio.IsFinite = Verdict.No), 5, 55)
    Assert.InRange(count (fun ratio -> ratio.GreatestRoot = 0.0), 5, 55)
    Assert.InRange(count (fun ratio -> ratio.GreatestRoot > 0.0), 3, 55)

[<Fact>]
let ``what cannot have a ratio says why`` () =
    let notCritical = Equilibrium.criticalRatio (ridge 1) (Tensor.ofList [ 1.0; 0.0 ])

    Assert.False notCritical.Ratio.HasValue
    Assert.Contains("not critical for omega", string notCritical)

    // The bilinear game's followers have no curvature: all ratios leave it on the axis.
    let bilinear = Game.zeroSum "bilinear" (fun x y -> x * y)
    let found = Equilibrium.criticalRatio bilinear (Tensor.zeros [ 2 ])
    Assert.NotEqual(Verdict.Yes, found.IsFinite)
    Assert.Contains("the followers' own Jacobian", found.Reason)

    let p = Player.scalar "p"
    let alone = Game.simultaneous "alone" [ p, (fun q -> q[p] * q[p]) ]

    Assert.Equal(
        "Equilibrium.criticalRatio: game has one level (the joint strategy of alone: p []), but a leader and a follower are needed.",
        Check.argumentMessage (fun () -> Equilibrium.criticalRatio alone (Tensor.zeros [ 1 ]) |> ignore)
    )

    let wide = Player.vector "wide" 60

    let large =
        game "large" {
            leader p (fun q -> q[p] * q[p])
            follower wide (fun q -> Tensor.dot q[wide] q[wide])
        }

    Assert.Contains(
        "at most 60 is possible",
        Check.argumentMessage (fun () -> Equilibrium.criticalRatio large (Tensor.zeros [ 61 ]) |> ignore)
    )

[<Fact>]
let ``an entry that a bound holds has no part in the ratio`` () =
    let x, y =
        Player.vector "x" 2 |> Player.boundedEach [| 0.0; -9.0 |] [| 9.0; 9.0 |], Player.scalar "y"

    let held =
        game "held" {
            // The first entry of x is pressed to 0; the second meets y as in Follow-the-Ridge's saddle.
            leader x (fun q -> q[x][0] - 3.0 * q[x][1] * q[x][1] + 4.0 * q[x][1] * q[y])
            follower y (fun q -> q[y] * q[y] - 4.0 * q[x][1] * q[y])
        }

    Check.closeNumber 1e-12 3.0 (Equilibrium.criticalRatio held (Tensor.zeros [ 3 ])).Ratio.Value
