// A polynomial zero-sum game: four attractors, two of them no Nash equilibria.
// All four are Stackelberg equilibria (Fiez, Chasnov and Ratliff, arXiv 1906.01217, Example 1, with a = 0.15 and b = 0.25).
#load "Prelude.fsx"

open Prelude
open Stackelberg

/// The coefficients of the squares in both polynomials.
let create (a: float) (b: float) =
    Game.zeroSum "polynomial" (fun x y ->
        let u, v = a * x * x + y, b * y * y + x
        -(exp (-0.01 * (x * x + y * y)) * (u * u + v * v)))

let polynomial = create 0.15 0.25

// All nine critical points: four attract, and two of these are no Nash equilibria.
let known =
    let both = [ Trait.StableSimgrad; Trait.DifferentialStackelberg; Trait.StableStackelberg ]

    let none = [ Trait.CriticalOmega; Trait.CriticalOmegaS ]
    let nash = Trait.DifferentialNash :: both

    polynomial
    |> Known.game "Fiez, Chasnov and Ratliff (arXiv 1906.01217); points by computation" [ -10.0; 10.0 ] 2.5e-2 [
        Known.point [ -10.416623295113828; 8.48054885372678 ] nash
        Known.point [ 12.188575649030788; -5.423167761844848 ] nash
        Known.point [ -13.33918039568395; -9.991698385593121 ] both
        Known.point [ -2.5015087156827263; -2.3398614944218363 ] both
        Known.point [ 0.0; 0.0 ] none |> Known.withJ [ -2.0; 2.0 ]
        Known.point [ -5.622884435344996; -4.74252440598675 ] none
        Known.point [ -13.184298234997785; 1.7996943880204508 ] none
        Known.point [ 1.6604182274798212; -13.669210739431287 ] none
        Known.point [ 2.3119380499637225; 13.509334611272065 ] none
    ]

whenRun __SOURCE_FILE__ (fun () ->
    for start in [ [ 3.0; 3.0 ]; [ -3.0; 1.0 ]; [ -10.0; 10.0 ]; [ -10.0; -10.0 ] ] do
        let run =
            polynomial
            |> Learn.run
                (Rule.stackelberg Conjecture.bestResponse)
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
        | Error failure -> stop $"{failure}"

    checkKnown known)
