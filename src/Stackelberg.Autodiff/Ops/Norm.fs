namespace Stackelberg

open Stackelberg.Kernels

/// The Euclidean norm along an axis, of derivative 0 where it is 0.
module internal Norm =

    let rec norm axis (t: Tensor) : Tensor =
        let emit _ (operands: Operand[]) (target: Operand) =
            let shape = operands[0].Extents

            Steps.Norm(
                target.Type,
                Shape.count shape[.. axis - 1],
                shape[axis],
                Shape.count shape[axis + 1 ..],
                operands[0].Place,
                target.Place
            )

        let kept (t: Tensor) (norm: Tensor) =
            Structure.reshape (Array.updateAt axis 1 t.Shape) norm

        /// t / ‖t‖, 0 with all its derivatives where the norm is 0.
        let direction (t: Tensor) (norm: Tensor) =
            let norm = kept t norm
            let isPositive = Elementwise.notEqual norm (Elementwise.number t 0.0)
            let divisor = Elementwise.where isPositive norm (Elementwise.number t 1.0)
            Elementwise.where isPositive (t / divisor) (Expression.zeros t.DType t.Shape)

        let forward _ (args: Tensor[]) norm (tangents: Tensor[]) : Tensor =
            Structure.sum [| axis |] (direction args[0] norm * tangents[0])

        let reverse _ (args: Tensor[]) norm (ct: Tensor) _ : Tensor[] = [|
            direction args[0] norm * kept args[0] ct
        |]

        Expression.apply
            {
                Name = "norm"
                Attributes = [| axis |]
                Template = null
                Kind = Implicit(forward, reverse)
                Infer = fun args -> struct (args[0].DType, Array.removeAt axis args[0].Shape)
                Simplify = fun _ -> null
                Kernel = Loop(false, emit)
                Batch = fun _ args -> norm (axis + 1) args[0]
            }
            [| t |]
