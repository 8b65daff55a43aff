module Stackelberg.Dsl.Tests.KnownTests

open System
open System.Numerics
open Stackelberg
open Xunit

let private saddle =
    Game.zeroSum "saddle" (fun x y -> x * x / 2 + 3.0 * x * y - y * y / 2)

let private every = [
    Trait.DifferentialNash
    Trait.DifferentialStackelberg
    Trait.StableSimgrad
    Trait.StableStackelberg
]

let private about point =
    saddle |> Known.game "here" [ 1.0; 1.0 ] 0.1 [ point ]

let private fails (message: string) (action: unit -> obj) =
    let fault = Assert.Throws<ArgumentException>(fun () -> action () |> ignore)
    Assert.Contains(message, fault.Message)

[<Fact>]
let ``what is right is no fault`` () =
    // J = [1 3; -3 1], and ω_S = (10 x, -3 x + y).
    let point =
        Known.point [ 0.0; 0.0 ] every
        |> Known.withCosts [ 0.0; 0.0 ]
        |> Known.withComplexJ [ Complex(1.0, 3.0) ]
        |> Known.withJS [ 10.0; 1.0 ]

    Assert.Equal<string>([||], Known.faults (about point))

[<Fact>]
let ``an equilibrium is critical without being told`` () =
    let holds = (Known.point [ 0.0 ] [ Trait.StableSimgrad ]).Holds
    Assert.Equal<Trait>([| Trait.CriticalOmega; Trait.StableSimgrad |], holds)

[<Fact>]
let ``every claim that is wrong is one sentence`` () =
    let faults =
        Known.point [ 0.0; 0.0 ] (List.tail every)
        |> Known.undecided [ Trait.DifferentialNash ]
        |> Known.withCosts [ 1.0; 0.0 ]
        |> Known.withJ [ 1.0; 1.0 ]
        |> Known.withJS [ 10.0; 10.0 ]
        |> about
        |> Known.faults

    Assert.Collection(
        faults,
        (fun fault ->
            Assert.StartsWith("saddle at (0, 0): DifferentialNash is Yes, but Undecided was known", fault)),
        (fun fault -> Assert.Equal("saddle at (0, 0): x1 pays 0, but 1 was known.", fault)),
        (fun fault -> Assert.StartsWith("saddle at (0, 0): J has the eigenvalues 1 + -3 i", fault)),
        (fun fault -> Assert.StartsWith("saddle at (0, 0): J_S has the eigenvalues 1 + 0 i, 10 + 0 i", fault))
    )

[<Fact>]
let ``a verdict is the report's`` () =
    let report = Equilibrium.classify saddle (Tensor.ofList [ 1.0; 3.0 ])
    Assert.Equal(Verdict.No, Known.verdict Trait.CriticalOmega report)
    Assert.Equal(report.IsStableStackelberg, Known.verdict Trait.StableStackelberg report)

[<Fact>]
let ``where the follower's answer is undefined every trait of Stackelberg play is undecided`` () =
    let point =
        Known.point [ 0.0; 0.0 ] [ Trait.CriticalOmega ]
        |> Known.undecided [ Trait.DifferentialNash; Trait.StableSimgrad ]
        |> Known.singularFollower

    let bilinear = Game.zeroSum "bilinear" (fun x y -> x * y)
    Assert.Equal<string>([||], bilinear |> Known.game "here" [ 1.0; 1.0 ] 0.1 [ point ] |> Known.faults)

[<Fact>]
let ``lengths that do not fit the game, a rate and a contradiction are told`` () =
    let origin = Known.point [ 0.0; 0.0 ] []

    fails "start has shape [1], but [2] is needed" (fun () -> saddle |> Known.game "" [ 1.0 ] 0.1 [] |> box)
    fails "a point has shape [1], but [2] is needed" (fun () -> about (Known.point [ 0.0 ] []) |> box)
    fails "a point's costs has shape [1]" (fun () -> about (Known.withCosts [ 0.0 ] origin) |> box)
    fails "a spectrum of J has shape [1]" (fun () -> about (Known.withJ [ 0.0 ] origin) |> box)
    fails "a spectrum of J_S has shape [3]" (fun () -> about (Known.withJS [ 0.0; 1.0; 2.0 ] origin) |> box)
    fails "rate is 0, but a positive number" (fun () -> saddle |> Known.game "" [ 1.0; 1.0 ] 0.0 [] |> box)

    fails "holds CriticalOmega, which holds at the point" (fun () ->
        Known.point [ 0.0 ] [ Trait.DifferentialNash ]
        |> Known.undecided [ Trait.CriticalOmega ]
        |> box)
