(**
---
title: Your own experiment, sweep and report
category: Learning
categoryindex: 2
index: 3
---
*)
(*** hide ***)
#load "../.ci/Page.fsx"

open Prelude
open Page
(**
# Your own experiment, sweep and report

An experiment is data: what to set, to run, to find, to draw and to check. A state taxes a firm's emissions:
*)
open Stackelberg

let state = Player.scalar "state"
let firm = Player.scalar "firm"

/// The firm earns 10 e − e² from emissions e and pays t e; the state bears harm · e², and dislikes high taxes.
let create (harm: float) =
    game "emissions" {
        leader state (fun q -> harm * q[firm] ** 2 + 0.5 * q[state] ** 2)
        follower firm (fun q -> -(10.0 - q[firm] - q[state]) * q[firm])
    }

let emissions =
    experiment "emissions" {
        title "A tax on emissions: what the state gains by foreseeing the firm's answer"
        source "closed form"
        setting "harm" 1.0 (SettingType.Above 0.0) "what a unit of emissions squared costs the state"
        setting "rate" 0.1 (SettingType.Above 0.0) "both players' learning rate"
        setting "noise" 0.0 (SettingType.AtLeast 0.0) "standard deviation of the gradients' noise"
        gameOf (fun s -> create (s.Double "harm"))
        rules [ Rule.simultaneous; Rule.stackelberg Conjecture.bestResponse ]
        start [ 1.0; 1.0 ]

        learn (fun s -> {
            Learn.settings with
                Steps = 500
                Rates = [ Rate.constant (s.Double "rate") ]
                Noise = Noise.gaussian (s.Double "noise")
        })

        find Concept.Stackelberg ([ -10.0 ], [ 20.0 ])
        draw [ Picture.strategies; Picture.phasePlane ]
        check "stackelberg/final/1" (10.0 / 3.0) 1e-6 "closed form"
        check "simultaneous/final/2" 5.0 1e-6 "closed form"
    }
(**
In a file `emissions.fsx`, this is run by its path, and its settings are given as `key=value`:

```bash
stackelberg run emissions.fsx
stackelberg run emissions.fsx rate=0.2 noise=0.5 --seed 3
```

The same from a script or an application. Checks hold for the default settings, and a run with others has none.
*)
open System.Collections.Generic
open System.IO

let folder = Directory.CreateTempSubdirectory("emissions-").FullName

let result =
    ExperimentRunner.Run(emissions, Dictionary<string, string>(), Path.Combine(folder, "run"))

for one in result.Report.Checks do
    printfn $"{one.Name}: {one.Actual:G8}, expected {one.Expected:G8}"
(*** include-output ***)
(*** hide ***)
check "checks of the run" (float result.Report.Checks.Count) 2.0 0.0
check "the tax" result.Found["stackelberg/final/1"] (10.0 / 3.0) 1e-6
check "the run's ending (0 = done)" (if result.Ending = RunEnding.Done then 0.0 else 1.0) 0.0 0.0
(**
What lies in the run's folder, for any program to read:
*)
for path in
    Directory.GetFiles(Path.Combine(folder, "run"), "*", SearchOption.AllDirectories)
    |> Array.sort do
    printfn "%s" (Path.GetRelativePath(folder, path).Replace('\\', '/'))
(*** include-output ***)
(*** hide ***)
let phasePlane =
    File.ReadAllText(
        Directory.GetFiles(Path.Combine(folder, "run", "figures"), "*.svg")
        |> Array.filter (fun path -> path.Contains "lane")
        |> Array.head
    )

$"<figure>{phasePlane}</figure>"
(*** include-it-raw ***)
(*** hide ***)
Directory.Delete(folder, true)
(**
## A sweep

Every combination of values, each in a process of its own. The same command goes on where a stopped one was; so does `resume`
for a single run, with the same bits.

```bash
stackelberg sweep emissions.fsx harm=0.5,1,2 noise=0.5 seed=1..5 --jobs 2
stackelberg resume runs/sweeps/emissions/…
```

## A report

One page that compares runs, with means and errors over seeds, and can be read without a network:

```bash
stackelberg report runs/sweeps/emissions
```

The published experiments are such scripts too (`experiments/<name>/experiment.fsx`); copy one and change it.
*)
