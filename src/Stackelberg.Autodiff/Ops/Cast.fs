namespace Stackelberg

open Stackelberg.Kernels

/// The same numbers in another number type.
module internal Cast =

    let rec cast (dtype: DType) (t: Tensor) : Tensor =
        if t.DType = dtype then
            t
        else
            let emit _ (operands: Operand[]) (target: Operand) =
                Steps.Convert(
                    operands[0].Type,
                    operands[0].Place,
                    target.Type,
                    target.Place,
                    Shape.count t.Shape
                )

            Expression.apply
                {
                    Name = "cast"
                    Attributes = [| int dtype |]
                    Template = null
                    Kind = Linear(fun _ args ct -> cast args[0].DType ct)
                    Infer = fun args -> struct (dtype, args[0].Shape)
                    Simplify =
                        fun args ->
                            if args[0].IsConstant then
                                Expression.constant dtype args[0].Shape args[0].Value
                            else
                                null
                    Kernel = Loop(false, emit)
                    Batch = fun _ args -> cast dtype args[0]
                }
                [| t |]
