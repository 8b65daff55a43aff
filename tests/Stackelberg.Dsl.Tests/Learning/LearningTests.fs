module Stackelberg.Dsl.Tests.LearningTests

open System.Collections.Generic
open Stackelberg
open Xunit

/// A follower that is solved for by warm conjugate gradients, a sampler, noise, momentum: everything that a run keeps.
let private demanding =
    let x, y = Player.vector "x" 3, Player.vector "y" 12

    game "demanding" {
        samples (Sampler.all [ Sampler.normal "z" [ 20; 12 ]; Sampler.uniform "r" [ 20 ] ])

        leader x (fun q ->
            Tensor.mean ((Tensor.matmul (q.Sample "z") q[y] - q.Sample "r") ** 2)
            + Tensor.sum (q[x] * q[x]))

        follower y (fun q ->
            Tensor.mean ((Tensor.matmul (q.Sample "z") q[y] - 1.0) ** 4)
            + Tensor.sum (q[y] * q[y])
            + Tensor.sum (q[x]) * Tensor.sum (sin q[y]))
    }

let private rule =
    Rule.stackelberg (
        Conjecture.bestResponse
        |> Conjecture.withSolver (Solver.cg |> Solver.withMaxIterations 3 |> Solver.warmStarted)
    )
    |> Rule.preconditioned [ Preconditioner.adam; Preconditioner.momentum 0.5 ]

let private settings = {
    Learn.settings with
        Steps = 40
        Rates = [ Rate.constant 1e-2 ]
        Noise = Noise.gaussian 0.1
        Seed = 3UL
}

let private start = Tensor.ofArray (Array.init 15 (fun i -> cos (float i)))

[<Fact>]
let ``a run that is saved and resumed anywhere ends with the same bits as one that is not`` () =
    let whole = demanding |> Learn.run rule settings start

    for at in [ 0; 1; 17; 39; 40 ] do
        let first = demanding |> Learn.start rule settings start
        first.Advance at
        let saved = first.Save()
        // The saved state is a copy: going on does not change it.
        first.Advance 3
        let second = demanding |> Learn.resume rule settings saved
        Assert.Equal(at, second.Steps)
        second.Advance settings.Steps
        Assert.True second.IsFinished
        let run = second.Finish()
        Assert.Equal<float[]>(whole.Final.ToArray(), run.Final.ToArray())
        Assert.Equal<float[]>(whole.Costs, run.Costs)
        Assert.Equal(whole.Solves.ToString(), run.Solves.ToString())
        Assert.Equal(whole.Outcome, run.Outcome)
        Assert.Equal<float[]>(Array.last whole.Trajectory, Array.last run.Trajectory)

[<Fact>]
let ``every rule goes on with the same bits where it was saved`` () =
    let hand = HandRules.create 2 [ 2; 3 ]
    let start = Tensor.ofArray (Array.init 5 (fun i -> cos (float i)))

    let settings = {
        settings with
            Steps = 12
            Noise = Noise.gaussian 1e-3
    }

    for rule in Rule.all do
        let rule =
            if rule.Preconditioners.Length = 0 then
                Rule.preconditioned [ Preconditioner.adam; Preconditioner.momentum 0.5 ] rule
            else
                rule

        let whole = hand.Game |> Learn.run rule settings start
        Assert.True(whole.Outcome.IsOutOfSteps, whole.ToString())

        for at in [ 0; 1; 7 ] do
            let first = hand.Game |> Learn.start rule settings start
            first.Advance at
            let second = hand.Game |> Learn.resume rule settings (first.Save())
            second.Advance settings.Steps
            Assert.Equal<float[]>(whole.Final.ToArray(), second.Finish().Final.ToArray())

[<Fact>]
let ``a run that is stepped does what one that is run does`` () =
    let learning = demanding |> Learn.start rule settings start

    while not learning.IsFinished do
        learning.Advance 7

    let stepped, run = learning.Finish(), demanding |> Learn.run rule settings start
    Assert.Equal(40, stepped.Steps)
    Assert.Equal<float[][]>(run.Trajectory, stepped.Trajectory)

[<Fact>]
let ``a state of another rule, game, seed or shape is told`` () =
    let learning = demanding |> Learn.start rule settings start
    learning.Advance 2
    let saved = learning.Save()

    let message rule settings state game =
        Check.argumentMessage (fun () -> game |> Learn.resume rule settings state |> ignore)

    Assert.Equal(
        "Learn.resume: state was saved with the seed 3, but 4 is given; go on with what it was saved with.",
        message rule { settings with Seed = 4UL } saved demanding
    )

    Assert.Equal(
        "Learn.resume: state was saved with the game demanding, but duopoly is given; go on with what it was saved with.",
        message rule settings saved TestGames.duopoly.Game
    )

    Assert.Contains("state was saved with the rule", message Rule.simultaneous settings saved demanding)

    let without name =
        LearnState(
            saved.Game,
            saved.Rule,
            saved.Seed,
            saved.Steps,
            saved.Arrays |> Array.filter (fun pair -> pair.Key <> name)
        )

    Assert.StartsWith(
        "Learn.resume: state has no array \"update\"; it has strategy, evaluations",
        message rule settings (without "update") demanding
    )

    let cut =
        LearnState(saved.Game, saved.Rule, saved.Seed, 2, [| KeyValuePair("strategy", [| 1.0 |]) |])

    Assert.Equal(
        "Learn.resume: state holds 1 numbers in \"strategy\", but 15 are needed; it was saved by another rule or game.",
        message rule settings cut demanding
    )
