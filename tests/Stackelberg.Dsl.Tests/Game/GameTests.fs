module Stackelberg.Dsl.Tests.GameTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.TestGames
open Xunit

let private firm1 = Player.scalar "firm 1"
let private firm2 = Player.scalar "firm 2"
let private market = Player.scalar "market"
let private square (player: Player) (q: Strategies) = Tensor.sum (q[player] * q[player])

let private firms =
    game "duopoly" {
        leader firm1 (fun q -> -(100.0 - q[firm1] - q[firm2] - 5.0) * q[firm1])
        follower firm2 (fun q -> -(100.0 - q[firm1] - q[firm2] - 2.0) * q[firm2])
    }

[<Fact>]
let ``the duopoly of the paper has its closed-form costs, fields and Jacobians`` () =
    let x = Tensor.ofList [ 46.0; 26.0 ]
    Check.closeTensor 0.0 (Tensor.ofList [ -1058.0; -676.0 ]) (Game.costs firms x)
    Check.closeTensor 0.0 (Tensor.ofList [ 23.0; 0.0 ]) (Game.omega firms x)
    Check.closeTensor 0.0 (Tensor.ofList [ 0.0; 0.0 ]) (Game.omegaS firms x)
    Check.closeTensor 0.0 (Tensor.ofArray2D (array2D [ [ 2.0; 1.0 ]; [ 1.0; 2.0 ] ])) (Game.J firms x)
    Check.closeTensor 0.0 (Tensor.ofArray2D (array2D [ [ 1.5; 1.0 ]; [ 1.0; 2.0 ] ])) (Game.JS firms x)
    Check.closeTensor 0.0 (Tensor.ofArray2D (array2D [ [ 1.5 ] ])) (Game.schurJ firms x)
    Check.closeTensor 0.0 (Tensor.ofArray2D (array2D [ [ 1.0 ] ])) (Game.totalHessian firms x)
    Assert.Equal(26.0, float (Game.strategies firms x).[firm2])

[<Fact>]
let ``two scalar players need no names`` () =
    let x = Tensor.ofList [ 10.0; 20.0 ]
    Check.closeTensor 0.0 (Game.omegaS firms x) (Game.omegaS duopoly.Game x)
    Assert.Equal<string list>([ "x1"; "x2" ], Game.players duopoly.Game |> List.map _.Name)

[<Fact>]
let ``a zero-sum game's second player maximises`` () =
    let saddle = Game.zeroSum "saddle" (fun x y -> x * x + 10.0 * x * y - y * y)
    let x = Tensor.ofList [ 1.0; 2.0 ]
    Check.closeTensor 0.0 (Tensor.ofList [ 17.0; -17.0 ]) (Game.costs saddle x)
    Check.closeTensor 0.0 (Tensor.ofList [ 22.0; -6.0 ]) (Game.omega saddle x)

[<Fact>]
let ``lines follower and level place players, whatever order the lines have`` () =
    let a, b, c, d =
        Player.scalar "a", Player.scalar "b", Player.scalar "c", Player.scalar "d"

    let chain =
        game "chain" {
            follower b (square b)
            follower c (square c)
            leader a (square a)
            level
            follower d (square d)
        }

    Assert.Equal<int[]>([| 1; 2; 1 |], chain.Levels)
    Assert.Equal<string list>([ "a"; "b"; "c"; "d" ], Game.players chain |> List.map _.Name)
    Assert.Equal("chain: a [] > b [], c [] > d []", string chain)
    Assert.Equal(4, Game.dimension chain)
    Assert.Equal("chain", Game.name chain)

    let peers =
        game "peers" {
            player a (square a)
            player b (square b)
            level
            player c (square c)
        }

    Assert.Equal<int[]>([| 2; 1 |], peers.Levels)

[<Fact>]
let ``a joint strategy is put together and taken apart by player`` () =
    let V, w = Player.ofShape "V" [ 2; 2 ], Player.scalar "w"
    let game = Game.create "parts" [ [ V, square V ]; [ w, square w ] ]
    let v = Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ])
    let x = Game.joint game [ w, Tensor.scalar 5.0; V, v ]
    Check.closeTensor 0.0 (Tensor.ofList [ 1.0; 2.0; 3.0; 4.0; 5.0 ]) x
    Check.closeTensor 0.0 v (Game.strategies game x).[V]
    Check.closeTensor 0.0 (Tensor.scalar 5.0) (Game.strategies game x).[w]

    Assert.Equal(
        "Game.joint: parts lacks w; give every player a strategy.",
        Check.argumentMessage (fun () -> Game.joint game [ V, v ] |> ignore)
    )

    Assert.Equal(
        "Game.joint: parts names V twice; give every player one strategy.",
        Check.argumentMessage (fun () -> Game.joint game [ V, v; V, v ] |> ignore)
    )

    Assert.Equal(
        "Game.joint: player is market [], who does not play in parts.",
        Check.argumentMessage (fun () -> Game.joint game [ market, v ] |> ignore)
    )

    Assert.Equal(
        "Game.joint: w has shape [2; 2], but [] is needed (the player's shape).",
        Check.argumentMessage (fun () -> Game.joint game [ w, v ] |> ignore)
    )

[<Fact>]
let ``every map names the shape that it needs`` () =
    let maps: (string * (Game -> Tensor -> obj)) list = [
        "costs", (fun game x -> Game.costs game x)
        "omega", (fun game x -> Game.omega game x)
        "omegaS", (fun game x -> Game.omegaS game x)
        "field", (fun game x -> Game.field Conjecture.bestResponse game x)
        "J", (fun game x -> Game.J game x)
        "JS", (fun game x -> Game.JS game x)
        "jacobian", (fun game x -> Game.jacobian Conjecture.none game x)
        "schurJ", (fun game x -> Game.schurJ game x)
        "totalHessian", (fun game x -> Game.totalHessian game x)
        "strategies", (fun game x -> Game.strategies game x)
        "point", (fun game x -> Game.point game x)
    ]

    for name, map in maps do
        Assert.Equal(
            $"Game.{name}: x has shape [3], but [2] is needed (the joint strategy of duopoly: firm 1 [], firm 2 []).",
            Check.argumentMessage (fun () -> map firms (Tensor.ofList [ 1.0; 2.0; 3.0 ]) |> ignore)
        )

[<Fact>]
let ``a matrix that must be decomposed needs numbers`` () =
    Assert.Equal(
        "Game.schurJ: x is a symbol, but numbers are needed (a matrix is decomposed).",
        Check.argumentMessage (fun () -> Diff.jit (Game.schurJ firms) (Tensor.ofList [ 1.0; 2.0 ]) |> ignore)
    )

let private faults levels =
    match Game.tryCreate "broken" levels with
    | Ok _ -> [||]
    | Error faults -> faults |> Array.map string

[<Fact>]
let ``a game without players says so`` () =
    Assert.Equal<string[]>([| "Nobody plays; add at least one line such as leader player cost." |], faults [])

    Assert.Equal(
        "Game \"empty\" is not complete:\n  - Nobody plays; add at least one line such as leader player cost.",
        Check.invalidMessage (fun () -> Game.create "empty" [] |> ignore)
    )

[<Fact>]
let ``a game needs a name`` () =
    Assert.Equal(
        "Game \"\" is not complete:\n  - The game's name is empty; give it one, as in game \"duopoly\".",
        Check.invalidMessage (fun () -> Game.create "" [ [ firm1, square firm1 ] ] |> ignore)
    )

[<Fact>]
let ``each fault of a game has its sentence`` () =
    let expect (sentence: string) levels =
        Assert.Equal<string[]>([| sentence |], faults levels)

    expect "firm 1 appears twice; give each player one line with one cost." [
        [ firm1, square firm1 ]
        [ firm1, square firm1 ]
    ]

    expect "Two different players are called firm 1; rename one." [
        [ firm1, square firm1 ]
        [ Player.angle "firm 1", square firm1 ]
    ]

    expect "The name of player 2 is empty; give every player a name of its own." [
        [ firm1, square firm1 ]
        [ Player.scalar " ", square firm1 ]
    ]

    expect "none has shape [0], which holds no number; every extent must be at least 1." [
        [ Player.vector "none" 0, (fun _ -> Tensor.scalar 0.0) ]
    ]

    expect
        "Nobody plays on level 1, but somebody plays below it; add a leader (level 1) or leave out a line level."
        [ []; [ firm1, square firm1 ] ]

    expect "The cost of V has shape [2], but [] is needed (one number); add up its entries with Tensor.sum." [
        [ Player.vector "V" 2, (fun q -> 2.0 * q[Player.vector "V" 2]) ]
    ]

    expect
        "The cost of firm 1 cannot be computed: market is not a player of this game, whose players are firm 1, firm 2; give market a line of its own, or ask for one of these."
        [ [ firm1, square market ]; [ firm2, square firm2 ] ]

    expect
        "The cost of firm 1 cannot be computed: the game's player firm 1 has shape [], but the one asked for has shape [3]; use the game's own player."
        [ [ firm1, square (Player.vector "firm 1" 3) ] ]

[<Fact>]
let ``a cost that looks at a symbol's number is named with the engine's remedy`` () =
    let found =
        faults [ [ firm1, (fun q -> if float q[firm1] > 0.0 then q[firm1] else -q[firm1]) ] ]

    Assert.Equal(1, found.Length)

    Assert.StartsWith(
        "The cost of firm 1 cannot be computed: float: this tensor (shape []) is a symbol",
        found[0]
    )

    Assert.Contains("Tensor.where", found[0])

[<Fact>]
let ``a block raises all its faults in one message`` () =
    let message =
        Check.invalidMessage (fun () ->
            game "half" {
                follower firm1 (fun q -> Tensor.stack 0 [ q[firm1]; q[market] ])
                follower (Player.vector "V" 2) (fun q -> q[Player.vector "V" 2])
                follower (Player.scalar "") (square firm1)
            }
            |> ignore)

    Assert.Equal(
        String.Join(
            "\n",
            [
                "Game \"half\" is not complete:"
                "  - The name of player 3 is empty; give every player a name of its own."
                "  - Nobody plays on level 1, but somebody plays below it; add a leader (level 1) or leave out a line level."
                "  - The cost of firm 1 cannot be computed: market is not a player of this game, whose players are firm 1, V, ; give market a line of its own, or ask for one of these."
                "  - The cost of V has shape [2], but [] is needed (one number); add up its entries with Tensor.sum."
            ]
        ),
        message
    )

[<Fact>]
let ``what a cost raises is the cause of the game's error, so that its place is not lost`` () =
    let a = Player.scalar "a"

    let error =
        Assert.Throws<InvalidOperationException>(fun () ->
            Game.simultaneous "wrong" [ a, (fun q -> q[a] / Tensor.ofList [ Seq.head [] ]) ]
            |> ignore)

    Assert.StartsWith(
        "Game \"wrong\" is not complete:\n  - The cost of a cannot be computed: ",
        error.Message
    )

    Assert.IsType<ArgumentException>(error.InnerException, exactMatch = false)
    |> ignore

    Assert.Contains("GameTests.fs", error.InnerException.StackTrace)

[<Fact>]
let ``a seat checks what it is given`` () =
    let cost = Func<Strategies, Tensor>(square firm1)

    Assert.Equal(
        "Seat: level is -1, but a level of at least 0 is needed.",
        Check.argumentMessage (fun () -> Seat(firm1, -1, cost) |> ignore)
    )

    Assert.Equal("Seat: cost is null.", Check.argumentMessage (fun () -> Seat(firm1, 0, null) |> ignore))

[<Fact>]
let ``a block is made of neighbours`` () =
    Assert.Equal(
        "Game.block: players must be players next to each other in the game's order (firm 1, firm 2), at least one.",
        Check.argumentMessage (fun () -> Game.block firms [ firm2; firm1 ] |> ignore)
    )

    Assert.Equal<int[]>([| 2 |], (Game.block firms [ firm1; firm2 ]).Shape)
    Assert.Empty((Game.block firms [ firm1 ]).Shape)

[<Fact>]
let ``the paper's update can be written by a user, and is the library's`` () =
    let x = Tensor.ofList [ 10.0; 20.0 ]
    let point = Game.point firms x
    let D, D2 = Derivative.D point, Derivative.D2 point
    let leader, follower = Game.block firms [ firm1 ], Game.block firms [ firm2 ]
    let f1, f2 = Game.cost firms firm1, Game.cost firms firm2

    let transpose, inverse, identity =
        Operator.transpose, Operator.inverse, Operator.identity

    let solver, η = Solver.auto, 0.5

    let update =
        D leader f1
        - transpose (D2 follower leader f2)
          * inverse solver (transpose (D2 follower follower f2 + η * identity))
          * D follower f1

    Check.closeTensor 1e-14 (Game.field (Conjecture.regularized η) firms x).[0] update

[<Fact>]
let ``players are values and know their shapes and domains`` () =
    Assert.Equal(Player.scalar "a", Player.scalar "a")
    Assert.NotEqual(Player.scalar "a", Player.angle "a")
    Assert.NotEqual(Player.vector "a" 2, Player.vector "a" 3)
    Assert.Equal(9, (Player.ofShape "V" [ 3; 3 ]).Dimension)
    Assert.Equal("V [3; 3]", string (Player.ofShape "V" [ 3; 3 ]))
    Assert.Equal(Player.angle "a", Player.scalar "a" |> Player.onCircle)

    Assert.Equal(
        "Player.bounded: lower is 1 at entry 0 of a, but it must be below upper, 1.",
        Check.argumentMessage (fun () -> Player.scalar "a" |> Player.bounded 1.0 1.0 |> ignore)
    )

    Assert.Equal(
        "Player.bounded: lower holds 1 numbers, but 2 are needed (one for each entry of V [2]).",
        Check.argumentMessage (fun () ->
            Player.vector "V" 2 |> Player.boundedEach [| 0.0 |] [| 1.0 |] |> ignore)
    )

[<Fact>]
let ``angles turn back into [−π, π), as numpy's remainder does it`` () =
    for angle in [ -10.0; -4.0; -Math.PI; -1.0; 0.0; 3.0; Math.PI; 4.0; 10.0; 1000.0 ] do
        let wrapped = DomainOps.wrapAngle angle
        Assert.InRange(wrapped, -Math.PI, Math.BitDecrement Math.PI)
        Check.closeNumber 1e-12 (sin angle) (sin wrapped)
        Check.closeNumber 1e-12 (cos angle) (cos wrapped)

    Assert.Equal(0.25, DomainOps.wrapAngle 0.25)
    Assert.Equal(-Math.PI, DomainOps.wrapAngle Math.PI)

[<Fact>]
let ``a saturated follower keeps its curvature in single precision`` () =
    let a, b = Player.scalar "a", Player.scalar "b"

    let saturated =
        game "saturated" {
            leader a (fun q -> q[a] ** 2.0 + 0.0 * q[b])
            follower b (fun q -> Tensor.softplus (20.0 * q[b] - q[a]))
        }
        |> Game.withPrecision DType.Float32

    // s' = e⁻ˡ / (1 + e⁻ˡ)² at the logit l = ± 19.9, whose own rounding is 1e-6.
    let e = exp -19.9
    let slope = e / (1.0 + e) ** 2.0

    for strategy in [ 1.0; -0.99 ] do
        let x = Tensor.cast DType.Float32 (Tensor.ofList [ 0.1; strategy ])
        let J = (Game.J saturated x |> Tensor.cast DType.Float64).ToArray()
        Assert.Equal(2.0, J[0])
        Assert.True(abs (J[2] / (-20.0 * slope) - 1.0) < 1e-5)
        Assert.True(abs (J[3] / (400.0 * slope) - 1.0) < 1e-5)
