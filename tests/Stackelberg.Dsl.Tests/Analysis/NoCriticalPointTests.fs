/// Games without a critical point: find gives an error that says so, and findAll nothing.
module Stackelberg.Dsl.Tests.NoCriticalPointTests

open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private x, z = Player.scalar "x", Player.scalar "z"

let private alone cost =
    Game.simultaneous "alone" [ x, (fun q -> cost q[x]) ]

let private beside unit cost =
    Game.simultaneous "beside" [ x, (fun q -> cost q[x]); z, (fun q -> unit * 0.5 * (q[z] - 1.0) ** 2.0) ]

/// Costs that fall for ever, and from where on a start is far out for them.
let private falling: (string * (Tensor -> Tensor)) list = [
    "exp", (fun x -> exp -x)
    "softplus", (fun x -> Tensor.softplus -x)
    "sigmoid", (fun x -> Tensor.sigmoid -x)
    "hyperbola", (fun x -> 1.0 / x)
    "log", (fun x -> -log x)
    "linear", (fun x -> -x)
    "cubic", (fun x -> -x ** 3.0 / 3.0 - x)
]

[<Fact>]
let ``costs that fall for ever have no critical point, from near and from far out`` () =
    for name, cost in falling do
        for start in [ 1.0; 3.0; 30.0; 800.0; 1e6; 1e12 ] do
            for shape, game, at in
                [
                    "alone", alone cost, [ start ]
                    "beside", beside 1.0 cost, [ start; 0.0 ]
                    "beside a large unit", beside 1e6 cost, [ start; 0.0 ]
                    "beside a small unit", beside 1e-6 cost, [ start; 0.0 ]
                ] do
                match game |> Equilibrium.find Concept.Nash (Tensor.ofList at) with
                | Ok report -> Assert.Fail $"{name} {shape} from {start}: {report.Point}"
                | Error _ -> ()

[<Fact>]
let ``a leader whose cost falls for ever along the answer has no critical point`` () =
    let lead =
        Game.twoPlayer "lead" (fun x y -> exp (-x - y)) (fun x y -> 0.5 * (y - 0.5 * x) ** 2.0)

    for start in [ 0.0; 5.0; 50.0; 900.0 ] do
        for concept in [ Concept.Nash; Concept.Stackelberg ] do
            match lead |> Equilibrium.find concept (Tensor.ofList [ start; 0.5 * start ]) with
            | Ok report -> Assert.Fail $"{concept} from {start}: {report.Point}"
            | Error _ -> ()

[<Fact>]
let ``the error says that the iterates run away, where to, and what to try`` () =
    match alone (fun x -> exp -x) |> Equilibrium.find Concept.Nash (Tensor.ofList [ 0.0 ]) with
    | Error(FindFailure.RunsAway(_, _, point, step) as failure) ->
        Assert.InRange(point[0], 20.0, 1e300)
        Assert.InRange(step, 0.5, 1e300)
        Assert.Contains("run away", string failure)
        Assert.Contains("falling towards infinity", string failure)
        Assert.Contains("Bound the player", string failure)
    | other -> Assert.Fail $"{other}"

    // e^(−x) is 0 there only because 10^(−434) cannot be held.
    match
        alone (fun x -> exp -x)
        |> Equilibrium.find Concept.Nash (Tensor.ofList [ 1000.0 ])
    with
    | Error(FindFailure.RunsAway(_, 0.0, point, _) as failure) ->
        Assert.Equal<float[]>([| 1000.0 |], point)
        Assert.Contains("too small to be held", string failure)
    | other -> Assert.Fail $"{other}"

[<Fact>]
let ``a flat bottom is critical everywhere`` () =
    let flat = alone (fun x -> Tensor.maximum (abs x - 1.0) (Tensor.scalar 0.0) ** 2.0)

    match flat |> Equilibrium.find Concept.Nash (Tensor.ofList [ 0.25 ]) with
    | Ok report -> Check.close 0.0 [| 0.25 |] (report.Point.ToArray())
    | Error failure -> Assert.Fail $"{failure}"

[<Theory>]
[<InlineData(5.0)>]
[<InlineData(0.7)>]
[<InlineData(-1e3)>]
[<InlineData(0.0)>]
let ``a kink minimum is named as one`` (start: float) =
    match beside 1.0 abs |> Equilibrium.find Concept.Nash (Tensor.ofList [ start; 0.0 ]) with
    | Error(FindFailure.Kink(player, point) as failure) ->
        Assert.Equal("x", player)
        Assert.InRange(point[0], -1e-9, 1e-9)
        Assert.Contains("kink", string failure)
    | other -> Assert.Fail $"{start}: {other}"

[<Fact>]
let ``a cost that falls for ever has nothing to be found in a box, and no set of points`` () =
    for name, cost in falling do
        if name <> "hyperbola" && name <> "log" then
            let found =
                beside 1.0 cost
                |> Equilibrium.findAll Concept.Nash (Tensor.scalar -50.0, Tensor.scalar 50.0)

            Assert.True(found.Points.Length + found.Continua.Length = 0, $"{name}: {found}")
