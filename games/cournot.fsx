// Cournot's oligopoly under a leader, and as a chain: the more followers, the less they matter to the leader's choice.
// Inverse demand 100 − Σ q, a unit costs firm i c_i (after Cournot and von Stackelberg; closed forms derived here by
// backward induction). The leader over N followers of cost c chooses (100 − (N + 1) c1 + N c) / 2.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let demand = 100.0

/// Firms of the costs given, level by level; a firm's loss is minus its profit, −(100 − Σ q − cost) q_i.
let oligopoly name (levels: float list list) =
    let firms =
        List.concat levels
        |> List.mapi (fun i cost -> Player.scalar $"firm {i + 1}", cost)

    let price (q: Strategies) =
        demand - List.sumBy (fun (firm, _) -> q[firm]) firms

    let seats =
        firms
        |> List.map (fun (firm, cost) -> firm, (fun q -> -(price q - cost) * q[firm]))

    let grouped, _ =
        levels
        |> List.mapFold (fun rest level -> List.splitAt (List.length level) rest) seats

    Game.create name grouped

let c1, c = 5.0, 2.0
let below n = List.replicate n c
let two = oligopoly "Cournot, leader and 2 followers" [ [ c1 ]; below 2 ]
let ten = oligopoly "Cournot, leader and 10 followers" [ [ c1 ]; below 10 ]
let chain = oligopoly "Cournot, chain of 3" [ [ c1 ]; [ c ]; [ c ] ]
let equals = oligopoly "Cournot, 3 equals" [ below 3 ]

let source = "Cournot (1838), von Stackelberg (1934); closed forms derived here"
let leading = [ Trait.DifferentialStackelberg; Trait.StableStackelberg ]

let about holds point game =
    let start = List.map (fun _ -> 10.0) point
    game |> Known.game source start 0.05 [ Known.point point holds ]

let overFollowers n =
    let q1 = (demand - float (n + 1) * c1 + float n * c) / 2.0
    q1 :: List.replicate n ((demand - c - q1) / float (n + 1))

let known2 = two |> about leading (overFollowers 2)
let known10 = ten |> about leading (overFollowers 10)

let knownChain =
    let q1 = (demand + c + 2.0 * c - 4.0 * c1) / 2.0
    let q2 = (demand + c - 2.0 * c - q1) / 2.0
    chain |> about leading [ q1; q2; (demand - c - q1 - q2) / 2.0 ]

let knownEquals =
    let nash = [
        Trait.DifferentialNash
        Trait.DifferentialStackelberg
        Trait.StableSimgrad
        Trait.StableStackelberg
    ]

    equals |> about nash (List.replicate 3 ((demand - c) / 4.0))

whenRun __SOURCE_FILE__ (fun () ->
    for known in [ known2; known10; knownChain; knownEquals ] do
        match Equilibrium.find Concept.Stackelberg (Tensor.ofArray known.Start) known.Game with
        | Ok report -> printfn $"{known.Game.Name}: {report.Point}"
        | Error failure -> stop $"{failure}"

        checkKnown known

    check "the leader of two" known2.Points[0].Point[0] 44.5 0.0
    check "each of the two" known2.Points[0].Point[1] (107.0 / 6.0) 1e-12
    check "the chain's first" knownChain.Points[0].Point[0] 43.0 0.0
    check "the chain's second" knownChain.Points[0].Point[1] 27.5 0.0
    check "the chain's last" knownChain.Points[0].Point[2] 13.75 0.0)
