namespace Stackelberg

open System

/// <summary>A linear map between strategies, known by what it and its transpose do to a tensor. Sums, products,
/// transposes and inverses are composed without forming a matrix.</summary>
[<Sealed>]
type Operator
    internal
    (
        source: int[],
        target: int[],
        isZero: bool,
        isSymmetric: bool,
        apply: Tensor -> Tensor,
        applyTranspose: Tensor -> Tensor,
        matrix: Lazy<Tensor>
    ) =

    static let meet what (a: int[]) (b: int[]) =
        if isNull a then
            b
        elif isNull b || a = b then
            a
        else
            let message =
                (invariant
                    $"Operator: two maps cannot be {what}, for one shape is {Shape.show a} and the other {Shape.show b}; they must be equal.")

            raise (ArgumentException message)

    internal new(source, target, isZero, isSymmetric, apply, applyTranspose) =
        Operator(source, target, isZero, isSymmetric, apply, applyTranspose, null)

    /// <summary>The shape that the map takes; null where any will do, as for the identity.</summary>
    member _.Source = source

    /// <summary>The shape that the map gives; null where any will do, as for the identity.</summary>
    member _.Target = target

    /// <summary>Whether the map is known to be its own transpose.</summary>
    member _.IsSymmetric = isSymmetric

    /// Whether the map is known to be zero, so that a sum may drop it.
    member internal _.IsZero = isZero

    /// Its matrix on flattened strategies, [m; n], where that is known; else null.
    member internal _.Matrix = matrix

    /// <summary>A v.</summary>
    /// <param name="v">A tensor of the source's shape.</param>
    /// <exception cref="T:System.ArgumentException">v has another shape.</exception>
    member _.Apply(v: Tensor) : Tensor =
        if not (isNull source) then
            Require.shape "Operator.Apply" (nameof v) v.Shape source "the shape that the operator takes"

        apply v

    /// <summary>Aᵀ w, for which ⟨A v, w⟩ = ⟨v, Aᵀ w⟩.</summary>
    /// <param name="w">A tensor of the target's shape.</param>
    /// <exception cref="T:System.ArgumentException">w has another shape.</exception>
    member _.ApplyTranspose(w: Tensor) : Tensor =
        if not (isNull target) then
            Require.shape
                "Operator.ApplyTranspose"
                (nameof w)
                w.Shape
                target
                "the shape that the operator gives"

        applyTranspose w

    /// <summary>v ↦ A v + B v.</summary>
    static member (+)(a: Operator, b: Operator) =
        let source, target = meet "added" a.Source b.Source, meet "added" a.Target b.Target

        let isSymmetric = a.IsSymmetric && b.IsSymmetric

        let only (c: Operator) =
            Operator(source, target, c.IsZero, isSymmetric, c.Apply, c.ApplyTranspose, c.Matrix)

        if a.IsZero then
            only b
        elif b.IsZero then
            only a
        else
            Operator(
                source,
                target,
                false,
                isSymmetric,
                (fun v -> a.Apply v + b.Apply v),
                (fun w -> a.ApplyTranspose w + b.ApplyTranspose w)
            )

    /// <summary>v ↦ A v − B v.</summary>
    static member (-)(a: Operator, b: Operator) = a + -1.0 * b

    /// <summary>v ↦ −A v.</summary>
    static member (~-)(a: Operator) = -1.0 * a

    /// <summary>v ↦ A (B v).</summary>
    static member (*)(a: Operator, b: Operator) =
        let middle = meet "composed" a.Source b.Target

        Operator(
            (if isNull b.Source then middle else b.Source),
            (if isNull a.Target then middle else a.Target),
            a.IsZero || b.IsZero,
            false,
            (fun v -> a.Apply(b.Apply v)),
            (fun w -> b.ApplyTranspose(a.ApplyTranspose w))
        )

    /// <summary>v ↦ c A v. A sum drops 0 A, whatever A would give.</summary>
    static member (*)(c: float, a: Operator) =
        Operator(
            a.Source,
            a.Target,
            (c = 0.0 || a.IsZero),
            a.IsSymmetric,
            (fun v -> c * a.Apply v),
            (fun w -> c * a.ApplyTranspose w)
        )

    /// <summary>A v.</summary>
    static member (*)(a: Operator, v: Tensor) = a.Apply v

/// <summary>Makes linear maps from functions and from each other.</summary>
[<RequireQualifiedAccess; CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Operator =

    /// <summary>A linear map from two functions.</summary>
    /// <param name="source">The shape that the map takes.</param>
    /// <param name="target">The shape that the map gives.</param>
    /// <param name="apply">v ↦ A v; linear, which nobody checks.</param>
    /// <param name="applyTranspose">w ↦ Aᵀ w.</param>
    let ofFunctions (source: int list) (target: int list) apply applyTranspose =
        Operator(Array.ofList source, Array.ofList target, false, false, apply, applyTranspose)

    /// The map between strategies of some shapes that a matrix is on flattened ones.
    let internal ofMatrixBetween (source: int[]) (target: int[]) (matrix: Lazy<Tensor>) =
        let by orient shape (v: Tensor) =
            if v.IsStructuralZero then
                Expression.zeros v.DType shape
            else
                Tensor.matmul (orient matrix.Value) (Tensor.flatten v)
                |> Tensor.reshape (List.ofArray shape)

        Operator(source, target, false, false, by id target, by Tensor.transpose source, matrix)

    /// <summary>The map v ↦ M v of a matrix.</summary>
    /// <param name="matrix">M, shape [m; n].</param>
    /// <exception cref="T:System.ArgumentException">M is not a matrix.</exception>
    let ofMatrix (matrix: Tensor) =
        match matrix.Shape with
        | [| rows; columns |] -> ofMatrixBetween [| columns |] [| rows |] (lazy matrix)
        | shape ->
            Require.wrong
                "Operator.ofMatrix"
                (nameof matrix)
                (invariant $"has shape {Shape.show shape}, but [m; n] is needed (rows, columns).")

    /// <summary>v ↦ v, for every shape.</summary>
    let identity = Operator(null, null, false, true, id, id)

    let private transposed (a: Operator) =
        if isNull a.Matrix then
            null
        else
            lazy (Tensor.transpose a.Matrix.Value)

    /// <summary>Aᵀ; a map that is known to be symmetric is its own.</summary>
    /// <param name="a">The map.</param>
    let transpose (a: Operator) =
        if a.IsSymmetric then
            a
        else
            Operator(a.Target, a.Source, a.IsZero, false, a.ApplyTranspose, a.Apply, transposed a)

    /// <summary>b ↦ A⁻¹ b, by solving A w = b whenever the map is applied. Its derivative is another solve.</summary>
    /// <param name="solver">How to solve; Solver.auto chooses by the map's size and symmetry.</param>
    /// <param name="a">A map from one shape to the same shape.</param>
    /// <exception cref="T:System.ArgumentException">The map's shapes differ.</exception>
    /// <remarks>A singular map gives values that are not finite, or a solve that reports why it fell short.</remarks>
    let inverse (solver: Solver) (a: Operator) =
        if a.Source <> a.Target then
            Require.wrong
                "Operator.inverse"
                (nameof a)
                (invariant
                    $"maps shape {Shape.show a.Source} to {Shape.show a.Target}; an inverse needs the same shape on both sides.")

        let solve apply (matrix: Lazy<Tensor>) (b: Tensor) =
            let chosen = Solver.choose (Shape.count b.Shape) a.IsSymmetric solver

            if b.IsStructuralZero then
                b
            elif not (isNull matrix) && chosen.Method = Solver.dense.Method then
                Tensor.solve matrix.Value (Tensor.flatten b)
                |> Tensor.reshape (List.ofArray b.Shape)
            else
                LinearSolve.solve chosen apply b

        Operator(
            a.Source,
            a.Target,
            false,
            a.IsSymmetric,
            solve a.Apply a.Matrix,
            solve a.ApplyTranspose (transposed a)
        )

    /// <summary>The map's matrix, whose column j is the map's value at the j-th unit strategy.</summary>
    /// <param name="a">A map whose source shape is known.</param>
    /// <returns>Shape [m; n], with m and n the numbers of entries of the target's and the source's shape.</returns>
    /// <exception cref="T:System.ArgumentException">The map takes any shape.</exception>
    /// <remarks>n applications.</remarks>
    let toMatrix (a: Operator) =
        if isNull a.Source then
            Require.wrong
                "Operator.toMatrix"
                (nameof a)
                "takes any shape, as the identity does; add it to a map of a known shape first."

        let count = Shape.count a.Source

        [
            for column in 0 .. count - 1 do
                let unit = Array.init count (fun entry -> if entry = column then 1.0 else 0.0)
                Tensor.flatten (a.Apply(Tensor.ofArray unit |> Tensor.reshape a.Source))
        ]
        |> Tensor.stack 1
