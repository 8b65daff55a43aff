namespace Stackelberg

open Stackelberg.Kernels

/// Where the largest entries stand along an axis, of derivative zero.
module internal ArgMax =

    let rec argMax axis (t: Tensor) : Tensor =
        if t.Shape[axis] = 0 then
            Shape.wrong
                "Tensor.argMax"
                (invariant
                    $"axis {axis} of shape {Shape.show t.Shape} has no entries, so none is the largest.")

        let emit _ (operands: Operand[]) (target: Operand) =
            let shape = operands[0].Extents

            Steps.ArgMax(
                target.Type,
                Shape.count shape[.. axis - 1],
                shape[axis],
                Shape.count shape[axis + 1 ..],
                operands[0].Place,
                target.Place
            )

        Expression.apply
            {
                Name = "argMax"
                Attributes = [| axis |]
                Template = null
                Kind = Fixed
                Infer = fun args -> struct (args[0].DType, Array.removeAt axis args[0].Shape)
                Simplify = fun _ -> null
                Kernel = Loop(false, emit)
                Batch = fun _ args -> argMax (axis + 1) args[0]
            }
            [| t |]
