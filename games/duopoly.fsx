// The Stackelberg duopoly: two firms choose quantities, and to lead pays.
// The price is 100 − q1 − q2; a unit costs the leader 5 and the follower 2 (Fiez, Chasnov and Ratliff).
#load "Prelude.fsx"

open Prelude
open Stackelberg

let firm1 = Player.scalar "firm 1"
let firm2 = Player.scalar "firm 2"

/// The price is demand − q1 − q2; a unit costs firm 1 cost1 and firm 2 cost2.
let create (demand: float) (cost1: float) (cost2: float) =
    game "duopoly" {
        leader firm1 (fun q -> -(demand - q[firm1] - q[firm2] - cost1) * q[firm1])
        follower firm2 (fun q -> -(demand - q[firm1] - q[firm2] - cost2) * q[firm2])
    }

let duopoly = create 100.0 5.0 2.0

// J = [2 1; 1 2] and J_S = [3/2 1; 1 2] everywhere.
let spectra =
    Known.withJ [ 1.0; 3.0 ]
    >> Known.withJS [ (7.0 - sqrt 17.0) / 4.0; (7.0 + sqrt 17.0) / 4.0 ]

let known =
    duopoly
    |> Known.game "Fiez, Chasnov and Ratliff (arXiv 1906.01217); points in closed form" [ 10.0; 10.0 ] 0.1 [
        Known.point [ 46.0; 26.0 ] [ Trait.DifferentialStackelberg; Trait.StableStackelberg ]
        |> Known.withCosts [ -1058.0; -676.0 ]
        |> spectra
        Known.point [ 92.0 / 3.0; 101.0 / 3.0 ] [ Trait.DifferentialNash; Trait.StableSimgrad ]
        |> spectra
    ]
    |> Known.withErratum
        "The paper's profits of the equilibria are those of the 100th noisy iterate; right are 940.4 and 1133.4, 1058 and 676."

whenRun __SOURCE_FILE__ (fun () ->
    let x = Tensor.ofList [ 10.0; 10.0 ] // the joint strategy, shape [d], players in order
    printfn $"at {x}: costs {Game.costs duopoly x}"
    printfn $"ω   = {Game.omega duopoly x}"
    printfn $"ω_S = {Game.omegaS duopoly x}"
    printfn $"J   = {Game.J duopoly x}"
    printfn $"J_S = {Game.JS duopoly x}"
    printfn $"the leader's field, regularised by 1: {Game.field (Conjecture.regularized 1.0) duopoly x}"

    let run =
        duopoly
        |> Learn.run
            (Rule.stackelberg Conjecture.bestResponse)
            {
                Learn.settings with
                    Steps = 5000
                    Rates = [ Rate.power 1.0 1.0; Rate.power 1.0 (2.0 / 3.0) ]
                    Noise = Noise.gaussian (sqrt 10.0)
                    Seed = 1UL
            }
            x

    printfn $"{run.Outcome} at {run.Final}"
    printfn $"{Equilibrium.classify duopoly (Tensor.ofList [ 46.0; 26.0 ])}"
    checkKnown known

    match Equilibrium.find Concept.Stackelberg x duopoly, Equilibrium.find Concept.Nash x duopoly with
    | Ok stackelberg, Ok nash ->
        check "the leader's quantity" (float stackelberg.Point[0]) 46.0 1e-9
        check "the follower's quantity" (float stackelberg.Point[1]) 26.0 1e-9
        check "both quantities of the Nash equilibrium" (float (Tensor.sum nash.Point)) (193.0 / 3.0) 1e-9
    | stackelberg, nash -> stop $"{stackelberg}\n{nash}")
