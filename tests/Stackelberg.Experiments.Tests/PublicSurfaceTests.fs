module Stackelberg.Experiments.Tests.PublicSurfaceTests

open System.IO
open Stackelberg
open Xunit

[<Fact>]
let ``the public surface is the one on record; set UPDATE_PUBLIC_SURFACE to record a new one`` () =
    PublicSurface.isOnRecord
        typeof<ExperimentBuilder>.Assembly
        (Path.Combine(__SOURCE_DIRECTORY__, "PublicSurface.txt"))
