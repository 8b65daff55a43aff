namespace Stackelberg

/// The common form of the linear ops of one argument.
module internal LinearOp =

    let private op name attributes template shape transpose simplify kernel batch : Op = {
        Name = name
        Attributes = attributes
        Template = template
        Kind = Linear(fun _ args ct -> transpose args[0] ct)
        Infer = fun args -> struct (args[0].DType, shape)
        Simplify = fun args -> simplify args[0]
        Kernel = kernel
        Batch = fun _ args -> batch args[0]
    }

    /// <param name="name">The op's name.</param>
    /// <param name="attributes">What else makes it the same op.</param>
    /// <param name="shape">The result's shape.</param>
    /// <param name="transpose">From the argument and a cotangent of the result to the argument's cotangent.</param>
    /// <param name="simplify">An equal, simpler expression, or null.</param>
    /// <param name="kernel">How it is computed.</param>
    /// <param name="batch">The op on a batch: an argument with one more axis at the front.</param>
    /// <param name="t">The argument.</param>
    let apply name attributes shape transpose simplify kernel batch (t: Tensor) =
        Expression.apply (op name attributes null shape transpose simplify kernel batch) [| t |]

    /// The same, for what puts the argument's entries among zeros that differentiation made.
    let spread name attributes shape transpose kernel batch (t: Tensor) =
        Expression.apply (op name attributes Spreads.Template shape transpose (fun _ -> null) kernel batch) [|
            t
        |]

    /// For ops that only move entries: a constant stays one.
    let moves shape rest (t: Tensor) =
        if t.IsConstant then
            Expression.constant t.DType shape t.Value
        else
            rest t
