module Stackelberg.Dsl.Tests.PotentialReportTests

open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.TestGames
open Xunit

let private around game =
    Equilibrium.potential 1.0 game (Tensor.zeros [ Game.dimension game ])

[<Fact>]
let ``symmetric couplings make potential games`` () =
    Assert.Equal(Verdict.Yes, (around duopoly.Game).IsPotential)
    Assert.Equal(Verdict.Yes, (around torus.Game).IsPotential)

[<Fact>]
let ``a zero-sum game with coupling has no potential`` () =
    let found = around (polynomial 0.15 0.25).Game
    Assert.Equal(Verdict.No, found.IsPotential)
    Assert.Contains("no potential game", string found)

[<Fact>]
let ``symmetry at the point alone is not enough`` () =
    // D₁₂f₁ = 2 x vanishes at the origin with D₂₁f₂ = 0.
    let touching =
        Game.twoPlayer "touching" (fun x y -> x * x * y) (fun x y -> y * y + 0.0 * x)

    let found = around touching
    Assert.Equal(0.0, found.AtPoint)
    Assert.Equal(Verdict.No, found.IsPotential)
    Assert.Equal(0.0, (Equilibrium.classify touching (Tensor.zeros [ 2 ])).Asymmetry)
    Assert.Equal(Verdict.Yes, (Equilibrium.potential 0.0 touching (Tensor.zeros [ 2 ])).IsPotential)

[<Fact>]
let ``a radius that is no distance is named`` () =
    Assert.Equal(
        "Equilibrium.potential: radius is -1, but a finite number of at least 0 is needed.",
        Check.argumentMessage (fun () ->
            Equilibrium.potential -1.0 duopoly.Game (Tensor.zeros [ 2 ]) |> ignore)
    )
