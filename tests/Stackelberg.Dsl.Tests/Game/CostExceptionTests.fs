module Stackelberg.Dsl.Tests.CostExceptionTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

/// A game whose leader's cost does as it should at its first calls only.
let private later (first: int) (fault: unit -> Tensor) =
    let mutable calls = 0

    let cost (x: Tensor) (y: Tensor) =
        calls <- calls + 1
        if calls > first then fault () else x * x + x * y

    Game.twoPlayer "later" cost (fun x y -> y * y - x * y)

let private boom () : Tensor =
    raise (NotSupportedException "too far\nhere")

let private zero = Tensor.ofList [ 0.1; 0.2 ]

let private uses: (string * (Game -> unit)) list = [
    "omega", (fun game -> Game.omega game zero |> ignore)
    "omegaS", (fun game -> Game.omegaS game zero |> ignore)
    "classify", (fun game -> Equilibrium.classify game zero |> ignore)
    "classifyLarge", (fun game -> Equilibrium.classifyLarge game zero |> ignore)
    "find", (fun game -> Equilibrium.find Concept.Nash zero game |> ignore)
    "findAll",
    (fun game ->
        Equilibrium.findAll Concept.Stackelberg (Tensor.scalar -2.0, Tensor.scalar 2.0) game
        |> ignore)
    "Learn.run", (fun game -> Learn.run Rule.simultaneous Learn.settings zero game |> ignore)
    "Comparison.run", (fun game -> Comparison.run Comparison.settings zero game |> ignore)
]

[<Fact>]
let ``a cost that raises at a later call is named with its player, its game and what it raised, whoever asks``
    ()
    =
    for name, using in uses do
        for first in [ 1; 2; 3 ] do
            let error = Record.Exception(fun () -> using (later first boom))

            if not (isNull error) then
                let error = Assert.IsType<CostException> error
                Assert.Equal("later", error.Game)
                Assert.Equal("x1", error.Player)
                Assert.IsType<NotSupportedException> error.InnerException |> ignore
                Assert.StartsWith("The cost of x1 in later raised an exception: too far", error.Message)
            else
                Assert.True((first > 1), name)

[<Fact>]
let ``a cost that gives nothing, another shape or another type at a later call is named as well`` () =
    for fault, words in
        [
            (fun () -> Unchecked.defaultof<Tensor>), "is null;"
            (fun () -> Tensor.zeros [ 2 ]), "has shape [2], but had [] at first;"
            (fun () -> Tensor.cast DType.Float32 (Tensor.scalar 0.0)), "is Float32, but was Float64 at first;"
        ] do
        let error =
            Assert.Throws<CostException>(fun () -> Game.omega (later 1 fault) zero |> ignore)

        Assert.StartsWith($"The cost of x1 in later {words}", error.Message)

[<Fact>]
let ``a cost's cancellation stays one`` () =
    let game = later 1 (fun () -> raise (OperationCanceledException()))
    Assert.Throws<OperationCanceledException>(fun () -> Game.omega game zero |> ignore)

/// What no terminal shows, or what moves or hides what it shows, and how messages write it.
let private unprintable = [
    "a\u001b[2Jb", @"a\u001B[2Jb"
    "a\nb", @"a\u000Ab"
    "a\tb", @"a\u0009b"
    "a\u0000b", @"a\u0000b"
    "a\u009bb", @"a\u009Bb"
    "a\u202eb", @"a\u202Eb"
    "a\u2066b", @"a\u2066b"
    "a\u200eb", @"a\u200Eb"
    "a\u2028b", @"a\u2028b"
    "a" + string (char 0xD800) + "b", @"a\uD800b"
    "\ufeffab", @"\uFEFFab"
]

[<Fact>]
let ``names with control characters are refused, and shown without them`` () =
    for name, shown in unprintable do
        let fault = GameFault.UnprintableName shown
        let cost (q: Strategies) = q[Player.scalar "x"]

        match Game.tryCreate name [ [ Player.scalar "x", cost ] ] with
        | Error faults -> Assert.Equal(fault, Assert.Single faults)
        | Ok _ -> Assert.Fail shown

        let player = Player.scalar name

        match Game.tryCreate "g" [ [ player, (fun q -> q[player]) ] ] with
        | Error faults -> Assert.Equal(fault, Assert.Single faults)
        | Ok _ -> Assert.Fail shown

        let message =
            Check.invalidMessage (fun () ->
                Game.simultaneous name [ (player, (fun q -> q[player])) ] |> ignore)

        Assert.Contains(shown, message)
        Assert.DoesNotContain(name, message, StringComparison.Ordinal)

[<Fact>]
let ``names of any language are taken as they are`` () =
    for name in [ "firm 1"; "θ₁"; "Führer"; "می‌خواهم"; "選手"; "👩‍🚀"; "a'b\"c"; "𝛼" ] do
        let player = Player.scalar name
        Assert.Equal(name, (Game.simultaneous name [ (player, (fun q -> q[player] * q[player])) ]).Name)
