// Long by its documentation: a module cannot be reopened in another file, and each function is a line or two.
namespace Stackelberg

open System
open Stackelberg.Kernels

/// <summary>Which half of a matrix holds a triangular system.</summary>
type Triangle =
    /// <summary>L X = B.</summary>
    | Lower = 0
    /// <summary>Lᵀ X = B, for L lower triangular.</summary>
    | LowerTransposed = 1
    /// <summary>U X = B.</summary>
    | Upper = 2
    /// <summary>Uᵀ X = B, for U upper triangular.</summary>
    | UpperTransposed = 3

/// <summary>Functions on tensors. Axes count from 0, or from the end when negative.</summary>
/// <remarks>
/// <para>Selections (where, slices, gather, padding, concat, largest and smallest entries, relu, pooling): what was not
/// chosen has no part in any derivative of any order, forward or reverse, whatever ops stand between. Its zero stays zero
/// where the partial derivative is infinite or NaN. A zero that was computed is another matter: 0 · ∞ of chosen numbers
/// is NaN.</para>
/// <para>Ties: entries that attain an extremum together share its derivative equally, in maximum, minimum, max, min,
/// maxAxis and minAxis; so |t| has derivative 0 at 0. Relu and leakyRelu count 0 as negative, and pooling and argMax take
/// the first of equals, which are choices of one entry.</para>
/// <para>NaN: a NaN argument has a NaN derivative, except where the derivative is 0 everywhere (comparisons, floor, sign).</para>
/// <para>Sums, of float32 above all: a long sum is a sum of partial sums of at most 1024 addends in order, of which at
/// most 32 are added up in order, and so on: its error grows with the logarithm of the number of addends, as for pairwise
/// summation (N. Higham, The Accuracy of Floating Point Summation, 1993). The order depends on shapes and vector width
/// only.</para>
/// </remarks>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Tensor =

    let private shapeOf func (shape: int seq) =
        let shape = Array.ofSeq shape

        for extent in shape do
            if extent < 0 then
                Shape.wrong
                    func
                    (invariant $"shape {Shape.show shape} has a negative extent; extents are 0 or more.")

        shape

    let private axesOf func (t: Tensor) (axes: int seq) =
        axes
        |> Seq.map (Shape.axis func t.Shape.Length)
        |> Seq.distinct
        |> Seq.sort
        |> Array.ofSeq

    // Making tensors

    /// <summary>A vector of float64, shape [n].</summary>
    /// <param name="values">Its n entries.</param>
    /// <example><code lang="fsharp">Tensor.ofSeq (seq { 1.0 .. 3.0 }) // [1, 2, 3]</code></example>
    let ofSeq (values: float seq) =
        let data = Array.ofSeq values
        Expression.dense DType.Float64 [| data.Length |] data 0

    /// <summary>A vector of float64, shape [n].</summary>
    /// <param name="values">Its n entries.</param>
    /// <example><code lang="fsharp">Tensor.ofList [ 1.0; 2.0 ] // [1, 2]</code></example>
    let ofList (values: float list) = ofSeq values

    /// <summary>A vector of float64, shape [n].</summary>
    /// <param name="values">Its n entries; copied.</param>
    /// <example><code lang="fsharp">Tensor.ofArray [| 1.0; 2.0 |] // [1, 2]</code></example>
    let ofArray (values: float[]) = ofSeq values

    /// <summary>A matrix of float64, shape [m, n].</summary>
    /// <param name="values">Its entries; copied.</param>
    /// <example><code lang="fsharp">Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]) // [[1, 2], [3, 4]]</code></example>
    let ofArray2D (values: float[,]) =
        let shape = [| values.GetLength 0; values.GetLength 1 |]
        let data = Array.zeroCreate<float> values.Length
        Buffer.BlockCopy(values, 0, data, 0, values.Length * sizeof<float>)
        Expression.dense DType.Float64 shape data 0

    /// <summary>A scalar of float64, shape [].</summary>
    /// <param name="value">Its number.</param>
    /// <example><code lang="fsharp">Tensor.scalar 2.0 // 2</code></example>
    let scalar (value: float) =
        Expression.constant DType.Float64 Shape.scalar value

    /// <summary>The same number everywhere, in float64.</summary>
    /// <param name="shape">The extents.</param>
    /// <param name="value">The number.</param>
    /// <exception cref="T:System.ArgumentException">An extent is negative.</exception>
    /// <example><code lang="fsharp">Tensor.full [ 2 ] 7.0 // [7, 7]</code></example>
    let full (shape: int seq) (value: float) =
        Expression.constant DType.Float64 (shapeOf "Tensor.full" shape) value

    /// <summary>Zeros of float64.</summary>
    /// <param name="shape">The extents.</param>
    /// <exception cref="T:System.ArgumentException">An extent is negative.</exception>
    /// <example><code lang="fsharp">Tensor.zeros [ 2 ] // [0, 0]</code></example>
    let zeros (shape: int seq) = full shape 0.0

    /// <summary>Ones of float64.</summary>
    /// <param name="shape">The extents.</param>
    /// <exception cref="T:System.ArgumentException">An extent is negative.</exception>
    /// <example><code lang="fsharp">Tensor.ones [ 2 ] // [1, 1]</code></example>
    let ones (shape: int seq) = full shape 1.0

    /// <summary>The identity matrix of float64, shape [n, n].</summary>
    /// <param name="n">The number of rows.</param>
    /// <example><code lang="fsharp">Tensor.eye 2 // [[1, 0], [0, 1]]</code></example>
    let eye n =
        ofArray2D (Array2D.init n n (fun i j -> if i = j then 1.0 else 0.0))

    let private random func (shape: int seq) (fill: float[] -> unit) =
        let shape = shapeOf func shape
        let data = Array.zeroCreate<float>(Shape.count shape)
        fill data
        Expression.dense DType.Float64 shape data 0

    /// <summary>Independent standard normal numbers of float64: always the same for a seed, on every machine.</summary>
    /// <param name="seed">Which numbers; give every tensor a seed of its own.</param>
    /// <param name="shape">The extents.</param>
    /// <exception cref="T:System.ArgumentException">An extent is negative.</exception>
    /// <remarks>The first numbers of stream 0 of the counter-based generator Philox with this seed as its key. A shape
    /// with more numbers begins with those of a shape with fewer.</remarks>
    /// <example><code lang="fsharp">Tensor.randn 1UL [ 2 ] // [1.251833, 0.557093]</code></example>
    let randn (seed: uint64) (shape: int seq) =
        random "Tensor.randn" shape (fun data -> Philox(seed, 0UL).FillNormal(data, 0, data.Length))

    /// <summary>Independent numbers of float64, uniform in [0, 1): always the same for a seed, on every
    /// machine.</summary>
    /// <param name="seed">Which numbers; give every tensor a seed of its own.</param>
    /// <param name="shape">The extents.</param>
    /// <exception cref="T:System.ArgumentException">An extent is negative.</exception>
    /// <remarks>The generator is that of Tensor.randn.</remarks>
    /// <example><code lang="fsharp">Tensor.rand 1UL [ 2 ] // [0.894685, 0.711268]</code></example>
    let rand (seed: uint64) (shape: int seq) =
        random "Tensor.rand" shape (fun data -> Philox(seed, 0UL).FillUniform(data, 0, data.Length))

    /// <summary>The same numbers, rounded to float32 or widened to float64. The derivative is a cast back.</summary>
    /// <param name="dtype">The number type.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.cast DType.Float32 (Tensor.scalar 0.1) // 0.1</code></example>
    let cast (dtype: DType) t = Cast.cast dtype t

    // Structure

    /// <summary>The same entries, row-major, in another shape.</summary>
    /// <param name="shape">Extents of the same count; one may be −1, for what the others leave.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">The counts differ, or an extent is negative.</exception>
    /// <example><code lang="fsharp">Tensor.reshape [ 2; 2 ] (Tensor.ofList [ 1.0; 2.0; 3.0; 4.0 ]) // [[1, 2], [3, 4]]</code></example>
    let reshape (shape: int seq) (t: Tensor) =
        let shape = Array.ofSeq shape

        match Array.tryFindIndex ((=) -1) shape with
        | None -> Structure.reshape (shapeOf "Tensor.reshape" shape) t
        | Some left ->
            let others = shapeOf "Tensor.reshape" (Array.removeAt left shape)
            let count, known = Shape.count t.Shape, Shape.count others

            if known = 0 || count % known <> 0 then
                Shape.wrong
                    "Tensor.reshape"
                    (invariant
                        $"shape {Shape.show t.Shape} has {count} entries, which leaves no extent for the -1 of {Shape.show shape}.")

            Structure.reshape (Array.updateAt left (count / known) shape) t

    /// <summary>All entries as one vector, row-major.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.flatten (Tensor.eye 2) // [1, 0, 0, 1]</code></example>
    let flatten (t: Tensor) =
        Structure.reshape [| Shape.count t.Shape |] t

    /// <summary>Repeats axes of extent 1, and leading axes that are not there, up to a shape (NumPy's rule).</summary>
    /// <param name="shape">The extents of the result.</param>
    /// <param name="t">A tensor whose extents, counted from the last axis, are 1 or the shape's.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together.</exception>
    /// <example><code lang="fsharp">Tensor.broadcastTo [ 2; 2 ] (Tensor.ofList [ 1.0; 2.0 ]) // [[1, 2], [1, 2]]</code></example>
    let broadcastTo (shape: int seq) (t: Tensor) =
        Structure.broadcastTo (shapeOf "Tensor.broadcastTo" shape) t

    /// <summary>Axes in another order: result axis i is t's axis order[i].</summary>
    /// <param name="order">Each axis of t once.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">order is no permutation of t's axes.</exception>
    /// <example><code lang="fsharp">Tensor.permute [ 1; 0 ] (Tensor.reshape [ 1; 2 ] (Tensor.ofList [ 1.0; 2.0 ])) // [[1], [2]]</code></example>
    let permute (order: int seq) (t: Tensor) =
        let order =
            order |> Seq.map (Shape.axis "Tensor.permute" t.Shape.Length) |> Array.ofSeq

        if Array.sort order <> [| 0 .. t.Shape.Length - 1 |] then
            Shape.wrong
                "Tensor.permute"
                (invariant
                    $"order {Shape.show order} is not a permutation of the axes of shape {Shape.show t.Shape}; each axis is needed once.")

        Permute.permute order t

    /// <summary>The last two axes exchanged; a vector or scalar stays as it is.</summary>
    /// <param name="t">Shape […, m, n].</param>
    /// <example><code lang="fsharp">Tensor.transpose (Tensor.reshape [ 1; 2 ] (Tensor.ofList [ 1.0; 2.0 ])) // [[1], [2]]</code></example>
    let transpose (t: Tensor) = Permute.transpose t

    /// <summary>Entries start … start + length − 1 along an axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="start">The first entry taken, from 0, or from the end when negative.</param>
    /// <param name="length">How many are taken.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis, or it has no such entries.</exception>
    /// <example><code lang="fsharp">Tensor.slice 0 1 2 (Tensor.ofList [ 1.0; 2.0; 4.0 ]) // [2, 4]</code></example>
    let slice axis start length (t: Tensor) =
        let axis = Shape.axis "Tensor.slice" t.Shape.Length axis
        Slice.slice axis (if start < 0 then start + t.Shape[axis] else start) length t

    /// <summary>Zeros before and after along an axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="before">How many before, from 0 on.</param>
    /// <param name="after">How many after, from 0 on.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis, or a count is negative.</exception>
    /// <example><code lang="fsharp">Tensor.pad 0 1 2 (Tensor.ones [ 1 ]) // [0, 1, 0, 0]</code></example>
    let pad axis before after (t: Tensor) =
        if before < 0 || after < 0 then
            Shape.wrong
                "Tensor.pad"
                (invariant $"before is {before} and after is {after}; both must be 0 or more.")

        Slice.pad (Shape.axis "Tensor.pad" t.Shape.Length axis) before after t

    /// <summary>Tensors one after the other along an axis.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="parts">At least one tensor; shapes may differ along the axis only.</param>
    /// <exception cref="T:System.ArgumentException">The list is empty, or shapes or number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.concat 0 [ Tensor.ones [ 2 ]; Tensor.zeros [ 1 ] ] // [1, 1, 0]</code></example>
    let concat axis (parts: Tensor seq) = Concat.concat axis (Array.ofSeq parts)

    /// <summary>Tensors of one shape along a new axis.</summary>
    /// <param name="axis">Where the new axis stands in the result.</param>
    /// <param name="parts">At least one tensor.</param>
    /// <exception cref="T:System.ArgumentException">The list is empty, or shapes or number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.stack 0 [ Tensor.ones [ 2 ]; Tensor.zeros [ 2 ] ] // [[1, 1], [0, 0]]</code></example>
    let stack axis (parts: Tensor seq) = Concat.stack axis (Array.ofSeq parts)

    /// <summary>Chosen entries along an axis: result[…, i, …] = t[…, indices[i], …].</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="indices">Entries from 0, or from the end when negative; one may come more than once.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis or entry.</exception>
    /// <remarks>The same entries of every column. DiffSharp and PyTorch call gather what is takeAlong here.</remarks>
    /// <example><code lang="fsharp">Tensor.gather 0 [ 2; 0; 2 ] (Tensor.ofList [ 1.0; 2.0; 4.0 ]) // [4, 1, 4]</code></example>
    let gather axis (indices: int seq) (t: Tensor) =
        let axis = Shape.axis "Tensor.gather" t.Shape.Length axis

        let indices =
            indices
            |> Seq.map (fun index ->
                if index < 0 && index >= -t.Shape[axis] then
                    index + t.Shape[axis]
                else
                    index)
            |> Array.ofSeq

        Gather.gather axis indices t

    // Reductions

    /// <summary>The sum of all entries, []; 0 for none.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.sum (Tensor.ofList [ 1.0; 2.0; 4.0 ]) // 7</code></example>
    let sum (t: Tensor) = Structure.sumAll t

    /// <summary>Sums along one axis, which disappears.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
    /// <example><code lang="fsharp">Tensor.sumAxis 0 (Tensor.ones [ 2; 3 ]) // [2, 2, 2]</code></example>
    let sumAxis axis (t: Tensor) =
        Structure.sum (axesOf "Tensor.sumAxis" t [ axis ]) t

    /// <summary>Sums along several axes, which disappear.</summary>
    /// <param name="axes">The axes, in any order.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
    /// <example><code lang="fsharp">Tensor.sumAxes [ 0; 1 ] (Tensor.ones [ 2; 3 ]) // 6</code></example>
    let sumAxes (axes: int seq) (t: Tensor) =
        Structure.sum (axesOf "Tensor.sumAxes" t axes) t

    /// <summary>The mean of all entries, []; NaN for none.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.mean (Tensor.ofList [ 1.0; 3.0 ]) // 2</code></example>
    let mean (t: Tensor) =
        Structure.sumAll t / float (Shape.count t.Shape)

    /// <summary>Means along one axis, which disappears.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
    /// <example><code lang="fsharp">Tensor.meanAxis 0 (Tensor.ones [ 2; 3 ]) // [1, 1, 1]</code></example>
    let meanAxis axis (t: Tensor) =
        let axis = Shape.axis "Tensor.meanAxis" t.Shape.Length axis
        Structure.sum [| axis |] t / float t.Shape[axis]

    /// <summary>The largest entry, [].</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There are no entries.</exception>
    /// <remarks>Its derivative is shared equally by the entries that attain it; NaN if an entry is NaN.</remarks>
    /// <example><code lang="fsharp">Tensor.max (Tensor.ofList [ 1.0; 2.0; 4.0 ]) // 4</code></example>
    let max (t: Tensor) =
        Extremum.maximum [| 0 .. t.Shape.Length - 1 |] t

    /// <summary>The smallest entry, [].</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There are no entries.</exception>
    /// <remarks>Its derivative is shared equally by the entries that attain it; NaN if an entry is NaN.</remarks>
    /// <example><code lang="fsharp">Tensor.min (Tensor.ofList [ 1.0; 2.0; 4.0 ]) // 1</code></example>
    let min (t: Tensor) =
        Extremum.minimum [| 0 .. t.Shape.Length - 1 |] t

    /// <summary>Largest entries along one axis, which disappears.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis, or it has no entries.</exception>
    /// <remarks>Its derivative is shared equally by the entries that attain it; NaN if an entry is NaN.</remarks>
    /// <example><code lang="fsharp">Tensor.maxAxis 1 (Tensor.eye 2) // [1, 1]</code></example>
    let maxAxis axis (t: Tensor) =
        Extremum.maximum (axesOf "Tensor.maxAxis" t [ axis ]) t

    /// <summary>Smallest entries along one axis, which disappears.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis, or it has no entries.</exception>
    /// <remarks>Its derivative is shared equally by the entries that attain it; NaN if an entry is NaN.</remarks>
    /// <example><code lang="fsharp">Tensor.minAxis 1 (Tensor.eye 2) // [0, 0]</code></example>
    let minAxis axis (t: Tensor) =
        Extremum.minimum (axesOf "Tensor.minAxis" t [ axis ]) t

    // Entry by entry

    /// <summary>aᵗ, a number to the power of each entry.</summary>
    /// <param name="a">The base.</param>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.pow 2.0 (Tensor.ofList [ 0.0; 3.0 ]) // [1, 8]</code></example>
    let pow (a: float) (t: Tensor) =
        Elementwise.pow (Elementwise.number t a) t

    /// <summary>a where the condition is not 0, b elsewhere.</summary>
    /// <param name="condition">Numbers, as comparisons give them.</param>
    /// <param name="a">What is chosen where the condition holds.</param>
    /// <param name="b">What is chosen elsewhere; all three shapes broadcast.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
    /// <remarks>The entry that is not chosen has no influence on the value or on derivatives of any order, NaN and
    /// infinities included, whatever ops lead there and away.</remarks>
    /// <example><code lang="fsharp">Tensor.where (Tensor.less (Tensor.ofList [ 1.0; 3.0 ]) (Tensor.scalar 2.0)) (Tensor.scalar 5.0) (Tensor.scalar 6.0) // [5, 6]</code></example>
    let where condition a b = Elementwise.where condition a b

    /// <summary>1 where a &lt; b, else 0; of derivative 0.</summary>
    /// <param name="a">A tensor of any shape.</param>
    /// <param name="b">A tensor whose shape broadcasts with a's.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.less (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (Tensor.scalar 2.0) // [1, 0, 0]</code></example>
    let less a b = Elementwise.less a b

    /// <summary>1 where a ≤ b, else 0; of derivative 0.</summary>
    /// <param name="a">A tensor of any shape.</param>
    /// <param name="b">A tensor whose shape broadcasts with a's.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.lessEqual (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (Tensor.scalar 2.0) // [1, 1, 0]</code></example>
    let lessEqual a b = Elementwise.lessEqual a b

    /// <summary>1 where a &gt; b, else 0; of derivative 0.</summary>
    /// <param name="a">A tensor of any shape.</param>
    /// <param name="b">A tensor whose shape broadcasts with a's.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.greater (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (Tensor.scalar 2.0) // [0, 0, 1]</code></example>
    let greater a b = Elementwise.less b a

    /// <summary>1 where a ≥ b, else 0; of derivative 0.</summary>
    /// <param name="a">A tensor of any shape.</param>
    /// <param name="b">A tensor whose shape broadcasts with a's.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.greaterEqual (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (Tensor.scalar 2.0) // [0, 1, 1]</code></example>
    let greaterEqual a b = Elementwise.lessEqual b a

    /// <summary>1 where a = b, else 0; of derivative 0.</summary>
    /// <param name="a">A tensor of any shape.</param>
    /// <param name="b">A tensor whose shape broadcasts with a's.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.equal (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (Tensor.scalar 2.0) // [0, 1, 0]</code></example>
    let equal a b = Elementwise.equal a b

    /// <summary>1 where a ≠ b, else 0; of derivative 0.</summary>
    /// <param name="a">A tensor of any shape.</param>
    /// <param name="b">A tensor whose shape broadcasts with a's.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.notEqual (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (Tensor.scalar 2.0) // [1, 0, 1]</code></example>
    let notEqual a b = Elementwise.notEqual a b

    /// <summary>The larger of two entries; where they are equal they share the derivative equally. NaN if one is NaN.</summary>
    /// <param name="a">A tensor of any shape.</param>
    /// <param name="b">A tensor whose shape broadcasts with a's.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.maximum (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (Tensor.scalar 2.0) // [2, 2, 3]</code></example>
    let maximum a b = Elementwise.maximum a b

    /// <summary>The smaller of two entries; where they are equal they share the derivative equally. NaN if one is NaN.</summary>
    /// <param name="a">A tensor of any shape.</param>
    /// <param name="b">A tensor whose shape broadcasts with a's.</param>
    /// <exception cref="T:System.ArgumentException">The shapes do not fit together, or the number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.minimum (Tensor.ofList [ 1.0; 2.0; 3.0 ]) (Tensor.scalar 2.0) // [1, 2, 2]</code></example>
    let minimum a b = Elementwise.minimum a b

    /// <summary>−1, 0 or 1; of derivative 0.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.sign (Tensor.ofList [ -2.0; 0.0; 5.0 ]) // [-1, 0, 1]</code></example>
    let sign t = Elementwise.sign t

    /// <summary>exp t − 1, accurate near 0.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.expm1 (Tensor.scalar 1e-10) // 1E-10</code></example>
    let expm1 t = Elementwise.expm1 t

    /// <summary>log (1 + t), accurate near 0.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.log1p (Tensor.scalar 1e-10) // 1E-10</code></example>
    let log1p t = Elementwise.log1p t

    /// <summary>max(t, 0), of derivative 0 at 0, and NaN at NaN.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.relu (Tensor.ofList [ -2.0; 3.0 ]) // [0, 3]</code></example>
    let relu (t: Tensor) = Elementwise.relu t

    /// <summary>1 / (1 + exp −t).</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.sigmoid (Tensor.scalar 0.0) // 0.5</code></example>
    let sigmoid t = Elementwise.sigmoid t

    /// <summary>log (1 + exp t), without overflow.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Tensor.softplus (Tensor.scalar 1000.0) // 1000</code></example>
    let softplus t = Elementwise.softplus t

    // Products and systems

    /// <summary>The matrix product Σₖ aᵢₖ bₖⱼ over the last two axes; axes before them are batches and broadcast.</summary>
    /// <param name="a">Shape […, m, k], or a vector [k], which is a row.</param>
    /// <param name="b">Shape […, k, n], or a vector [k], which is a column.</param>
    /// <exception cref="T:System.ArgumentException">The inner extents differ, an operand is a scalar, or the number types differ.</exception>
    /// <example><code lang="fsharp">Tensor.matmul (Tensor.ones [ 2; 3 ]) (Tensor.ofList [ 1.0; 2.0; 3.0 ]) // [6, 6]</code></example>
    let matmul a b = MatMul.matmul a b

    /// <summary>Σ aᵢ bᵢ of two vectors, [].</summary>
    /// <param name="a">Shape [n].</param>
    /// <param name="b">Shape [n].</param>
    /// <exception cref="T:System.ArgumentException">The shapes are not one [n].</exception>
    /// <example><code lang="fsharp">Tensor.dot (Tensor.ofList [ 1.0; 2.0 ]) (Tensor.ofList [ 3.0; 4.0 ]) // 11</code></example>
    let dot (a: Tensor) (b: Tensor) =
        if a.Shape.Length <> 1 || not (Shape.same a.Shape b.Shape) then
            Shape.wrong
                "Tensor.dot"
                (invariant
                    $"shapes are {Shape.show a.Shape} and {Shape.show b.Shape}, but two vectors of one length are needed.")

        Structure.sumAll (a * b)

    /// <summary>The matrix aᵢ bⱼ of two vectors, [m, n].</summary>
    /// <param name="a">Shape [m].</param>
    /// <param name="b">Shape [n].</param>
    /// <exception cref="T:System.ArgumentException">An operand is no vector.</exception>
    /// <example><code lang="fsharp">Tensor.outer (Tensor.ofList [ 1.0; 2.0 ]) (Tensor.ofList [ 3.0; 4.0 ]) // [[3, 4], [6, 8]]</code></example>
    let outer (a: Tensor) (b: Tensor) =
        if a.Shape.Length <> 1 || b.Shape.Length <> 1 then
            Shape.wrong
                "Tensor.outer"
                (invariant
                    $"shapes are {Shape.show a.Shape} and {Shape.show b.Shape}, but two vectors are needed.")

        Structure.reshape [| a.Shape[0]; 1 |] a * b

    /// <summary>Σ aᵢᵢ of a square matrix, [].</summary>
    /// <param name="a">Shape [n, n].</param>
    /// <exception cref="T:System.ArgumentException">a is no square matrix.</exception>
    /// <example><code lang="fsharp">Tensor.trace (Tensor.eye 3) // 3</code></example>
    let trace (a: Tensor) =
        if a.Shape.Length <> 2 || a.Shape[0] <> a.Shape[1] then
            Shape.wrong
                "Tensor.trace"
                (invariant $"the shape is {Shape.show a.Shape}, but a square matrix is needed.")

        Gather.diagonalSum a.Shape[0] a

    /// <summary>X with A X = B, by LU with partial pivoting; NaN where A is singular to working precision.</summary>
    /// <param name="a">Shape [n, n], or [batch, n, n].</param>
    /// <param name="b">Shape [n] or [n, k], or [batch, n] or [batch, n, k].</param>
    /// <exception cref="T:System.ArgumentException">The shapes are none of these, or the number types differ.</exception>
    /// <remarks>O(n³); the error is about ε · cond A. Its derivatives are further solves.</remarks>
    /// <example><code lang="fsharp">Tensor.solve (2.0 * Tensor.eye 2) (Tensor.ofList [ 2.0; 6.0 ]) // [1, 3]</code></example>
    let solve a b = Solve.solve a b

    /// <summary>log |det A|, by LU with partial pivoting: without overflow where the determinant has one.</summary>
    /// <param name="a">Shape [n, n], or [batch, n, n].</param>
    /// <returns>A scalar, or [batch]; −∞ for a singular matrix. The sign is signOfDeterminant's.</returns>
    /// <exception cref="T:System.ArgumentException">a is no square matrix.</exception>
    /// <remarks>The derivative is A⁻ᵀ. For symmetric positive definite A see PositiveDefinite.logDeterminant.</remarks>
    /// <example><code lang="fsharp">Tensor.logDeterminant (-1.0 * Tensor.eye 3) // 0</code></example>
    let logDeterminant (a: Tensor) =
        LogDeterminant.needSquare "Tensor.logDeterminant" a
        LogDeterminant.logDeterminant a

    /// <summary>1, −1 or 0: the sign of det A, of derivative 0.</summary>
    /// <param name="a">Shape [n, n], or [batch, n, n].</param>
    /// <returns>A scalar, or [batch].</returns>
    /// <exception cref="T:System.ArgumentException">a is no square matrix.</exception>
    /// <example><code lang="fsharp">Tensor.signOfDeterminant (-1.0 * Tensor.eye 3) // -1</code></example>
    let signOfDeterminant (a: Tensor) =
        LogDeterminant.needSquare "Tensor.signOfDeterminant" a
        LogDeterminant.sign a

    /// <summary>A⁻¹, by LU with partial pivoting. To apply it once, solve is cheaper and more accurate.</summary>
    /// <param name="a">Shape [n, n], or [batch, n, n].</param>
    /// <exception cref="T:System.ArgumentException">a is no square matrix.</exception>
    /// <remarks>A singular matrix gives NaN, and a breakdown in the program's reports of solves.</remarks>
    /// <example><code lang="fsharp">Tensor.inverse (4.0 * Tensor.eye 2) // [[0.25, 0], [0, 0.25]]</code></example>
    let inverse (a: Tensor) =
        LogDeterminant.needSquare "Tensor.inverse" a
        LogDeterminant.inverse a

    /// <summary>X with T X = B for a triangular T.</summary>
    /// <param name="triangle">Which half of the matrix counts, and whether the system is that of its transpose.</param>
    /// <param name="t">T, shape [n, n], or [batch, n, n]; the other half is not read.</param>
    /// <param name="b">Shape [n] or [n, k], or [batch, n] or [batch, n, k].</param>
    /// <exception cref="T:System.ArgumentException">The shapes are none of these, or the number types differ.</exception>
    /// <remarks>n² k operations. A zero on the diagonal gives infinities and NaN.</remarks>
    /// <example><code lang="fsharp">
    /// let upper = Tensor.ofArray2D (array2D [ [ 1.0; 1.0 ]; [ 0.0; 2.0 ] ])
    /// Tensor.triangularSolve Triangle.Upper upper (Tensor.ofList [ 3.0; 4.0 ]) // [1, 2]
    /// </code></example>
    let triangularSolve (triangle: Triangle) (t: Tensor) (b: Tensor) =
        Cholesky.withColumns "Tensor.triangularSolve" t b (fun b ->
            match triangle with
            | Triangle.Lower -> Cholesky.lowerSolve false t b
            | Triangle.LowerTransposed -> Cholesky.lowerSolve true t b
            | Triangle.Upper -> Cholesky.lowerSolve true (Permute.transpose t) b
            | Triangle.UpperTransposed -> Cholesky.lowerSolve false (Permute.transpose t) b
            | other ->
                Shape.wrong
                    "Tensor.triangularSolve"
                    (invariant
                        $"triangle is {int other}, which is none; give Triangle.Lower, Upper, LowerTransposed or UpperTransposed."))

    /// <summary>The index of the largest entry along an axis, which disappears; of derivative 0. Of several equal
    /// entries the first; a NaN counts as the largest.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="t">Any shape but a scalar's.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis, or it has no entries.</exception>
    /// <example><code lang="fsharp">Tensor.argMax 0 (Tensor.ofList [ 3.0; 7.0; 7.0 ]) // 1</code></example>
    let argMax axis (t: Tensor) =
        ArgMax.argMax (Shape.axis "Tensor.argMax" t.Shape.Length axis) t

    /// <summary>Running sums along an axis: entry j is the sum of the entries 0 … j.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="t">Any shape but a scalar's; the result has the same.</param>
    /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
    /// <example><code lang="fsharp">Tensor.cumulativeSum 0 (Tensor.ofList [ 1.0; 2.0; 4.0 ]) // [1, 3, 7]</code></example>
    let cumulativeSum axis (t: Tensor) =
        CumulativeSum.cumulativeSum (Shape.axis "Tensor.cumulativeSum" t.Shape.Length axis) false t

    /// <summary>exp tᵢ / Σⱼ exp tⱼ along the last axis; each row subtracts its own largest entry first.</summary>
    /// <param name="t">Shape […, n].</param>
    /// <exception cref="T:System.ArgumentException">t is a scalar.</exception>
    /// <remarks>Of a row with entries of +∞, these share 1; of a row of −∞, all do: what is left where all of them are
    /// lowered together. The derivatives are those of the entries that share. NaN for a row with a NaN.</remarks>
    /// <example><code lang="fsharp">Tensor.softmax (Tensor.ofList [ 1000.0; 1000.0 ]) // [0.5, 0.5]</code></example>
    let softmax (t: Tensor) =
        let axis = Shape.axis "Tensor.softmax" t.Shape.Length -1
        Softmax.softmax axis t

    /// <summary>log Σⱼ exp tⱼ along the last axis, which disappears; each row subtracts its own largest entry first.</summary>
    /// <param name="t">Shape […, n].</param>
    /// <exception cref="T:System.ArgumentException">t is a scalar.</exception>
    /// <remarks>The derivative is softmax t, finite for rows with infinities too: 1/n for a row of −∞, whose value is
    /// −∞. NaN for a row with a NaN.</remarks>
    /// <example><code lang="fsharp">Tensor.logsumexp (Tensor.ofList [ 1000.0; -1000.0 ]) // 1000</code></example>
    let logsumexp (t: Tensor) =
        let axis = Shape.axis "Tensor.logsumexp" t.Shape.Length -1
        Softmax.logsumexp axis t

    /// <summary>The value itself, of derivative zero.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Diff.diff (fun x -> x * Tensor.stopGradient x) (Tensor.scalar 3.0) // 3</code></example>
    let stopGradient t = StopGradient.stopGradient t

/// Slices and entries: <c>t[0]</c>, <c>t[-1]</c>, <c>t[0..3]</c>, <c>t[1, 0..3]</c>, up to three axes, and the transpose
/// <c>t.T</c>. A single index counts from the end when negative; bounds of a slice do not, so that <c>t[0..n - 1]</c> is
/// empty for n = 0.
[<AutoOpen>]
module TensorSlices =

    let private range (extent: int) (first: int option) (last: int option) =
        let first = defaultArg first 0
        let last = defaultArg last (extent - 1)
        struct (first, last - first + 1)

    let private drop axis (t: Tensor) =
        Structure.reshape (Array.removeAt axis t.Shape) t

    let private needAxis axis (t: Tensor) =
        if axis >= t.Shape.Length then
            Shape.wrong "Tensor" (invariant $"shape {Shape.show t.Shape} has no axis {axis} to index.")

    let private take axis first last (t: Tensor) =
        needAxis axis t
        let struct (start, length) = range t.Shape[axis] first last
        Slice.slice axis start length t

    let private entry axis i (t: Tensor) =
        needAxis axis t
        let extent = t.Shape[axis]
        let at = if i < 0 then i + extent else i

        if at < 0 || at >= extent then
            Shape.wrong
                "Tensor"
                (invariant
                    $"index {i} is outside axis {axis} of shape {Shape.show t.Shape}, which has entries 0 to {extent - 1}; -1 is the last one.")

        drop axis (Slice.slice axis at 1 t)

    type Tensor with

        /// <summary>The last two axes exchanged; a vector or scalar stays as it is.</summary>
        member t.T = Permute.transpose t

        /// <summary>What <c>^offset</c> means in an index or a slice, as for F#'s arrays: <c>t[^0]</c> is the last entry and
        /// <c>t[^2..]</c> are the last three. A preview of the language; <c>t[-1]</c> needs none.</summary>
        member t.GetReverseIndex(axis: int, offset: int) =
            needAxis axis t
            t.Shape[axis] - offset - 1

        /// <summary>Entry i along the first axis, which disappears: <c>t[i]</c>; <c>t[-1]</c> is the last.</summary>
        /// <exception cref="T:System.ArgumentException">There is no such entry.</exception>
        member t.Item
            with get (i: int) = entry 0 i t

        /// <summary>Entry (i, j) of the first two axes, which disappear: <c>t[i, j]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There is no such entry.</exception>
        member t.Item
            with get (i: int, j: int) = entry 0 i (entry 1 j t)

        /// <summary>Entry (i, j, k) of the first three axes, which disappear: <c>t[i, j, k]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There is no such entry.</exception>
        member t.Item
            with get (i: int, j: int, k: int) = entry 0 i (entry 1 j (entry 2 k t))

        /// <summary>Entry (i, j, k, l) of the first four axes, which disappear: <c>t[i, j, k, l]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There is no such entry.</exception>
        member t.Item
            with get (i: int, j: int, k: int, l: int) = entry 0 i (entry 1 j (entry 2 k (entry 3 l t)))

        /// <summary>Entries first … last along the first axis, both included: <c>t[0..3]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice(first: int option, last: int option) = take 0 first last t

        /// <summary>A block of the first two axes: <c>t[0..1, 2..3]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice(first: int option, last: int option, first2: int option, last2: int option) =
            take 1 first2 last2 (take 0 first last t)

        /// <summary>A part of row i, whose axis disappears: <c>t[i, 0..3]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice(i: int, first2: int option, last2: int option) = entry 0 i (take 1 first2 last2 t)

        /// <summary>A part of column j, whose axis disappears: <c>t[0..3, j]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice(first: int option, last: int option, j: int) = entry 1 j (take 0 first last t)

        /// <summary>A block of the first three axes: <c>t[0..1, 2..3, *]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice
            (
                first: int option,
                last: int option,
                first2: int option,
                last2: int option,
                first3: int option,
                last3: int option
            ) =
            take 2 first3 last3 (take 1 first2 last2 (take 0 first last t))

        /// <summary>A block at entry i of the first of three axes, which disappears: <c>t[i, 0..1, *]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice
            (i: int, first2: int option, last2: int option, first3: int option, last3: int option)
            =
            entry 0 i (take 2 first3 last3 (take 1 first2 last2 t))

        /// <summary>A block at entry j of the second of three axes, which disappears: <c>t[0..1, j, *]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice
            (first: int option, last: int option, j: int, first3: int option, last3: int option)
            =
            entry 1 j (take 2 first3 last3 (take 0 first last t))

        /// <summary>A block at entry k of the third axis, which disappears: <c>t[0..1, *, k]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice
            (first: int option, last: int option, first2: int option, last2: int option, k: int)
            =
            entry 2 k (take 1 first2 last2 (take 0 first last t))

        /// <summary>A part along the third axis, the first two disappear: <c>t[i, j, 0..3]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice(i: int, j: int, first3: int option, last3: int option) =
            entry 0 i (entry 1 j (take 2 first3 last3 t))

        /// <summary>A part along the second of three axes, the others disappear: <c>t[i, 0..3, k]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice(i: int, first2: int option, last2: int option, k: int) =
            entry 0 i (take 1 first2 last2 (entry 2 k t))

        /// <summary>A part along the first of three axes, the others disappear: <c>t[0..3, j, k]</c>.</summary>
        /// <exception cref="T:System.ArgumentException">There are no such entries.</exception>
        member t.GetSlice(first: int option, last: int option, j: int, k: int) =
            take 0 first last (entry 1 j (entry 2 k t))
