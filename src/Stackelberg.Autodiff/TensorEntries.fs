namespace Stackelberg

open System

/// Further functions of module Tensor that make, cut and order entries.
[<AutoOpen>]
module TensorEntries =

    let private axisOf func axis (t: Tensor) = Shape.axis func t.Shape.Length axis

    /// <summary>Functions on tensors that make, cut and order entries.</summary>
    [<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
    module Tensor =

        /// <summary>count numbers of float64 at even distances, the first and the last given.</summary>
        /// <param name="first">The first number.</param>
        /// <param name="last">The last number, which is exactly this.</param>
        /// <param name="count">How many, from 1 on; of one number it is the first.</param>
        /// <exception cref="T:System.ArgumentException">count is below 1.</exception>
        /// <example><code lang="fsharp">Tensor.linspace 0.0 1.0 5 // [0, 0.25, 0.5, 0.75, 1]</code></example>
        let linspace (first: float) (last: float) count =
            if count < 1 then
                Shape.wrong "Tensor.linspace" (invariant $"count is {count}, but must be 1 or more.")

            let number i =
                if i = 0 then first
                elif i = count - 1 then last
                else first + (last - first) * (float i / float (count - 1))

            Tensor.ofArray (Array.init count number)

        /// <summary>The numbers first, first + step, … of float64 that come before the end.</summary>
        /// <param name="first">The first number.</param>
        /// <param name="step">The distance, not 0.</param>
        /// <param name="beyond">The end, which does not belong to them.</param>
        /// <exception cref="T:System.ArgumentException">A number is not finite, or the step is 0.</exception>
        /// <remarks>With a step that is no whole number rounding may decide whether the last number is there: linspace says
        /// how many there are.</remarks>
        /// <example><code lang="fsharp">Tensor.arange 0.0 2.0 5.0 // [0, 2, 4]</code></example>
        let arange (first: float) (step: float) (beyond: float) =
            let count = ceil ((beyond - first) / step)

            if step = 0.0 || not (Double.IsFinite count) then
                Shape.wrong
                    "Tensor.arange"
                    (FormattableString.Invariant
                        $"first is {first}, step {step} and the end {beyond}, but finite numbers and a step that is not 0 are needed.")

            Tensor.ofArray (Array.init (int (max 0.0 count)) (fun i -> first + float i * step))

        /// <summary>Rows with 1 at an index and 0 elsewhere, of derivative 0.</summary>
        /// <param name="count">The number of classes.</param>
        /// <param name="indices">Whole numbers from 0 to count − 1, of any shape s; any other number gives a row of 0.</param>
        /// <returns>Shape [s; count].</returns>
        /// <exception cref="T:System.ArgumentException">count is negative.</exception>
        /// <example><code lang="fsharp">Tensor.oneHot 3 (Tensor.ofList [ 2.0; 0.0 ]) // [[0, 0, 1], [1, 0, 0]]</code></example>
        let oneHot count (indices: Tensor) =
            if count < 0 then
                Shape.wrong "Tensor.oneHot" (invariant $"count is {count}, but cannot be negative.")

            Elementwise.equal
                (Structure.reshape (Array.append indices.Shape [| 1 |]) indices)
                (Tensor.cast indices.DType (Tensor.ofArray (Array.init count float)))

        /// <summary>Parts of given lengths along an axis, one after the other: the inverse of concat.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="lengths">Their lengths, which add up to the axis' extent.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis, a length is negative, or they add up to
        /// something else.</exception>
        /// <example><code lang="fsharp">Tensor.split 0 [ 1; 2 ] (Tensor.ofList [ 1.0; 2.0; 4.0 ]) // [| [1]; [2, 4] |]</code></example>
        let split axis (lengths: int seq) (t: Tensor) : Tensor[] =
            let axis = axisOf "Tensor.split" axis t
            let lengths = Array.ofSeq lengths

            if
                Array.exists (fun length -> length < 0) lengths
                || Array.sum lengths <> t.Shape[axis]
            then
                Shape.wrong
                    "Tensor.split"
                    (invariant
                        $"lengths is {Shape.show lengths}, but lengths of 0 or more that add up to {t.Shape[axis]} are needed (axis {axis} of shape {Shape.show t.Shape}).")

            let starts = Array.scan (+) 0 lengths

            Array.zip starts[.. lengths.Length - 1] lengths
            |> Array.map (fun (start, length) -> Slice.slice axis start length t)

        /// <summary>The entries along an axis in the opposite order.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
        /// <example><code lang="fsharp">Tensor.reverse 0 (Tensor.ofList [ 1.0; 2.0; 4.0 ]) // [4, 2, 1]</code></example>
        let reverse axis (t: Tensor) =
            let axis = axisOf "Tensor.reverse" axis t
            let n = t.Shape[axis]
            Gather.gather axis (Array.init n (fun i -> n - 1 - i)) t

        /// <summary>The indices that put the entries along an axis into ascending order, of derivative 0.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's; the result has the same.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
        /// <remarks>Equal entries keep their order; NaNs come last.</remarks>
        /// <example><code lang="fsharp">Tensor.argSort 0 (Tensor.ofList [ 3.0; 1.0; 2.0 ]) // [1, 2, 0]</code></example>
        let argSort axis (t: Tensor) =
            Along.argSort (axisOf "Tensor.argSort" axis t) t

        /// <summary>The entries along an axis in ascending order.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's; the result has the same.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
        /// <remarks>NaNs come last. The derivative goes where the entries came from; equal ones count as in their own order.
        /// Descending: Tensor.reverse axis after it.</remarks>
        /// <example><code lang="fsharp">Tensor.sort 0 (Tensor.ofList [ 3.0; 1.0; 2.0 ]) // [1, 2, 3]</code></example>
        let sort axis (t: Tensor) =
            Along.sort (axisOf "Tensor.sort" axis t) t

        /// <summary>Entries along an axis by indices of every column's own: result[…, k, …] = t[…, indices[…, k, …], …].</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="indices">Whole numbers from 0, as argSort and argMax give them; of t's shape outside the axis and of
        /// any extent along it. Any other number gives NaN.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis, the shapes do not fit, or the number types
        /// differ.</exception>
        /// <remarks>What DiffSharp and PyTorch call gather. Tensor.gather takes the same entries of all columns.</remarks>
        /// <example><code lang="fsharp">
        /// let t = Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ])
        /// Tensor.takeAlong 1 (Tensor.ofArray2D (array2D [ [ 1.0 ]; [ 0.0 ] ])) t // [[2], [3]]
        /// </code></example>
        let takeAlong axis (indices: Tensor) (t: Tensor) =
            Along.takeAlong (axisOf "Tensor.takeAlong" axis t) indices t
