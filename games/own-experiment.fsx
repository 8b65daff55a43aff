// How to write an experiment of one's own: what to run, to find, to draw and to check, and what the user may set.
// `stackelberg run games/own-experiment.fsx rate=0.1` runs it, checks it, draws it and saves all in a folder; `sweep`,
// `resume`, `list` and `report` know it too. The game: a leader fixes a tax on what a firm emits, and the firm answers.
#load "Prelude.fsx"

open Prelude
open Stackelberg

let state = Player.scalar "state"
let firm = Player.scalar "firm"

/// The firm earns 10 e − e² from emissions e and pays t e; the state bears harm · e², and dislikes high taxes.
let create (harm: float) =
    game "emissions" {
        leader state (fun q -> harm * q[firm] ** 2 + 0.5 * q[state] ** 2)
        follower firm (fun q -> -(10.0 - q[firm] - q[state]) * q[firm])
    }

// The firm answers e = (10 − t)/2; the state's total derivative is t − harm (10 − t)/2, zero at t = 10 harm/(2 + harm).
let tax harm = 10.0 * harm / (2.0 + harm)

let known =
    create 1.0
    |> Known.game "closed form, derived here" [ 1.0; 1.0 ] 0.1 [
        Known.point [ tax 1.0; (10.0 - tax 1.0) / 2.0 ] [
            Trait.DifferentialStackelberg
            Trait.StableStackelberg
        ]
        // Without foresight the state taxes nothing.
        Known.point [ 0.0; 5.0 ] [ Trait.DifferentialNash; Trait.StableSimgrad ]
    ]

let emissions =
    experiment "emissions" {
        title "A tax on emissions: what the state gains by foreseeing the firm's answer"
        source "closed form, derived here"
        setting "harm" 1.0 (SettingType.Above 0.0) "what a unit of emissions squared costs the state"
        setting "rate" 0.1 (SettingType.Above 0.0) "both players' learning rate"
        setting "steps" 500 "steps of each run"
        setting "noise" 0.0 (SettingType.AtLeast 0.0) "standard deviation of the gradients' noise"
        gameOf (fun s -> create (s.Double "harm"))
        rules [ Rule.simultaneous; Rule.stackelberg Conjecture.bestResponse ]
        start [ 1.0; 1.0 ]

        learn (fun s -> {
            Learn.settings with
                Steps = s.Int "steps"
                Rates = [ Rate.constant (s.Double "rate") ]
                Noise = Noise.gaussian (s.Double "noise")
        })

        find Concept.Nash ([ -10.0 ], [ 20.0 ])
        find Concept.Stackelberg ([ -10.0 ], [ 20.0 ])

        // Anything else: numbers, series, further runs.
        compute (fun run ->
            let costs = run.Runs |> Array.map (fun one -> Array.last (one.Cost 0))
            run.Found("gain", costs[0] - costs[1]))

        draw [ Picture.strategies; Picture.costs; Picture.distances; Picture.phasePlane ]
        check "stackelberg/final/1" (tax 1.0) 1e-6 "closed form"
        check "simultaneous/final/2" 5.0 1e-6 "closed form"
        check "gain" (25.0 - 50.0 / 3.0) 1e-5 "closed form"
    }

whenRun __SOURCE_FILE__ (fun () ->
    checkKnown known
    printfn $"{emissions.Name}: {emissions.Title}")
