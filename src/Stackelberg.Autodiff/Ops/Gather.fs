namespace Stackelberg

open Stackelberg.Kernels

/// Chosen entries along an axis, and its transpose: adding entries up where they were taken from.
module internal Gather =

    /// Extents before the axis, of it, and after it.
    let private split axis (shape: int[]) =
        struct (Shape.count shape[.. axis - 1], shape[axis], Shape.count shape[axis + 1 ..])

    let rec gather axis (indices: int[]) (t: Tensor) : Tensor =
        let extent = t.Shape[axis]

        for index in indices do
            if index < 0 || index >= extent then
                Shape.wrong
                    "Tensor.gather"
                    (invariant
                        $"index {index} is outside axis {axis} of shape {Shape.show t.Shape}; 0 to {extent - 1} are there.")

        let shape = Array.updateAt axis indices.Length t.Shape

        let emit _ (operands: Operand[]) (target: Operand) =
            let struct (outer, length, inner) = split axis operands[0].Extents
            Steps.Gather(target.Type, outer, length, inner, indices, operands[0].Place, target.Place)

        LinearOp.apply
            "gather"
            (Array.append [| axis |] indices)
            shape
            (fun t ct -> scatter axis indices t.Shape[axis] ct)
            (LinearOp.moves shape (fun _ -> null))
            (Loop(false, emit))
            (gather (axis + 1) indices)
            t

    and scatter axis (indices: int[]) extent (t: Tensor) : Tensor =
        let shape = Array.updateAt axis extent t.Shape

        let emit _ (operands: Operand[]) (target: Operand) =
            let struct (outer, length, inner) = split axis target.Extents
            Steps.ScatterAdd(target.Type, outer, length, inner, indices, operands[0].Place, target.Place)

        LinearOp.spread
            "scatter"
            (Array.append [| axis; extent |] indices)
            shape
            (fun _ ct -> gather axis indices ct)
            (Loop(false, emit))
            (scatter (axis + 1) indices extent)
            t

    /// Σ aᵢᵢ of an [n, n] matrix.
    let diagonalSum n (a: Tensor) =
        Structure.reshape [| n * n |] a
        |> gather 0 (Array.init n (fun i -> i * (n + 1)))
        |> Structure.sumAll
