module Stackelberg.Dsl.Tests.SmokeTests

open Xunit

[<Fact>]
let ``the project builds`` () = Assert.Equal(2, 1 + 1)
