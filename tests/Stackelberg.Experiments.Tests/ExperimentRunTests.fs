module Stackelberg.Experiments.Tests.ExperimentRunTests

open System
open System.Collections.Generic
open System.IO
open System.Threading
open Stackelberg
open Stackelberg.Experiments.Tests
open Stackelberg.Files
open Xunit

/// Two noisy runs, long enough to be cut.
let private long =
    experiment "long" {
        game (Games.bowls 1.0)
        setting "steps" 30000 (SettingType.Whole 1) "steps of each run"
        rules [ Rule.simultaneous; Rule.extragradient ]
        start [ 3.0; -1.0 ]

        learn (fun s -> {
            Learn.settings with
                Steps = s.Int "steps"
                Rates = [ Rate.constant 1e-3 ]
                Noise = Noise.gaussian 0.5
                RecordEvery = 1000
        })

        draw [ Picture.strategies ]
    }

let private arrays (folder: RunFolder) name =
    Npz.Read(folder.Of name + "/trajectory.npz")
    |> Seq.map (fun pair -> pair.Key, pair.Value.Float64)
    |> Seq.sortBy fst
    |> Seq.toArray

[<Fact>]
let ``a run records every so many steps, the first and the last`` () =
    use folder = new RunFolder()
    let summary = folder.Run(long, [ "steps", "2500" ], "run")
    Assert.Equal(2500.0, summary.Found["simultaneous/steps"])
    let series = arrays folder "run" |> dict
    Assert.Equal<float>([ 0.0; 1000.0; 2000.0; 2500.0 ], series["simultaneous/steps"])
    Assert.Equal(8, series["simultaneous"].Length)
    Assert.Equal(summary.Found["simultaneous/final/1"], series["simultaneous"][6])

[<Fact>]
let ``what was cancelled between runs goes on to the same bits`` () =
    use folder = new RunFolder()
    let whole = folder.Run(long, [], "whole")

    // Cancelled at the first progress of the second run: the first is over, the second saved.
    use source = new CancellationTokenSource()

    let progress = {
        new IProgress<RunProgress> with
            member _.Report value =
                if value.Stage = "extragradient" then
                    source.Cancel()
    }

    let cut =
        ExperimentRunner.Run(long, Dictionary(), folder.Of "cut", Nullable(), progress, source.Token)

    Assert.Equal(RunEnding.Cancelled, cut.Ending)
    Assert.True cut.HasCheckpoint
    let resumed = ExperimentRunner.Resume(ExperimentTable(long), folder.Of "cut")
    Assert.Equal(RunEnding.Done, resumed.Ending)

    Assert.Equal<KeyValuePair<string, float>>(
        whole.Found |> Seq.sortBy _.Key,
        resumed.Found |> Seq.sortBy _.Key
    )

    Assert.Equal<string * float[]>(arrays folder "whole", arrays folder "cut")

    let figure name =
        File.ReadAllText(folder.Of name + "/figures/strategies.svg")

    Assert.Equal(figure "whole", figure "cut")

[<Fact>]
let ``a rule of one's own is no less than one of the library`` () =
    use folder = new RunFolder()

    let mine =
        Rule.create "mine" "here" (fun s x -> s.Project(x - s.Rate * (s.OmegaS x + 0.1 * s.Omega x)))

    let own =
        experiment "own" {
            game (Games.bowls 1.0)
            rules [ mine ]
            start [ 3.0; -1.0 ]
            learn (fun _ -> { Learn.settings with Steps = 2000 })
        }

    let summary = folder.Run(own, [], "run")
    Assert.Equal("mine", (Seq.exactlyOne summary.Runs).Rule)
    // It rests where ω_S + ω/10 = 0, which is no zero of the first field that it asks for; that is said.
    Assert.Contains("the rule rests where its field is not zero", (Seq.exactlyOne summary.Runs).Outcome.Words)

[<Fact>]
let ``settled is after the last value that is not below`` () =
    let values = [| 5.0; 0.5; 2.0; 0.9; 0.1 |]
    Assert.Equal(3.0, Found.settledAt values 1.0)
    Assert.Equal(0.0, Found.settledAt values 6.0)
    Assert.Equal(infinity, Found.settledAt values 0.1)
    Assert.Equal(infinity, Found.settledAt [| 0.1; nan |] 1.0)
    Assert.Equal(0.0, Found.settledAt [||] 1.0)

[<Fact>]
let ``asking for a game that was not given says what to write`` () =
    use folder = new RunFolder()

    let without =
        experiment "without" { compute (fun run -> run.Found("d", float run.Game.Dimension)) }

    let fault =
        Assert.Throws<InvalidOperationException>(fun () -> folder.Run(without, [], "run") |> ignore)

    Assert.Equal("This experiment has no game; give it one by game, gameOf or known.", fault.Message)
