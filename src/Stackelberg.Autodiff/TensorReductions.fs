namespace Stackelberg

open System

/// Further functions of module Tensor that put many entries into one.
[<AutoOpen>]
module TensorReductions =

    let private axisOf func axis (t: Tensor) = Shape.axis func t.Shape.Length axis

    let private flat (t: Tensor) =
        Structure.reshape [| Shape.count t.Shape |] t

    /// Deviations from the mean along an axis. Taken from the first entry first, so that equal entries have deviation 0.
    let private deviations axis (t: Tensor) =
        if t.Shape[axis] = 0 then
            t
        else
            let moved = t - StopGradient.stopGradient (Slice.slice axis 0 1 t)

            let mean =
                Structure.reshape (Array.updateAt axis 1 t.Shape) (Structure.sum [| axis |] moved)
                / float t.Shape[axis]

            moved - mean

    let private divisor func correction axis (t: Tensor) =
        let count = t.Shape[axis] - correction

        if count < 1 then
            Shape.wrong
                func
                (invariant
                    $"there are {t.Shape[axis]} entries to take it of (shape {Shape.show t.Shape}), but {correction + 1} are needed.")

        float count

    let private variance func correction axis (t: Tensor) =
        let divisor = divisor func correction axis t
        let deviations = deviations axis t
        Structure.sum [| axis |] (deviations * deviations) / divisor

    let private deviation func correction axis (t: Tensor) =
        Norm.norm axis (deviations axis t) / sqrt (divisor func correction axis t)

    /// (Σ |tⱼ|ᵖ)^(1/p) for 1 < p < ∞, p ≠ 2; each row divides by its largest entry first.
    let private powerNorm p axis (t: Tensor) =
        let size = abs t
        let largest = Extremum.keptMaximum [| axis |] size
        let zero, one = Elementwise.number t 0.0, Elementwise.number t 1.0

        let isUsable =
            Elementwise.less zero largest
            * Elementwise.less largest (Elementwise.number t Double.PositiveInfinity)

        let scale = Elementwise.where isUsable largest one

        let total =
            Structure.sum [| axis |] (Elementwise.pow (size / scale) (Elementwise.number t p))

        let isPositive = Elementwise.notEqual total zero
        let safe = Elementwise.where isPositive total one

        Elementwise.where isPositive (Elementwise.pow safe (Elementwise.number t (1.0 / p))) zero
        * Structure.reshape total.Shape scale

    let private norms func (p: float) axis (t: Tensor) =
        if not (p >= 1.0) then
            Shape.wrong
                func
                (FormattableString.Invariant
                    $"p is {p}, but a norm needs 1 or more (infinity for the largest size).")

        if p = 1.0 then
            Structure.sum [| axis |] (abs t)
        elif p = 2.0 then
            Norm.norm axis t
        elif not (Double.IsPositiveInfinity p) then
            powerNorm p axis t
        elif t.Shape[axis] = 0 then
            Structure.sum [| axis |] t
        else
            Extremum.maximum [| axis |] (abs t)

    /// <summary>Functions on tensors that put many entries into one.</summary>
    [<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
    module Tensor =

        /// <summary>A reduction along an axis that keeps the axis, at extent 1: what broadcasts against the tensor
        /// again.</summary>
        /// <param name="reduce">Any reduction along one axis: Tensor.sumAxis, meanAxis, maxAxis, minAxis, normAxis, varAxis,
        /// stdAxis, prodAxis, logsumexpAxis, argMax.</param>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
        /// <example><code lang="fsharp">
        /// let t = Tensor.ofArray2D (array2D [ [ 1.0; 3.0 ]; [ 2.0; 6.0 ] ])
        /// t / Tensor.keepDim Tensor.sumAxis 1 t // [[0.25, 0.75], [0.25, 0.75]]
        /// </code></example>
        let keepDim (reduce: int -> Tensor -> Tensor) axis (t: Tensor) =
            let axis = axisOf "Tensor.keepDim" axis t
            let shape = Array.updateAt axis 1 t.Shape
            let found = reduce axis t

            if Shape.count found.Shape <> Shape.count shape then
                Shape.wrong
                    "Tensor.keepDim"
                    (invariant
                        $"the reduction of shape {Shape.show t.Shape} along axis {axis} has shape {Shape.show found.Shape}, but {Shape.show (Array.removeAt axis t.Shape)} is needed.")

            Structure.reshape shape found

        /// <summary>The Euclidean norm √Σ tᵢ² of all entries, []; 0 for none.</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <remarks>Without overflow or underflow. Where it is 0 its derivatives are 0 (as in PyTorch), so that a penalty
        /// (‖g‖ − 1)² is differentiable twice at a dead unit.</remarks>
        /// <example><code lang="fsharp">Tensor.norm (Tensor.ofList [ 3.0; 4.0 ]) // 5</code></example>
        let norm (t: Tensor) = Norm.norm 0 (flat t)

        /// <summary>Euclidean norms along one axis, which disappears.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
        /// <remarks>As norm, row by row.</remarks>
        /// <example><code lang="fsharp">Tensor.normAxis 1 (Tensor.ofArray2D (array2D [ [ 3.0; 4.0 ]; [ 0.0; 0.0 ] ])) // [5, 0]</code></example>
        let normAxis axis (t: Tensor) =
            Norm.norm (axisOf "Tensor.normAxis" axis t) t

        /// <summary>The p-norm (Σ |tᵢ|ᵖ)^(1/p) of all entries, []; the largest size for p = infinity.</summary>
        /// <param name="p">1 or more.</param>
        /// <param name="t">A tensor of any shape.</param>
        /// <exception cref="T:System.ArgumentException">p is below 1 or NaN.</exception>
        /// <remarks>Its derivative is 0 where it is 0, and by an entry that is 0. A second derivative by an entry that is 0 is
        /// infinite for p between 1 and 2, and comes out as NaN.</remarks>
        /// <example><code lang="fsharp">Tensor.pNorm 1.0 (Tensor.ofList [ 3.0; -4.0 ]) // 7</code></example>
        let pNorm p (t: Tensor) = norms "Tensor.pNorm" p 0 (flat t)

        /// <summary>p-norms along one axis, which disappears.</summary>
        /// <param name="p">1 or more.</param>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis, or p is below 1 or NaN.</exception>
        /// <example><code lang="fsharp">Tensor.pNormAxis infinity 1 (Tensor.ofArray2D (array2D [ [ 3.0; -4.0 ] ])) // [4]</code></example>
        let pNormAxis p axis (t: Tensor) =
            norms "Tensor.pNormAxis" p (axisOf "Tensor.pNormAxis" axis t) t

        /// <summary>The product of all entries, []; 1 for none.</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <remarks>Its derivatives are right however many entries are 0: they are products of the other entries.</remarks>
        /// <example><code lang="fsharp">Diff.grad Tensor.prod (Tensor.ofList [ 2.0; 0.0; 5.0 ]) // [0, 10, 0]</code></example>
        let prod (t: Tensor) = Product.product 0 (flat t)

        /// <summary>Products along one axis, which disappears.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
        /// <example><code lang="fsharp">Tensor.prodAxis 0 (Tensor.ofArray2D (array2D [ [ 1.0; 3.0 ]; [ 2.0; 6.0 ] ])) // [2, 18]</code></example>
        let prodAxis axis (t: Tensor) =
            Product.product (axisOf "Tensor.prodAxis" axis t) t

        /// <summary>Running products along an axis: entry j is the product of the entries 0 … j.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's; the result has the same.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
        /// <remarks>n log n products, whose derivatives are right however many entries are 0.</remarks>
        /// <example><code lang="fsharp">Tensor.cumulativeProduct 0 (Tensor.ofList [ 2.0; 3.0; 5.0 ]) // [2, 6, 30]</code></example>
        let cumulativeProduct axis (t: Tensor) =
            Product.cumulativeProduct (axisOf "Tensor.cumulativeProduct" axis t) t

        /// <summary>The variance Σ (tᵢ − mean)² / n of all n entries, []: of a whole population, as in NumPy.</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <exception cref="T:System.ArgumentException">There are no entries.</exception>
        /// <remarks>sampleVar divides by n − 1, as DiffSharp's and PyTorch's var do.</remarks>
        /// <example><code lang="fsharp">Tensor.var (Tensor.ofList [ 1.0; 3.0 ]) // 1</code></example>
        let var (t: Tensor) = variance "Tensor.var" 0 0 (flat t)

        /// <summary>Variances Σ (tⱼ − mean)² / n along one axis of n entries, which disappears.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis, or it has no entries.</exception>
        /// <example><code lang="fsharp">Tensor.varAxis 1 (Tensor.ofArray2D (array2D [ [ 1.0; 3.0 ]; [ 2.0; 6.0 ] ])) // [1, 4]</code></example>
        let varAxis axis (t: Tensor) =
            variance "Tensor.varAxis" 0 (axisOf "Tensor.varAxis" axis t) t

        /// <summary>The variance Σ (tᵢ − mean)² / (n − 1) of a sample of n entries, [].</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <exception cref="T:System.ArgumentException">There are fewer than two entries.</exception>
        /// <example><code lang="fsharp">Tensor.sampleVar (Tensor.ofList [ 1.0; 3.0 ]) // 2</code></example>
        let sampleVar (t: Tensor) =
            variance "Tensor.sampleVar" 1 0 (flat t)

        /// <summary>Variances Σ (tⱼ − mean)² / (n − 1) along one axis of n entries, which disappears.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis, or it has fewer than two entries.</exception>
        /// <example><code lang="fsharp">Tensor.sampleVarAxis 1 (Tensor.ofArray2D (array2D [ [ 1.0; 3.0 ] ])) // [2]</code></example>
        let sampleVarAxis axis (t: Tensor) =
            variance "Tensor.sampleVarAxis" 1 (axisOf "Tensor.sampleVarAxis" axis t) t

        /// <summary>The standard deviation √(Σ (tᵢ − mean)² / n) of all n entries, [].</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <exception cref="T:System.ArgumentException">There are no entries.</exception>
        /// <remarks>Its derivatives are 0 where all entries are equal. sampleStd divides by n − 1.</remarks>
        /// <example><code lang="fsharp">Tensor.std (Tensor.ofList [ 1.0; 5.0 ]) // 2</code></example>
        let std (t: Tensor) = deviation "Tensor.std" 0 0 (flat t)

        /// <summary>Standard deviations √(Σ (tⱼ − mean)² / n) along one axis of n entries, which disappears.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis, or it has no entries.</exception>
        /// <example><code lang="fsharp">Tensor.stdAxis 1 (Tensor.ofArray2D (array2D [ [ 1.0; 5.0 ] ])) // [2]</code></example>
        let stdAxis axis (t: Tensor) =
            deviation "Tensor.stdAxis" 0 (axisOf "Tensor.stdAxis" axis t) t

        /// <summary>The standard deviation √(Σ (tᵢ − mean)² / (n − 1)) of a sample of n entries, [].</summary>
        /// <param name="t">A tensor of any shape.</param>
        /// <exception cref="T:System.ArgumentException">There are fewer than two entries.</exception>
        /// <example><code lang="fsharp">Tensor.sampleStd (Tensor.ofList [ 1.0; 3.0 ]) // 1.4142136</code></example>
        let sampleStd (t: Tensor) =
            deviation "Tensor.sampleStd" 1 0 (flat t)

        /// <summary>Standard deviations √(Σ (tⱼ − mean)² / (n − 1)) along one axis of n entries, which disappears.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis, or it has fewer than two entries.</exception>
        /// <example><code lang="fsharp">Tensor.sampleStdAxis 1 (Tensor.ofArray2D (array2D [ [ 1.0; 3.0 ] ])) // [1.4142136]</code></example>
        let sampleStdAxis axis (t: Tensor) =
            deviation "Tensor.sampleStdAxis" 1 (axisOf "Tensor.sampleStdAxis" axis t) t

        /// <summary>log Σⱼ exp tⱼ along one axis, which disappears; as logsumexp does along the last.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">A tensor of any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis.</exception>
        /// <example><code lang="fsharp">Tensor.logsumexpAxis 0 (Tensor.ofArray2D (array2D [ [ 1000.0; 0.0 ]; [ 0.0; 1000.0 ] ])) // [1000, 1000]</code></example>
        let logsumexpAxis axis (t: Tensor) =
            let axis = axisOf "Tensor.logsumexpAxis" axis t
            let others = [| 0 .. t.Shape.Length - 1 |] |> Array.removeAt axis
            Tensor.logsumexp (Permute.permute (Array.append others [| axis |]) t)

        /// <summary>The index of the smallest entry along an axis, which disappears; of derivative 0. Of several equal
        /// entries the first; a NaN counts as the smallest.</summary>
        /// <param name="axis">The axis.</param>
        /// <param name="t">Any shape but a scalar's.</param>
        /// <exception cref="T:System.ArgumentException">There is no such axis, or it has no entries.</exception>
        /// <example><code lang="fsharp">Tensor.argMin 0 (Tensor.ofList [ 3.0; 2.0; 2.0 ]) // 1</code></example>
        let argMin axis (t: Tensor) =
            ArgMax.argMax (axisOf "Tensor.argMin" axis t) (-t)
