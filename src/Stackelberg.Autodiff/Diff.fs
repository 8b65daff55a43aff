// Long by its documentation: a module cannot be reopened in another file, and most functions are a line or two.
namespace Stackelberg


/// <summary>Derivatives of functions of one tensor, nested to any order; names and argument order as in DiffSharp.</summary>
/// <remarks>
/// A transform applies the function to a bound copy of the point, differentiates with respect to that copy alone, and
/// puts the point back. So only the function's own argument varies, however the transforms are nested; an outer
/// derivative flows through the point. The f… forms also return the function's value, first. A wrong shape or number
/// type of the point, a direction or the value raises an ArgumentException that names it.
///
/// Two names mean something else than in DiffSharp: jvp f x v returns the value and the derivative (DiffSharp's jacobianv
/// order of arguments; its jvp returns the derivative alone), and vjp f x returns the value and a map from cotangents,
/// which is applied as often as wanted (DiffSharp's takes the cotangent as a third argument: fjacobianTv f x w here).
/// </remarks>
[<RequireQualifiedAccess>]
module Diff =

    let private orZeros dtype shape (t: Tensor) =
        if isNull t then Expression.zeros dtype shape else t

    let private needScalar func (y: Tensor) =
        if y.Shape.Length <> 0 then
            Shape.wrong
                func
                (invariant
                    $"the function's value has shape {Shape.show y.Shape}, but a scalar [] is needed; sum it, or use Diff.jacobian.")

    let private needLike func what whose (x: Tensor) (v: Tensor) =
        if not (Shape.same x.Shape v.Shape) then
            Shape.wrong
                func
                (invariant
                    $"the {what} has shape {Shape.show v.Shape}, but {Shape.show x.Shape} is needed (the {whose}'s shape).")

        if x.DType <> v.DType then
            Shape.wrong
                func
                (invariant
                    $"the {what} is {v.DType}, but {x.DType} is needed (the {whose}'s type); convert it with Tensor.cast.")

    let private needDirection func x v = needLike func "direction v" "point" x v

    let private needVector func (x: Tensor) =
        if x.Shape.Length > 1 then
            Shape.wrong
                func
                (invariant
                    $"the point has shape {Shape.show x.Shape}, but a vector [n] or a scalar [] is needed; flatten it first.")

    let private forward (variable: Tensor) (y: Tensor) direction =
        Forward.tangent [| variable |] [| direction |] y |> orZeros y.DType y.Shape

    let private reverse (variable: Tensor) (y: Tensor) cotangent =
        (Reverse.cotangents [| variable |] y cotangent)[0]
        |> orZeros variable.DType variable.Shape

    /// Compiling a map pays from about this many symbols times calls on: 100 µs and 3 µs for a symbol, against
    /// 0.5 µs for a symbol each time that it is computed by itself.
    let private compileFrom = 400

    /// A linear map, given as an expression of its variable, for a number of calls.
    let private linearMap calls (variable: Tensor) (result: Tensor) : Tensor -> Tensor =
        let struct (symbols, dependent) = Dependence.on [| variable |] [ result ]

        // With outer symbols in it, the map is no program of its own.
        let isClosed =
            result.IsSymbolic
            && Dependence.all [ result ] |> Array.forall (fun t -> dependent.Contains t)

        if isClosed && calls * symbols.Length >= compileFrom then
            // What was computed at the point is an input, so that the map at another point is the same program.
            let arrays =
                symbols
                |> Seq.collect _.Args
                |> Seq.filter (fun t -> not (isNull t.Data))
                |> Seq.distinctBy _.Id
                |> Array.ofSeq

            let program =
                lazy
                    (let inputs =
                        arrays
                        |> Array.map (fun t -> Expression.variable variable.Trace t.DType t.Shape)

                     let opened = Substitution.many arrays inputs [| result |]

                     let isLate = Array.init (1 + inputs.Length) (fun i -> i = 0)

                     Program.OfExpressions(Array.append [| variable |] inputs, isLate, opened).Bind arrays)

            fun v ->
                if v.IsSymbolic then
                    Substitution.one variable v result
                else
                    (program.Value v)[0]
        else
            fun v -> Substitution.one variable v result

    /// <summary>f x and the derivative along v, f′(x) v = lim (f(x + h v) − f(x)) / h, by forward differentiation.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point, of any shape.</param>
    /// <param name="v">The direction, of x's shape and number type.</param>
    /// <returns>The value and the derivative, both of the value's shape.</returns>
    /// <exception cref="T:System.ArgumentException">v is not of x's shape and number type.</exception>
    /// <example><code lang="fsharp">Diff.jvp (fun x -> x * x) (Tensor.scalar 3.0) (Tensor.scalar 1.0) // (9, 6)</code></example>
    let jvp (f: Tensor -> Tensor) (x: Tensor) (v: Tensor) : Tensor * Tensor =
        needDirection "Diff.jvp" x v
        let copy = Expression.bindLike x
        let y = f copy
        let found = Substitution.many [| copy |] [| x |] [| y; forward copy y v |]
        found[0], found[1]

    /// <summary>f x, and the map from a cotangent w to f′(x)ᵀ w, by reverse differentiation.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point, of any shape.</param>
    /// <returns>The value, and a map from its shape to x's shape.</returns>
    /// <exception cref="T:System.ArgumentException">The map is given a w that is not of the value's shape and number
    /// type.</exception>
    /// <example><code lang="fsharp">
    /// let y, pull = Diff.vjp (fun x -> x * x) (Tensor.ofList [ 1.0; 3.0 ]) // y is [1, 9]
    /// pull (Tensor.ofList [ 1.0; 10.0 ]) // [2, 60]
    /// </code></example>
    let vjp (f: Tensor -> Tensor) (x: Tensor) : Tensor * (Tensor -> Tensor) =
        let copy = Expression.bindLike x
        let y = f copy

        let pull (w: Tensor) =
            needLike "Diff.vjp" "cotangent" "value" y w
            Substitution.one copy x (reverse copy y w)

        Substitution.one copy x y, pull

    /// <summary>f x, and the linear map v ↦ f′(x) v. What does not depend on v is computed once.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point, of any shape.</param>
    /// <returns>The value, and a map from x's shape to the value's shape.</returns>
    /// <exception cref="T:System.ArgumentException">The map is given a v that is not of x's shape and number type.</exception>
    /// <remarks>At a point of numbers the map is compiled on its first call: it is for many directions. For one, jvp.</remarks>
    /// <example><code lang="fsharp">
    /// let y, push = Diff.linearize (fun x -> x * x) (Tensor.ofList [ 1.0; 3.0 ]) // y is [1, 9]
    /// push (Tensor.ofList [ 1.0; 10.0 ]) // [2, 60]
    /// </code></example>
    let linearize (f: Tensor -> Tensor) (x: Tensor) : Tensor * (Tensor -> Tensor) =
        let copy = Expression.bindLike x
        let y = f copy
        let direction = Expression.bindLike copy
        let found = Substitution.many [| copy |] [| x |] [| y; forward copy y direction |]
        let push = linearMap compileFrom direction found[1]

        found[0],
        fun v ->
            needDirection "Diff.linearize" x v
            push v

    /// <summary>f x and the gradient ∂f/∂xᵢ of a scalar function, of x's shape.</summary>
    /// <param name="f">A function from any shape to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">f's value is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.fgrad (fun x -> Tensor.sum (x * x)) (Tensor.ofList [ 1.0; 2.0 ]) // (5, [2, 4])</code></example>
    let fgrad (f: Tensor -> Tensor) (x: Tensor) : Tensor * Tensor =
        let copy = Expression.bindLike x
        let y = f copy
        needScalar "Diff.grad" y
        let one = Expression.constant y.DType y.Shape 1.0
        let found = Substitution.many [| copy |] [| x |] [| y; reverse copy y one |]
        found[0], found[1]

    /// <summary>The gradient ∂f/∂xᵢ of a scalar function, of x's shape.</summary>
    /// <param name="f">A function from any shape to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">f's value is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.grad (fun x -> Tensor.sum (x * x)) (Tensor.ofList [ 1.0; 2.0 ]) // [2, 4]</code></example>
    let grad f x = snd (fgrad f x)

    /// <summary>f x and the derivative ⟨∇f(x), v⟩ of a scalar function along v, both [].</summary>
    /// <param name="f">A function from any shape to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">f's value is no scalar, or v is not of x's shape and type.</exception>
    /// <example><code lang="fsharp">Diff.fgradv (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) (Tensor.ofList [ 1.0; 0.0 ]) // (6, 3)</code></example>
    let fgradv f x v =
        let y, dy = jvp f x v
        needScalar "Diff.gradv" y
        y, dy

    /// <summary>The derivative ⟨∇f(x), v⟩ of a scalar function along v, [].</summary>
    /// <param name="f">A function from any shape to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">f's value is no scalar, or v is not of x's shape and type.</exception>
    /// <example><code lang="fsharp">Diff.gradv (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) (Tensor.ofList [ 1.0; 0.0 ]) // 3</code></example>
    let gradv f x v = snd (fgradv f x v)

    /// <summary>f x and the derivative f′(x) of a function of a scalar, both of the value's shape.</summary>
    /// <param name="f">A function from a scalar [] to any shape.</param>
    /// <param name="x">The point, [].</param>
    /// <exception cref="T:System.ArgumentException">x is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.fdiff (fun x -> x ** 3.0) (Tensor.scalar 2.0) // (8, 12)</code></example>
    let fdiff f (x: Tensor) =
        if x.Shape.Length <> 0 then
            Shape.wrong
                "Diff.diff"
                (invariant
                    $"the point has shape {Shape.show x.Shape}, but a scalar [] is needed; use Diff.grad or Diff.jacobian.")

        jvp f x (Expression.constant x.DType x.Shape 1.0)

    /// <summary>The derivative f′(x) of a function of a scalar, of the value's shape.</summary>
    /// <param name="f">A function from a scalar [] to any shape.</param>
    /// <param name="x">The point, [].</param>
    /// <exception cref="T:System.ArgumentException">x is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.diff (fun x -> x ** 3.0) (Tensor.scalar 2.0) // 12</code></example>
    let diff f x = snd (fdiff f x)

    /// <summary>The n-th derivative of a function of a scalar, of the value's shape; f x itself for n = 0.</summary>
    /// <param name="n">The order, from 0 on. Each order about doubles the work.</param>
    /// <param name="f">A function from a scalar [] to any shape.</param>
    /// <param name="x">The point, [].</param>
    /// <exception cref="T:System.ArgumentException">n is negative, or x is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.diffn 3 (fun x -> x ** 3.0) (Tensor.scalar 2.0) // 6</code></example>
    let rec diffn n (f: Tensor -> Tensor) (x: Tensor) : Tensor =
        if n < 0 then
            Shape.wrong "Diff.diffn" (invariant $"n is {n}, but the order of a derivative is 0 or more.")
        elif n = 0 then
            f x
        else
            diff (diffn (n - 1) f) x

    /// <summary>The second derivative of a function of a scalar, of the value's shape.</summary>
    /// <param name="f">A function from a scalar [] to any shape.</param>
    /// <param name="x">The point, [].</param>
    /// <exception cref="T:System.ArgumentException">x is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.diff2 (fun x -> x ** 3.0) (Tensor.scalar 2.0) // 12</code></example>
    let diff2 f x = diffn 2 f x

    /// <summary>f x and f′(x) v, the Jacobian times a vector; jvp by another name.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">v is not of x's shape and number type.</exception>
    /// <example><code lang="fsharp">Diff.fjacobianv (fun x -> x * x) (Tensor.ofList [ 1.0; 3.0 ]) (Tensor.ofList [ 1.0; 1.0 ]) // ([1, 9], [2, 6])</code></example>
    let fjacobianv f x v = jvp f x v

    /// <summary>f′(x) v: the Jacobian times a vector, of the value's shape.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">v is not of x's shape and number type.</exception>
    /// <example><code lang="fsharp">Diff.jacobianv (fun x -> x * x) (Tensor.ofList [ 1.0; 3.0 ]) (Tensor.ofList [ 1.0; 1.0 ]) // [2, 6]</code></example>
    let jacobianv f x v = snd (jvp f x v)

    /// <summary>f x and f′(x)ᵀ w, the transposed Jacobian times a vector.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point.</param>
    /// <param name="w">The cotangent, of the value's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">w is not of the value's shape and number type.</exception>
    /// <example><code lang="fsharp">Diff.fjacobianTv (fun x -> x * x) (Tensor.ofList [ 1.0; 3.0 ]) (Tensor.ofList [ 1.0; 1.0 ]) // ([1, 9], [2, 6])</code></example>
    let fjacobianTv f x w =
        let y, pull = vjp f x
        y, pull w

    /// <summary>f′(x)ᵀ w: the transposed Jacobian times a vector, of x's shape.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point.</param>
    /// <param name="w">The cotangent, of the value's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">w is not of the value's shape and number type.</exception>
    /// <example><code lang="fsharp">Diff.jacobianTv (fun x -> x * x) (Tensor.ofList [ 1.0; 3.0 ]) (Tensor.ofList [ 1.0; 1.0 ]) // [2, 6]</code></example>
    let jacobianTv f x w = snd (fjacobianTv f x w)

    /// Unit vectors first … first + count − 1 in t's shape and number type, one along each entry of the first axis.
    let private units (t: Tensor) first count =
        let size = Shape.count t.Shape
        let entries = Array.zeroCreate<float>(count * size)

        for k in 0 .. count - 1 do
            entries[k * size + first + k] <- 1.0

        Cast.cast t.DType (Expression.dense DType.Float64 (Array.append [| count |] t.Shape) entries 0)

    /// Up to this many products are written one by one: with a unit vector's zeros in it, much of a product vanishes.
    let private writtenOut = 8

    /// Entries that a value of a batch of products may have: 4 MB of doubles.
    let private batchEntries = 1 <<< 19

    /// A linear map's products with all unit vectors, along a new axis.
    let private products axis (variable: Tensor) (result: Tensor) : Tensor =
        let count = Shape.count variable.Shape

        if count <= writtenOut then
            let map = linearMap count variable result

            Array.init count (fun k -> map (Structure.reshape variable.Shape (units variable k 1)))
            |> Concat.stack axis
        else
            let struct (symbols, _) = Dependence.on [| variable |] [ result ]
            let largest = symbols |> Seq.fold (fun most t -> max most (Shape.count t.Shape)) 1
            let together = max 1 (min count (batchEntries / largest))

            [|
                for first in 0..together .. count - 1 do
                    let batch = units variable first (min together (count - first))
                    (Batching.many [| variable |] [| batch |] batch.Shape[0] [| result |])[0]
            |]
            |> Concat.concat 0
            |> Permute.permute [| yield! [| 1..axis |]; 0; yield! [| axis + 1 .. result.Shape.Length |] |]

    /// <summary>f x and the Jacobian ∂fᵢ/∂xⱼ, shape [f's shape, n] for x of shape [n].</summary>
    /// <param name="f">A function from a vector [n] or a scalar [] to any shape.</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">x has more than one axis.</exception>
    /// <remarks>One product for each column, or for each row where there are fewer rows; many of them as one batch.</remarks>
    /// <example><code lang="fsharp">Diff.fjacobian (fun x -> x * x) (Tensor.ofList [ 1.0; 3.0 ]) // ([1, 9], [[2, 0], [0, 6]])</code></example>
    let fjacobian (f: Tensor -> Tensor) (x: Tensor) : Tensor * Tensor =
        needVector "Diff.jacobian" x
        let copy = Expression.bindLike x
        let y = f copy
        let byColumns = Shape.count x.Shape <= Shape.count y.Shape
        let variable = Expression.bindLike (if byColumns then copy else y)

        let product =
            if byColumns then
                forward copy y variable
            else
                reverse copy y variable

        let found = Substitution.many [| copy |] [| x |] [| y; product |]
        let shape = Array.append y.Shape x.Shape

        let jacobian =
            if Shape.count variable.Shape = 0 then
                Expression.zeros y.DType shape
            else
                products (if byColumns then y.Shape.Length else 0) variable found[1]
                |> Structure.reshape shape

        found[0], jacobian

    /// <summary>The Jacobian ∂fᵢ/∂xⱼ, shape [f's shape, n] for x of shape [n].</summary>
    /// <param name="f">A function from a vector [n] or a scalar [] to any shape.</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">x has more than one axis.</exception>
    /// <example><code lang="fsharp">Diff.jacobian (fun x -> x * x) (Tensor.ofList [ 1.0; 3.0 ]) // [[2, 0], [0, 6]]</code></example>
    let jacobian f x = snd (fjacobian f x)

    /// <summary>The gradient, [n], and the Hessian ∂²f/∂xᵢ∂xⱼ, [n, n], of a scalar function.</summary>
    /// <param name="f">A function from a vector [n] to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">x has more than one axis, or f's value is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.gradhessian (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) // ([3, 2], [[0, 1], [1, 0]])</code></example>
    let gradhessian f x = fjacobian (grad f) x

    /// <summary>f x, its gradient, [n], and its Hessian, [n, n].</summary>
    /// <param name="f">A function from a vector [n] to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">x has more than one axis, or f's value is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.fgradhessian (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) // (6, [3, 2], [[0, 1], [1, 0]])</code></example>
    let fgradhessian f x =
        let g, h = gradhessian f x
        f x, g, h

    /// <summary>f x and the Hessian ∂²f/∂xᵢ∂xⱼ, [n, n].</summary>
    /// <param name="f">A function from a vector [n] to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">x has more than one axis, or f's value is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.fhessian (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) // (6, [[0, 1], [1, 0]])</code></example>
    let fhessian f x = f x, snd (gradhessian f x)

    /// <summary>The Hessian ∂²f/∂xᵢ∂xⱼ of a scalar function, [n, n].</summary>
    /// <param name="f">A function from a vector [n] to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">x has more than one axis, or f's value is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.hessian (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) // [[0, 1], [1, 0]]</code></example>
    let hessian f x = snd (gradhessian f x)

    /// The gradient, and the Hessian times v, both of x's shape.
    let private gradAndHessianv f x v = jvp (grad f) x v

    /// <summary>The derivative ⟨∇f(x), v⟩ along v, [], and the Hessian times v, of x's shape, by forward over reverse
    /// differentiation.</summary>
    /// <param name="f">A function from any shape to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">f's value is no scalar, or v is not of x's shape and type.</exception>
    /// <example><code lang="fsharp">Diff.gradhessianv (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) (Tensor.ofList [ 1.0; 0.0 ]) // (3, [0, 1])</code></example>
    let gradhessianv f (x: Tensor) (v: Tensor) =
        let g, hv = gradAndHessianv f x v
        Structure.sumAll (g * v), hv

    /// <summary>f x, the derivative ⟨∇f(x), v⟩ along v, both [], and the Hessian times v.</summary>
    /// <param name="f">A function from any shape to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">f's value is no scalar, or v is not of x's shape and type.</exception>
    /// <remarks>For the gradient itself, jvp (grad f) x v is the gradient and the Hessian times v.</remarks>
    /// <example><code lang="fsharp">Diff.fgradhessianv (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) (Tensor.ofList [ 1.0; 0.0 ]) // (6, 3, [0, 1])</code></example>
    let fgradhessianv f x v =
        let slope, hv = gradhessianv f x v
        f x, slope, hv

    /// <summary>f x and the Hessian times v.</summary>
    /// <param name="f">A function from any shape to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">f's value is no scalar, or v is not of x's shape and type.</exception>
    /// <example><code lang="fsharp">Diff.fhessianv (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) (Tensor.ofList [ 1.0; 0.0 ]) // (6, [0, 1])</code></example>
    let fhessianv f x v = f x, snd (gradAndHessianv f x v)

    /// <summary>The Hessian times v, Σⱼ ∂²f/∂xᵢ∂xⱼ vⱼ, of x's shape.</summary>
    /// <param name="f">A function from any shape to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape and number type.</param>
    /// <exception cref="T:System.ArgumentException">f's value is no scalar, or v is not of x's shape and type.</exception>
    /// <example><code lang="fsharp">Diff.hessianv (fun x -> x[0] * x[1]) (Tensor.ofList [ 2.0; 3.0 ]) (Tensor.ofList [ 1.0; 0.0 ]) // [0, 1]</code></example>
    let hessianv f x v = snd (gradAndHessianv f x v)

    /// <summary>f x and the Laplacian Σ ∂²f/∂xᵢ², both [].</summary>
    /// <param name="f">A function from a vector [n] or a scalar [] to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">x has more than one axis, or f's value is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.flaplacian (fun x -> Tensor.sum (x * x)) (Tensor.ofList [ 1.0; 2.0 ]) // (5, 4)</code></example>
    let flaplacian f (x: Tensor) =
        needVector "Diff.laplacian" x
        let n = Shape.count x.Shape
        f x, Gather.diagonalSum n (Structure.reshape [| n; n |] (hessian f x))

    /// <summary>The Laplacian Σ ∂²f/∂xᵢ² of a scalar function, [].</summary>
    /// <param name="f">A function from a vector [n] or a scalar [] to a scalar [].</param>
    /// <param name="x">The point.</param>
    /// <exception cref="T:System.ArgumentException">x has more than one axis, or f's value is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.laplacian (fun x -> Tensor.sum (x * x)) (Tensor.ofList [ 1.0; 2.0 ]) // 4</code></example>
    let laplacian f x = snd (flaplacian f x)

    /// <summary>The value itself, of derivative zero.</summary>
    /// <param name="t">A tensor of any shape.</param>
    /// <example><code lang="fsharp">Diff.diff (fun x -> x * Diff.stopGradient x) (Tensor.scalar 3.0) // 3</code></example>
    let stopGradient (t: Tensor) = StopGradient.stopGradient t

    /// <summary>As root, with other settings.</summary>
    /// <param name="settings">How it is found; Root.settings has the defaults.</param>
    /// <param name="condition">F.</param>
    /// <param name="start">y₀.</param>
    /// <exception cref="T:System.ArgumentException">As for root; Tolerance or MaxSteps is negative.</exception>
    let rootWith (settings: RootSettings) (condition: Tensor -> Tensor) (start: Tensor) : Tensor =
        Root.need "Diff.root" start
        Root.find "Diff.root" settings condition start

    /// <summary>y with F(y) = 0, by Newton's method with a line search; differentiable to any order in all that F holds.</summary>
    /// <param name="condition">F, from y to as many numbers. What it uses besides y may be symbols of outer transforms.</param>
    /// <param name="start">y₀, where the search begins: the root does not depend on it but for which one it is, and its
    /// derivative is 0.</param>
    /// <returns>y, of y₀'s shape. Its derivative in a value c of F is −(∂F/∂y)⁻¹ ∂F/∂c (implicit function theorem).</returns>
    /// <exception cref="T:System.ArgumentException">F gives another shape or number type, or y₀ is not finite.</exception>
    /// <exception cref="T:System.InvalidOperationException">No root is found, with numbers. In a compiled program the report
    /// tells: ProgramRun.Solves, IsRoot.</exception>
    /// <remarks>Under vmap every entry has a search, a tolerance and an ending of its own.</remarks>
    /// <example><code lang="fsharp">
    /// let cubeRoot (x: Tensor) = Diff.root (fun y -> y * y * y - x) (Tensor.scalar 1.0)
    /// cubeRoot (Tensor.scalar 8.0) // 2
    /// Diff.diff cubeRoot (Tensor.scalar 8.0) // 1/12
    /// </code></example>
    let root condition start = rootWith Root.settings condition start

    /// <summary>y with y = g(y), by Newton's method on y − g(y); differentiable as root is.</summary>
    /// <param name="map">g.</param>
    /// <param name="start">y₀.</param>
    /// <exception cref="T:System.ArgumentException">As for root.</exception>
    /// <example><code lang="fsharp">Diff.fixedPoint cos (Tensor.scalar 1.0) // 0.7390851332</code></example>
    let fixedPoint (map: Tensor -> Tensor) start =
        Root.need "Diff.fixedPoint" start
        Root.find "Diff.fixedPoint" Root.settings (fun y -> y - map y) start

    /// <summary>As argmin, with other settings.</summary>
    /// <param name="settings">How it is found.</param>
    /// <param name="cost">f, a scalar.</param>
    /// <param name="start">y₀.</param>
    let argminWith (settings: RootSettings) (cost: Tensor -> Tensor) start =
        Root.need "Diff.argmin" start
        Root.find "Diff.argmin" { settings with IsMinimised = true } (grad cost) start

    /// <summary>A local minimum y of f: a root of its gradient to which the search goes downhill; differentiable as root
    /// is.</summary>
    /// <param name="cost">f, a scalar.</param>
    /// <param name="start">y₀.</param>
    /// <exception cref="T:System.ArgumentException">As for root.</exception>
    /// <remarks>Where the search begins at a critical point that is no minimum it stays there. Of up to eight unknowns the second
    /// derivatives A are raised by (10⁻³ ‖A‖ − 2 λ) I where their least eigenvalue λ is below 0, so that the search leaves saddles;
    /// of more it turns downhill where its step leads uphill.</remarks>
    /// <example><code lang="fsharp">Diff.argmin (fun y -> Tensor.sum (exp y - 2.0 * y)) (Tensor.zeros [ 1 ]) // [0.6931472]</code></example>
    let argmin (cost: Tensor -> Tensor) start = argminWith Root.settings cost start

    /// <summary>A root that was found elsewhere, as a function of what its condition holds: the condition alone is
    /// differentiated, not how it was solved.</summary>
    /// <param name="condition">F, which is 0 at the root.</param>
    /// <param name="root">y with F(y) = 0, found by any means.</param>
    /// <exception cref="T:System.ArgumentException">As for root.</exception>
    /// <example><code lang="fsharp">
    /// let mine (x: Tensor) = Diff.rootFound (fun y -> y * y - x) (sqrt (Diff.stopGradient x))
    /// Diff.diff mine (Tensor.scalar 4.0) // 0.25
    /// </code></example>
    let rootFound condition (root: Tensor) =
        Root.need "Diff.rootFound" root
        Root.find "Diff.rootFound" { Root.settings with MaxSteps = 0 } condition (stopGradient root)

    /// <summary>A function of one entry made a function of a batch: entry k of the result is f of entry k, all in one
    /// program.</summary>
    /// <param name="f">A function of a tensor of shape s. What it uses besides its argument is the same for all entries.</param>
    /// <param name="x">The batch, shape [n; s].</param>
    /// <returns>Shape [n; r] for r the shape of f's value.</returns>
    /// <exception cref="T:System.ArgumentException">x is a scalar.</exception>
    /// <remarks>Nests with every derivative. An iterative linear solve inside becomes one system for the whole batch: its
    /// tolerance is relative to all right sides together.</remarks>
    /// <example><code lang="fsharp">Diff.vmap (fun v -> Tensor.dot v v) (Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ])) // [5, 25]</code></example>
    let vmap (f: Tensor -> Tensor) (x: Tensor) : Tensor =
        if x.Shape.Length = 0 then
            Shape.wrong
                "Diff.vmap"
                "the batch is a scalar [], but a first axis to go along is needed: shape [n] or more."

        let trace = if x.IsSymbolic then x.Trace else Trace()
        let entry = Expression.variable trace x.DType x.Shape[1..]
        (Batching.many [| entry |] [| x |] x.Shape[0] [| f entry |])[0]

    /// <summary>f x, under a name by which NotFinite calls it and its derivatives.</summary>
    /// <param name="name">The name; a function named inside of it is called "outer, inner".</param>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">Its argument.</param>
    /// <example><code lang="fsharp">
    /// let loss = Diff.named "loss" (fun x -> Tensor.sum (sqrt x))
    /// Diff.firstNotFinite (Diff.grad loss) (Tensor.zeros [ 2 ]) // divide in loss made Infinity of 1, 0 in entry [0] …
    /// </code></example>
    let named (name: string) (f: Tensor -> Tensor) (x: Tensor) : Tensor =
        use _ = Scope.Keep()
        let outer = Scope.Current

        Scope.Current <-
            if isNull outer then
                name
            else
                (invariant $"{outer}, {name}")

        f x

    /// <summary>The first op of a function that makes a NaN or an infinity of finite numbers, and how it reaches the
    /// value.</summary>
    /// <param name="f">The function, a derivative for example; it is called with a symbol.</param>
    /// <param name="x">The point, of numbers.</param>
    /// <returns>null if the value is finite.</returns>
    /// <exception cref="T:System.InvalidOperationException">x is a symbol, or f uses one of an outer transform.</exception>
    /// <example><code lang="fsharp">
    /// Diff.firstNotFinite (Diff.diff sqrt) (Tensor.scalar 0.0) // divide made Infinity of 1, 0 in a scalar, …
    /// </code></example>
    let firstNotFinite (f: Tensor -> Tensor) (x: Tensor) : NotFinite =
        if x.IsSymbolic then
            invalidOp "Diff.firstNotFinite: the point is a symbol, whose numbers are not known yet."

        let input = Expression.variable (Trace()) x.DType x.Shape

        let struct (found, _) =
            SolveOutcome.Collect(fun () -> FindNotFinite.search [| input |] [| x |] [| f input |])

        found

    /// <summary>The same function, compiled on its first call for each number type and shape of its argument.</summary>
    /// <param name="f">A function of one tensor, without side effects: it is called with a symbol, once for each
    /// number type and shape. What else it reads is read then.</param>
    /// <remarks>Called with a symbol, or where it uses an outer symbol, it is the plain function. Safe to call from
    /// several threads.</remarks>
    /// <example><code lang="fsharp">
    /// let gradient = Diff.jit (Diff.grad (fun x -> Tensor.sum (x * x)))
    /// gradient (Tensor.ofList [ 1.0; 2.0 ]) // [2, 4]
    /// </code></example>
    let jit (f: Tensor -> Tensor) : Tensor -> Tensor =
        let compiled = Jit.many (fun arguments -> [| f arguments[0] |])
        fun x -> (compiled [| x |])[0]

    /// <summary>A function of two tensors, compiled as by jit.</summary>
    /// <param name="f">A function without side effects: it is called with symbols, once for each combination of number
    /// types and shapes.</param>
    /// <remarks>Safe to call from several threads.</remarks>
    /// <example><code lang="fsharp">
    /// let slope = Diff.jit2 (fun x y -> Diff.grad (fun x -> Tensor.dot x y * Tensor.dot x y) x)
    /// slope (Tensor.ofList [ 1.0; 2.0 ]) (Tensor.ofList [ 3.0; 4.0 ]) // [66, 88]
    /// </code></example>
    let jit2 (f: Tensor -> Tensor -> Tensor) : Tensor -> Tensor -> Tensor =
        let compiled = Jit.many (fun arguments -> [| f arguments[0] arguments[1] |])
        fun x y -> (compiled [| x; y |])[0]

    /// <summary>A function of three tensors, compiled as by jit.</summary>
    /// <param name="f">A function without side effects: it is called with symbols, once for each combination of number
    /// types and shapes.</param>
    /// <remarks>Safe to call from several threads.</remarks>
    /// <example><code lang="fsharp">
    /// let line = Diff.jit3 (fun slope x offset -> slope * x + offset)
    /// line (Tensor.scalar 2.0) (Tensor.ofList [ 1.0; 2.0 ]) (Tensor.scalar 1.0) // [3, 5]
    /// </code></example>
    let jit3 (f: Tensor -> Tensor -> Tensor -> Tensor) : Tensor -> Tensor -> Tensor -> Tensor =
        let compiled =
            Jit.many (fun arguments -> [| f arguments[0] arguments[1] arguments[2] |])

        fun x y z -> (compiled [| x; y; z |])[0]

    /// <summary>A function of any number of tensors with any number of results, compiled as by jit.</summary>
    /// <param name="f">A function without side effects: it is called with symbols, once for each combination of number
    /// types and shapes. How many results it gives may depend on these alone.</param>
    /// <remarks>Safe to call from several threads.</remarks>
    /// <example><code lang="fsharp">
    /// let step = Diff.jitN (fun x -> [| x[0] + x[1]; x[0] * x[1] |])
    /// step [| Tensor.scalar 2.0; Tensor.scalar 3.0 |] // [| 5; 6 |]
    /// </code></example>
    let jitN (f: Tensor[] -> Tensor[]) : Tensor[] -> Tensor[] = Jit.many f
