(**
---
title: A first game
category: Start
categoryindex: 1
index: 2
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# A first game

A script needs one line before it, `#r "nuget: Stackelberg.Dsl"`, and is run by `dotnet fsi duopoly.fsx`.

Two firms sell the same good. The price is 100 − q₁ − q₂, and a unit costs firm 1 five and firm 2 two.
Firm 1 chooses its quantity first, so it is the leader; firm 2 answers, so it is the follower.
Costs are minimised: the cost of a firm is minus its profit (arXiv 1906.01217, section 4.1).
*)
open Stackelberg

let firm1 = Player.scalar "firm 1"
let firm2 = Player.scalar "firm 2"

let duopoly =
    game "duopoly" {
        leader firm1 (fun q -> -(100.0 - q[firm1] - q[firm2] - 5.0) * q[firm1])
        follower firm2 (fun q -> -(100.0 - q[firm1] - q[firm2] - 2.0) * q[firm2])
    }
(**
## Its fields at a point

`ω` stacks the partial derivatives D₁f₁ and D₂f₂. `ω_S` has the leader's total derivative in the place of D₁f₁:
Df₁ = D₁f₁ − (D₂₁f₂)ᵀ (D₂²f₂)⁻¹ D₂f₁, which knows how the follower answers. `J` and `J_S` are their Jacobians.
*)
let x = Tensor.ofList [ 10.0; 10.0 ]

printfn $"costs {Game.costs duopoly x}"
printfn $"ω     {Game.omega duopoly x}"
printfn $"ω_S   {Game.omegaS duopoly x}"
printfn $"J     {Game.J duopoly x}"
printfn $"J_S   {Game.JS duopoly x}"
(*** include-output ***)
(**
## Its equilibria

`Equilibrium.find` goes to a critical point by a damped Newton method and says what kind of point it is.
*)
let find concept =
    match Equilibrium.find concept x duopoly with
    | Ok report -> report
    | Error failure -> failwith $"{failure}"

let nash = find Concept.Nash
let stackelberg = find Concept.Stackelberg

printfn $"Nash         {nash.Point}, costs %A{nash.Costs}"
printfn $"Stackelberg  {stackelberg.Point}, costs %A{stackelberg.Costs}"
(*** include-output ***)
(**
To lead pays: the leader sells more, and its cost falls.
*)
(*** hide ***)
check "q1, Nash" (float nash.Point[0]) (92.0 / 3.0) 1e-9
check "q2, Nash" (float nash.Point[1]) (101.0 / 3.0) 1e-9
check "q1, Stackelberg" (float stackelberg.Point[0]) 46.0 1e-9
check "q2, Stackelberg" (float stackelberg.Point[1]) 26.0 1e-9
check "the leader's profit" -stackelberg.Costs[0] 1058.0 1e-6
(**
## Learning

Both firms now know their derivatives only up to noise of variance 10, and learn with the rates 1/k and 1/k^(2/3):
the leader is the slower one, as the theory of two time scales asks.
*)
let settings = {
    Learn.settings with
        Steps = 5000
        Rates = [ Rate.power 1.0 1.0; Rate.power 1.0 (2.0 / 3.0) ]
        Noise = Noise.gaussian (sqrt 10.0)
        Seed = 1UL
}

let play rule = duopoly |> Learn.run rule settings x
let simultaneous = play Rule.simultaneous
let leading = play (Rule.stackelberg Conjecture.bestResponse)

printfn $"simultaneous  {simultaneous.Final}"
printfn $"Stackelberg   {leading.Final}"
(*** include-output ***)
(*** hide ***)
check "the leader's quantity at the end" (float leading.Final[0]) 46.0 0.5
check "… under simultaneous play" (float simultaneous.Final[0]) (92.0 / 3.0) 0.5
(**
`[ simultaneous; leading ] |> Chart.trajectories |> Chart.show` opens this picture in the browser:
*)
(*** hide ***)
[ simultaneous; leading ] |> Chart.trajectories |> drawn
(*** include-it-raw ***)
(**
The same runs in the plane, over the arrows of ω_S and the curves on which its entries vanish, by
`duopoly |> Chart.phasePlane Game.omegaS [ simultaneous; leading ] |> Chart.show`:
*)
(*** hide ***)
duopoly |> Chart.phasePlane Game.omegaS [ simultaneous; leading ] |> drawn
(*** include-it-raw ***)
(**
Next: [what the report card says](report-card.html).
*)
