namespace Stackelberg

open System
open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.LinearAlgebra.Double

/// <summary>A closed convex set of vectors with a projection in closed form. Player.within keeps a strategy in one.</summary>
/// <remarks>Sets are values: two with the same numbers are equal.</remarks>
[<RequireQualifiedAccess>]
type ConvexSet =
    /// All vectors.
    | Everything
    /// lower ≤ x ≤ upper, entry by entry; −∞ and ∞ for none.
    | Box of lower: float[] * upper: float[]
    /// x ≥ 0 with Σ x = total.
    | Simplex of total: float
    /// ‖x − centre‖₂ ≤ radius.
    | Ball of centre: float[] * radius: float
    /// normalᵀ x ≤ bound.
    | HalfSpace of normal: float[] * bound: float
    /// A x = b, A by its rows, which are linearly independent.
    | Affine of rows: float[][] * right: float[]
    /// ‖(x₁, …)‖₂ ≤ x₀.
    | SecondOrderCone
    /// Each set for so many entries in turn.
    | Product of parts: (ConvexSet * int)[]

/// Functions that describe a set: rows that are at most 0, or 0, and what messages call them.
type internal SetRows = {
    Words: string
    IsEquality: bool
    Count: int
    /// From the vector to the rows.
    Value: Tensor -> Tensor
}

/// What is asked of a set, and the only place that knows its cases.
module internal ConvexSets =

    let private vector (values: float[]) = Tensor.ofArray values

    /// Aᵀ (A Aᵀ)⁻¹, by its rows.
    let private pseudoInverse (rows: float[][]) =
        let a: Matrix<float> = DenseMatrix.OfRowArrays rows
        a.TransposeThisAndMultiply((a * a.Transpose()).Inverse()).ToArray()

    /// What is wrong with a set for vectors of a length; null if nothing is.
    let rec fault (set: ConvexSet) (dimension: int) : string =
        let isFinite = Array.forall Double.IsFinite

        match set with
        | ConvexSet.Everything -> null
        | ConvexSet.Box(lower, upper) ->
            if lower.Length <> dimension || upper.Length <> dimension then
                invariant
                    $"bounds of {lower.Length} and {upper.Length} numbers, but {dimension} each are needed (one for each entry)."
            else
                match Seq.tryFind (fun i -> not (lower[i] < upper[i])) (seq { 0 .. dimension - 1 }) with
                | Some i ->
                    invariant
                        $"the lower bound {lower[i]} at entry {i}, which is not below the upper one, {upper[i]}."
                | None -> null
        | ConvexSet.Simplex total ->
            if Double.IsFinite total && total > 0.0 then
                null
            else
                invariant $"a simplex of total {total}, but a finite number above 0 is needed."
        | ConvexSet.Ball(centre, radius) ->
            if centre.Length <> dimension || not (isFinite centre) then
                invariant
                    $"a ball whose centre has {centre.Length} numbers, but {dimension} finite ones are needed."
            elif not (Double.IsFinite radius && radius > 0.0) then
                invariant $"a ball of radius {radius}, but a finite number above 0 is needed."
            else
                null
        | ConvexSet.HalfSpace(normal, bound) ->
            if
                normal.Length <> dimension
                || not (isFinite normal)
                || Array.forall ((=) 0.0) normal
            then
                invariant
                    $"a half-space whose normal has {normal.Length} numbers, but {dimension} finite ones, not all 0, are needed."
            elif not (Double.IsFinite bound) then
                invariant $"a half-space with the bound {bound}, but a finite number is needed."
            else
                null
        | ConvexSet.Affine(rows, right) ->
            if
                rows.Length = 0
                || rows |> Array.exists (fun row -> row.Length <> dimension || not (isFinite row))
            then
                invariant $"an affine subspace, each of whose rows must hold {dimension} finite numbers."
            elif right.Length <> rows.Length || not (isFinite right) then
                invariant
                    $"an affine subspace with {right.Length} right sides, but {rows.Length} finite ones are needed (one for each row)."
            elif Dense.reciprocalCondition (array2D rows) < 1e-12 || rows.Length > dimension then
                "an affine subspace whose rows depend on each other; leave out those that follow from others."
            else
                null
        | ConvexSet.SecondOrderCone ->
            if dimension >= 2 then
                null
            else
                invariant $"a second-order cone of dimension {dimension}, but at least 2 are needed."
        | ConvexSet.Product parts ->
            let sum = parts |> Array.sumBy snd

            if parts |> Array.exists (fun (_, count) -> count < 1) then
                "a product with a part of no entries; every part needs at least one."
            elif sum <> dimension then
                invariant $"a product for {sum} entries, but {dimension} are needed."
            else
                parts
                |> Array.tryPick (fun (part, count) -> Option.ofObj (fault part count))
                |> Option.toObj

    /// Each part of a product, applied to its entries.
    let private byParts (parts: (ConvexSet * int)[]) (f: ConvexSet -> Tensor -> Tensor) (x: Tensor) =
        let starts = parts |> Array.scan (fun start (_, count) -> start + count) 0

        parts
        |> Array.mapi (fun i (part, count) -> f part (Tensor.slice 0 starts[i] count x))
        |> Tensor.concat 0

    /// Sort and threshold (Held, Wolfe, Crowder 1974): Σ max(x − θ, 0) = total.
    let private ontoSimplex (total: float) (x: Tensor) =
        let n = x.Shape[0]
        let place = vector (Array.init n (fun i -> float (i + 1)))
        let sorted = -(Tensor.sort 0 -x)
        let excess = Tensor.cumulativeSum 0 sorted - total
        let isKept = Tensor.greater (sorted * place) excess

        let isLast =
            if n = 1 then
                isKept
            else
                isKept - Tensor.pad 0 0 1 (Tensor.slice 0 1 (n - 1) isKept)

        let θ = Tensor.sum (isLast * excess / place)
        Tensor.maximum (x - θ) (Tensor.zeros [ n ])

    let private ontoBall (centre: float[]) (radius: float) (x: Tensor) =
        let centre = vector centre
        let d = x - centre
        let square = Tensor.dot d d
        let isOutside = Tensor.greater square (Tensor.scalar (radius * radius))

        let shrunk =
            radius / sqrt (Tensor.where isOutside square (Tensor.scalar (radius * radius)))

        Tensor.where isOutside (centre + shrunk * d) x

    let private ontoCone (x: Tensor) =
        let t, u = Tensor.slice 0 0 1 x, Tensor.slice 0 1 (x.Shape[0] - 1) x
        let t = Tensor.reshape [] t
        let square = Tensor.dot u u
        let isZero = Tensor.equal square (Tensor.scalar 0.0)
        let length = sqrt (Tensor.where isZero (Tensor.scalar 1.0) square)
        let length = Tensor.where isZero (Tensor.scalar 0.0) length
        let half = 0.5 * (t + length)
        let safe = Tensor.where isZero (Tensor.scalar 1.0) length

        let onSurface = Tensor.concat 0 [ Tensor.reshape [ 1 ] half; half / safe * u ]

        let isInside, isPolar = Tensor.lessEqual length t, Tensor.lessEqual length -t

        Tensor.where isInside x (Tensor.where isPolar (Tensor.zeros [ x.Shape[0] ]) onSurface)

    /// The nearest vector of the set.
    let rec project (set: ConvexSet) (x: Tensor) : Tensor =
        match set with
        | ConvexSet.Everything -> x
        | ConvexSet.Box(lower, upper) -> Tensor.minimum (vector upper) (Tensor.maximum (vector lower) x)
        | ConvexSet.Simplex total -> ontoSimplex total x
        | ConvexSet.Ball(centre, radius) -> ontoBall centre radius x
        | ConvexSet.HalfSpace(normal, bound) ->
            let square = normal |> Array.sumBy (fun entry -> entry * entry)
            let normal = vector normal
            x - Tensor.relu (Tensor.dot normal x - bound) / square * normal
        | ConvexSet.Affine(rows, right) ->
            let back = Tensor.ofArray2D (pseudoInverse rows)

            x
            - Tensor.matmul back (Tensor.matmul (Tensor.ofArray2D (array2D rows)) x - vector right)
        | ConvexSet.SecondOrderCone -> ontoCone x
        | ConvexSet.Product parts -> byParts parts project x

    let private bounds words (values: float[]) (f: Tensor -> Tensor -> Tensor) =
        let entries =
            [| 0 .. values.Length - 1 |]
            |> Array.filter (fun i -> Double.IsFinite values[i])

        if entries.Length = 0 then
            []
        else
            let bound = vector (entries |> Array.map (fun i -> values[i]))

            [
                {
                    Words = words
                    IsEquality = false
                    Count = entries.Length
                    Value = fun x -> f (Tensor.gather 0 entries x) bound
                }
            ]

    /// The set as functions: x is in it where these are at most 0, or 0.
    let rec rows (set: ConvexSet) (dimension: int) : SetRows list =
        let one words isEquality (value: Tensor -> Tensor) = {
            Words = words
            IsEquality = isEquality
            Count = 1
            Value = value >> Tensor.reshape [ 1 ]
        }

        match set with
        | ConvexSet.Everything -> []
        | ConvexSet.Box(lower, upper) ->
            bounds "lower bound" lower (fun x bound -> bound - x)
            @ bounds "upper bound" upper (fun x bound -> x - bound)
        | ConvexSet.Simplex total -> [
            {
                Words = "x ≥ 0"
                IsEquality = false
                Count = dimension
                Value = (~-)
            }
            one (invariant $"sum = {total}") true (fun x -> Tensor.sum x - total)
          ]
        | ConvexSet.Ball(centre, radius) -> [
            one (invariant $"ball of radius {radius}") false (fun x ->
                let d = x - vector centre
                (Tensor.dot d d - radius * radius) / (2.0 * radius))
          ]
        | ConvexSet.HalfSpace(normal, bound) -> [
            one "half-space" false (fun x -> Tensor.dot (vector normal) x - bound)
          ]
        | ConvexSet.Affine(rows, right) -> [
            {
                Words = "affine subspace"
                IsEquality = true
                Count = right.Length
                Value = fun x -> Tensor.matmul (Tensor.ofArray2D (array2D rows)) x - vector right
            }
          ]
        | ConvexSet.SecondOrderCone -> [
            one "second-order cone" false (fun x ->
                let u = Tensor.slice 0 1 (dimension - 1) x
                let t = Tensor.slice 0 0 1 x |> Tensor.reshape []
                Tensor.dot u u - t * t)
            one "cone's axis" false (fun x -> -(Tensor.slice 0 0 1 x))
          ]
        | ConvexSet.Product parts ->
            let starts = parts |> Array.scan (fun start (_, count) -> start + count) 0

            [
                for i, (part, count) in Array.indexed parts do
                    for found in rows part count do
                        {
                            found with
                                Value = Tensor.slice 0 starts[i] count >> found.Value
                        }
            ]

    /// What messages call the set.
    let rec show (set: ConvexSet) =
        match set with
        | ConvexSet.Everything -> "all vectors"
        | ConvexSet.Box _ -> "a box"
        | ConvexSet.Simplex total -> (invariant $"the simplex of total {total}")
        | ConvexSet.Ball(_, radius) -> (invariant $"a ball of radius {radius}")
        | ConvexSet.HalfSpace _ -> "a half-space"
        | ConvexSet.Affine _ -> "an affine subspace"
        | ConvexSet.SecondOrderCone -> "the second-order cone"
        | ConvexSet.Product parts ->
            parts
            |> Array.map (fun (part, count) -> (invariant $"{show part} of {count}"))
            |> String.concat " × "
