// Pursuit: a follower keeps up with a leader who wants to be at 1 and the follower at 0; how two time scales, flows,
// many seeds at once and step sizes from theory are used (arXiv 1906.01217, Theorems 1 and 2).
#load "Prelude.fsx"

open System.Numerics
open Prelude
open Stackelberg

let pursuit =
    Game.twoPlayer "pursuit" (fun x y -> (x - 1.0) ** 2 + y * y) (fun x y -> 0.5 * (y - x) ** 2)

// The follower's answer is r(x) = x. Along it the leader descends 4 x − 2, so that ξ(t) = ½ + (x₀ − ½) e^(−4t).
let leading = Rule.stackelberg Conjecture.bestResponse

// A follower a thousand times as fast: the flow is the leader's own, but for about ε.
let scales = Flow.singularlyPerturbed 1e-3 pursuit

let slowly = {
    Flow.settings with
        Until = 0.5
        TimeScales = scales
}

let field = Direction.ofConjecture Conjecture.bestResponse
let flow = pursuit |> Flow.run slowly field (Tensor.ofList [ 3.0; 3.0 ])

check "the leader after half a unit of time" (float flow.Final[0]) (0.5 + 2.5 * exp -2.0) 2e-3

// A hundred seeds with rates that satisfy all conditions, in one program.
let runs =
    pursuit
    |> Ensemble.run
        leading
        {
            Learn.settings with
                Steps = 5000
                Rates = [ Rate.power 0.5 1.0; Rate.power 0.5 (2.0 / 3.0) ]
                Noise = Noise.gaussian 0.3
        }
        (Tensor.stack 0 (Array.create 100 (Tensor.ofList [ 3.0; 0.0 ])))

check "warnings about the rates" runs.Warnings.Length 0.0 0.0

check
    "share of seeds locked within 0.1 from step 2000 on"
    (runs.ShareLocked([| 0.5; 0.5 |], 0.1, 2000))
    1.0
    0.05

let tracking = Tracking.ofEnsemble 500 runs

let mean = tracking.MeanFollowerGaps
printfn $"‖x₂ − r(x₁)‖ is {mean[0]:G3} after 500 steps, {mean[4500]:G3} after 5000"
// Noise leaves a gap of the order of √γ₂, which falls by 10^(1/3).
check "the gap falls by a factor of" (mean[0] / mean[4500]) 2.15 0.6
printfn $"‖x₁ − ξ‖ stays below {Array.max (tracking.LeaderGapQuantiles 0.9):G3} in nine runs of ten"

// Equal rates do not separate the time scales.
for warning in Tracking.warnings leading [ Rate.power 0.5 1.0 ] pursuit do
    printfn $"{warning}"

// J has the eigenvalues 1 and 2 at the Nash point: the best constant rate is 2/3, and distances shrink to a third.
let sizes = pursuit |> StepSizes.ofGame Concept.Nash (Tensor.ofList [ 1.0; 1.0 ])
sizes |> Array.iter (printfn "%O")
check "the best rate of simultaneous play" sizes[0].Rate (2.0 / 3.0) 1e-12

let known =
    pursuit
    |> Known.game "derived here" [ 3.0; 0.0 ] 0.1 [
        Known.point [ 0.5; 0.5 ] [ Trait.DifferentialStackelberg; Trait.StableStackelberg ]
        |> Known.withCosts [ 0.5; 0.0 ]
        |> Known.withJ [ 1.0; 2.0 ]
        |> Known.withComplexJS [ Complex(1.5, sqrt 7.0 / 2.0) ]
        Known.point [ 1.0; 1.0 ] [ Trait.DifferentialNash; Trait.StableSimgrad ]
        |> Known.withCosts [ 1.0; 0.0 ]
    ]

checkKnown known
