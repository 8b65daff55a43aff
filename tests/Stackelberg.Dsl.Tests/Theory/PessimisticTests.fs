/// Definition 2 of arXiv 1906.01217: the leader's cost at the worst of the follower's best answers.
module Stackelberg.Dsl.Tests.PessimisticTests

open System
open Stackelberg
open Stackelberg.Dsl.Tests
open Xunit

let private box = Tensor.scalar -3.0, Tensor.scalar 3.0

/// f2 = (y² − c)² + k x y, two wells that are equally deep at x = 0; f1 = p y + s y² + x.
let private wells seed =
    let random = Random(seed: int)
    let u low high = Draw.uniform random low high
    let c, k, p, s = u 0.2 2.0, u 0.2 1.0, u -1.0 1.0, u -1.0 1.0

    let game =
        Game.twoPlayer "wells" (fun x y -> p * y + s * y * y + x) (fun x y -> (y * y - c) ** 2.0 + k * x * y)

    random, game, c, (fun x y -> p * y + s * y * y + x), (fun x y -> (y * y - c) ** 2.0 + k * x * y)

/// The least of a function on [−3, 3]: the best of a grid, refined between its neighbours by golden sections.
let private leastOf (f: float -> float) low high =
    let count = 6000

    let at k =
        low + (high - low) * float k / float count

    let best = Seq.minBy (at >> f) (seq { 0..count })
    let ratio = 0.5 * (sqrt 5.0 - 1.0)
    let mutable a, b = at (max 0 (best - 1)), at (min count (best + 1))

    for _ in 1..60 do
        let left, right = b - ratio * (b - a), a + ratio * (b - a)
        if f left < f right then b <- right else a <- left

    0.5 * (a + b)

[<Fact>]
let ``of 500 random wells both are best answers where they are equally deep, and the worse one counts`` () =
    Draw.forSeeds 500 (fun seed ->
        let _, game, c, cost1, _ = wells seed
        let found = game |> Pessimistic.at box (Tensor.scalar 0.0)
        Check.close 1e-6 [| -sqrt c; sqrt c |] (found.Answers |> Array.map Array.head |> Array.sort)
        Check.closeNumber 1e-9 0.0 found.FollowerCost
        let values = [| cost1 0.0 (sqrt c); cost1 0.0 -(sqrt c) |]
        Check.close 1e-6 [| Array.max values; Array.min values |] [| found.Pessimistic; found.Optimistic |]
        // The hill between them at y = 0 is neither.
        Assert.Empty found.Others)
    |> ignore

[<Fact>]
let ``of 500 random wells elsewhere the deeper one is the answer, as a grid finds it`` () =
    let others =
        Draw.forSeeds 500 (fun seed ->
            let random, game, _, cost1, cost2 = wells seed
            let x = (if seed % 2 = 0 then 1.0 else -1.0) * Draw.uniform random 0.05 1.0
            let found = game |> Pessimistic.at box (Tensor.scalar x)
            let y = leastOf (cost2 x) -3.0 3.0
            Assert.Equal(1, found.Answers.Length)
            Check.closeNumber 1e-6 y (found.Answers[0].[0])
            Check.closeNumber 1e-6 (cost1 x y) found.Pessimistic
            Assert.Equal(found.Pessimistic, found.Optimistic)
            found.Others.Length)

    // Most have the other well as well, a local minimum that is no best answer.
    Assert.InRange(others |> Draw.count (fun count -> count = 1), 100, 499)

[<Fact>]
let ``worked example: a follower who does not care, and a leader who does`` () =
    let game = Game.twoPlayer "g" (fun _ y -> y) (fun _ y -> (y * y - 1.0) ** 2.0)
    let found = game |> Pessimistic.at box (Tensor.scalar 0.0)
    Check.close 1e-7 [| 1.0; -1.0 |] [| found.Pessimistic; found.Optimistic |]

    Assert.Equal(
        "2 best answers and 0 other local minima: the leader's cost is -1 at best and 1 at worst",
        string found
    )

[<Fact>]
let ``a best strategy is held against others, and one that only hopes for the best answer is refuted`` () =
    // The answer to x is y = x: f1 = (x − 1)² + y².
    let smooth =
        Game.twoPlayer "g" (fun x y -> (x - 1.0) ** 2.0 + y * y) (fun x y -> 0.5 * (y - x) ** 2.0)

    let best = smooth |> Pessimistic.test 50 box box (Tensor.scalar 0.5)
    Assert.True best.IsLeast
    Check.closeNumber 1e-9 0.5 best.Value
    Assert.InRange(best.LeastOther, 0.5, 0.6)
    Assert.False (smooth |> Pessimistic.test 50 box box (Tensor.scalar 1.0)).IsLeast

    // f1 = y + x²/10: at x = 0 the follower may pick y = 1; a little to the right it will not.
    let tie =
        Game.twoPlayer "tie" (fun x y -> y + 0.1 * x * x) (fun x y -> (y * y - 1.0) ** 2.0 + x * y)

    let atTie =
        tie
        |> Pessimistic.test 50 (Tensor.scalar -1.0, Tensor.scalar 1.0) box (Tensor.scalar 0.0)

    Assert.False atTie.IsLeast
    Check.closeNumber 1e-7 1.0 atTie.Value
    Assert.InRange(atTie.LeastOther, -1.3, -1.0)
    Assert.True(atTie.At[0] > 0.0)

[<Fact>]
let ``wrong arguments are told`` () =
    let game = TestGames.duopoly.Game

    let message box (x: Tensor) =
        Check.argumentMessage (fun () -> game |> Pessimistic.at box x |> ignore)

    Assert.Equal(
        "Pessimistic.at: x1 holds 2 numbers, but 1 are needed (the strategy of x1 []).",
        message box (Tensor.zeros [ 2 ])
    )

    // The answer to 0 is 49.
    Assert.Equal(
        "Pessimistic.at: box holds no minimum of x2 that was found, for x1 at [0]; take a larger one, or bounds on the follower.",
        message box (Tensor.scalar 0.0)
    )
