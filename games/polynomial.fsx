// A polynomial zero-sum game: four attractors, two of them no Nash equilibria.
// All four are Stackelberg equilibria (Fiez, Chasnov and Ratliff, Example 1, with a = 0.15 and b = 0.25).
#load "Prelude.fsx"

open Prelude
open Stackelberg

let a, b = 0.15, 0.25

let polynomial =
    Game.zeroSum "polynomial" (fun x y ->
        -exp(-0.01 * (x * x + y * y)) * ((a * x ** 2 + y) ** 2 + (b * y ** 2 + x) ** 2))

let starts = [ [ 3.0; 3.0 ]; [ -3.0; 1.0 ]; [ -10.0; 10.0 ]; [ -10.0; -10.0 ] ]

let stackelberg = Rule.stackelberg Conjecture.bestResponse

for start in starts do
    let run =
        polynomial
        |> Learn.run
            stackelberg
            {
                Learn.settings with
                    Steps = 9999
                    Rates = [ Rate.constant 2.5e-4; Rate.constant 2.5e-2 ]
            }
            (Tensor.ofList start)

    match Equilibrium.find Concept.Stackelberg run.Final polynomial with
    | Ok report ->
        let kind =
            if report.IsDifferentialNash = Verdict.Yes then
                "a Nash equilibrium too"
            else
                "no Nash equilibrium"

        printfn
            $"from ({start[0]}, {start[1]}): {run.Final}, near the Stackelberg equilibrium {report.Point}, {kind}"

        check "differential Stackelberg (1 = yes)" (float report.IsDifferentialStackelberg) 1.0 0.0
        check "the field there" report.ResidualOmegaS 0.0 1e-9
    | Error failure ->
        eprintfn $"{failure}"
        exit 1
