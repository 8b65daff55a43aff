module Stackelberg.Experiments.Tests.TrainingTests

open System
open System.Collections.Generic
open System.IO
open System.Threading
open Stackelberg
open Stackelberg.Experiments.Tests
open Xunit

/// A training of 5000 steps that looks at 0, 7, 2500 and its end, and keeps what it saw.
let private trained =
    experiment "trained" {
        compute (fun run ->
            let seen = List<float>()

            let training = {
                Training.settings with
                    MetricsEvery = 1000
                    Measure =
                        fun learning ->
                            let before = learning.Steps
                            fun () -> [| struct ("made", float (learning.Steps - before)) |]
                    LookAt = [ 5000; 2500; 0; 7; 7 ]
                    Look =
                        fun step x ->
                            seen.Add(float step)
                            [| struct ("x1", x[0]) |]
                    Keep = fun () -> [ "seen", seen.ToArray() ]
                    Restore = fun saved -> seen.AddRange (Map.ofList saved).["seen"]
            }

            let steps = {
                Learn.settings with
                    Steps = 5000
                    Rates = [ Rate.constant 1e-3 ]
                    Noise = Noise.gaussian 0.5
            }

            match run.Train("all", Rule.simultaneous, steps, training, [| 3.0; -1.0 |], Games.bowls 1.0) with
            | None -> ()
            | Some result ->
                run.Found("all/x1", result.Final.ToArray()[0])

                for step in seen do
                    run.Found($"all/seen/{step}", step)

                run.Ended("all", result))
    }

let private metrics (folder: RunFolder) name =
    File.ReadAllLines(folder.Of name + "/metrics.csv")

[<Fact>]
let ``a training has rows of metrics where they are wanted and where it is looked at`` () =
    use folder = new RunFolder()
    let summary = folder.Run(trained, [], "run")

    let steps =
        metrics folder "run"
        |> Array.tail
        |> Array.map (fun row ->
            let cells = row.Split ','
            int cells[1])

    Assert.Equal<int>([ 0; 7; 1000; 2000; 2500; 3000; 4000; 5000 ], steps)
    Assert.Equal(5000L, (Seq.exactlyOne summary.Runs).Steps)
    Assert.Equal(5, summary.Found.Count)

[<Fact>]
let ``a training that was cancelled goes on to the same bits, with what it kept`` () =
    use folder = new RunFolder()
    let whole = folder.Run(trained, [], "whole")
    use source = new CancellationTokenSource()

    let progress = {
        new IProgress<RunProgress> with
            member _.Report value =
                if value.Stage = "all" && value.Fraction > 0.6 then
                    source.Cancel()
    }

    let cut =
        ExperimentRunner.Run(trained, Dictionary(), folder.Of "cut", Nullable(), progress, source.Token)

    Assert.Equal(RunEnding.Cancelled, cut.Ending)
    Assert.True cut.HasCheckpoint
    let resumed = ExperimentRunner.Resume(ExperimentTable(trained), folder.Of "cut")
    Assert.Equal(RunEnding.Done, resumed.Ending)

    Assert.Equal<KeyValuePair<string, float>>(
        whole.Found |> Seq.sortBy _.Key,
        resumed.Found |> Seq.sortBy _.Key
    )

    Assert.Equal<string>(metrics folder "whole", metrics folder "cut")
