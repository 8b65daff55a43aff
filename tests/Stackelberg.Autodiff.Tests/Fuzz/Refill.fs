namespace Stackelberg.Autodiff.Tests.Fuzz

open Stackelberg

/// Arguments of a shape that an op needs.
module Refill =

    /// Entries of t, over and over, in a shape of one's own choice.
    let refill (shape: int[]) =
        let count = Many.count shape

        let indices (n: int) =
            Array.init count (fun k -> (k * 2 + k / 3) % n)

        (fun (t: Tensor) ->
            let flat = Tensor.flatten t
            Tensor.reshape shape (Tensor.gather 0 (indices flat.Shape[0]) flat)),
        (fun (t: Many) -> {
            Shape = shape
            Entries = indices t.Entries.Length |> Array.map (fun i -> t.Entries[i])
        })
