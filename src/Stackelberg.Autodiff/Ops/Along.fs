namespace Stackelberg

open Stackelberg.Kernels

/// Entries of a column by the column's own indices, which may be computed; its transpose; and the indices that sort.
module internal Along =

    let private split axis (shape: int[]) =
        struct (Shape.count shape[.. axis - 1], shape[axis], Shape.count shape[axis + 1 ..])

    let private op name attributes template transpose shape emit batch : Op = {
        Name = name
        Attributes = attributes
        Template = template
        // Linear in the first argument; the second one, the indices, never moves.
        Kind = Bilinear(fun i args ct -> if i = 0 then transpose args ct else null)
        Infer = fun args -> struct (args[0].DType, shape args)
        Simplify = fun _ -> null
        Kernel = Loop(false, emit)
        Batch = fun _ args -> batch args
    }

    let rec take axis (t: Tensor) (indices: Tensor) : Tensor =
        let emit _ (operands: Operand[]) (target: Operand) =
            let struct (outer, length, inner) = split axis operands[0].Extents
            let count = target.Extents[axis]

            Steps.TakeAlong(
                target.Type,
                outer,
                length,
                count,
                inner,
                operands[0].Place,
                operands[1].Place,
                target.Place
            )

        Expression.apply
            (op
                "takeAlong"
                [| axis |]
                (Masking(fun args -> take axis (Elementwise.Selection.mask args[0]) args[1]))
                (fun args ct -> put axis args[0].Shape[axis] ct args[1])
                (fun args -> args[1].Shape)
                emit
                (fun args -> take (axis + 1) args[0] args[1]))
            [| t; indices |]

    and put axis extent (t: Tensor) (indices: Tensor) : Tensor =
        let emit _ (operands: Operand[]) (target: Operand) =
            let struct (outer, count, inner) = split axis operands[0].Extents

            Steps.PutAlong(
                target.Type,
                outer,
                extent,
                count,
                inner,
                operands[0].Place,
                operands[1].Place,
                target.Place
            )

        Expression.apply
            (op
                "putAlong"
                [| axis; extent |]
                Spreads.Template
                (fun args ct -> take axis ct args[1])
                (fun args -> Array.updateAt axis extent args[0].Shape)
                emit
                (fun args -> put (axis + 1) extent args[0] args[1]))
            [| t; indices |]

    let takeAlong axis (indices: Tensor) (t: Tensor) =
        let fits =
            indices.Shape.Length = t.Shape.Length
            && Shape.same (Array.removeAt axis indices.Shape) (Array.removeAt axis t.Shape)

        if not fits then
            Shape.wrong
                "Tensor.takeAlong"
                (invariant
                    $"indices has shape {Shape.show indices.Shape} and the tensor {Shape.show t.Shape}, but all extents outside axis {axis} must be equal.")

        if indices.DType <> t.DType then
            Shape.wrong
                "Tensor.takeAlong"
                (invariant $"indices is {indices.DType}, the tensor {t.DType}; convert one with Tensor.cast.")

        // A zero that differentiation made would make a zero of the result.
        let indices =
            if indices.IsStructuralZero then
                Expression.constant indices.DType indices.Shape 0.0
            else
                StopGradient.stopGradient indices

        take axis t indices

    let rec argSort axis (t: Tensor) : Tensor =
        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            let struct (outer, length, inner) = split axis operands[0].Extents

            Steps.ArgSort(
                target.Type,
                outer,
                length,
                inner,
                operands[0].Place,
                target.Place,
                emitter.Work(target.Type, 2 * length)
            )

        Expression.apply
            {
                Name = "argSort"
                Attributes = [| axis |]
                Template = null
                Kind = Fixed
                Infer = fun args -> struct (args[0].DType, args[0].Shape)
                Simplify = fun _ -> null
                Kernel = Loop(false, emit)
                Batch = fun _ args -> argSort (axis + 1) args[0]
            }
            [| t |]

    let sort axis (t: Tensor) =
        take axis t (argSort axis (StopGradient.stopGradient t))
