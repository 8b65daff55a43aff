namespace Stackelberg

open System

/// <summary>Functions of a point at many points.</summary>
[<RequireQualifiedAccess>]
module Pointwise =

    // So many numbers are given to a program at once: little enough for the caches.
    let private numbersAtOnce = 2048

    // Compiling costs as much as some hundred evaluations one by one.
    let private leastTogether = 256

    /// <summary>A function at all points of an array, in one program: 10 to 100 times as fast as one by one.</summary>
    /// <param name="f">The function, from shape [d] to one shape; without a sampler's draws.</param>
    /// <returns>What takes points, each of length d, and gives the values' entries in the same order. It keeps the program.</returns>
    /// <example><code lang="fsharp">Pointwise.evaluate (Game.omega game) [| [| 1.0; 2.0 |]; [| 3.0; 4.0 |] |] // two fields, each of length d</code></example>
    let evaluate (f: Tensor -> Tensor) : float[][] -> float[][] =
        let together = Diff.jit (Diff.vmap f)

        fun points ->
            if points.Length < leastTogether then
                points |> Array.map (fun x -> (f (Tensor.ofArray x)).ToArray())
            else
                let d = points[0].Length
                // Batches of one size, so that one program serves them all; the last is filled up.
                let size = max 1 (numbersAtOnce / max 1 d)

                points
                |> Array.chunkBySize size
                |> Array.collect (fun part ->
                    let full = Array.append part (Array.replicate (size - part.Length) part[0])

                    let found =
                        together (Tensor.reshape [ size; d ] (Tensor.ofArray (Array.concat full)))

                    let values = found.ToArray()
                    Array.chunkBySize (values.Length / size) values |> Array.truncate part.Length)

    /// <summary>One number of a function of two numbers, on an even grid of a rectangle.</summary>
    /// <param name="lowerX">The rectangle's least first number.</param>
    /// <param name="upperX">Its greatest.</param>
    /// <param name="lowerY">Its least second number.</param>
    /// <param name="upperY">Its greatest.</param>
    /// <param name="count">Points along each side, at least 2.</param>
    /// <param name="f">The function, from shape [2].</param>
    /// <param name="pick">The number of the value's entries.</param>
    let grid (lowerX, upperX) (lowerY, upperY) count (f: Tensor -> Tensor) (pick: float[] -> float) =
        let at (least: float) most index =
            least + (most - least) * float index / float (count - 1)

        let found =
            Array.init (count * count) (fun k -> [|
                at lowerX upperX (k % count)
                at lowerY upperY (k / count)
            |])
            |> evaluate f
            |> Array.map pick

        Stackelberg.Figures.Grid(
            Array2D.init count count (fun row column -> found[row * count + column]),
            lowerX,
            upperX,
            lowerY,
            upperY
        )
