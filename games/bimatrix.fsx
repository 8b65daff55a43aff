// A bimatrix game with softmax policies, whose Nash and Stackelberg equilibria differ.
// Each player has two actions, plays the first with probability 1 / (1 + exp −(5 x + 2)), and pays for large x
// (Fiez, Chasnov and Ratliff).
#load "Prelude.fsx"

open System.Numerics
open Prelude
open Stackelberg

let costs1 = array2D [ [ 1.0; 0.0 ]; [ 0.0; 1.0 ] ]
let costs2 = array2D [ [ 0.5; 1.0 ]; [ 1.0; 0.5 ] ]

/// The probability of the first action, softmax(T x + b, −T x − b)[0].
let policy (temperature: float) (shift: float) (x: Tensor) =
    1.0 / (1.0 + exp (-2.0 * (temperature * x + shift)))

/// The policies' temperature T and shift b, and ℓ in the term ℓ/2 x² of each cost.
let create temperature shift (penalty: float) =
    let cost (costs: float[,]) x y (own: Tensor) =
        let p, q = policy temperature shift x, policy temperature shift y

        costs[0, 0] * p * q
        + costs[0, 1] * p * (1.0 - q)
        + costs[1, 0] * (1.0 - p) * q
        + costs[1, 1] * (1.0 - p) * (1.0 - q)
        + penalty / 2.0 * own * own

    Game.twoPlayer "bimatrix" (fun x y -> cost costs1 x y x) (fun x y -> cost costs2 x y y)

let bimatrix = create 2.5 1.0 0.1

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

whenRun __SOURCE_FILE__ (fun () ->
    for name, rule, x1, x2 in
        [
            "simultaneous", Rule.simultaneous, -0.424786839053, -0.386349260631
            "Stackelberg", Rule.stackelberg Conjecture.bestResponse, -0.414430359317, -0.160654978284
        ] do
        let settings = {
            Learn.settings with
                Steps = 20000
                Rates = [ Rate.constant 0.02; Rate.constant 0.2 ]
        }

        let run = bimatrix |> Learn.run rule settings (Tensor.ofList [ -1.0; -1.0 ])
        let both = policy 2.5 1.0 run.Final
        let policies = Tensor.stack 1 [ both; 1.0 - both ]
        printfn $"{name}: {run.Outcome} at {run.Final}"
        printfn $"  policies {policies[0]} and {policies[1]}"
        printfn $"{Equilibrium.classify bimatrix run.Final}"
        check "x1" (float run.Final[0]) x1 1e-8
        check "x2" (float run.Final[1]) x2 1e-8

    checkKnown known)
