namespace Stackelberg

open System
open System.Collections.Concurrent

/// <summary>Derivatives of functions of one tensor, nested to any order; names and argument order as in DiffSharp.</summary>
/// <remarks>
/// A transform applies the function to a bound copy of the point, differentiates with respect to that copy alone, and
/// puts the point back. So only the function's own argument varies, however the transforms are nested; an outer
/// derivative flows through the point. The f… forms also return the function's value, first.
/// </remarks>
[<RequireQualifiedAccess>]
module Diff =

    let private orZeros dtype shape (t: Tensor) =
        if isNull t then Expression.zeros dtype shape else t

    let private needScalar func (y: Tensor) =
        if y.Shape.Length <> 0 then
            Shape.wrong
                func
                $"the function's value has shape {Shape.show y.Shape}, but a scalar [] is needed; sum it, or use Diff.jacobian."

    let private needLike func what whose (x: Tensor) (v: Tensor) =
        if not (Shape.same x.Shape v.Shape) then
            Shape.wrong
                func
                $"the {what} has shape {Shape.show v.Shape}, but {Shape.show x.Shape} is needed (the {whose}'s shape)."

        if x.DType <> v.DType then
            Shape.wrong
                func
                $"the {what} is {v.DType}, but {x.DType} is needed (the {whose}'s type); convert it with Tensor.cast."

    let private needDirection func x v = needLike func "direction v" "point" x v

    let private needVector func (x: Tensor) =
        if x.Shape.Length > 1 then
            Shape.wrong
                func
                $"the point has shape {Shape.show x.Shape}, but a vector [n] or a scalar [] is needed; flatten it first."

    /// <summary>f x and the derivative along v: f′(x) v, by forward differentiation.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point.</param>
    /// <param name="v">The direction, of x's shape.</param>
    /// <example><code lang="fsharp">Diff.jvp (fun x -> x * x) (Tensor.scalar 3.0) (Tensor.scalar 1.0) // (9, 6)</code></example>
    let jvp (f: Tensor -> Tensor) (x: Tensor) (v: Tensor) : Tensor * Tensor =
        needDirection "Diff.jvp" x v
        let copy = Expression.bindLike x
        let y = f copy
        let dy = Forward.tangent [| copy |] [| v |] y |> orZeros y.DType y.Shape
        let found = Substitution.many [| copy |] [| x |] [| y; dy |]
        found[0], found[1]

    /// <summary>f x, and the map from a cotangent w of f's value to f′(x)ᵀ w, by reverse differentiation.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point.</param>
    let vjp (f: Tensor -> Tensor) (x: Tensor) : Tensor * (Tensor -> Tensor) =
        let copy = Expression.bindLike x
        let y = f copy

        let pull (w: Tensor) =
            needLike "Diff.vjp" "cotangent" "value" y w
            let dx = (Reverse.cotangents [| copy |] y w)[0] |> orZeros x.DType x.Shape
            Substitution.one copy x dx

        Substitution.one copy x y, pull

    /// <summary>f x, and the linear map v ↦ f′(x) v. What does not depend on v is computed once.</summary>
    /// <param name="f">Any function of one tensor.</param>
    /// <param name="x">The point.</param>
    let linearize (f: Tensor -> Tensor) (x: Tensor) : Tensor * (Tensor -> Tensor) =
        let copy = Expression.bindLike x
        let y = f copy
        let direction = Expression.bindLike copy
        let dy = Forward.tangent [| copy |] [| direction |] y |> orZeros y.DType y.Shape
        let found = Substitution.many [| copy |] [| x |] [| y; dy |]

        let compiled =
            lazy Program.OfExpressions([| direction |], [| true |], [| found[1] |])

        let struct (_, dependent) = Dependence.on [| direction |] [ found[1] ]

        // Without outer symbols in it the map is a program of its own.
        let closed =
            Dependence.all [ found[1] ] |> Array.forall (fun t -> dependent.Contains t)

        let apply (v: Tensor) =
            needDirection "Diff.linearize" x v

            if v.IsSymbolic || not closed || not found[1].IsSymbolic then
                Substitution.one direction v found[1]
            else
                (compiled.Value.Call [| v |])[0]

        found[0], apply

    /// <summary>f x and the gradient of a scalar function, of x's shape.</summary>
    let fgrad (f: Tensor -> Tensor) (x: Tensor) : Tensor * Tensor =
        let copy = Expression.bindLike x
        let y = f copy
        needScalar "Diff.grad" y

        let dx =
            (Reverse.cotangents [| copy |] y (Expression.constant y.DType y.Shape 1.0))[0]
            |> orZeros x.DType x.Shape

        let found = Substitution.many [| copy |] [| x |] [| y; dx |]
        found[0], found[1]

    /// <summary>The gradient of a scalar function, of x's shape.</summary>
    /// <exception cref="T:System.ArgumentException">f's value is no scalar.</exception>
    /// <example><code lang="fsharp">Diff.grad (fun x -> Tensor.sum (x * x)) (Tensor.ofList [ 1.0; 2.0 ]) // [2, 4]</code></example>
    let grad f x = snd (fgrad f x)

    /// <summary>f x and the derivative of a scalar function along v.</summary>
    let fgradv f x v =
        let y, dy = jvp f x v
        needScalar "Diff.gradv" y
        y, dy

    /// <summary>The derivative ⟨grad f(x), v⟩ of a scalar function along v.</summary>
    let gradv f x v = snd (fgradv f x v)

    /// <summary>f x and the derivative of a function of a scalar.</summary>
    let fdiff f (x: Tensor) =
        if x.Shape.Length <> 0 then
            Shape.wrong
                "Diff.diff"
                $"the point has shape {Shape.show x.Shape}, but a scalar [] is needed; use Diff.grad or Diff.jacobian."

        jvp f x (Expression.constant x.DType x.Shape 1.0)

    /// <summary>The derivative of a function of a scalar, of the value's shape.</summary>
    /// <example><code lang="fsharp">Diff.diff (fun x -> x ** 3.0) (Tensor.scalar 2.0) // 12</code></example>
    let diff f x = snd (fdiff f x)

    /// <summary>The n-th derivative of a function of a scalar; the function itself for n = 0.</summary>
    let rec diffn n (f: Tensor -> Tensor) (x: Tensor) : Tensor =
        if n < 0 then
            Shape.wrong "Diff.diffn" $"n is {n}, but the order of a derivative is 0 or more."
        elif n = 0 then
            f x
        else
            diff (diffn (n - 1) f) x

    /// <summary>The second derivative of a function of a scalar.</summary>
    let diff2 f x = diffn 2 f x

    /// <summary>f x and f′(x) v.</summary>
    let fjacobianv f x v = jvp f x v

    /// <summary>f′(x) v: the Jacobian times a vector.</summary>
    let jacobianv f x v = snd (jvp f x v)

    /// <summary>f x and f′(x)ᵀ w.</summary>
    let fjacobianTv f x w =
        let y, pull = vjp f x
        y, pull w

    /// <summary>f′(x)ᵀ w: the transposed Jacobian times a vector.</summary>
    let jacobianTv f x w = snd (fjacobianTv f x w)

    /// Unit vector k of a shape of n entries.
    let private unit dtype shape k =
        let entries = Array.zeroCreate<float>(Shape.count shape)
        entries[k] <- 1.0
        Cast.cast dtype (Expression.dense DType.Float64 shape entries 0)

    /// <summary>f x and the Jacobian.</summary>
    let fjacobian (f: Tensor -> Tensor) (x: Tensor) : Tensor * Tensor =
        needVector "Diff.jacobian" x
        let columns = Shape.count x.Shape
        let y, push = linearize f x
        let rows = Shape.count y.Shape

        // The cheaper direction: one product for each column, or one for each row.
        let jacobian =
            if columns <= rows || not y.IsSymbolic && rows * 4 > columns then
                if columns = 0 then
                    Expression.zeros y.DType (Array.append y.Shape x.Shape)
                else
                    Array.init columns (fun k -> push (unit x.DType x.Shape k))
                    |> Concat.stack y.Shape.Length
                    |> Structure.reshape (Array.append y.Shape x.Shape)
            elif rows = 0 then
                Expression.zeros y.DType (Array.append y.Shape x.Shape)
            else
                let _, pull = vjp f x

                Array.init rows (fun k -> pull (unit y.DType y.Shape k))
                |> Concat.stack 0
                |> Structure.reshape (Array.append y.Shape x.Shape)

        y, jacobian

    /// <summary>The Jacobian ∂fᵢ/∂xⱼ, shape [f's shape, n] for x of shape [n].</summary>
    /// <example><code lang="fsharp">Diff.jacobian (fun x -> x * x) (Tensor.ofList [ 1.0; 3.0 ]) // [[2, 0], [0, 6]]</code></example>
    let jacobian f x = snd (fjacobian f x)

    /// <summary>f x, its gradient and its Hessian.</summary>
    let fgradhessian f x =
        let g, h = fjacobian (grad f) x
        f x, g, h

    /// <summary>The gradient and the Hessian of a scalar function.</summary>
    let gradhessian f x = fjacobian (grad f) x

    /// <summary>f x and the Hessian.</summary>
    let fhessian f x = f x, snd (gradhessian f x)

    /// <summary>The Hessian ∂²f/∂xᵢ∂xⱼ of a scalar function, [n, n].</summary>
    let hessian f x = snd (gradhessian f x)

    /// <summary>The gradient, and the Hessian times v, by forward over reverse differentiation.</summary>
    let gradhessianv f x v = jvp (grad f) x v

    /// <summary>f x, its gradient, and the Hessian times v.</summary>
    let fgradhessianv f x v =
        let g, hv = gradhessianv f x v
        f x, g, hv

    /// <summary>f x and the Hessian times v.</summary>
    let fhessianv f x v = f x, snd (gradhessianv f x v)

    /// <summary>The Hessian times v.</summary>
    let hessianv f x v = snd (gradhessianv f x v)

    /// <summary>f x and the Laplacian.</summary>
    let flaplacian f (x: Tensor) =
        needVector "Diff.laplacian" x
        let _, push = linearize (grad f) x

        let terms =
            Array.init (Shape.count x.Shape) (fun k ->
                let e = unit x.DType x.Shape k
                Structure.sumAll (e * push e))

        f x, Array.fold (fun (total: Tensor) term -> total + term) (Expression.zeros x.DType [||]) terms

    /// <summary>The Laplacian Σ ∂²f/∂xᵢ² of a scalar function.</summary>
    let laplacian f x = snd (flaplacian f x)

    /// <summary>The value itself, of derivative zero.</summary>
    let stopGradient (t: Tensor) = StopGradient.stopGradient t

    /// <summary>The same function, compiled on its first call for each number type and shape of its argument.</summary>
    /// <remarks>Called with a symbol, or where it uses an outer symbol, it is the plain function. Safe to call from
    /// several threads.</remarks>
    let jit (f: Tensor -> Tensor) : Tensor -> Tensor =
        let programs = ConcurrentDictionary<struct (DType * string), Lazy<Program option>>()

        /// None where f uses a symbol of an outer transform, whose value only that transform knows.
        let compile dtype shape =
            let input = Expression.variable (Trace()) dtype shape
            let result = f input

            let isForeign (t: Tensor) =
                t.Op.Kind.IsVariable && not (Object.ReferenceEquals(t, input))

            if Array.exists isForeign (Dependence.all [ result ]) then
                None
            else
                Some(Program.OfExpressions([| input |], [| false |], [| result |]))

        fun x ->
            if x.IsSymbolic then
                f x
            else
                let key = struct (x.DType, Shape.show x.Shape)

                match programs.GetOrAdd(key, (fun _ -> lazy compile x.DType x.Shape)).Value with
                | None -> f x
                | Some program -> (program.Call [| x |])[0]
