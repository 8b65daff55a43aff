/// Games whose costs are equal compile once.
[<Xunit.Collection "program cache">]
module Stackelberg.Dsl.Tests.SharingTests

open System
open Stackelberg
open Stackelberg.Kernels
open Xunit

/// By themselves: other tests compile much, and the cache forgets what is not in use.
[<CollectionDefinition("program cache", DisableParallelization = true)>]
type Alone() = class end

let private game name (weight: float) =
    Game.twoPlayer name (fun x y -> x * x * weight + x * y) (fun x y -> (y - sin x) ** 2.0 + 0.4375 * y)

let private programs (game: Game) conjecture =
    let field = FieldProgram.OfConjecture conjecture game
    [ field.Value.Compiled; field.Derivative.Compiled ]

let private same (a: Compiled list) (b: Compiled list) =
    List.map2 (fun (a: Compiled) b -> Object.ReferenceEquals(a, b)) a b

[<Fact>]
let ``games with equal costs share their programs, other constants do not`` () =
    for conjecture in [ Conjecture.none; Conjecture.bestResponse ] do
        let first = programs (game "first" 1.3125) conjecture
        let before = ProgramCache.Compilations
        Assert.Equal<bool list>([ true; true ], same first (programs (game "second" 1.3125) conjecture))
        Assert.Equal(before, ProgramCache.Compilations)
        Assert.Equal<bool list>([ false; false ], same first (programs (game "third" 1.5) conjecture))

/// A follower of twelve numbers, whose answer is a solve by conjugate gradients.
let private network (weight: float) =
    let matrix =
        Tensor.ofArray2D (Array2D.init 12 12 (fun i j -> if i = j then 3.0 else 1.0 / float (3 + i + j)))

    let x, y = Player.vector "x" 12, Player.vector "y" 12

    Game.create "network" [
        [ x, (fun q -> weight * Tensor.sum (q[x] * q[y])) ]
        [
            y, (fun q -> Tensor.dot q[y] (Tensor.matmul matrix (q[y] ** 3)) + Tensor.dot q[y] (sin q[x]))
        ]
    ]

[<Fact>]
let ``fields with equal solves inside are shared`` () =
    let conjecture =
        Conjecture.bestResponse
        |> Conjecture.withSolver ({ Solver.cg with Tolerance = 1e-8 })

    let first = programs (network 1.8125) conjecture
    Assert.Equal<bool list>([ true; true ], same first (programs (network 1.8125) conjecture))
    Assert.Equal<bool list>([ false; false ], same first (programs (network 1.75) conjecture))

    let other =
        Conjecture.bestResponse
        |> Conjecture.withSolver ({ Solver.cg with Tolerance = 1e-7 })

    Assert.Equal<bool list>([ false; false ], same first (programs (network 1.8125) other))
