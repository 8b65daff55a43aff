namespace Stackelberg

open Stackelberg.Kernels

/// Running sums along an axis, from its beginning or from its end; each is the other's transpose.
module internal CumulativeSum =

    let rec cumulativeSum axis fromEnd (t: Tensor) : Tensor =
        let emit _ (operands: Operand[]) (target: Operand) =
            let shape = target.Extents

            Steps.CumulativeSum(
                target.Type,
                Shape.count shape[.. axis - 1],
                shape[axis],
                Shape.count shape[axis + 1 ..],
                fromEnd,
                operands[0].Place,
                target.Place
            )

        LinearOp.apply
            "cumulativeSum"
            [| axis; (if fromEnd then 1 else 0) |]
            t.Shape
            (fun _ ct -> cumulativeSum axis (not fromEnd) ct)
            (fun _ -> null)
            (Loop(false, emit))
            (cumulativeSum (axis + 1) fromEnd)
            t
