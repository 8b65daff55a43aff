/// Propositions 1 to 3 of Fiez, Chasnov and Ratliff (arXiv 1906.01217) as laws over random zero-sum games.
module Stackelberg.Dsl.Tests.ZeroSumTests

open System
open FsCheck
open FsCheck.FSharp
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.TestGames
open Xunit
open Stackelberg.Tests

/// f = ½ zᵀ Q z + ¼ (vᵀ z)³ for z = (x, y), of which the first player minimises f and the second maximises it: the origin
/// is critical for both fields, third derivatives included. Shifts on the diagonal make all kinds of points about as likely.
let private randomGame seed =
    let random = Random(seed: int)

    let uniform low high =
        low + (high - low) * random.NextDouble()

    let m, n = 1 + random.Next 3, 1 + random.Next 3
    let shiftX, shiftY = uniform -1.0 2.5, uniform -2.5 0.5
    let x, y = Player.vector "x" m, Player.vector "y" n
    let q = Array2D.zeroCreate (m + n) (m + n)

    for i in 0 .. m + n - 1 do
        for j in 0..i do
            q[i, j] <- uniform -1.0 1.0
            q[j, i] <- q[i, j]

        q[i, i] <- q[i, i] + (if i < m then shiftX else shiftY)

    let v = Tensor.ofArray (Array.init (m + n) (fun _ -> uniform -1.0 1.0))
    let q = Tensor.ofArray2D q

    let f (s: Strategies) =
        let z = Tensor.concat 0 [ s[x]; s[y] ]
        0.5 * Tensor.dot z (Tensor.matmul q z) + 0.25 * Tensor.dot v z ** 3

    game "zero-sum" {
        leader x f
        follower y (fun s -> -(f s))
    }

let private forAllGames count (law: Game -> Report -> unit) =
    let property seed =
        let game = randomGame seed
        law game (Equilibrium.classify game (Tensor.zeros [ game.Dimension ]))

    Law.check count (Prop.forAll (ArbMap.defaults |> ArbMap.arbitrary<int>) property)

[<Fact>]
let ``Proposition 1: what Stackelberg play is drawn to is a differential Stackelberg point, and conversely``
    ()
    =
    forAllGames 100 (fun _ report ->
        Assert.Equal(report.IsDifferentialStackelberg, report.IsStableStackelberg)
        // The spectrum of J_S is real: that of the Schur complement with that of the follower's second derivative.
        let parts =
            Array.append (report.EigenvaluesSchurJ |> Array.map _.Real) report.EigenvaluesPlayers[1]
            |> Array.sort

        Check.close 1e-8 parts (report.EigenvaluesJS |> Array.map _.Real |> Array.sort)
        Check.close 1e-8 (Check.entries report.SchurJ) (Check.entries report.TotalHessian))

[<Fact>]
let ``Proposition 2: a differential Nash point is a differential Stackelberg point and draws both flows`` () =
    forAllGames 100 (fun _ report ->
        if report.IsDifferentialNash = Verdict.Yes then
            Assert.Equal(Verdict.Yes, report.IsDifferentialStackelberg)
            Assert.Equal(Verdict.Yes, report.IsStableStackelberg)
            Assert.Equal(Verdict.Yes, report.IsStableSimgrad))

[<Fact>]
let ``Proposition 3 corrected is necessary for a positive Schur complement`` () =
    forAllGames 100 (fun game report ->
        if report.EigenvaluesPlayers[1] |> Array.forall (fun value -> value > 0.0) then
            let condition = Equilibrium.zeroSumCondition game (Tensor.zeros [ game.Dimension ])

            if condition.IsSchurPositive = Verdict.Yes then
                Assert.True(condition.IsCorrectedMet, $"{condition}"))

[<Fact>]
let ``the random games are of all kinds that the propositions speak of`` () =
    let reports =
        List.init 100 (fun seed ->
            let game = randomGame seed
            Equilibrium.classify game (Tensor.zeros [ game.Dimension ]))

    let count condition =
        reports |> List.filter condition |> List.length

    let isNash (report: Report) = report.IsDifferentialNash = Verdict.Yes

    let isStackelberg (report: Report) =
        report.IsDifferentialStackelberg = Verdict.Yes

    Assert.InRange(count isNash, 5, 95)
    Assert.InRange(count isStackelberg, 5, 95)
    Assert.InRange(count (fun report -> isStackelberg report && not (isNash report)), 2, 95)

[<Fact>]
let ``Proposition 3 as printed fails where the corrected condition holds`` () =
    // D₁²f = −0.09, −D₂²f = 0.1, D₁₂f = 0.1: stable, Schur complement 0.01.
    let counter =
        Game.zeroSum "counterexample" (fun x y -> -0.045 * x * x + 0.1 * x * y - 0.05 * y * y)

    let condition = Equilibrium.zeroSumCondition counter (Tensor.zeros [ 2 ])
    let report = Equilibrium.classify counter (Tensor.zeros [ 2 ])
    Assert.Equal(Verdict.Yes, report.IsStableSimgrad)
    Assert.Equal(Verdict.Yes, report.IsDifferentialStackelberg)
    Assert.Equal(1, condition.NegativeDirections)
    Check.close 1e-12 [| -0.089 |] condition.Printed
    Check.close 1e-12 [| 0.01 |] condition.Corrected
    Assert.False condition.IsPrintedMet
    Assert.True condition.IsCorrectedMet

[<Fact>]
let ``a game that is not zero-sum, or has more players, is refused`` () =
    Assert.Contains(
        "is not zero-sum: its costs there are -1058 and -676",
        Check.argumentMessage (fun () ->
            Equilibrium.zeroSumCondition duopoly.Game (Tensor.ofList [ 46.0; 26.0 ])
            |> ignore)
    )

    let a, b = Player.scalar "a", Player.scalar "b"

    let peers =
        Game.simultaneous "peers" [ a, (fun q -> q[a] * q[b]); b, (fun q -> -(q[a] * q[b])) ]

    Assert.Equal(
        "Equilibrium.zeroSumCondition: game has 2 players on 1 levels, but one leader and one follower are needed.",
        Check.argumentMessage (fun () -> Equilibrium.zeroSumCondition peers (Tensor.zeros [ 2 ]) |> ignore)
    )
