/// Lemmas 1 and 2, Theorems 1 and 2 and Corollary 6 of arXiv 1906.01217 with the constants derived here: the lemmas hold along every
/// run, and the theorems' bounds are at most the share of runs that get locked in.
module Stackelberg.Dsl.Tests.ConcentrationTests

open System
open MathNet.Numerics
open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private leading = Rule.stackelberg Conjecture.bestResponse

/// f2 = ½ yᵀQy + yᵀEx and f1 = ½ xᵀAx + xᵀBy + ½ yᵀDy, whose second derivative along the answer is made positive definite.
let private quadratic seed =
    let random = Random(seed: int)
    let m, n = 1 + random.Next 2, 1 + random.Next 2
    let x, y = Player.vector "x" m, Player.vector "y" n
    let q, e = Draw.withSpectrum random 0.3 2.0 n, Draw.matrix random n m
    let b, d = Draw.matrix random m n, Draw.symmetric random n
    let slope = -q.Inverse() * e
    let total = Draw.withSpectrum random 0.2 1.5 m

    let a =
        total
        - slope.Transpose() * b.Transpose()
        - b * slope
        - slope.Transpose() * d * slope

    let f1 (s: Strategies) =
        0.5 * Draw.form a s[x] s[x]
        + Draw.form b s[x] s[y]
        + 0.5 * Draw.form d s[y] s[y]

    let game =
        Game.create "quadratic" [
            [ x, f1 ]
            [ y, (fun s -> 0.5 * Draw.form q s[y] s[y] + Draw.form e s[y] s[x]) ]
        ]

    random, game, total, q

[<Fact>]
let ``Lemmas 1 and 2 hold at every step of 1,000 random runs`` () =
    let tightest =
        Draw.forSeeds 1000 (fun seed ->
            let random, game, _, _ = quadratic seed
            let steps, dimension = 300, game.Dimension
            let σ = Draw.uniform random 0.05 1.0

            let rates =
                Rate.power (Draw.uniform random 0.1 0.4) 0.9, Rate.power (Draw.uniform random 0.1 0.4) 0.6

            let draws =
                TestGames.normals seed (steps * dimension)
                |> Array.map (fun w -> σ * w)
                |> Array.chunkBySize dimension

            let run =
                Learn.run
                    leading
                    {
                        Learn.settings with
                            Steps = steps
                            Rates = [ fst rates; snd rates ]
                            Noise = Noise.given draws
                    }
                    (Tensor.ofArray (Array.init dimension (fun _ -> Draw.uniform random -1.0 1.0)))
                    game

            let fromStep = random.Next 50
            let origin = Tensor.zeros [ dimension ]
            let found = game |> Concentration.alongRun fromStep rates draws origin run
            Assert.Equal(steps - fromStep + 1, found.FollowerGaps.Length)

            let check (gaps: float[]) (bounds: float[]) =
                Array.iter2
                    (fun gap bound -> Assert.True(gap <= bound * (1.0 + 1e-12), $"{seed}: {gap} > {bound}"))
                    gaps
                    bounds

                Array.map2 (/) gaps bounds |> Array.max

            check found.FollowerGaps found.FollowerBounds, check found.LeaderGaps found.LeaderBounds)

    // At n0 the right-hand side is K times the gap itself, K ≥ 1: the lemmas are met, and not by a factor that says nothing.
    Assert.InRange(tightest |> Array.map fst |> Array.max, 0.1, 1.0)
    Assert.InRange(tightest |> Array.map snd |> Array.max, 0.1, 1.0)

[<Fact>]
let ``the sums S₁ and S₂ matter: without noise's own term the lemma would fail`` () =
    // One leader at rest, a follower of curvature 1 with constant noise: the gap tends to the noise.
    let game = Game.twoPlayer "rest" (fun x _ -> 0.5 * x * x) (fun _ y -> 0.5 * y * y)
    let draws = Array.create 400 [| 0.0; -1.0 |]
    let rates = Rate.constant 1e-6, Rate.constant 0.05

    let run =
        Learn.run
            leading
            {
                Learn.settings with
                    Steps = 400
                    Rates = [ fst rates; snd rates ]
                    Noise = Noise.given draws
            }
            (Tensor.zeros [ 2 ])
            game

    let found = game |> Concentration.alongRun 0 rates draws (Tensor.zeros [ 2 ]) run
    Check.closeNumber 1e-6 1.0 (Array.last found.FollowerGaps)
    // K is the factor of sup γ: e^0.05 (½ · gap + ¼); the terms are S₂ = 1, sup γ₂ = sup γ₂‖w‖² = 0.05 and τ = 2e-5.
    let K = max 1.0 (exp 0.05 * 0.75)
    Check.closeNumber 1e-6 K found.Lemmas.Follower
    Check.closeNumber 1e-4 (K * 1.10002) (Array.last found.FollowerBounds)

/// Of the duopoly near its equilibrium: 2 D₂²f₂, D²f₁ = 1, D₂(Df₁) = 1, Dr = −½.
let private constants σ M1 : ConcentrationConstants = {
    LeaderDimension = 1
    FollowerDimension = 1
    FollowerCurvature = struct (2.0, 2.0)
    LeaderCurvature = struct (1.0, 1.0)
    LipschitzLeaderInFollower = 1.0
    BoundOfLeader = M1
    LipschitzReaction = 0.5
    LeaderDeviation = σ
    FollowerDeviation = σ
}

let private problem σ n0 horizon : ConcentrationProblem = {
    Constants = constants σ 1.0
    LeaderRate = Rate.power 1.0 1.0
    FollowerRate = Rate.power 1.0 (2.0 / 3.0)
    Radius = 0.5
    FromStep = n0
    FollowerGap = 0.1
    LeaderGap = 0.1
    Horizon = horizon
}

[<Fact>]
let ``worked example: the duopoly's constants by hand`` () =
    let n0 = 1_000_000
    let bound = Concentration.bound (problem 0.01 n0 (2 * n0))
    // c2 = e^(2 γ)/2 with γ = (10⁶ + 1)^(−2/3) = 1e-4, c1 = e^(1e-6).
    let γ = (float n0 + 1.0) ** (-2.0 / 3.0)
    let c2, c1 = exp (2.0 * γ) / 2.0, exp (1.0 / (float n0 + 1.0))
    // Lemma 1: c2 (2 R + ½) with R = 0.6, c2/2, c2 ½ (1 + ½), c2/4.
    let follower = [| 1.0; 1.0; c2 * 1.7; c2 * 0.5; c2 * 0.75; c2 * 0.25 |]
    Check.close 1e-12 follower bound.Lemmas.FollowerFactors
    Check.closeNumber 1e-12 1.0 bound.Lemmas.Follower

    let leader = [|
        1.0
        c1
        c1 * c2 * 1.7
        c1 * γ * (0.5 * 0.6 + 0.25) + c1 * c2 * 0.75
        c1 * c2 * 0.5
        c1 * γ * 0.25 + c1 * c2 * 0.25
        c2
        1.0
    |]

    Check.close 1e-12 leader bound.Lemmas.LeaderFactors
    // ε/(8 K) = 1/16; γ₁/γ₂ = (10⁶)^(−1/3) = 0.01.
    Assert.True bound.Follower.IsApplicable
    Assert.Equal(n0, bound.Follower.FirstStep)
    // e^(−2 t) 0.1 ≤ 1/16 after t = ½ ln 1.6 = 0.235: about 2350 steps of 1e-4.
    Assert.InRange(bound.Follower.Time, 2340, 2360)
    Assert.Equal(n0 + bound.Follower.Time + 1, bound.Follower.LockedFrom)
    Assert.Equal(1_002_353, bound.Follower.LockedFrom)
    Check.closeNumber 1e-12 2.0 bound.Follower.Constants[2]
    Check.closeNumber 1e-9 (1.0 / (128.0 * 1e-4 * c2)) bound.Follower.Constants[3]
    // Noise of 0.01 is far from 1/16.
    Assert.InRange(bound.Follower.Probability, 0.999999, 1.0)
    Assert.InRange(bound.Follower.ProbabilityForEver, 0.999999, 1.0)
    Assert.InRange(bound.Leader.ProbabilityForEver, 0.999999, 1.0)
    // The leader forgets as 1/n: e^(−t̂) 0.1 ≤ ε/(8 K̄), K̄ = c1, from n = 1.6 n0 on.
    Assert.InRange(float bound.Leader.Time, 0.6 * float n0 - 10.0, 0.6 * float n0 + 10.0)

[<Fact>]
let ``β and η are the maxima that they are defined as`` () =
    let random = Random 4

    for _ in 1..1000 do
        let n0 = random.Next 20
        let horizon = n0 + 1 + random.Next 40

        let problem = {
            problem 0.1 n0 horizon with
                Constants = {
                    constants 0.1 1.0 with
                        FollowerCurvature = struct (Draw.uniform random 0.1 1.0, 2.0)
                        LeaderCurvature = struct (Draw.uniform random 0.1 1.0, 2.0)
                }
                LeaderRate = Rate.power (Draw.uniform random 0.1 1.0) 1.0
                FollowerRate = Rate.power (Draw.uniform random 0.1 1.0) 0.6
        }

        let bound = Concentration.bound problem

        let byDefinition κ (rate: Rate) n =
            [ n0 .. n - 1 ]
            |> List.map (fun k ->
                let between = [ k + 1 .. n - 1 ] |> List.sumBy (fun i -> rate.At(i + 1))
                exp (-κ * between) * rate.At(k + 1))
            |> List.max

        let struct (κ1, _), struct (κ2, _) =
            problem.Constants.LeaderCurvature, problem.Constants.FollowerCurvature

        let steps = [| n0 + 1 .. horizon |]
        Check.close 1e-12 (steps |> Array.map (byDefinition κ2 problem.FollowerRate)) bound.Beta
        Check.close 1e-12 (steps |> Array.map (byDefinition κ1 problem.LeaderRate)) bound.Eta

/// The share of runs of the duopoly's own recursion that are within the radius from a step to the horizon: follower, leader.
let private shares (problem: ConcentrationProblem) runs (bound: ConcentrationBound) =
    let σ = problem.Constants.FollowerDeviation

    let ends =
        Draw.forSeeds runs (fun seed ->
            let random = Random(1000 + seed)

            let normal () =
                sqrt (-2.0 * log (1.0 - random.NextDouble()))
                * cos (2.0 * Math.PI * random.NextDouble())

            // x = q1 − 46, y = q2 − 26: Df1 = 1.5 x + y, D2f2 = x + 2 y, z = −x/2.
            let mutable x, y = 0.1, 0.05
            let mutable isFollower, isLeader = true, true

            for n in problem.FromStep .. problem.Horizon do
                if n >= bound.Follower.LockedFrom && abs (y + 0.5 * x) > problem.Radius then
                    isFollower <- false

                if n >= bound.Leader.LockedFrom && abs x > problem.Radius then
                    isLeader <- false

                let γ1, γ2 = problem.LeaderRate.At(n + 1), problem.FollowerRate.At(n + 1)
                let next = x - γ1 * (1.5 * x + y + σ * normal ())
                y <- y - γ2 * (x + 2.0 * y + σ * normal ())
                x <- next

            isFollower, isLeader)

    let share which =
        float (Draw.count which ends) / float runs

    share fst, share snd

[<Fact>]
let ``Theorems 1 and 2: of 1,000 runs at least so many get locked in as the bounds say`` () =
    // Noise for which the bound says something but not all. The runs' |Df1| stays below M₁ = 1: they are within 0.4 of 0.
    let problem = {
        problem 0.3 3000 20_000 with
            LeaderRate = Rate.power 0.3 0.9
            FollowerRate = Rate.power 0.5 0.6
            Radius = 0.9
    }

    let bound = Concentration.bound problem
    Assert.True(bound.Follower.IsApplicable, string bound)
    Assert.True(bound.Leader.IsApplicable, string bound)
    let follower, leader = shares problem 1000 bound
    // The share of 1,000 is below a true probability by 0.07 once in 10⁶ at most.
    Assert.True(follower >= bound.Follower.SharpProbability - 0.07, $"{follower} {bound}")
    Assert.True(leader >= bound.Leader.SharpProbability - 0.07, $"{leader} {bound}")
    // The printed form is the weaker one.
    Assert.True(bound.Follower.Probability <= bound.Follower.SharpProbability + 1e-12)
    Assert.True(bound.Leader.Probability <= bound.Leader.SharpProbability + 1e-12)
    Assert.True(bound.Follower.SharpProbability > 0.5, string bound)
    // Of half the noise the printed form says something, too, and for ever.
    let quiet =
        Concentration.bound {
            problem with
                Constants = constants 0.15 1.0
        }

    Assert.InRange(quiet.Follower.Probability, 0.9, 1.0)
    Assert.InRange(quiet.Leader.Probability, 0.9, 1.0)
    Assert.InRange(quiet.Follower.ProbabilityForEver, 0.9, quiet.Follower.Probability)

[<Fact>]
let ``Corollary 6: from the first step, with rates that are small from there on`` () =
    let small = {
        problem 0.001 0 500_000 with
            LeaderRate = Rate.power 0.002 0.9
            FollowerRate = Rate.power 0.05 0.6
    }

    let bound = Concentration.bound small
    Assert.Equal(0, bound.Follower.FirstStep)
    Assert.True(bound.Follower.IsApplicable, string bound)
    Assert.InRange(bound.Follower.Probability, 0.99, 1.0)
    // With rates 1/k^(2/3) the first are too large: N is later.
    let large =
        Concentration.bound {
            small with
                FollowerRate = Rate.power 1.0 (2.0 / 3.0)
        }

    Assert.False large.Follower.IsApplicable
    Assert.InRange(large.Follower.FirstStep, 10, 499_999)

[<Fact>]
let ``what lies beyond the horizon is bounded, and infinite for constant rates`` () =
    // The same sums with the horizon three times as far are at most the sums and rests of the near one.
    let noise = 0.02
    let near = Concentration.bound (problem noise 100_000 200_000)
    let far = Concentration.bound (problem noise 100_000 600_000)

    for nearPlayer, farPlayer in [ near.Follower, far.Follower; near.Leader, far.Leader ] do
        for k in 0 .. nearPlayer.Sums.Length - 1 do
            Assert.True(nearPlayer.Sums[k] <= farPlayer.Sums[k])

            Assert.True(
                farPlayer.Sums[k] <= (nearPlayer.Sums[k] + nearPlayer.Rests[k]) * (1.0 + 1e-9),
                $"{k}: {farPlayer.Sums[k]} {nearPlayer.Sums[k]} {nearPlayer.Rests[k]}"
            )

    let constant =
        Concentration.bound {
            problem noise 0 1000 with
                LeaderRate = Rate.constant 1e-4
                FollowerRate = Rate.constant 1e-2
        }

    Assert.Equal(-infinity, constant.Follower.ProbabilityForEver)
    Assert.True(Double.IsFinite constant.Follower.Probability)

[<Fact>]
let ``without noise nothing is left to chance`` () =
    let bound = Concentration.bound (problem 0.0 1_000_000 2_000_000)
    Assert.Equal(1.0, bound.Follower.ProbabilityForEver)
    Assert.Equal(1.0, bound.Leader.SharpProbability)

[<Fact>]
let ``constants come from a sampled box and normal noise`` () =
    let game = TestGames.duopoly.Game

    let assumptions =
        game
        |> Assumptions.inBox 20 (Tensor.ofList [ 45.0; 25.0 ], Tensor.ofList [ 47.0; 27.0 ])

    let found =
        Concentration.constants (Noise.gaussianEach [ 0.1; 0.2 ]) assumptions game

    let struct (κ2, L2), struct (κ1, Λ1) =
        found.FollowerCurvature, found.LeaderCurvature

    Check.close 1e-10 [| 2.0; 2.0; 1.0; 1.0; 1.0; 0.5; 0.1; 0.2 |] [|
        κ2
        L2
        κ1
        Λ1
        found.LipschitzLeaderInFollower
        found.LipschitzReaction
        found.LeaderDeviation
        found.FollowerDeviation
    |]

    Assert.Equal(
        "Concentration.constants: noise is given numbers, whose tails nobody knows; give the deviations of normal noise.",
        Check.argumentMessage (fun () ->
            Concentration.constants (Noise.given [||]) assumptions game |> ignore)
    )

[<Fact>]
let ``wrong problems are told`` () =
    let message change =
        Check.argumentMessage (fun () -> Concentration.bound (change (problem 0.1 0 10)) |> ignore)

    Assert.Equal(
        "Concentration.bound: Radius is 1, but a number in (0, 1) is needed.",
        message (fun problem -> { problem with Radius = 1.0 })
    )

    Assert.Equal(
        "Concentration.bound: Horizon is 10 and FromStep is 10, but 0 ≤ FromStep < Horizon is needed.",
        message (fun problem -> { problem with FromStep = 10 })
    )

    Assert.Equal(
        "Concentration.bound: FollowerRate is 0 in step 1, but a finite rate above 0 is needed.",
        message (fun problem -> {
            problem with
                FollowerRate = Rate.constant 0.0
        })
    )
