namespace Stackelberg

open System
open Stackelberg.Kernels

/// <summary>One kind of derivative, held against central differences of what it is the derivative of.</summary>
[<StructuredFormatDisplay("{Shown}")>]
type DerivativeComparison = {
    /// <summary>How it was computed: "reverse", "forward", "forward over reverse" or "reverse over reverse".</summary>
    Mode: string
    /// <summary>1, or 2.</summary>
    Order: int
    /// <summary>The largest error of an entry; NaN if an entry is not finite.</summary>
    Error: float
    /// <summary>The error that rounding and the differences may leave.</summary>
    Tolerance: float
    /// <summary>Which entry of the point the worst derivative is by.</summary>
    Entry: int[]
    /// <summary>Which entry it is the derivative of: of the value in order 1, of the gradient in order 2.</summary>
    Of: int[]
    /// <summary>The derivative there.</summary>
    Found: float
    /// <summary>What differences give there.</summary>
    ByDifferences: float
} with

    /// <summary>Whether no entry is further off than the tolerance.</summary>
    member c.Agrees = c.Error <= c.Tolerance

    /// What F# Interactive prints.
    member internal c.Shown = c.ToString()

    /// <summary>One line: the worst entry, what was found there, and what differences give.</summary>
    override c.ToString() =
        let what = if c.Order = 1 then "the value" else "the gradient"
        let verdict = if c.Agrees then "agrees" else "DISAGREES"

        (invariant
            $"{c.Mode}, order {c.Order}: {verdict}; worst the derivative of entry {Shape.show c.Of} of {what} by entry {Shape.show c.Entry}: {c.Found:G6}, and {c.ByDifferences:G6} by differences (error {c.Error:G6}, tolerance {c.Tolerance:G6})")

/// <summary>What Check.gradient has found: one comparison for each mode and order.</summary>
[<Sealed; StructuredFormatDisplay("{Shown}")>]
type GradientCheck internal (comparisons: DerivativeComparison[]) =

    /// <summary>Reverse and forward, order 1; forward over reverse and reverse over reverse, order 2.</summary>
    member _.Comparisons = comparisons

    /// <summary>Whether all of them agree with the differences.</summary>
    member _.Passed = comparisons |> Array.forall _.Agrees

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>A line for each comparison.</summary>
    override _.ToString() =
        String.Join("\n", comparisons |> Array.map string)

/// <summary>Derivatives held against differences: for functions and ops of one's own.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Check =

    /// Differences are taken at these multiples of the first step, and the best of them counts: a kink nearby, or an end
    /// of the domain, spoils the long ones.
    let private stepFactors = [ 1.0; 0.125; 0.015625 ]

    /// Steps for which the error h⁴ of the differences and the rounding ε / h are about equal.
    let private firstStep (epsilon: float) = Math.Pow(epsilon, 0.2)

    let private epsilonOf (dtype: DType) =
        match dtype with
        | DType.Float32 -> 1.1920929e-7
        | _ -> 2.220446049250313e-16

    /// The share of the largest derivative that may be missing.
    let private relative (epsilon: float) = Math.Pow(epsilon, 0.4)

    /// Roundings inside of f, in units of its value.
    let private roundings = 64.0

    /// The derivative by entry i, from four values at distances h and h / 2 (L. F. Richardson's extrapolation).
    let private difference (f: float[] -> float[]) (x: float[]) i h =
        let pair h =
            Array.map2 (-) (f (Array.updateAt i (x[i] + h) x)) (f (Array.updateAt i (x[i] - h) x))

        Array.map2 (fun near far -> (8.0 * near - far) / (6.0 * h)) (pair (h / 2.0)) (pair h)

    let private indexIn (shape: int[]) (flat: int) =
        let strides = Shape.strides shape

        Array.init shape.Length (fun axis -> flat / strides[axis] % max 1 shape[axis])

    /// found[i] holds the derivatives by entry i of everything that f gives.
    let private compared
        mode
        order
        (x: Tensor)
        (valueShape: int[])
        (f: float[] -> float[])
        (found: float[][])
        =
        let point = x.ToArray()
        let value = f point
        let epsilon = epsilonOf x.DType

        let attempts = [
            for factor in stepFactors ->
                Array.init point.Length (fun i ->
                    let h = factor * firstStep epsilon * max 1.0 (abs point[i])
                    h, difference f point i h)
        ]

        /// The attempt that is nearest to what was found; a NaN is never near.
        let best i k =
            attempts
            |> List.map (fun attempt ->
                let h, differences = attempt[i]
                h, differences[k])
            |> List.minBy (fun (_, d) ->
                let error = abs (found[i][k] - d)
                if Double.IsNaN error then infinity else error)

        let entries = [|
            for i in 0 .. point.Length - 1 do
                for k in 0 .. value.Length - 1 do
                    let h, d = best i k
                    i, k, h, d
        |]

        let size (values: float seq) =
            values
            |> Seq.filter Double.IsFinite
            |> Seq.fold (fun most value -> max most (abs value)) 0.0

        let allowed h =
            relative epsilon * size (entries |> Seq.map (fun (_, _, _, d) -> d))
            + roundings * epsilon * size value / h

        let excess (i, k, h, d: float) =
            let error = abs (found[i][k] - d)

            if Double.IsNaN error then
                infinity
            else
                error / max 1e-300 (allowed h)

        if entries.Length = 0 then
            {
                Mode = mode
                Order = order
                Error = 0.0
                Tolerance = 0.0
                Entry = [||]
                Of = [||]
                Found = 0.0
                ByDifferences = 0.0
            }
        else
            let i, k, h, d = Array.maxBy excess entries

            {
                Mode = mode
                Order = order
                Error = abs (found[i][k] - d)
                Tolerance = allowed h
                Entry = indexIn x.Shape i
                Of = indexIn valueShape k
                Found = found[i][k]
                ByDifferences = d
            }

    /// <summary>Derivatives of orders 1 and 2 at a point, forward and reverse, held against central differences.</summary>
    /// <param name="f">Any smooth function of one tensor.</param>
    /// <param name="x">The point, of any shape, away from kinks; of few entries, as each costs some dozen values of
    /// f.</param>
    /// <returns>The comparisons, as a value; as text it names the worst entry of each.</returns>
    /// <exception cref="T:System.InvalidOperationException">x is a symbol.</exception>
    /// <remarks>What DiffSharp's numgrad is used for. Order 1 checks every entry of the value, order 2 the gradient of a
    /// weighted sum of them. Differences of steps ε^(1/5) and shorter, extrapolated; up to ε^(2/5) of the largest
    /// derivative counts as their error (5e-7 in Float64, 2e-3 in Float32). An entry that is not finite disagrees.</remarks>
    /// <example><code lang="fsharp">
    /// let cube = CustomOp.elementwise "cube" (fun x -> x * x * x) (fun x -> 2.0 * x * x)   // the 2 is wrong
    /// (Check.gradient cube (Tensor.ofList [ 1.0 ])).Passed // false
    /// </code></example>
    let gradient (f: Tensor -> Tensor) (x: Tensor) : GradientCheck =
        if x.IsSymbolic then
            invalidOp "Check.gradient: the point is a symbol, whose numbers are not known yet."

        let tensor (shape: int[]) (dtype: DType) (values: float[]) =
            Cast.cast dtype (Expression.dense DType.Float64 shape values 0)

        let count = Shape.count x.Shape

        let unit (like: Tensor) k =
            tensor
                like.Shape
                like.DType
                (Array.init (Shape.count like.Shape) (fun i -> if i = k then 1.0 else 0.0))

        let value, pull = Diff.vjp f x
        let outputs = Shape.count value.Shape

        let values (numbers: float[]) =
            (f (tensor x.Shape x.DType numbers)).ToArray()

        let reverse =
            let rows = Array.init outputs (fun k -> (pull (unit value k)).ToArray())
            Array.init count (fun i -> Array.init outputs (fun k -> rows[k][i]))

        let forward = Array.init count (fun i -> (Diff.jacobianv f x (unit x i)).ToArray())

        // Weights of about 1 of which no two are alike.
        let weights =
            tensor value.Shape value.DType (Array.init outputs (fun k -> 1.0 + 0.5 * Math.Sin(float (k + 1))))

        let slope =
            Diff.grad (fun x ->
                let y = f x
                Structure.sumAll (y * weights))

        let slopes (numbers: float[]) =
            (slope (tensor x.Shape x.DType numbers)).ToArray()

        let forwardOverReverse =
            Array.init count (fun i -> (Diff.jacobianv slope x (unit x i)).ToArray())

        let reverseOverReverse =
            let _, pull = Diff.vjp slope x
            let rows = Array.init count (fun k -> (pull (unit x k)).ToArray())
            Array.init count (fun i -> Array.init count (fun k -> rows[k][i]))

        GradientCheck [|
            compared "reverse" 1 x value.Shape values reverse
            compared "forward" 1 x value.Shape values forward
            compared "forward over reverse" 2 x x.Shape slopes forwardOverReverse
            compared "reverse over reverse" 2 x x.Shape slopes reverseOverReverse
        |]

    /// <summary>Check.gradient, as a condition of a test.</summary>
    /// <param name="f">Any smooth function of one tensor.</param>
    /// <param name="x">The point, of few entries, away from kinks.</param>
    /// <exception cref="T:System.InvalidOperationException">A derivative disagrees with the differences; the message names
    /// the worst entry of each. Or x is a symbol.</exception>
    /// <example><code lang="fsharp">Check.requireGradient (sin >> Tensor.sum) (Tensor.ofList [ 1.0; 2.0 ]) // ()</code></example>
    let requireGradient (f: Tensor -> Tensor) (x: Tensor) : unit =
        let check = gradient f x

        if not check.Passed then
            invalidOp (invariant $"Check.requireGradient: derivatives disagree with differences.\n{check}")
