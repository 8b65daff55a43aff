namespace Stackelberg.Experiments.Tests

open System
open System.Collections.Generic
open System.IO
open Stackelberg

/// Runs experiments in a folder that goes with the test.
type RunFolder() =
    let path = Directory.CreateTempSubdirectory("stackelberg-").FullName

    /// A name within it.
    member _.Of(name: string) = Path.Combine(path, name)

    /// Runs an experiment with some settings.
    member this.Run(experiment: Experiment, settings: (string * string) list, name: string) =
        ExperimentRunner.Run(experiment, dict settings |> Dictionary, this.Of name)

    interface IDisposable with
        member _.Dispose() = Directory.Delete(path, true)

module Games =
    /// Costs (x − a)² + xy/4 and (y − 2)² + xy/4: one critical point of each field.
    let bowls (a: float) =
        Game.twoPlayer "bowls" (fun x y -> (x - a) * (x - a) + 0.25 * x * y) (fun x y ->
            (y - 2.0) * (y - 2.0) + 0.25 * x * y)

    /// Where ω = 0: 2x + y/4 = 2a and 2y + x/4 = 4.
    let nash a =
        let det = 4.0 - 1.0 / 16.0
        [| (4.0 * a - 1.0) / det; (8.0 - 0.5 * a) / det |]
