// A Stackelberg security game: the defender spreads one guard over three targets, the attacker answers by quantal
// response (McKelvey and Palfrey 1995; against a defender: Yang et al. 2011; payoffs and numbers made here).
// With coverage c the attacker expects U_i = (1 − c_i) R_i + c_i P_i of target i, and attacks it with probability
// q_i ∝ exp(λ U_i): the answer that maximises Σ q_i U_i − (1/λ) Σ q_i log q_i on the simplex.
// The third target is worth too little to be guarded: with c = (a, 1 − a, 0) the loss has one variable, and its least value
// was computed with 40 digits by another program: a = 0.5834035646913406, loss 1.3258499957563844; there the loss
// falls by 1.8327020839725883 per unit of guard at the first two targets, and by 0.5937990239414388 at the third.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let reward, penalty =
    Tensor.ofList [ 5.0; 4.0; 1.0 ], Tensor.ofList [ -4.0; -2.0; -1.0 ]

let loss, gain = Tensor.ofList [ 6.0; 3.0; 1.0 ], Tensor.ofList [ 1.0; 1.0; 1.0 ]
let λ = 0.5

let defender = Player.vector "coverage" 3 |> Player.simplex
let attacker = Player.vector "attack" 3 |> Player.simplex

let expected (c: Tensor) = (1.0 - c) * reward + c * penalty

let security =
    game "security" {
        leader defender (fun q -> Tensor.dot q[attacker] ((1.0 - q[defender]) * loss - q[defender] * gain))

        follower attacker (fun q ->
            let attack = q[attacker]
            Tensor.dot attack (log attack) / λ - Tensor.dot attack (expected q[defender]))
    }

let response (c: Tensor) = Tensor.softmax (λ * expected c)

let point =
    let a = 0.5834035646913406007959508925
    let c = Tensor.ofList [ a; 1.0 - a; 0.0 ]
    Tensor.concat 0 [ c; response c ]

let known =
    security
    |> Known.game "after Yang et al. (2011); computed independently" [ 0.5; 0.4; 0.1; 0.3; 0.4; 0.3 ] 0.05 [
        Known.point (List.ofArray (point.ToArray())) [ Trait.DifferentialStackelberg ]
        |> Known.undecided [ Trait.StableStackelberg ]
    ]

whenRun __SOURCE_FILE__ (fun () ->
    match Equilibrium.find Concept.Stackelberg (Tensor.ofArray known.Start) security with
    | Ok report ->
        printfn $"{report}"
        check "guards at the first target" (float report.Point[0]) (float point[0]) 1e-9
        check "guards at the third" (float report.Point[2]) 0.0 1e-9
        check "the loss" report.Costs[0] 1.3258499957563844 1e-9
        check "the attack on the third" (float report.Point[5]) (float point[5]) 1e-9
    | Error failure -> stop $"{failure}"

    checkKnown known)
