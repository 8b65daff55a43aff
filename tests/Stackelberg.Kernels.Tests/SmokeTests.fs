module Stackelberg.Kernels.Tests.SmokeTests

open Xunit

[<Fact>]
let ``the project builds`` () = Assert.Equal(2, 1 + 1)
