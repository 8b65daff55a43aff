// Invariant risk minimisation: a representation that is best for the same classifier in every environment.
// The leader chooses φ, and in each environment e a follower the weight w_e that is best there for z = φ·x. The leader
// pays its error with the weight 1, and for the distance of the best weights from 1 (Arjovsky et al., Invariant Risk
// Minimization, the penalty ‖w − w_e‖² of its section 3; data made here). x1 causes y; y causes x2, with other noise in
// each environment, so that the best predictor within one environment leans on x2, and the invariant one does not.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let n = 2000

/// Inputs [n, 2] and targets [n].
let environment noise seed =
    let column k = Tensor.randn (seed + k) [ n ]
    let cause = column 0UL
    let target = cause + 0.7 * column 1UL
    Tensor.stack 1 [ cause; target + noise * column 2UL ], target

let environments = [ environment 0.3 10UL; environment 1.5 20UL ]

/// Half the mean squared error of the prediction w φ·x.
let risk (inputs, target: Tensor) (phi: Tensor) (w: Tensor) =
    0.5 * Tensor.mean ((target - w * Tensor.matmul inputs phi) ** 2)

let phi = Player.vector "φ" 2
let weights = environments |> List.mapi (fun e _ -> Player.scalar $"w{e + 1}")
let one = Tensor.scalar 1.0

let invariance penalty =
    let loss (q: Strategies) =
        List.sumBy (fun data -> risk data q[phi] one) environments
        + penalty / 2.0 * List.sumBy (fun w -> (q[w] - 1.0) ** 2) weights

    Game.create $"invariant risk, penalty {string penalty}" [
        [ (phi, loss) ]
        List.map2 (fun w data -> w, (fun (q: Strategies) -> risk data q[phi] q[w])) weights environments
    ]

/// The best weight in closed form, E[y z] / E[z²], and from it what the equilibrium must be, by Newton's method.
let best penalty =
    let weight (inputs, target) phi =
        let z = Tensor.matmul inputs phi
        Tensor.dot z target / Tensor.dot z z

    let reduced phi =
        List.sumBy (fun data -> risk data phi one + penalty / 2.0 * (weight data phi - 1.0) ** 2) environments

    let step x =
        x - Tensor.solve (Diff.hessian reduced x) (Diff.grad reduced x)

    let phi = Loop.scan 30 step (Tensor.ofList [ 0.9; 0.1 ])

    List.ofArray (phi.ToArray())
    @ [ for data in environments -> float (weight data phi) ]

let about penalty =
    invariance penalty
    |> Known.game "after Arjovsky et al. (2019); closed form derived here" [ 0.9; 0.1; 1.0; 1.0 ] 0.05 [
        Known.point (best penalty) [ Trait.DifferentialStackelberg; Trait.StableStackelberg ]
    ]

let known, knownWeak = about 1000.0, about 1.0

for known in [ known; knownWeak ] do
    match known.Game |> Equilibrium.find Concept.Stackelberg (Tensor.ofArray known.Start) with
    | Ok report ->
        printfn $"{known.Game.Name}: φ and weights {report.Point}"
        check "weight of the effect" (float report.Point[1]) known.Points[0].Point[1] 1e-9
    | Error failure -> stop $"{failure}"

    checkKnown known

check "the strong penalty's reliance on the effect" known.Points[0].Point[1] 0.0 0.05
