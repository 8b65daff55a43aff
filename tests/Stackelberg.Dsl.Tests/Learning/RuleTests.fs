module Stackelberg.Dsl.Tests.RuleTests

open MathNet.Numerics.LinearAlgebra
open Stackelberg
open Xunit

/// What a rule's name says before its parameters.
let private family (rule: Rule) =
    rule.Name |> Seq.takeWhile (System.Char.IsDigit >> not) |> System.String.Concat

[<Fact>]
let ``every rule's first steps are those of its formula, for scalars, vectors and three players`` () =
    let rates = [ 0.03; 0.05; 0.04 ]

    for dimensions in [ [ 1; 1 ]; [ 2; 3 ]; [ 6; 5 ]; [ 1; 2; 2 ] ] do
        let hand = HandRules.create 5 dimensions
        let x = TestGames.normals 7 (List.sum dimensions)
        let start, rates = Tensor.ofArray x, List.take dimensions.Length rates

        let Γ =
            List.map2 (fun n rate -> Array.create n rate) dimensions rates |> Array.concat

        for rule, byHand in HandRules.rules do
            if isNull (rule.Refuses hand.Game) then
                let settings = {
                    Learn.settings with
                        Steps = 3
                        Rates = rates |> List.map Rate.constant
                }

                let run = hand.Game |> Learn.run rule settings start
                let build = Vector<float>.Build
                let expected = byHand 3 hand (build.Dense Γ) (build.Dense x)

                try
                    Assert.Equal(4, run.Trajectory.Length)
                    // Inner iterations end at 1e-10 and less, relatively; iterative solves of more than 8 unknowns at 1e-12.
                    Array.iter2 (Check.close 1e-9) expected run.Trajectory
                with error ->
                    Assert.Fail $"{rule.Name} on {dimensions}, {run.Outcome}: {error.Message}"

[<Fact>]
let ``every rule of the table has a step by hand, a name of its own and a source`` () =
    let known = HandRules.rules |> List.map (fst >> family) |> Set.ofList
    Assert.Equal(Rule.all.Length, (Rule.all |> Array.distinctBy _.Name).Length)

    for rule in Rule.all do
        Assert.Contains(family rule, known)
        Assert.NotEqual<string>("", rule.Source)
