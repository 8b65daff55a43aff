// A bimatrix game with softmax policies, whose Nash and Stackelberg equilibria differ.
// Each player has two actions, plays the first with probability 1 / (1 + exp −(5 x + 2)), and pays for large x
// (Fiez, Chasnov and Ratliff).
#load "Prelude.fsx"

open System.Numerics
open Prelude
open Stackelberg

let matrix rows = Tensor.ofArray2D (array2D rows)
let A = matrix [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]
let B = matrix [ [ 0.5; 1.0 ]; [ 1.0; 0.5 ] ]
let temperature = Tensor.ofList [ 2.5; -2.5 ]
let shift = Tensor.ofList [ 1.0; -1.0 ]

let policy (x: Tensor) =
    Tensor.softmax (temperature * x + shift)

let cost M x y (own: Tensor) =
    Tensor.dot (policy x) (Tensor.matmul M (policy y)) + 0.05 * own ** 2

let bimatrix =
    Game.twoPlayer "bimatrix" (fun x y -> cost A x y x) (fun x y -> cost B x y y)

for name, rule, x1, x2 in
    [
        "simultaneous", Rule.simultaneous, -0.424786839053, -0.386349260631
        "Stackelberg", Rule.stackelberg Conjecture.bestResponse, -0.414430359317, -0.160654978284
    ] do
    let run =
        bimatrix
        |> Learn.run
            rule
            {
                Learn.settings with
                    Steps = 20000
                    Rates = [ Rate.constant 0.02; Rate.constant 0.2 ]
            }
            (Tensor.ofList [ -1.0; -1.0 ])

    printfn $"{name}: {run.Outcome} at {run.Final}"
    printfn $"  policies {policy run.Final[0]} and {policy run.Final[1]}"
    printfn $"{Equilibrium.classify bimatrix run.Final}"
    check "x1" (float run.Final[0]) x1 1e-8
    check "x2" (float run.Final[1]) x2 1e-8

let known =
    bimatrix
    |> Known.game "the code of Fiez, Chasnov and Ratliff (2020); points by computation" [ -1.0; -1.0 ] 0.02 [
        Known.point [ -0.42478683905264814; -0.38634926063061376 ] [
            Trait.DifferentialNash
            Trait.StableSimgrad
        ]
        |> Known.withComplexJ [ Complex(0.10327735005300609, 2.1986614440704675) ]
        Known.point [ -0.4144303593172676; -0.16065497828396003 ] [
            Trait.DifferentialStackelberg
            Trait.StableStackelberg
        ]
        |> Known.withJS [ 0.1339829363210413; 76.31992222685211 ]
    ]
    |> Known.withErratum
        "What the published code calls the Schur complement is that of J, 43.67; the leader's second derivative is 179.54."

checkKnown known
