module Stackelberg.Dsl.Tests.OwnRuleTests

open System
open Stackelberg
open Stackelberg.Kernels
open Stackelberg.Dsl.Tests
open Xunit

/// Extragradient and heavy ball as a user writes them.
let private extragradient =
    Rule.create "mine" "Korpelevich 1976" (fun s x -> s.Descend(x, s.Omega(s.Descend(x, s.Omega x))))

let private heavyBall (β: float) =
    Rule.withState
        $"mine {β}"
        "Polyak 1964"
        (fun game _ -> [ ("velocity", Tensor.zeros [ game.Dimension ]) ])
        (fun s memory x ->
            let next = s.Descend(x + β * memory[0], s.Omega x)
            next, [| next - x |])

let private pairs = [
    extragradient, Rule.extragradient
    heavyBall -0.2, Rule.momentum -0.2
    Rule.create "mine" "" (fun s x -> s.Project(x - s.Rate * s.Precondition(s.OmegaS x))),
    Rule.stackelberg Conjecture.bestResponse
]

let private a, b = Player.scalar "a", Player.vector "b" 2

let private costA (q: Strategies) =
    (q[a] - 1.0) ** 2.0 + 0.3 * q[a] * Tensor.sum q[b] + 0.1 * cos q[a]

let private costB (q: Strategies) =
    Tensor.sum ((q[b] + 0.5) ** 2.0) - 0.4 * q[a] * Tensor.sum q[b]

/// Games of every kind that a rule must be able to play.
let private games = [
    Game.create "free" [ [ (a, costA) ]; [ (b, costB) ] ]
    Game.create "boxes" [
        [ (Player.bounded -0.2 0.7 a, costA) ]
        [ (Player.bounded -0.3 2.0 b, costB) ]
    ]
    Game.create "circle" [
        [
            (Player.onCircle a, (fun q -> cos q[a] + 0.3 * sin (q[a] - Tensor.sum q[b])))
        ]
        [ (b, costB) ]
    ]
    Game.create "single precision" [
        [ (a, (fun q -> (q[a] - 1.0) ** 2.0 + 0.3 * q[a] * Tensor.sum q[b])) ]
        [ (b, costB) ]
    ]
    |> Game.withPrecision DType.Float32
    game "sampled" {
        samples (Sampler.normal "z" [ 2 ])
        leader a (fun q -> costA q + Tensor.mean (q.Sample "z") * q[a])
        follower b (fun q -> costB q - Tensor.sum (q.Sample "z" * q[b]))
    }
]

let private start = Tensor.ofList [ 0.5; 0.3; -0.1 ]

let private settings = {
    Learn.settings with
        Steps = 30
        Rates = [ Rate.constant 0.05; Rate.power 0.1 0.6 ]
        Seed = 7UL
}

let private noises = [ Noise.none; Noise.gaussian 0.1; Noise.gaussianEach [ 0.2; 0.05 ] ]

let private preconditioned rule =
    Rule.preconditioned [ Preconditioner.adam; Preconditioner.momentum 0.5 ] rule

[<Fact>]
let ``a rule of a script plays every kind of game as the library's does, bit for bit`` () =
    for own, known in pairs do
        for game in games do
            for noise in noises do
                for wrap in [ id; preconditioned ] do
                    let settings = { settings with Noise = noise }
                    let mine = game |> Learn.run (wrap own) settings start
                    let theirs = game |> Learn.run (wrap known) settings start

                    for row in 0 .. mine.Trajectory.Length - 1 do
                        Assert.Equal<float[]>(theirs.Trajectory[row], mine.Trajectory[row])

                    Assert.Equal(string theirs.Outcome, string mine.Outcome)

[<Fact>]
let ``it goes on where it was saved, bit for bit`` () =
    for own, _ in pairs do
        for game in games do
            for wrap in [ id; preconditioned ] do
                let settings = {
                    settings with
                        Noise = Noise.gaussian 0.1
                }

                let whole = game |> Learn.run (wrap own) settings start
                let half = game |> Learn.start (wrap own) settings start
                half.Advance 13
                let rest = game |> Learn.resume (wrap own) settings (half.Save())
                rest.Advance settings.Steps
                Assert.Equal<float[]>(whole.Final.ToArray(), rest.Finish().Final.ToArray())

[<Fact>]
let ``many of its runs are its single runs, in every kind of game, with noise and preconditioners`` () =
    let starts = Tensor.stack 0 [ start; 0.3 * start; Tensor.ofList [ -0.1; 0.2; 0.4 ] ]

    for own, _ in pairs do
        for game in games do
            for noise in noises do
                for wrap in [ id; preconditioned ] do
                    let settings = { settings with Noise = noise }
                    let runs = game |> Ensemble.run (wrap own) settings starts
                    let last = runs.Points(runs.RecordedSteps.Length - 1)

                    for k in 0..2 do
                        let single =
                            game
                            |> Learn.run
                                (wrap own)
                                {
                                    settings with
                                        Seed = settings.Seed + uint64 k
                                }
                                starts[k]

                        let tolerance = if game.Precision = DType.Float32 then 1e-5 else 1e-12
                        Check.close tolerance (single.Final.ToArray()) last[3 * k .. 3 * k + 2]

[<Fact>]
let ``its contraction is that of its formula`` () =
    // ω = A x with A = [1, 2; −2, 1] on a quadratic saddle: I − γ A (I − γ A), (1 + 2i in complex numbers).
    let saddle =
        Game.zeroSum "saddle" (fun x y -> 0.5 * x * x + 2.0 * x * y - 0.5 * y * y)

    let γ = 0.1
    let i = Numerics.Complex(1.0, 2.0)
    let expected = (1.0 - γ * i * (1.0 - γ * i)).Magnitude

    let row =
        (saddle
         |> Comparison.run
             {
                 Comparison.settings with
                     Rules = [| extragradient |]
                     Rate = γ
             }
             (Tensor.ofList [ 1.0; 1.0 ]))[0]

    Check.closeNumber 1e-13 expected row.Predicted
    Assert.True(row.Agrees, string row)

[<Fact>]
let ``a field of its own is evaluated with noise and draws like the library's`` () =
    let consensus =
        Rule.create "consensus" "" (fun s x ->
            let g =
                s.Evaluate(
                    "ω + λ Jᵀω",
                    (fun game x ->
                        let ω, pullback = Diff.vjp (Game.omega game) x
                        ω + 0.1 * pullback ω),
                    x
                )

            s.Descend(x, g))

    let game = List.head games

    let settings = {
        settings with
            Noise = Noise.gaussian 0.1
    }

    let mine = game |> Learn.run consensus settings start
    let theirs = game |> Learn.run (Rule.consensus 0.1) settings start
    Assert.Equal<float[]>(theirs.Final.ToArray(), mine.Final.ToArray())

[<Fact>]
let ``what is wrong with a step is told with the rule's name`` () =
    let message rule =
        Assert
            .ThrowsAny<Exception>(fun () -> List.head games |> Learn.run rule settings start |> ignore)
            .Message

    let rule step = Rule.create "mine" "" step

    Assert.Contains(
        "The step of mine returns shape [2] for the joint strategy, but [3] is needed",
        message (rule (fun _ x -> x[0..1]))
    )

    Assert.Contains(
        "The step of mine returns Float32 for the joint strategy, but Float64 is needed; take Tensor.cast DType.Float64",
        message (rule (fun _ x -> Tensor.cast DType.Float32 x))
    )

    // A number is read of a symbol: the message names what to take instead.
    let read =
        message (rule (fun s x -> if float (Tensor.sum (s.Omega x)) > 0.0 then x else 2.0 * x))

    Assert.Contains("The step of mine", read)
    Assert.Contains("where", read)

    Assert.Contains("x has shape [2], but [3] is needed", message (rule (fun s x -> s.Omega x[0..1])))

    let state memory after =
        Rule.withState "mine" "" (fun _ _ -> [ ("m", memory) ]) (fun _ _ x -> x, after)

    Assert.Contains(
        "returns shape [2] for \"m\", but [3] is needed, as before the step",
        message (state (Tensor.zeros [ 3 ]) [| Tensor.zeros [ 2 ] |])
    )

    Assert.Contains(
        "returns 0 tensors to remember, but 1 are needed",
        message (state (Tensor.zeros [ 3 ]) [||])
    )

    Assert.Contains(
        "\"m\" is Float32, but float64 is needed",
        message (state (Tensor.cast DType.Float32 (Tensor.zeros [ 3 ])) [| Tensor.zeros [ 3 ] |])
    )

    Assert.Contains(
        "Rule.create: name is empty",
        Check.argumentMessage (fun () -> Rule.create " " "" (fun _ x -> x) |> ignore)
    )

    Assert.Contains(
        "The step of mine with Adam (0.9, 0.999, 1E-08) uses no preconditioner",
        message (
            rule (fun s x -> x - s.Rate * s.Omega x)
            |> Rule.preconditioned [ Preconditioner.adam ]
        )
    )

    Assert.Contains(
        "draws outside",
        message (rule (fun s x -> x - s.Rate * (s.Omega x + float (Random.Shared.NextDouble()))))
    )

[<Fact>]
let ``what a rule requires it refuses to play without`` () =
    let rule =
        extragradient
        |> Rule.requiring [ Requirement.TwoPlayers; Requirement.Unbounded ]

    Assert.Null(rule.Refuses games[0])
    Assert.Contains("knows no bounds".Replace("knows", "know"), rule.Refuses games[1])

    let three =
        Game.simultaneous "three" [
            for k in 1..3 do
                let player = Player.scalar $"p{k}"
                (player, (fun (q: Strategies) -> q[player] ** 2.0))
        ]

    Assert.Contains("mine is defined for two players, but three has 3", rule.Refuses three)

[<Fact>]
let ``a rule with other parameters is another rule, by name and by what it does`` () =
    let leader, follower = Player.scalar "leader", Player.scalar "follower"

    // No Newton step from afar reaches an answer of this one at once.
    let curved =
        Game.create "curved" [
            [ (leader, (fun q -> (q[leader] - 1.0) ** 2.0 + q[leader] * q[follower])) ]
            [
                (follower, (fun q -> q[follower] ** 4.0 + q[follower] ** 2.0 - 3.0 * q[leader] * q[follower]))
            ]
        ]

    let settings = {
        settings with
            Rates = [ Rate.constant 0.1 ]
    }

    let start = Tensor.ofList [ 2.0; -1.5 ]

    for patient, hasty in
        [
            Rule.proximalPoint, Rule.proximalPointWith 1e-12 1
            Rule.bestResponse, Rule.bestResponseWith 1e-10 1
        ] do
        let ended rule =
            (curved |> Learn.run rule settings start).Outcome

        Assert.NotEqual<string>(patient.Name, hasty.Name)
        Assert.False((ended patient).HasFailed)
        Assert.True((ended hasty).HasFailed, $"{hasty}: {ended hasty}")
        Assert.False((ended patient).HasFailed)

[<Fact>]
let ``a step is written down once for each parameter, and again for another`` () =
    let using: StepUse = {
        IsRateEach = false
        IsNoisy = false
        IsNoiseGrowing = false
        WatchesField = false
        MeasuresUpdate = true
    }

    let game = games[0]
    let programOf rule = StepProgram.Of using rule game

    let adam () =
        Rule.preconditioned [ Preconditioner.adamWith 0.9 0.99 1e-8 ] Rule.simultaneous

    Assert.Same(programOf (adam ()), programOf (adam ()))
    Assert.False((adam ()).IsForeign)

    let parametrised: (string * (float -> Rule)) list = [
        "momentum", Rule.momentum
        "alternating momentum", Rule.alternatingMomentum
        "two time scales", (fun p -> Rule.twoTimescale p Rule.simultaneous)
        "TTUR", Rule.ttur
        "consensus", Rule.consensus
        "LOLA", Rule.lola
        "LOLA moved", Rule.lolaMoved
        "look-ahead", Rule.lookAhead
        "stable opponent shaping", Rule.stableOpponentShaping
        "unrolled", Rule.unrolled 3
        "adjustment", Rule.symplecticAdjustment
        "aligned adjustment", Rule.alignedSymplecticAdjustment
        "surgery", Rule.symplecticSurgery
        "penalty", (fun p -> Rule.penalty p 2 0.1)
        "penalty's rate", Rule.penalty 1.0 2
        "regularized", (fun p -> Rule.stackelberg (Conjecture.regularized p))
        "gradient step", (fun p -> Rule.implicitConjectures (Conjecture.gradientStep p))
        "ridge", (fun p -> Rule.followTheRidge (Conjecture.regularized p))
        "tolerance", (fun p -> Rule.proximalPointWith p 5)
        "best response's tolerance", (fun p -> Rule.bestResponseWith p 5)
        "first-order LOLA", Rule.firstOrderLola
        "first-order look-ahead", Rule.firstOrderLookAhead
        "shaping's a", (fun p -> Rule.stableOpponentShapingWith p 0.5 0.1)
        "shaping's b", (fun p -> Rule.stableOpponentShapingWith 0.5 p 0.1)
        "shaping's α", Rule.stableOpponentShapingWith 0.5 0.1
        "fully first-order", (fun p -> Rule.fullyFirstOrder p 0.0 2)
        "its growth", (fun p -> Rule.fullyFirstOrder 2.0 p 2)
        "BOME", (fun p -> Rule.bome p 2 0.1)
        "BOME's rate", Rule.bome 0.5 2
        "barrier", (fun p -> Rule.dynamicBarrier p 2 0.1)
        "barrier's rate", Rule.dynamicBarrier 0.5 2
        "DARTS", Rule.darts
        "DARTS by differences", Rule.dartsByDifferences
        "Nesterov", Rule.nesterov
        "Halpern's", Rule.momentum >> Rule.halpern
        "uniform average", Rule.momentum >> Rule.averagedUniformly
        "exponential average", (fun p -> Rule.averagedExponentially p Rule.simultaneous)
        "its rule", Rule.momentum >> Rule.averagedExponentially 0.9
        "optimistic Adam", (fun p -> Rule.optimisticAdamWith p 0.9 1e-8)
        "clipping",
        (fun p -> Rule.preconditioned [ Preconditioner.plain |> Preconditioner.clipped p ] Rule.simultaneous)
        "joint clipping",
        (fun p ->
            Rule.preconditioned [ Preconditioner.plain |> Preconditioner.clippedJointly p ] Rule.simultaneous)
        "decay",
        (fun p -> Rule.preconditioned [ Preconditioner.adam |> Preconditioner.decayed p ] Rule.simultaneous)
        "AdamW", (fun p -> Rule.preconditioned [ Preconditioner.adamW p ] Rule.simultaneous)
        "RMSProp", (fun p -> Rule.preconditioned [ Preconditioner.rmsProp p ] Rule.simultaneous)
        "Adam", (fun p -> Rule.preconditioned [ Preconditioner.adamWith p 0.9 1e-8 ] Rule.simultaneous)
        "Adam's ε", (fun p -> Rule.preconditioned [ Preconditioner.adamWith 0.9 0.9 p ] Rule.simultaneous)
        "AMSGrad", (fun p -> Rule.preconditioned [ Preconditioner.amsGradWith 0.9 p 1e-8 ] Rule.simultaneous)
    ]

    // Two numbers that print alike to fifteen digits.
    let one, other = 0.1, 0.1 + 1e-17 * 2.0

    for name, make in parametrised do
        Assert.True(Object.ReferenceEquals(programOf (make one), programOf (make one)), name)
        Assert.False(Object.ReferenceEquals(programOf (make one), programOf (make other)), name)
        Assert.NotEqual<string>((make one).Name, (make other).Name)
