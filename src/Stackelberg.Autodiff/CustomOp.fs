namespace Stackelberg

open System
open Stackelberg.Kernels

/// <summary>Ops of a user's own: what they compute, and their derivative as a function of tensors. They nest, fuse, batch
/// and compile as the built-in ops do.</summary>
/// <remarks>
/// Make an op once and keep it: ops are equal only if they were made by one call, and only equal expressions share work.
/// The functions of numbers and arrays are called from any thread, as often as the engine likes, so they must be pure.
/// That the derivative is the function's is not checked.
/// </remarks>
[<RequireQualifiedAccess>]
module CustomOp =

    let private needDerivative func name (what: string) (like: Tensor) (found: Tensor) : Tensor =
        if isNull found || found.DType <> like.DType then
            let given = if isNull found then "null" else string found.DType

            Shape.wrong
                func
                (invariant
                    $"the derivative of \"{name}\" by {what} is {given}, but {like.DType} is needed (the {what}'s type).")

        if not (Shape.same found.Shape like.Shape) then
            Shape.wrong
                func
                (invariant
                    $"the derivative of \"{name}\" by {what} has shape {Shape.show found.Shape}, but {Shape.show like.Shape} is needed (the {what}'s shape).")

        found

    /// A partial derivative may also be one number for all entries.
    let private partial func name what (like: Tensor) (found: Tensor) =
        if not (isNull found) && found.Shape.Length = 0 then
            needDerivative func name what (Expression.constant like.DType [||] 0.0) found
        else
            needDerivative func name what like found

    let private elementwiseOp (name: string) (identity: obj) kernel derive : Op = {
        Name = "custom"
        Attributes = [||]
        Template = identity
        Kind = Elementwise derive
        Infer =
            fun args ->
                if args[0].DType <> args[args.Length - 1].DType then
                    Shape.wrong
                        name
                        (invariant
                            $"one operand is {args[0].DType}, the other {args[1].DType}; convert one with Tensor.cast.")

                struct (args[0].DType, args[0].Shape)
        Simplify = fun _ -> null
        Kernel = Element kernel
        Batch = fun op args -> Expression.apply op args
    }

    /// <summary>A function of one number, applied to every entry.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="value">The function f.</param>
    /// <param name="derivative">x ↦ f′(x), of x's shape, or a scalar for the same everywhere; it may use the op itself.</param>
    /// <returns>The op. When it is differentiated, a derivative of a wrong shape raises an ArgumentException.</returns>
    /// <remarks>In Float32 f still computes in Float64, and its result is rounded.</remarks>
    /// <example><code lang="fsharp">
    /// let softSign =
    ///     CustomOp.elementwise "softSign" (fun x -> x / (1.0 + abs x)) (fun x -> (1.0 + abs x) ** -2)
    /// Diff.grad (softSign >> Tensor.sum) (Tensor.ofList [ 1.0; -3.0 ]) // [0.25, 0.0625]
    /// </code></example>
    let elementwise (name: string) (value: float -> float) (derivative: Tensor -> Tensor) : Tensor -> Tensor =
        let derive _ (args: Tensor[]) _ (t: Tensor) =
            t * partial "CustomOp.elementwise" name "argument" args[0] (derivative args[0])

        let op =
            elementwiseOp name (obj ()) (CustomKernel.Of(name, Func<float, float> value)) derive

        fun x -> Expression.apply op [| x |]

    /// <summary>A function of two numbers, applied entry by entry. Shapes broadcast.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="value">The function f.</param>
    /// <param name="partials">a, b ↦ ∂f/∂a and ∂f/∂b, each of the operands' common shape, or a scalar.</param>
    /// <returns>The op. When it is differentiated, a derivative of a wrong shape raises an ArgumentException.</returns>
    /// <example><code lang="fsharp">
    /// let hypotenuse =
    ///     CustomOp.elementwise2 "hypotenuse" (fun a b -> sqrt (a * a + b * b)) (fun a b ->
    ///         let c = sqrt (a * a + b * b)
    ///         a / c, b / c)
    /// hypotenuse (Tensor.ofList [ 3.0; 5.0 ]) (Tensor.ofList [ 4.0; 12.0 ]) // [5, 13]
    /// </code></example>
    let elementwise2
        (name: string)
        (value: float -> float -> float)
        (partials: Tensor -> Tensor -> Tensor * Tensor)
        : Tensor -> Tensor -> Tensor =
        let derive i (args: Tensor[]) _ (t: Tensor) =
            let a, b = partials args[0] args[1]

            let found, what = if i = 0 then a, "first argument" else b, "second argument"

            t * partial "CustomOp.elementwise2" name what args[i] found

        let kernel = CustomKernel.Of(name, Func<float, float, float>(fun a b -> value a b))

        let op = elementwiseOp name (obj ()) kernel derive

        fun a b ->
            let shape = Shape.broadcast name a.Shape b.Shape
            Expression.apply op [| Structure.broadcastTo shape a; Structure.broadcastTo shape b |]

    let private needFloat64 name (args: Tensor[]) =
        for arg in args do
            if arg.DType <> DType.Float64 then
                Shape.wrong
                    name
                    (invariant
                        $"one argument is {arg.DType}, but a custom op on arrays computes in Float64; convert it with Tensor.cast.")

    let private emitArrays (kernel: ArrayKernel) _ (operands: Operand[]) (target: Operand) =
        Steps.Custom(
            kernel,
            operands |> Array.map _.Extents,
            operands |> Array.map _.Place,
            target.Extents,
            target.Place
        )

    /// Entry by entry of the batch: the kernel knows nothing of the axis in front.
    let private checkedShape func name (shape: int[]) =
        if isNull shape || Array.exists (fun extent -> extent < 0) shape then
            Shape.wrong func (invariant $"the shape rule of \"{name}\" gives a negative extent, or null.")

        shape

    /// <summary>A function of whole arrays.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="shape">The result's shape, from those of the arguments; raise an ArgumentException for shapes that do
    /// not fit.</param>
    /// <param name="value">Writes the result from the arguments, all row-major.</param>
    /// <param name="pullback">From the arguments, the value and a cotangent of the value's shape the cotangent of each
    /// argument, of that argument's shape, or null where it is zero. Linear in the cotangent. Forward derivatives are made
    /// from it by transposing.</param>
    /// <returns>The op, on Float64. When it is differentiated, a pullback that gives another number of cotangents, a wrong
    /// shape, or is not linear raises an ArgumentException.</returns>
    /// <example><code lang="fsharp">
    /// let product =
    ///     CustomOp.ofArrays
    ///         "product"
    ///         (fun _ -> [||])
    ///         (ArrayKernel(fun x y ->
    ///             y[0] &lt;- 1.0
    ///             for i in 0 .. x[0].Length - 1 do
    ///                 y[0] &lt;- y[0] * x[0][i]))
    ///         (fun x y ct -> [| ct * y / x[0] |])
    /// Diff.grad (fun x -> product [| x |]) (Tensor.ofList [ 2.0; 5.0 ]) // [5, 2]
    /// </code></example>
    let ofArrays
        (name: string)
        (shape: int[][] -> int[])
        (value: ArrayKernel)
        (pullback: Tensor[] -> Tensor -> Tensor -> Tensor[])
        : Tensor[] -> Tensor =
        let func = "CustomOp.ofArrays"

        let pulled (args: Tensor[]) y ct : Tensor[] =
            let found = pullback (Array.copy args) y ct

            if found.Length <> args.Length then
                Shape.wrong
                    func
                    (invariant
                        $"the pullback of \"{name}\" gives {found.Length} cotangents, but {args.Length} are needed (one for each argument).")

            Array.mapi2
                (fun i arg found ->
                    if isNull found then
                        null
                    else
                        needDerivative func name (invariant $"argument {i}") arg found)
                args
                found

        let reverse _ args y ct _ = pulled args y ct

        // ⟨ct, dy⟩ = Σ ⟨pullback(ct)ᵢ, dxᵢ⟩: the tangent is the transpose of the pullback, a linear map of ct.
        let forward _ (args: Tensor[]) (y: Tensor) (tangents: Tensor[]) : Tensor =
            let ct = Expression.bindLike y
            let mutable total: Tensor = null

            Array.iter2
                (fun (found: Tensor) (tangent: Tensor) ->
                    if not (isNull found || isNull tangent) then
                        match (Reverse.cotangents [| ct |] found tangent)[0] with
                        | null -> ()
                        | part -> total <- if isNull total then part else total + part)
                (pulled args y ct)
                tangents

            if isNull total then
                Expression.zeros y.DType y.Shape
            else
                let struct (_, dependent) = Dependence.on [| ct |] [ total ]

                if dependent.Contains total then
                    Shape.wrong func (invariant $"the pullback of \"{name}\" is not linear in the cotangent.")

                total

        let op = {
            Name = "custom"
            Attributes = [||]
            Template = obj ()
            Kind = Implicit(forward, reverse)
            Infer =
                fun args ->
                    needFloat64 name args
                    struct (DType.Float64, checkedShape func name (shape (args |> Array.map _.Shape)))
            Simplify = fun _ -> null
            Kernel = Loop(false, emitArrays value)
            Batch = Batched.unrolled
        }

        fun args ->
            if args.Length = 0 then
                Shape.wrong name "there are no arguments, but at least one is needed."

            Expression.apply op (Array.copy args)

    /// <summary>A linear function of an array, with its transpose.</summary>
    /// <param name="name">What error messages call it.</param>
    /// <param name="shape">The result's shape, from the argument's.</param>
    /// <param name="value">Writes A x, row-major.</param>
    /// <param name="transpose">Writes Aᵀ w, row-major, for a w of the result's shape: ⟨w, A x⟩ = ⟨Aᵀ w, x⟩.</param>
    /// <returns>The op, on Float64.</returns>
    /// <example><code lang="fsharp">
    /// let reverse =
    ///     let turn = ArrayKernel(fun x y -> for i in 0 .. y.Length - 1 do y[i] &lt;- x[0][y.Length - 1 - i])
    ///     CustomOp.linear "reverse" id turn turn
    /// reverse (Tensor.ofList [ 1.0; 2.0; 3.0 ]) // [3, 2, 1]
    /// </code></example>
    let linear
        (name: string)
        (shape: int[] -> int[])
        (value: ArrayKernel)
        (transpose: ArrayKernel)
        : Tensor -> Tensor =
        let identity, transposed = obj (), obj ()

        let rec map isTransposed (result: int[]) (x: Tensor) : Tensor =
            Expression.apply
                {
                    Name = "custom"
                    Attributes = result
                    Template = (if isTransposed then transposed else identity)
                    Kind = Linear(fun _ args ct -> map (not isTransposed) args[0].Shape ct)
                    Infer =
                        fun args ->
                            needFloat64 name args
                            struct (DType.Float64, result)
                    Simplify = fun _ -> null
                    Kernel = Loop(false, emitArrays (if isTransposed then transpose else value))
                    Batch = Batched.unrolled
                }
                [| x |]

        fun x -> map false (checkedShape "CustomOp.linear" name (shape x.Shape)) x
