// Quadratic saddles f = A x²/2 + B x y − C y²/2: with a large B the best step of simultaneous play is tiny.
// With L = |A ± i B| and A = C = μ the best step is μ / L² and leaves √(1 − μ² / L²) of the distance. (Grosse and
// Zhang's lecture on differentiable games prints 1 − μ² / L², the factor of the squared distance.)
#load "Prelude.fsx"

open System.Numerics
open Prelude
open Stackelberg

let saddle a b c =
    Game.zeroSum $"saddle ({string a}, {string b}, {string c})" (fun x y ->
        a / 2.0 * x * x + b * x * y - c / 2.0 * y * y)

let steep = saddle 1.0 10.0 1.0
let gentle = saddle 0.6 1.2 0.6

/// J = [A B; −B C]; the Stackelberg field is ((A + B² / C) x, −B x + C y).
let about game a b c rate =
    game
    |> Known.game "Grosse and Zhang, Differentiable Games (lecture); J_S derived here" [ 0.6; 0.8 ] rate [
        Known.point [ 0.0; 0.0 ] [
            Trait.DifferentialNash
            Trait.DifferentialStackelberg
            Trait.StableSimgrad
            Trait.StableStackelberg
        ]
        |> Known.withCosts [ 0.0; 0.0 ]
        |> Known.withComplexJ [ Complex(a, b) ]
        |> Known.withJS [ a + b * b / c; c ]
    ]

let knownSteep = about steep 1.0 10.0 1.0 (1.0 / 101.0)
let knownGentle = about gentle 0.6 1.2 0.6 0.1

whenRun __SOURCE_FILE__ (fun () ->
    for game, rate, factor in
        [
            steep, 1.0 / 101.0, 0.99503719
            steep, 0.05, 1.073545528
            steep, 0.1, 1.345362405
            gentle, 0.1, 0.947628619
        ] do
        let run =
            game
            |> Learn.run
                Rule.simultaneous
                {
                    Learn.settings with
                        Steps = 100
                        Rates = [ Rate.constant rate ]
                }
                (Tensor.ofList [ 0.6; 0.8 ])

        // J is normal, so that every step multiplies the distance by the spectral radius.
        let distance = sqrt (float (Tensor.dot run.Final run.Final))
        check $"{game.Name}, rate {rate:G3}: factor of a step" (distance ** 0.01) factor 2e-9

    checkKnown knownSteep

    checkKnown knownGentle)
