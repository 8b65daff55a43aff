module Stackelberg.Dsl.Tests.ClassificationTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.Reference
open Stackelberg.Dsl.Tests.TestGames
open Xunit

let private origin game =
    Equilibrium.classify game (Tensor.zeros [ Game.dimension game ])

[<Fact>]
let ``spurious attractors of the published games are those that the reference lists`` () =
    for row in CriticalPoints.all do
        let report =
            Equilibrium.classify (named row.Game) (Tensor.ofList [ fst row.Point; snd row.Point ])

        let has kind = List.contains kind row.Kinds

        if report.IsCriticalOmega = Verdict.Yes then
            Assert.Equal((has "simgrad" && not (has "DNE")), (report.IsSpuriousSimgrad = Verdict.Yes))

        if report.IsCriticalOmegaS = Verdict.Yes then
            Assert.Equal((has "stack" && not (has "DSE")), (report.IsSpuriousStackelberg = Verdict.Yes))

[<Fact>]
let ``Stackelberg play may end where the follower's cost is greatest`` () =
    // J_S = [[1.5, −1], [2, −1]] is stable (trace 1/2, determinant 1/2), and the follower's curvature is −1.
    let spurious =
        Game.twoPlayer "spurious" (fun x y -> 1.75 * x * x - x * y) (fun x y -> -0.5 * y * y + 2.0 * x * y)

    let report = origin spurious
    Check.close 1e-12 [| 1.5; -1.0; 2.0; -1.0 |] ((Game.JS spurious (Tensor.zeros [ 2 ])).ToArray())
    Assert.Equal(Verdict.Yes, report.IsStableStackelberg)
    Assert.Equal(Verdict.No, report.IsDifferentialStackelberg)
    Assert.Equal(Verdict.Yes, report.IsSpuriousStackelberg)
    Assert.Contains("spurious attractor           of Stackelberg play", string report)

[<Fact>]
let ``a leader without curvature of its own is marginal as Nash player and may be a Stackelberg equilibrium``
    ()
    =
    // As at the realisable equilibrium of a GAN: D₁²f = 0, the follower answers y = x, and f₁ = x² along that answer.
    let gan =
        Game.twoPlayer "realisable" (fun x y -> x * y) (fun x y -> 0.5 * y * y - x * y)

    let report = origin gan
    Assert.Equal<int[]>([| 0 |], report.MarginalPlayers)
    Assert.Equal(Verdict.Undecided, report.IsDifferentialNash)
    Assert.Equal(Verdict.Yes, report.IsDifferentialStackelberg)
    Assert.Equal(Verdict.Yes, report.IsStableSimgrad)
    // Undecided, not spurious: nothing is certain of the Nash point.
    Assert.Equal(Verdict.Undecided, report.IsSpuriousSimgrad)
    Assert.Contains("marginal                     the own second derivative of x1 is zero", string report)

[<Fact>]
let ``an undecided verdict names the number that it hangs on`` () =
    let vertex = Tensor.ofList [ Math.PI / 8.0; Math.PI / 8.0 ]
    let report = Equilibrium.classify torus.Game vertex
    let doubt = Assert.Single report.Doubts
    Assert.Equal("differential Nash", doubt.Verdict)
    Assert.Equal("the own second derivative of θ1", doubt.Of)
    Assert.InRange(abs doubt.Value, 0.0, doubt.Band)

    Assert.Contains(
        "undecided                    differential Nash: the own second derivative of θ1",
        string report
    )

    let flat = Game.twoPlayer "flat" (fun x y -> x * x + x * y) (fun x y -> x * y)
    let singular = Equilibrium.classify flat (Tensor.ofList [ 1.0; 1.0 ])
    Assert.Contains("omega_S: not finite", string singular)

    let b = Player.scalar "b" |> Player.bounded 0.0 26.0
    let a = Player.scalar "a"

    let capacity =
        game "capacity" {
            leader a (fun q -> -(95.0 - q[a] - q[b]) * q[a])
            follower b (fun q -> -(98.0 - q[a] - q[b]) * q[b])
        }

    let touching = Equilibrium.classify capacity (Tensor.ofList [ 46.0; 26.0 ])

    Assert.Contains(touching.Doubts, (fun doubt -> doubt.Of = "the pressure on a bound" && doubt.Value = 0.0))

[<Fact>]
let ``a verdict that is decided has no doubts`` () =
    for row in CriticalPoints.all do
        let report =
            Equilibrium.classify (named row.Game) (Tensor.ofList [ fst row.Point; snd row.Point ])

        let undecided =
            [
                report.IsDifferentialNash
                report.IsDifferentialStackelberg
                report.IsStableSimgrad
                report.IsStableStackelberg
            ]
            |> List.contains Verdict.Undecided

        Assert.Equal(undecided, report.Doubts.Length > 0)

[<Fact>]
let ``the players' own spectra are those of their second derivatives`` () =
    let x, y = Player.vector "x" 2, Player.scalar "y"

    let made =
        game "own" {
            // [[3, 1], [1, 3]] has the eigenvalues 2 and 4.
            leader x (fun q -> 1.5 * Tensor.dot q[x] q[x] + q[x][0] * q[x][1] + q[y])
            follower y (fun q -> 2.5 * q[y] * q[y])
        }

    let report = origin made
    Check.close 1e-12 [| 2.0; 4.0 |] report.EigenvaluesPlayers[0]
    Check.close 1e-12 [| 5.0 |] report.EigenvaluesPlayers[1]
    Assert.Contains("own second derivatives       x: 2, 4; y: 5", string report)

[<Fact>]
let ``in a box the players' tests act on the entries that no bound holds`` () =
    let x, y =
        Player.vector "x" 2 |> Player.bounded 0.0 1.0, Player.scalar "y" |> Player.bounded -1.0 1.0

    let made =
        game "held" {
            // x₀ would run down and is held; its curvature −2 does not count. y is free.
            leader x (fun q -> q[x][0] - q[x][0] * q[x][0] + (q[x][1] - 0.5) ** 2.0 + q[x][1] * q[y])
            follower y (fun q -> (q[y] - q[x][1]) ** 2.0)
        }

    // Free: 2 (x₁ − 1/2) + 2 x₁ = 0 along y = x₁ for the leader, 2 (x₁ − 1/2) + y = 0 for the Nash player.
    let leading = Equilibrium.classify made (Tensor.ofList [ 0.0; 0.25; 0.25 ])
    Assert.Equal(Verdict.Yes, leading.IsDifferentialStackelberg)
    Assert.Equal<int[]>([| 0 |], leading.HeldEntries)
    Assert.True leading.IsStrictlyComplementary
    // D²f₁ = 2 + 2 along y = x₁.
    Check.closeNumber 1e-12 4.0 leading.TotalHessian[0, 0]

    let nash = Equilibrium.classify made (Tensor.ofList [ 0.0; 1.0 / 3.0; 1.0 / 3.0 ])
    Assert.Equal(Verdict.Yes, nash.IsDifferentialNash)
    Check.close 1e-12 [| 2.0 |] nash.EigenvaluesPlayers[0]
    Assert.Equal(Verdict.No, nash.IsDifferentialStackelberg)

[<Fact>]
let ``simultaneous players above others must bend upwards together along the answer below`` () =
    let a, b, b2, c =
        Player.scalar "a", Player.scalar "b", Player.scalar "b2", Player.scalar "c"

    let levels k l =
        game "mixed levels" {
            leader a (fun q -> q[a] * q[a] + q[a] * q[b])
            follower b (fun q -> q[b] * q[b] + k * q[b] * q[b2] - 0.25 * q[c] * q[b])
            follower b2 (fun q -> q[b2] * q[b2] + l * q[b] * q[b2] - 0.25 * q[c] * q[b2])
            level
            follower c (fun q -> 0.5 * q[c] * q[c] - q[c] * (q[b] + q[b2]))
        }

    let verdict k l =
        (origin (levels k l)).IsDifferentialStackelberg

    // Along c = b + b2: [[2 − 1/2, k − 1/4], [l − 1/4, 2 − 1/2]].
    Assert.Equal(Verdict.Yes, verdict 1.0 1.0)
    Assert.Equal(Verdict.Undecided, verdict 1.75 1.75)
    Assert.Equal(Verdict.No, verdict 2.0 2.0)
    // The symmetric part decides, so that opposite couplings do no harm.
    Assert.Equal(Verdict.Yes, verdict 3.0 -2.5)

    Assert.Contains(
        (origin (levels 1.75 1.75)).Doubts,
        (fun doubt ->
            doubt.Verdict = "differential Stackelberg"
            && doubt.Of = "the total second derivative of level 2")
    )

[<Fact>]
let ``a cascade of players, each reacting to some others without a cycle, has its own curvatures for eigenvalues``
    ()
    =
    let random = Random 1

    for n, size in [ 10, 99; 16, 1; 24, 10; 29, 99 ] do
        let triangle =
            Array2D.init n n (fun i j ->
                if j > i then 0.0
                elif i = j then 1.0
                else float (random.Next(-size, size + 1)))

        let order = Array.init n id
        random.Shuffle order
        let players = [ for i in 0 .. n - 1 -> Player.scalar $"p{i}" ]

        let cost i (q: Strategies) =
            let others =
                seq { 0 .. n - 1 }
                |> Seq.filter (fun j -> j <> i && triangle[order[i], order[j]] <> 0.0)

            Seq.fold
                (fun (sum: Tensor) j -> sum + triangle[order[i], order[j]] * q[players[j]] * q[players[i]])
                (0.5 * q[players[i]] ** 2.0)
                others

        let game = Game.simultaneous "cascade" [ for i in 0 .. n - 1 -> players[i], cost i ]

        let report = Equilibrium.classify game (Tensor.zeros [ n ])
        Assert.All(report.EigenvaluesJ, fun value -> Assert.Equal(System.Numerics.Complex.One, value))
        Assert.Equal(Verdict.Yes, report.IsStableSimgrad)
