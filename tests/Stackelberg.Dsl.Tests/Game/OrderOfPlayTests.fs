module Stackelberg.Dsl.Tests.OrderOfPlayTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.TestGames
open Xunit

/// Firms with costs cᵢ per unit whose price is 100 less all that is produced; levels as lists of costs.
let private cournot (levels: float list list) =
    let firms =
        levels
        |> List.mapi (fun level costs -> costs |> List.mapi (fun i c -> Player.scalar $"firm {level}.{i}", c))

    let all = firms |> List.concat |> List.map fst

    firms
    |> List.map (
        List.map (fun (firm, c) ->
            firm,
            fun (q: Strategies) ->
                let price = 100.0 - (all |> List.map (fun other -> q[other]) |> List.reduce (+))
                -(price - c) * q[firm])
    )
    |> Game.create "Cournot"

[<Fact>]
let ``Cournot's orders of play have their closed forms`` () =
    let quantities levels =
        let game = cournot levels

        match
            game
            |> Equilibrium.find Concept.Stackelberg (Tensor.full [ game.Dimension ] 10.0)
        with
        | Ok report ->
            Assert.Equal(Verdict.Yes, report.IsDifferentialStackelberg)
            Assert.Equal(Verdict.Yes, report.IsStableStackelberg)
            report.Point.ToArray()
        | Error failure -> failwith $"{failure}"

    // One leader over two followers: q₁ = (A + c₂ + c₃ − 3 c₁) / 2 and, each, (A + … − q₁) / 3.
    Check.close 1e-10 [| 44.5; 107.0 / 6.0; 107.0 / 6.0 |] (quantities [ [ 5.0 ]; [ 2.0; 2.0 ] ])
    // A chain: each firm halves what the price leaves to it.
    Check.close 1e-10 [| 43.0; 27.5; 13.75 |] (quantities [ [ 5.0 ]; [ 2.0 ]; [ 2.0 ] ])
    // Two simultaneous leaders over one follower produce a third each, and the follower a sixth.
    Check.close 1e-10 [| 30.0; 30.0; 15.0 |] (quantities [ [ 10.0; 10.0 ]; [ 10.0 ] ])
    // Without order of play, n firms of equal costs produce 1/(n + 1) of the market each.
    Check.close 1e-10 (Array.create 5 15.0) (quantities [ List.replicate 5 10.0 ])
    // A chain of n equal firms: each takes half of the rest.
    Check.close 1e-10 [| 45.0; 22.5; 11.25; 5.625; 2.8125 |] (quantities (List.replicate 5 [ 10.0 ]))
    // A leader over n followers: half of the market, and 1/(n + 1) of the other half each.
    Check.close 1e-10 [| 45.0; 9.0; 9.0; 9.0; 9.0 |] (quantities [ [ 10.0 ]; List.replicate 4 10.0 ])

/// A game with exact answers of everybody below the leader, and the leader's cost along them.
type private Nested = {
    Game: Game
    /// The joint strategy in which everybody below answers a.
    Answer: float -> float[]
    /// The leader's cost there.
    Along: float -> float
}

let private a, b, b2, c, e =
    Player.scalar "a", Player.scalar "b", Player.scalar "b2", Player.scalar "c", Player.scalar "e"

/// Four levels. e = b + c + sin a, then c = −(b + sin a) / 6, then 11/3 b = sin a / 6 − a / 4.
let private chain = {
    Game =
        game "chain of four" {
            leader a (fun q -> 0.5 * q[a] * q[a] + q[a] * q[b] + q[c] * q[e])
            follower b (fun q -> 2.0 * q[b] * q[b] + q[b] * q[c] + 0.3 * q[a] * q[e])
            level
            follower c (fun q -> q[c] * q[c] + 0.5 * q[c] * q[e])
            level
            follower e (fun q -> 0.5 * q[e] * q[e] - q[e] * (q[b] + q[c] + sin q[a]))
        }
    Answer =
        fun x ->
            let y = (sin x / 6.0 - x / 4.0) * 3.0 / 11.0
            let z = -(y + sin x) / 6.0
            [| x; y; z; y + z + sin x |]
    Along =
        fun x ->
            let y = (sin x / 6.0 - x / 4.0) * 3.0 / 11.0
            let z = -(y + sin x) / 6.0
            0.5 * x * x + x * y + z * (y + z + sin x)
}

/// One leader over two simultaneous players over one more: c = a² + b + 2 b₂, then 6 b₂ = a − a² and
/// 4 b = e^a / 2 − a² / 2 − 2 b₂.
let private mixed =
    let answers x =
        let second = (x - x * x) / 6.0
        let first = (0.5 * exp x - 0.5 * x * x - 2.0 * second) / 4.0
        first, second, x * x + first + 2.0 * second

    {
        Game =
            game "mixed levels" {
                leader a (fun q -> cos q[a] + q[b] * q[c] + q[b2] * q[b2])

                follower b (fun q ->
                    1.5 * q[b] * q[b] + q[b] * q[b2] + 0.5 * q[c] * q[b] - 0.5 * exp q[a] * q[b])

                follower b2 (fun q -> 2.0 * q[b2] * q[b2] - q[b] * q[b2] + 0.25 * q[c] * q[c] - q[a] * q[b2])

                level
                follower c (fun q -> 0.5 * q[c] * q[c] - q[c] * (q[a] * q[a] + q[b] + 2.0 * q[b2]))
            }
        Answer =
            fun x ->
                let first, second, last = answers x
                [| x; first; second; last |]
        Along =
            fun x ->
                let first, second, last = answers x
                cos x + first * last + second * second
    }

[<Fact>]
let ``the leader's total derivatives are those of its cost along exactly nested best responses`` () =
    for nested in [ chain; mixed ] do
        for x in [ -0.9; 0.2; 1.3 ] do
            let at = Tensor.ofArray (nested.Answer x)
            let field = (Game.omegaS nested.Game at).ToArray()
            let along = nested.Along
            // Central differences of order 4: rounding over h and truncation h⁴ are both below 1e-11 here, and over h²
            // below 1e-8.
            let h = 1e-3

            let slope =
                (8.0 * (along (x + h) - along (x - h))
                 - (along (x + 2.0 * h) - along (x - 2.0 * h)))
                / (12.0 * h)

            let bend =
                (16.0 * (along (x + h) + along (x - h))
                 - (along (x + 2.0 * h) + along (x - 2.0 * h))
                 - 30.0 * along x)
                / (12.0 * h * h)

            Check.closeNumber 1e-10 slope field[0]
            // Everybody below is at rest.
            Check.close 1e-12 [| 0.0; 0.0; 0.0 |] field[1..]
            Check.closeNumber 1e-7 bend (float (Tensor.sum (Game.totalHessian nested.Game at)))

[<Fact>]
let ``J_S of chains and mixed levels is the derivative of ω_S, off the answers too`` () =
    for nested in [ chain; mixed ] do
        let x = normals 3 4
        let jacobian = (Game.JS nested.Game (Tensor.ofArray x)).ToArray()
        // Central differences: their error is about h² = 1e-8 and rounding over h 1e-11.
        let h = 1e-4

        for column in 0..3 do
            let shifted sign =
                let moved = Array.copy x
                moved[column] <- moved[column] + sign * h
                (Game.omegaS nested.Game (Tensor.ofArray moved)).ToArray()

            let differences =
                Array.map2 (fun up down -> (up - down) / (2.0 * h)) (shifted 1.0) (shifted -1.0)

            Check.close 1e-6 differences (Array.init 4 (fun row -> jacobian[4 * row + column]))

[<Fact>]
let ``a chain with followers of 200 dimensions works matrix-free and agrees with elimination`` () =
    let n = 200
    let x, y, z = Player.vector "x" 3, Player.vector "y" n, Player.vector "z" n
    let couple = 0.1 * normalMatrix 5 n n / sqrt (float n)
    let steer = normalMatrix 6 n 3 / sqrt (float n)

    let large =
        game "large chain" {
            leader x (fun q ->
                Tensor.sum (q[x] ** 4)
                + Tensor.dot q[y] q[y]
                + Tensor.dot (Tensor.matmul steer q[x]) q[z])

            follower y (fun q ->
                Tensor.sum (exp (0.1 * q[y])) + 0.5 * Tensor.dot q[y] q[y]
                - Tensor.dot q[y] (Tensor.matmul steer q[x])
                + 0.3 * Tensor.dot q[y] q[z])

            level

            follower z (fun q ->
                Tensor.sum (0.5 * q[z] * q[z] + 0.05 * q[z] ** 4)
                - Tensor.dot q[z] (Tensor.matmul couple q[y])
                - 0.2 * Tensor.dot q[z] (Tensor.matmul steer q[x]))
        }

    let at =
        Tensor.ofArray (Array.map (fun value -> 0.3 * value) (normals 7 (3 + 2 * n)))

    let field solver =
        Game.field (Conjecture.bestResponse |> Conjecture.withSolver solver) large at

    let free = field Solver.gmres
    // The solves' tolerance is 1e-12, and the systems' condition about 2.
    Check.closeTensor 1e-10 (field Solver.dense) free
