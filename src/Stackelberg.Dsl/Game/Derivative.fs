namespace Stackelberg

/// <summary>First and second derivatives of objectives at a point, in the paper's notation.</summary>
[<RequireQualifiedAccess>]
module Derivative =

    let private alongside (f: Objective) (differentiated: Block) (moving: Block) (point: Tensor[]) =
        let gradient strategy =
            f.Gradient differentiated (moving.Set point strategy)

        gradient, moving.Get point

    /// <summary>D_i f: the derivative of f in the strategy of block i.</summary>
    /// <param name="point">One tensor for each player of the game, in order.</param>
    /// <param name="i">The block.</param>
    /// <param name="f">A cost, or (in its own block only) a level, whose derivative is its players' total gradients.</param>
    /// <returns>Shape of block i.</returns>
    let D (point: Tensor[]) (i: Block) (f: Objective) : Tensor = f.Gradient i point

    /// <summary>D²_ij f: the derivative of D_i f in the strategy of block j, a linear map from strategies of j to
    /// strategies of i.</summary>
    /// <param name="point">One tensor for each player of the game, in order.</param>
    /// <param name="i">The block in which f is differentiated first.</param>
    /// <param name="j">The block in which that derivative is differentiated.</param>
    /// <param name="f">A cost or a level.</param>
    /// <remarks>
    /// Each application is one forward derivative of a reverse one. For a cost (D²_ij f)ᵀ = D²_ji f, so that the
    /// transpose is of the same kind; for a level it is a reverse derivative.
    /// </remarks>
    let D2 (point: Tensor[]) (i: Block) (j: Block) (f: Objective) : Operator =
        match f.Jacobian point with
        | ValueSome jacobian -> Operator.ofMatrixBetween j.Shape i.Shape (lazy (jacobian j))
        | ValueNone ->
            // What is zero whatever the derivative is does not ask for it: levels that nothing couples end at once.
            let apply (v: Tensor) =
                if v.IsStructuralZero then
                    Expression.zeros v.DType i.Shape
                else
                    let gradient, at = alongside f i j point
                    Diff.jvp gradient at v |> snd

            let applyTranspose (w: Tensor) =
                if w.IsStructuralZero then
                    Expression.zeros w.DType j.Shape
                elif f.IsCost then
                    let gradient, at = alongside f j i point
                    Diff.jvp gradient at w |> snd
                else
                    let gradient, at = alongside f i j point
                    (Diff.vjp gradient at |> snd) w

            Operator(
                j.Shape,
                i.Shape,
                false,
                f.IsCost && i.First = j.First && i.Count = j.Count,
                apply,
                applyTranspose
            )
