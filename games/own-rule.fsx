// How to write a rule of one's own: a step is an expression of the joint strategy, and what it remembers.
// On f = x y/2 + x²/8 − y²/8 the gradients turn. Two rules: a mean of the last point and this step's (Mann 1953), which the
// library lacks, and the anchored steps of Halpern (1967), which lean back to the start by 1/(k + 1), and which it has.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let turning =
    Game.zeroSum "turning saddle" (fun x y -> x * y / 2 + x ** 2 / 8 - y ** 2 / 8)

/// x⁺ = (1 − α) x + α Π(x − γ ω(x)): s has this step's rates and fields, x has shape [d].
let averaged (α: float) =
    Rule.create $"averaged {α}" "Mann 1953" (fun s x -> (1.0 - α) * x + α * s.Project(x - s.Rate * s.Omega x))

/// x⁺ = x₀/(k + 1) + k/(k + 1) (x − γ ω(x)). The start is remembered; a step returns what it remembers next.
let anchored =
    Rule.withState "anchored" "Halpern 1967" (fun _ start -> [ ("start", start) ]) (fun s memory x ->
        let k = s.Number
        (memory[0] + k * s.Descend(x, s.Omega x)) / (k + 1.0), memory)

let x = Tensor.ofList [ 1.0; -1.0 ]

let settings = {
    Learn.settings with
        Steps = 2000
        Rates = [ Rate.constant 0.5 ]
        Stop = Stop.UpdateBelow 1e-12
}

let run = turning |> Learn.run (averaged 0.5) settings x
printfn $"{run}"
check "distance from the saddle" (run.Final.ToArray() |> Array.sumBy abs) 0.0 1e-10

let finalOf rule =
    (turning |> Learn.run rule settings x).Final.ToArray()

let apart =
    Array.map2 (-) (finalOf anchored) (finalOf (Rule.halpern Rule.simultaneous))

check "own anchored steps against the library's" (Array.sumBy abs apart) 0.0 1e-14

// Many runs at once, and the derivative of the step at the end, as for any rule of the library.
let starts =
    Tensor.ofArray2D (array2D [ [ 1.0; -1.0 ]; [ 0.3; 2.0 ]; [ -5.0; 0.0 ] ])

let runs = turning |> Ensemble.run (averaged 0.5) settings starts
let converged = runs.Outcomes |> Array.filter _.IsConverged
check "runs that converge" (float converged.Length) 3.0 0.0

let rows =
    turning
    |> Comparison.run
        {
            Comparison.settings with
                Rules = [| averaged 0.5; anchored; Rule.simultaneous |]
                Rate = 0.5
        }
        x

for row in rows do
    printfn $"  {row}"

// ω is ((1 + 2i)/4) z in complex numbers: the step multiplies by 1 − αγ (1 + 2i)/4.
check "factor of the averaged rule" rows[0].Predicted (sqrt (0.9375 ** 2 + 0.125 ** 2)) 1e-12

// J = [1/4 1/2; −1/2 1/4].
let known =
    turning
    |> Known.game "quadratic; spectra derived here" [ 1.0; -1.0 ] 0.5 [
        Known.point [ 0.0; 0.0 ] [
            Trait.DifferentialNash
            Trait.DifferentialStackelberg
            Trait.StableSimgrad
            Trait.StableStackelberg
        ]
    ]

checkKnown known
