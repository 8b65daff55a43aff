namespace Stackelberg

open System

/// <summary>Functions on tensors. Axes count from 0, or from the end when negative.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Tensor =

    let private shapeOf func (shape: int seq) =
        let shape = Array.ofSeq shape

        for extent in shape do
            if extent < 0 then
                Shape.wrong func $"shape {Shape.show shape} has a negative extent; extents are 0 or more."

        shape

    let private axesOf func (t: Tensor) (axes: int seq) =
        axes
        |> Seq.map (Shape.axis func t.Shape.Length)
        |> Seq.distinct
        |> Seq.sort
        |> Array.ofSeq

    // Making tensors

    /// <summary>A vector of float64.</summary>
    let ofSeq (values: float seq) =
        let data = Array.ofSeq values
        Expression.dense DType.Float64 [| data.Length |] data 0

    /// <summary>A vector of float64. <c>Tensor.ofList [ 1.0; 2.0 ]</c> has shape [2].</summary>
    let ofList (values: float list) = ofSeq values

    /// <summary>A vector of float64 with the array's numbers, copied.</summary>
    let ofArray (values: float[]) = ofSeq values

    /// <summary>A matrix of float64 with the array's numbers, copied.</summary>
    let ofArray2D (values: float[,]) =
        let shape = [| values.GetLength 0; values.GetLength 1 |]
        let data = Array.zeroCreate<float> values.Length
        Buffer.BlockCopy(values, 0, data, 0, values.Length * sizeof<float>)
        Expression.dense DType.Float64 shape data 0

    /// <summary>A scalar, shape [].</summary>
    let scalar (value: float) =
        Expression.constant DType.Float64 Shape.scalar value

    /// <summary>The same number everywhere.</summary>
    let full (shape: int seq) (value: float) =
        Expression.constant DType.Float64 (shapeOf "Tensor.full" shape) value

    /// <summary>Zeros.</summary>
    let zeros (shape: int seq) = full shape 0.0

    /// <summary>Ones.</summary>
    let ones (shape: int seq) = full shape 1.0

    /// <summary>The identity matrix, [n, n].</summary>
    let eye n =
        ofArray2D (Array2D.init n n (fun i j -> if i = j then 1.0 else 0.0))

    /// <summary>The same numbers as float32 or float64. The derivative is a cast back.</summary>
    let cast (dtype: DType) t = Cast.cast dtype t

    // Structure

    /// <summary>The same entries, row-major, in another shape of equal count.</summary>
    let reshape (shape: int seq) (t: Tensor) =
        Structure.reshape (shapeOf "Tensor.reshape" shape) t

    /// <summary>All entries as one vector, row-major.</summary>
    let flatten (t: Tensor) =
        Structure.reshape [| Shape.count t.Shape |] t

    /// <summary>Repeats axes of extent 1 (and leading ones) up to a shape, by NumPy's rule.</summary>
    let broadcastTo (shape: int seq) (t: Tensor) =
        Structure.broadcastTo (shapeOf "Tensor.broadcastTo" shape) t

    /// <summary>Axes in another order: result axis i is t's axis order[i].</summary>
    let permute (order: int seq) (t: Tensor) =
        let order =
            order |> Seq.map (Shape.axis "Tensor.permute" t.Shape.Length) |> Array.ofSeq

        if Array.sort order <> [| 0 .. t.Shape.Length - 1 |] then
            Shape.wrong
                "Tensor.permute"
                $"order {Shape.show order} is not a permutation of the axes of shape {Shape.show t.Shape}; each axis is needed once."

        Permute.permute order t

    /// <summary>The last two axes exchanged; a vector or scalar stays as it is.</summary>
    let transpose (t: Tensor) = Permute.transpose t

    /// <summary>Entries start … start + length − 1 along an axis.</summary>
    let slice axis start length (t: Tensor) =
        Slice.slice (Shape.axis "Tensor.slice" t.Shape.Length axis) start length t

    /// <summary>Zeros before and after along an axis.</summary>
    let pad axis before after (t: Tensor) =
        if before < 0 || after < 0 then
            Shape.wrong "Tensor.pad" $"before is {before} and after is {after}; both must be 0 or more."

        Slice.pad (Shape.axis "Tensor.pad" t.Shape.Length axis) before after t

    /// <summary>Tensors one after the other along an axis.</summary>
    let concat axis (parts: Tensor seq) = Concat.concat axis (Array.ofSeq parts)

    /// <summary>Tensors of one shape along a new axis.</summary>
    let stack axis (parts: Tensor seq) = Concat.stack axis (Array.ofSeq parts)

    /// <summary>Chosen entries along an axis; an index may come more than once.</summary>
    let gather axis (indices: int seq) (t: Tensor) =
        Gather.gather (Shape.axis "Tensor.gather" t.Shape.Length axis) (Array.ofSeq indices) t

    // Reductions

    /// <summary>The sum of all entries, a scalar.</summary>
    let sum (t: Tensor) = Structure.sumAll t

    /// <summary>Sums along one axis, which disappears.</summary>
    let sumAxis axis (t: Tensor) =
        Structure.sum (axesOf "Tensor.sumAxis" t [ axis ]) t

    /// <summary>Sums along several axes, which disappear.</summary>
    let sumAxes (axes: int seq) (t: Tensor) =
        Structure.sum (axesOf "Tensor.sumAxes" t axes) t

    /// <summary>The mean of all entries, a scalar.</summary>
    let mean (t: Tensor) =
        Structure.sumAll t / float (Shape.count t.Shape)

    /// <summary>Means along one axis, which disappears.</summary>
    let meanAxis axis (t: Tensor) =
        let axis = Shape.axis "Tensor.meanAxis" t.Shape.Length axis
        Structure.sum [| axis |] t / float t.Shape[axis]

    /// <summary>The largest entry, a scalar. Its derivative is shared by the entries that attain it.</summary>
    let max (t: Tensor) =
        Extremum.maximum [| 0 .. t.Shape.Length - 1 |] t

    /// <summary>The smallest entry, a scalar.</summary>
    let min (t: Tensor) =
        Extremum.minimum [| 0 .. t.Shape.Length - 1 |] t

    /// <summary>Largest entries along one axis, which disappears.</summary>
    let maxAxis axis (t: Tensor) =
        Extremum.maximum (axesOf "Tensor.maxAxis" t [ axis ]) t

    /// <summary>Smallest entries along one axis, which disappears.</summary>
    let minAxis axis (t: Tensor) =
        Extremum.minimum (axesOf "Tensor.minAxis" t [ axis ]) t

    // Entry by entry

    /// <summary>a to the power t, for a number a.</summary>
    let pow (a: float) (t: Tensor) =
        Elementwise.pow (Elementwise.number t a) t

    /// <summary>a where the condition is not 0, b elsewhere. The entry that is not chosen has no influence, NaN included.</summary>
    let where condition a b = Elementwise.where condition a b

    /// <summary>1 where a &lt; b, else 0.</summary>
    let less a b = Elementwise.less a b

    /// <summary>1 where a ≤ b, else 0.</summary>
    let lessEqual a b = Elementwise.lessEqual a b

    /// <summary>1 where a &gt; b, else 0.</summary>
    let greater a b = Elementwise.less b a

    /// <summary>1 where a ≥ b, else 0.</summary>
    let greaterEqual a b = Elementwise.lessEqual b a

    /// <summary>1 where a = b, else 0.</summary>
    let equal a b = Elementwise.equal a b

    /// <summary>1 where a ≠ b, else 0.</summary>
    let notEqual a b = Elementwise.notEqual a b

    /// <summary>The larger of two entries; the derivative goes to the first where they are equal.</summary>
    let maximum a b = Elementwise.maximum a b

    /// <summary>The smaller of two entries; the derivative goes to the first where they are equal.</summary>
    let minimum a b = Elementwise.minimum a b

    /// <summary>−1, 0 or 1; of derivative 0.</summary>
    let sign t = Elementwise.sign t

    /// <summary>exp t − 1, accurate near 0.</summary>
    let expm1 t = Elementwise.expm1 t

    /// <summary>log (1 + t), accurate near 0.</summary>
    let log1p t = Elementwise.log1p t

    /// <summary>max(t, 0), of derivative 0 at 0.</summary>
    let relu (t: Tensor) =
        Elementwise.maximum (Elementwise.number t 0.0) t

    /// <summary>1 / (1 + exp −t).</summary>
    let sigmoid t = Elementwise.sigmoid t

    /// <summary>log (1 + exp t), without overflow.</summary>
    let softplus t = Elementwise.softplus t

    // Products and systems

    /// <summary>The matrix product over the last two axes; axes before them are batches and broadcast. A vector is a
    /// row on the left and a column on the right.</summary>
    let matmul a b = MatMul.matmul a b

    /// <summary>Σ aᵢ bᵢ of two vectors, a scalar.</summary>
    let dot (a: Tensor) (b: Tensor) =
        if a.Shape.Length <> 1 || not (Shape.same a.Shape b.Shape) then
            Shape.wrong
                "Tensor.dot"
                $"shapes are {Shape.show a.Shape} and {Shape.show b.Shape}, but two vectors of one length are needed."

        Structure.sumAll (a * b)

    /// <summary>The matrix aᵢ bⱼ of two vectors.</summary>
    let outer (a: Tensor) (b: Tensor) =
        if a.Shape.Length <> 1 || b.Shape.Length <> 1 then
            Shape.wrong
                "Tensor.outer"
                $"shapes are {Shape.show a.Shape} and {Shape.show b.Shape}, but two vectors are needed."

        Structure.reshape [| a.Shape[0]; 1 |] a * b

    /// <summary>Σ aᵢᵢ of a square matrix.</summary>
    let trace (a: Tensor) =
        if a.Shape.Length <> 2 || a.Shape[0] <> a.Shape[1] then
            Shape.wrong "Tensor.trace" $"the shape is {Shape.show a.Shape}, but a square matrix is needed."

        let n = a.Shape[0]
        Structure.sumAll (Gather.gather 0 (Array.init n (fun i -> i * (n + 1))) (flatten a))

    /// <summary>X with A X = B, by LU with partial pivoting: A [n, n] and B [n] or [n, k], or batches of them.</summary>
    let solve a b = Solve.solve a b

    /// <summary>exp t divided by its sum along the last axis; each row subtracts its own largest entry first.</summary>
    let softmax (t: Tensor) =
        let axis = [| Shape.axis "Tensor.softmax" t.Shape.Length -1 |]
        let weights = exp (t - Extremum.keptMaximum axis t)

        weights
        / Structure.reshape (Shape.flattened axis t.Shape) (Structure.sum axis weights)

    /// <summary>log Σ exp t along the last axis, which disappears; each row subtracts its own largest entry first.</summary>
    let logsumexp (t: Tensor) =
        let axis = [| Shape.axis "Tensor.logsumexp" t.Shape.Length -1 |]
        let largest = Extremum.keptMaximum axis t
        // A row of −∞ (or with +∞) would give ∞ − ∞; it needs no shift.
        let finite =
            Elementwise.less (abs largest) (Elementwise.number t Double.PositiveInfinity)

        let shift =
            Elementwise.where finite largest (Expression.constant t.DType largest.Shape 0.0)

        let total = log (Structure.sum axis (exp (t - shift)))
        total + Structure.reshape total.Shape shift

    /// <summary>The value itself, of derivative zero.</summary>
    let stopGradient t = StopGradient.stopGradient t

/// Slices and entries: <c>t[0]</c>, <c>t[0..3]</c>, <c>t[1, 0..3]</c>, and the transpose <c>t.T</c>.
[<AutoOpen>]
module TensorSlices =

    let private range (extent: int) (first: int option) (last: int option) =
        let first = defaultArg first 0
        let last = defaultArg last (extent - 1)
        struct (first, last - first + 1)

    let private drop axis (t: Tensor) =
        Structure.reshape (Array.removeAt axis t.Shape) t

    let private take axis first last (t: Tensor) =
        if axis >= t.Shape.Length then
            Shape.wrong "Tensor" $"shape {Shape.show t.Shape} has no axis {axis} to index."

        let struct (start, length) = range t.Shape[axis] first last
        Slice.slice axis start length t

    let private entry axis i t =
        drop axis (take axis (Some i) (Some i) t)

    type Tensor with

        /// The last two axes exchanged.
        member t.T = Permute.transpose t

        /// Entry i along the first axis, which disappears.
        member t.Item
            with get (i: int) = entry 0 i t

        /// Entry (i, j) of the first two axes, which disappear.
        member t.Item
            with get (i: int, j: int) = entry 0 i (entry 1 j t)

        member t.GetSlice(first: int option, last: int option) = take 0 first last t

        member t.GetSlice(first: int option, last: int option, first2: int option, last2: int option) =
            take 1 first2 last2 (take 0 first last t)

        member t.GetSlice(i: int, first2: int option, last2: int option) = take 0 first2 last2 (entry 0 i t)

        member t.GetSlice(first: int option, last: int option, j: int) = entry 1 j (take 0 first last t)
