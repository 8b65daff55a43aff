namespace Stackelberg

/// Functions made of other ops, with derivatives that are not those of their parts.
module internal Composite =

    /// <param name="name">The op's name.</param>
    /// <param name="attributes">What else makes it the same op.</param>
    /// <param name="value">Its value, whose derivative is not taken.</param>
    /// <param name="forward">From the argument, the result and the argument's tangent to the result's.</param>
    /// <param name="reverse">From the argument, the result and its cotangent to the argument's.</param>
    /// <param name="batch">The function on a batch: an argument with one more axis at the front.</param>
    /// <param name="t">The argument.</param>
    let apply
        name
        attributes
        (value: Tensor -> Tensor)
        (forward: Tensor -> Tensor -> Tensor -> Tensor)
        (reverse: Tensor -> Tensor -> Tensor -> Tensor)
        (batch: Tensor -> Tensor)
        (t: Tensor)
        : Tensor =
        let tangent _ (args: Tensor[]) result (tangents: Tensor[]) = forward args[1] result tangents[1]
        let cotangents _ (args: Tensor[]) result ct _ = [| null; reverse args[1] result ct |]

        let computed = value (StopGradient.stopGradient t)

        Expression.apply
            {
                Name = name
                Attributes = attributes
                Template = null
                Kind = Implicit(tangent, cotangents)
                Infer = fun args -> struct (args[0].DType, args[0].Shape)
                // Of numbers nothing is left to be differentiated.
                Simplify = fun args -> if args[1].IsSymbolic then null else args[0]
                Kernel = View(fun _ operand -> ValueSome operand)
                Batch = fun _ args -> batch args[1]
            }
            [| computed; t |]
