module Stackelberg.Dsl.Tests.LeaderAdvantageTests

open Stackelberg
open Stackelberg.Dsl.Tests
open Stackelberg.Dsl.Tests.TestGames
open Xunit

let private advantage game =
    match game |> Equilibrium.leaderAdvantage (Tensor.full [ Game.dimension game ] 1.0) with
    | Ok found -> found
    | Error failure -> failwith $"{failure}"

[<Fact>]
let ``in the duopoly each firm prefers to lead`` () =
    let found = advantage duopoly.Game
    // Costs −8464/9 and −10201/9 at the Nash point, −1058 and −676 at the Stackelberg point.
    Check.close 1e-9 [| 1058.0 - 8464.0 / 9.0; 676.0 - 10201.0 / 9.0 |] found.Gains
    // Roles swapped, firm 2 makes 50.5 and firm 1 22.25.
    Check.close 1e-9 [| 50.5; 22.25 |] (found.Swapped.Point.ToArray())
    Check.close 1e-9 [| 1058.0 - 22.25 ** 2.0; 1275.125 - 676.0 |] found.GainsFromLeading
    Assert.Equal(Leadership.NonConcurrent, found.Leadership)
    Assert.Contains("each prefers to lead", string found)

[<Fact>]
let ``with prices instead of quantities each firm prefers to follow`` () =
    // Demand 1 − pᵢ + pⱼ / 2, no costs: both gain by order of play, the follower more.
    let price =
        Game.twoPlayer "prices" (fun p q -> -p * (1.0 - p + 0.5 * q)) (fun p q -> -q * (1.0 - q + 0.5 * p))

    let found = advantage price
    Assert.Equal(Leadership.Stalemate, found.Leadership)
    Assert.All(found.Gains, (fun gain -> Assert.InRange(gain, 1e-6, infinity)))
    // Nash p = 2/3; leader 5/7, follower 19/28.
    Check.close 1e-9 [| 5.0 / 7.0; 19.0 / 28.0 |] (found.Stackelberg.Point.ToArray())

[<Fact>]
let ``both may prefer the same leader`` () =
    // Leading, the first player costs −3/4 and leaves the second −1/8; following, −49/72 against −1/12.
    let mixed =
        Game.twoPlayer "mixed" (fun x y -> 0.5 * x * x - x - 0.5 * x * y) (fun x y ->
            0.5 * y * y - y + 0.5 * x * y)

    let found = advantage mixed
    Check.close 1e-9 [| -49.0 / 72.0 + 0.75; -0.125 + 1.0 / 12.0 |] found.GainsFromLeading
    Assert.Equal(Leadership.Concurrent, found.Leadership)

[<Fact>]
let ``at a saddle point the lead makes no difference`` () =
    let saddle = Game.zeroSum "saddle" (fun x y -> x * x + 10.0 * x * y - y * y)
    Assert.Equal(Leadership.Indifferent, (advantage saddle).Leadership)

[<Fact>]
let ``with more players the gains are the order of play's, and nobody is asked`` () =
    let a, b, c = Player.scalar "a", Player.scalar "b", Player.scalar "c"

    let cost own (q: Strategies) =
        -(100.0 - q[a] - q[b] - q[c] - 10.0) * q[own]

    let three =
        game "three" {
            leader a (cost a)
            follower b (cost b)
            follower c (cost c)
        }

    let found = advantage three
    // Each makes 22.5 without order of play; the leader makes 45 and its followers 15.
    Check.close
        1e-9
        [|
            45.0 * 15.0 - 22.5 ** 2.0
            15.0 ** 2.0 - 22.5 ** 2.0
            15.0 ** 2.0 - 22.5 ** 2.0
        |]
        found.Gains

    Assert.Null found.Swapped
    Assert.Empty found.GainsFromLeading
    Assert.Equal(Leadership.NotAsked, found.Leadership)

[<Fact>]
let ``a point that is not found is said`` () =
    let flat = Game.twoPlayer "flat" (fun x y -> x * x + x * y) (fun x y -> x * y)

    match flat |> Equilibrium.leaderAdvantage (Tensor.ones [ 2 ]) with
    | Error(FindFailure.SingularFollower _) -> ()
    | other -> Assert.Fail $"{other}"
