// An electricity market with capacities: a large generator commits its output first, two others then play Cournot's game,
// one with a capacity of 10 (after Sherali, Soyster and Murphy 1983; closed forms derived here).
// The price is 100 − Σ q. The leader's costs are 10 a unit, those of the followers 20 and c.
//
// c = 30: the capacity binds, q2 = (60 − q0) / 2, and the leader earns (50 − q0 / 2) q0: q0 = 50, q2 = 5, price 35, and the
// capacity is worth 35 − 20 − 10 = 5. c = 45: q2 = (45 − q0) / 2 until it is 0. Below 45 the leader's profit
// (57.5 − q0 / 2) q0 rises, by 12.5 at the end; above it is (80 − q0) q0 and falls, by 10 at the start. It commits exactly
// so much that the dear generator stays out: a kink of its answer.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let large = Player.scalar "large" |> Player.bounded 0.0 infinity
let near = Player.scalar "near" |> Player.bounded 0.0 infinity
let dear = Player.scalar "dear" |> Player.bounded 0.0 infinity

let market name (cost: float) =
    let price (q: Strategies) = 100.0 - q[large] - q[near] - q[dear]

    game name {
        leader large (fun q -> -(price q - 10.0) * q[large])
        follower near (fun q -> -(price q - 20.0) * q[near])
        follower dear (fun q -> -(price q - cost) * q[dear])
        subjectTo near "capacity" (fun q -> q[near] - 10.0)
    }

let competing = market "electricity, two compete" 30.0
let deterred = market "electricity, one is kept out" 45.0

let about point costs game =
    game
    |> Known.game "closed form, derived here" [ 30.0; 8.0; 8.0 ] 0.05 [
        Known.point point [ Trait.DifferentialStackelberg ]
        |> Known.undecided [ Trait.StableStackelberg ]
        |> Known.withCosts costs
    ]

let known = competing |> about [ 50.0; 10.0; 5.0 ] [ -1250.0; -150.0; -25.0 ]
let knownDeterred = deterred |> about [ 45.0; 10.0; 0.0 ] [ -1575.0; -250.0; 0.0 ]

whenRun __SOURCE_FILE__ (fun () ->
    for found in [ known; knownDeterred ] do
        match Equilibrium.find Concept.Stackelberg (Tensor.ofArray found.Start) found.Game with
        | Ok report ->
            printfn $"{report}"
            let expected = found.Points[0].Point
            check $"{found.Game.Name}: the leader" (float report.Point[0]) expected[0] 1e-9
            check "the dear one" (float report.Point[2]) expected[2] 1e-9
        | Error failure -> stop $"{failure}"

        checkKnown found

    // Learning plays with multipliers: two firms that foresee nothing, and a leader that does.
    let played = competing |> Game.withMultipliers 1.0
    let start = Tensor.ofList [ 30.0; 8.0; 8.0; 0.0 ]

    let run =
        played
        |> Learn.run
            (Rule.stackelberg Conjecture.bestResponse)
            {
                Learn.settings with
                    Steps = 20000
                    Rates = [ Rate.constant 0.02 ]
            }
            start

    printfn $"{run}"
    check "learned, the leader" (float run.Final[0]) 50.0 1e-6
    check "learned, what the capacity is worth" (float run.Final[3]) 5.0 1e-6)
