/// Comparisons that say what differs.
module Stackelberg.Dsl.Tests.Check

open System
open Stackelberg
open Xunit

/// |expected − actual| ≤ tolerance · max(1, greatest |expected|), entry by entry.
let close tolerance (expected: float[]) (actual: float[]) =
    Assert.Equal(expected.Length, actual.Length)
    let scale = expected |> Array.fold (fun most value -> max most (abs value)) 1.0

    for i in 0 .. expected.Length - 1 do
        let difference = abs (expected[i] - actual[i])

        if not (difference <= tolerance * scale) then
            Assert.Fail
                $"entry {i}: expected {expected[i]:R}, but got {actual[i]:R} (tolerance {tolerance * scale})"

let closeNumber tolerance (expected: float) (actual: float) =
    close tolerance [| expected |] [| actual |]

let closeTensor tolerance (expected: Tensor) (actual: Tensor) =
    Assert.Equal<int[]>(expected.Shape, actual.Shape)
    close tolerance (expected.ToArray()) (actual.ToArray())

let entries (matrix: float[,]) =
    matrix |> Seq.cast<float> |> Array.ofSeq

/// The message of the ArgumentException that an action raises, without .NET's note of the parameter.
let argumentMessage (action: unit -> unit) =
    let error = Assert.ThrowsAny<ArgumentException>(Action action)
    error.Message.Split(" (Parameter ")[0]

let invalidMessage (action: unit -> unit) =
    (Assert.Throws<InvalidOperationException>(Action action)).Message
