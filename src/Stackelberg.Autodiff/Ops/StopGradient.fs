namespace Stackelberg

/// The identity with derivative zero.
module internal StopGradient =

    let stopGradient (t: Tensor) : Tensor =
        Expression.apply
            {
                Name = "stopGradient"
                Attributes = [||]
                Template = null
                Kind = Fixed
                Infer = fun args -> struct (args[0].DType, args[0].Shape)
                Simplify = fun args -> if args[0].IsConstant then args[0] else null
                Kernel = View(fun _ operand -> ValueSome operand)
                Batch = Expression.apply
            }
            [| t |]
