// The iterated prisoner's dilemma: naive learners end in mutual defection, those that look ahead in tit for tat.
// A policy cooperates with a probability at the start and after CC, CD, DC, DD, one's own move first. Losses are exact,
// p₀ᵀ (I − γ P)⁻¹ r with γ = 0.96 (Foerster et al., LOLA); who looks ahead descends f1(x1, x2 − D2 f2), exactly.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let gamma = 0.96

/// What a player's policy loses against another, both as probabilities, shape [5].
let loss (own: Tensor) (other: Tensor) =
    let other = Tensor.gather 0 [ 0; 1; 3; 2; 4 ] other
    let both, none = own * other, (1 - own) * (1 - other)
    let next = Tensor.stack 1 [ both; own * (1 - other); (1 - own) * other; none ]
    let rewards = Tensor.ofList [ 1.0; 3.0; 0.0; 2.0 ]
    Tensor.dot next[0] (Tensor.solve (Tensor.eye 4 - gamma * next[1..4]) rewards)

let logitLoss own other =
    loss (Tensor.sigmoid own) (Tensor.sigmoid other)

let make name player loss =
    let first, second = player "first", player "second"

    game name {
        leader first (fun x -> loss x[first] x[second])
        follower second (fun x -> loss x[second] x[first])
    }

let policy name = Player.vector name 5
let dilemma = make "iterated prisoner's dilemma" policy logitLoss

let certain =
    make "iterated prisoner's dilemma in probabilities" (policy >> Player.bounded 0.0 1.0) loss

let lookAhead (x: Tensor) =
    let gradient a b =
        Diff.grad (fun a -> logitLoss a (b - Diff.grad (fun b -> logitLoss b a) b)) a

    Tensor.concat 0 [ gradient x[0..4] x[5..9]; gradient x[5..9] x[0..4] ]

/// The first player's loss of a round after 100 steps of rate 1 from each of 30 starts, and the end points.
let runs field =
    let play = Loop.scan 100 (fun x -> x - field x)

    [ 1UL .. 30UL ]
    |> List.map (fun seed ->
        let final = play (Tensor.randn seed [ 10 ])
        (1.0 - gamma) * float (Game.costs dilemma final).[0], final)

let recognise (policy: Tensor) =
    match policy.ToArray()[1..] |> Array.map sign with
    | [| 1; -1; 1; -1 |] -> "tit for tat"
    | signs -> $"%A{signs}"

let source = "Foerster et al. (2018); points derived here"
let known = dilemma |> Known.game source (List.replicate 10 0.0) 1.0 []
// In probabilities policies without chance are points. Two of them see few states: the others leave verdicts open.
let knownCertain =
    let both policy loss =
        Known.point (policy @ policy) [ Trait.CriticalOmega ]
        |> Known.undecided [ Trait.DifferentialNash; Trait.StableSimgrad ]
        |> Known.singularFollower
        |> Known.withCosts (List.replicate 2 (loss / (1.0 - gamma)))

    certain
    |> Known.game source (List.replicate 10 0.5) 0.01 [
        both [ 0.0; 0.0; 0.0; 0.0; 0.0 ] 2.0
        both [ 1.0; 1.0; 0.0; 1.0; 0.0 ] 1.0
    ]

whenRun __SOURCE_FILE__ (fun () ->
    for name, field, expected, tolerance in
        [ "naive", Game.omega dilemma, 1.999, 0.01; "look-ahead", lookAhead, 1.1, 0.1 ] do
        let results = runs field
        printfn $"{name}: %A{results |> List.countBy (fun (_, x) -> recognise x[0..4])}"
        check "loss of a round" (List.averageBy fst results) expected tolerance

    checkKnown knownCertain)
