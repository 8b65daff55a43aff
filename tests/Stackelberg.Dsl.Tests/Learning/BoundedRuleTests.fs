/// Rules in boxes and sets against their steps written out in plain numbers.
module Stackelberg.Dsl.Tests.BoundedRuleTests

open System
open FsCheck
open FsCheck.FSharp
open Xunit
open Stackelberg
open Stackelberg.Kernels

let private a = Player.scalar "a" |> Player.bounded -1.0 1.0
let private b = Player.scalar "b" |> Player.bounded -1.0 1.0

let private clip x = Math.Clamp(x, -1.0, 1.0)

/// fᵢ = ½ hᵢ xᵢ² + cᵢ x₁ x₂ + gᵢ xᵢ + kᵢ x₋ᵢ on [−1, 1]², by its numbers.
type private Plane = {
    H: float * float
    C: float * float
    G: float * float
    K: float * float
} with

    member p.Game =
        game "plane" {
            leader a (fun q ->
                0.5 * fst p.H * q[a] * q[a]
                + fst p.C * q[a] * q[b]
                + fst p.G * q[a]
                + fst p.K * q[b])

            follower b (fun q ->
                0.5 * snd p.H * q[b] * q[b]
                + snd p.C * q[a] * q[b]
                + snd p.G * q[b]
                + snd p.K * q[a])
        }

    /// D₁f₁, D₂f₂.
    member p.Gradient(x, y) =
        fst p.H * x + fst p.C * y + fst p.G, snd p.H * y + snd p.C * x + snd p.G

    /// D₂f₁, D₁f₂.
    member p.Cross(x, y) =
        fst p.C * x + fst p.K, snd p.C * y + snd p.K

/// 0 where a bound holds a strategy against its gradient, else 1.
let private free x g =
    if (x <= -1.0 && g > 0.0) || (x >= 1.0 && g < 0.0) then
        0.0
    else
        1.0

let private γ, α = 0.1, 0.3

/// The least point in [−1, 1] of ½ h y² + s y with h > 0.
let private least h s = clip (-s / h)

let private random seed =
    let uniform = Array.zeroCreate<float> 10
    Philox(uint64 seed, 77UL).FillUniform(uniform, 0, 10)
    let signed i = 4.0 * uniform[i] - 2.0

    let plane = {
        H = 0.5 + 2.0 * uniform[0], 0.5 + 2.0 * uniform[1]
        C = signed 2, signed 3
        G = signed 4, signed 5
        K = signed 6, signed 7
    }

    // Half of the starts are on a bound.
    let start i =
        if uniform[i] < 0.25 then -1.0
        elif uniform[i] > 0.75 then 1.0
        else 4.0 * uniform[i] - 2.0

    struct (plane, start 8, start 9)

let private step rule (p: Plane) (x: float, y: float) =
    let run =
        p.Game
        |> Learn.run
            rule
            {
                Learn.settings with
                    Steps = 1
                    Rates = [ Rate.constant γ ]
            }
            (Tensor.ofList [ x; y ])

    let final = run.Final.ToArray()
    final[0], final[1]

let private law name property =
    Check.One(
        Config.QuickThrowOnFailure.WithName(name).WithMaxTest(100),
        Prop.forAll (ArbMap.defaults |> ArbMap.arbitrary<NonNegativeInt>) (fun seed -> property seed.Get)
    )

let private agrees digits name (rule: Rule) (byHand: Plane -> float * float -> float * float) =
    law name (fun seed ->
        let struct (p, x, y) = random seed
        let x', y' = byHand p (x, y)
        let u, v = step rule p (x, y)
        Assert.Equal(x', u, (digits: float))
        Assert.Equal(y', v, digits))

let private descend (x, y) (g1, g2) = clip (x - γ * g1), clip (y - γ * g2)

[<Fact>]
let ``the proximal point is where a projected step back from it ends`` () =
    agrees 1e-9 "proximal point" Rule.proximalPoint (fun p from ->
        // At this rate the map contracts.
        Seq.fold (fun (z1, z2) _ -> descend from (p.Gradient(z1, z2))) from (seq { 1..400 }))

[<Fact>]
let ``the best response is the follower's least cost within its bounds`` () =
    agrees 1e-9 "best response" Rule.bestResponse (fun p (x, _) ->
        let response x = least (snd p.H) (snd p.C * x + snd p.G)

        let y = response x
        let g1, g2 = p.Gradient(x, y)
        let answers = if abs y < 1.0 then -(snd p.C) / snd p.H else 0.0
        ignore g2
        let x' = clip (x - γ * (g1 + answers * fst (p.Cross(x, y))))
        x', response x')

[<Fact>]
let ``players look ahead to where bounds let the others go`` () =
    agrees 1e-12 "look-ahead" (Rule.lookAhead α) (fun p (x, y) ->
        let g1, g2 = p.Gradient(x, y)
        let x', y' = clip (x - α * g1), clip (y - α * g2)
        descend (x, y) (fst (p.Gradient(x, y')), snd (p.Gradient(x', y))))

/// ∓α of what an own move does to the other's step, if bounds let it make one.
let private shaping (p: Plane) (x, y) =
    let g1, g2 = p.Gradient(x, y)
    let d2f1, d1f2 = p.Cross(x, y)
    free y g2 * snd p.C * d2f1, free x g1 * fst p.C * d1f2

[<Fact>]
let ``who shapes others' steps expects none from those that a bound holds`` () =
    agrees 1e-12 "LOLA" (Rule.lola α) (fun p at ->
        let g1, g2 = p.Gradient at
        let s1, s2 = shaping p at
        descend at (g1 - α * s1, g2 - α * s2))

/// ω − α C times the steps that bounds let the others make.
let private ahead (p: Plane) (x, y) =
    let g1, g2 = p.Gradient(x, y)
    g1 - α * fst p.C * free y g2 * g2, g2 - α * snd p.C * free x g1 * g1

[<Fact>]
let ``first-order look-ahead leaves out steps that bounds stop`` () =
    agrees 1e-12 "first-order look-ahead" (Rule.firstOrderLookAhead α) (fun p at -> descend at (ahead p at))

[<Fact>]
let ``first-order LOLA leaves out steps that bounds stop`` () =
    agrees 1e-12 "first-order LOLA" (Rule.firstOrderLola α) (fun p at ->
        let (a1, a2), (s1, s2) = ahead p at, shaping p at
        descend at (a1 - α * s1, a2 - α * s2))

[<Fact>]
let ``implicit conjectures take an answer only from those that are free to give one`` () =
    agrees 1e-10 "implicit conjectures" (Rule.implicitConjectures Conjecture.bestResponse) (fun p (x, y) ->
        let g1, g2 = p.Gradient(x, y)
        let d2f1, d1f2 = p.Cross(x, y)

        descend (x, y) (g1 - free y g2 * snd p.C / snd p.H * d2f1, g2 - free x g1 * fst p.C / fst p.H * d1f2))

[<Fact>]
let ``a follower on its bound does not follow the ridge`` () =
    agrees 1e-10 "follow-the-ridge" (Rule.followTheRidge Conjecture.none) (fun p (x, y) ->
        let g1, g2 = p.Gradient(x, y)
        let x', y' = descend (x, y) (g1, g2)
        x', clip (y' - free y g2 * snd p.C / snd p.H * (x' - x)))

[<Fact>]
let ``of two ridges a bound ends one`` () =
    agrees 1e-9 "double follow-the-ridge" Rule.doubleFollowTheRidge (fun p (x, y) ->
        let g1, g2 = p.Gradient(x, y)
        let x', y' = descend (x, y) (g1, g2)
        let m1, m2 = x' - x, y' - y
        // J Δ = B m with the rows of those who are held those of the identity.
        let h1, c1 = if free x g1 = 1.0 then fst p.H, fst p.C else 1.0, 0.0
        let h2, c2 = if free y g2 = 1.0 then snd p.H, snd p.C else 1.0, 0.0
        let r1, r2 = h1 * m1, h2 * m2
        let determinant = h1 * h2 - c1 * c2

        if abs determinant < 1e-3 then
            step Rule.doubleFollowTheRidge p (x, y)
        else
            clip (x + (h2 * r1 - c1 * r2) / determinant), clip (y + (h1 * r2 - c2 * r1) / determinant))

[<Fact>]
let ``DARTS by differences looks one step ahead within the bounds`` () =
    agrees 1e-9 "DARTS by differences" (Rule.dartsByDifferences α) (fun p (x, y) ->
        let _, g2 = p.Gradient(x, y)
        let y' = clip (y - α * g2)
        let g1, _ = p.Gradient(x, y')
        let d2f1, _ = p.Cross(x, y')
        let x' = clip (x - γ * (g1 - α * free y g2 * snd p.C * d2f1))
        let _, g2' = p.Gradient(x', y)
        x', clip (y - γ * g2'))

// ½‖y − p‖² over the simplex, with x moving p: the answer is the projection of p, known in closed form.
[<Fact>]
let ``the best response on a simplex is the projection that the cost asks for`` () =
    let x = Player.scalar "x"
    let y = Player.vector "y" 3 |> Player.simplex
    let pull = Tensor.ofList [ 1.0; 0.0; -1.0 ]

    let simplex =
        game "simplex" {
            leader x (fun q -> 0.5 * (q[x] - 0.1) ** 2.0 + Tensor.dot q[y] (Tensor.ofList [ 0.0; 1.0; 0.0 ]))

            follower y (fun q ->
                let d = q[y] - q[x] * pull
                0.5 * Tensor.dot d d)
        }

    let endFrom x =
        (simplex
         |> Learn.run
             Rule.bestResponse
             { Learn.settings with Steps = 400 }
             (Tensor.ofList [ x; 0.2; 0.3; 0.5 ]))
            .Final.ToArray()

    // p = (t, 0, −t). For |t| < 1/3 all of y is in use, with y₂ = 1/3, so that only ½ (t − 0.1)² counts; above, y₃ = 0 and
    // y₂ = (1 − t) / 2.
    Check.close 1e-7 [| 0.1; 13.0 / 30.0; 1.0 / 3.0; 7.0 / 30.0 |] (endFrom 0.2)
    Check.close 1e-7 [| 0.6; 0.8; 0.2; 0.0 |] (endFrom 0.4)

[<Fact>]
let ``steps read from entries of a vector tell the followers' curvature as it is`` () =
    let x = Player.scalar "x"

    let entry i (v: Tensor) =
        Tensor.slice 0 i 1 v |> Tensor.reshape []

    let indefiniteSteps (curvature: float) limit =
        let y = Player.vector "y" 3 |> limit

        let entries =
            game "entries" {
                leader x (fun q -> 0.5 * q[x] * q[x] + q[x] * entry 0 q[y])

                follower y (fun q ->
                    0.5
                    * (entry 0 q[y] ** 2.0
                       + 3.0 * entry 1 q[y] ** 2.0
                       + curvature * entry 2 q[y] ** 2.0)
                    + q[x] * entry 0 q[y])
            }

        let third = 1.0 / 3.0

        (entries
         |> Learn.run
             (Rule.stackelberg Conjecture.bestResponse)
             { Learn.settings with Steps = 20 }
             (Tensor.ofList [ 0.1; third; third; third ]))
            .Solves.IndefiniteSteps

    for limit in
        [
            id
            Player.simplex
            Player.bounded -5.0 5.0
            Player.ball (Array.zeroCreate 3) 9.0
        ] do
        Assert.Equal(0L, indefiniteSteps 2.0 limit)

    Assert.Equal(20L, indefiniteSteps -2.0 id)

    // Of ⅓ · 1.2ᵏ three times as much, where a whole step would lead, is outside of the ball after 13 steps.
    Assert.Equal(13L, indefiniteSteps -2.0 (Player.ball (Array.zeroCreate 3) 9.0))

    // ⅓ · 1.2ᵏ reaches the bound after 15 steps of rate 0.1, and has no curvature there.
    Assert.Equal(15L, indefiniteSteps -2.0 (Player.bounded -5.0 5.0))

[<Fact>]
let ``multipliers are not told to lack curvature, and the best response under a constraint is the constrained one``
    ()
    =
    let x = Player.scalar "x"
    let y = Player.vector "y" 2

    let capped =
        game "capped" {
            leader x (fun q -> 0.5 * (q[x] - 1.0) * (q[x] - 1.0) + 0.25 * Tensor.sum q[y])
            follower y (fun q -> 0.5 * Tensor.dot q[y] q[y] - q[x] * Tensor.sum q[y])
            subjectTo y "cap" (fun q -> Tensor.sum q[y] - 1.0)
        }

    for ρ in [ 0.0; 1.0 ] do
        for rule in [ Rule.bestResponse; Rule.stackelberg Conjecture.bestResponse ] do
            // y = (x, x) up to x = 1/2, where the leader's costs fall on: (1, 1/2, 1/2) with the multiplier 1/2.
            let run =
                Game.withMultipliers ρ capped
                |> Learn.run rule { Learn.settings with Steps = 3000 } (Tensor.ofList [ 0.9; 0.5; 0.5; 0.4 ])

            Assert.Equal(0L, run.Solves.IndefiniteSteps)
            Check.close 1e-8 [| 1.0; 0.5; 0.5; 0.5 |] (run.Final.ToArray())

/// In a box, a step beside a bound: the analysis puts entries there that lie within the tolerance and are pressed.
[<Fact>]
let ``a point beside a bound within the tolerance is what the point on the bound is`` () =
    let beside =
        game "linear in boxes" {
            leader a (fun q -> q[a] + 0.3 * q[b] * q[a])
            follower b (fun q -> 2.0 * q[b] - 0.1 * q[a] * q[b])
        }

    let classify (first: float) second =
        Equilibrium.classify beside (Tensor.ofList [ first; second ])

    for gap in [ 0.0; 1e-17; 1e-13; 1e-9 ] do
        for other in [ 0.0; 1e-16; 1e-12 ] do
            let report = classify (-1.0 + gap) (-1.0 + other)
            let large = Equilibrium.classifyLarge beside report.Point

            for verdict in
                [
                    report.IsDifferentialNash
                    report.IsDifferentialStackelberg
                    report.IsStableStackelberg
                    large.IsDifferentialNash
                    large.IsStableStackelberg
                ] do
                Assert.Equal(Verdict.Yes, verdict)

    Assert.Equal(Verdict.No, (classify -0.99 -1.0).IsDifferentialNash)
