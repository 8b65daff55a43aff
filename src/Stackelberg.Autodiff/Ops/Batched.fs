namespace Stackelberg

/// What ops need for their rule for batches: arguments with one more axis at the front.
module internal Batched =

    /// An argument that does not know of the batch, as one that does: the same for every entry.
    let lift extent (t: Tensor) : Tensor =
        Structure.broadcastTo
            (Array.append [| extent |] t.Shape)
            (Structure.reshape (Array.append [| 1 |] t.Shape) t)

    /// The one value behind a batch of equal ones, without the axis; null if there may be several.
    let shared (t: Tensor) : Tensor =
        if
            t.IsSymbolic
            && t.Op.Name = "broadcast"
            && t.Args[0].Shape[0] = 1
            && Shape.same t.Args[0].Shape[1..] t.Shape[1..]
        then
            Structure.reshape t.Shape[1..] t.Args[0]
        else
            null

    /// The same, where a constant has one value as well.
    let sharedOrConstant (t: Tensor) : Tensor =
        if t.IsConstant && not t.IsStructuralZero then
            Expression.constant t.DType t.Shape[1..] t.Value
        else
            shared t

    /// For ops that take many images already: the batch's axis joins theirs.
    let merged (f: Tensor -> Tensor) (t: Tensor) =
        let result =
            f (Structure.reshape (Array.append [| t.Shape[0] * t.Shape[1] |] t.Shape[2..]) t)

        Structure.reshape (Array.append t.Shape[..1] result.Shape[1..]) result

    /// As merged, for two arguments.
    let merged2 (f: Tensor -> Tensor -> Tensor) (a: Tensor) (b: Tensor) =
        merged
            (fun a -> f a (Structure.reshape (Array.append [| b.Shape[0] * b.Shape[1] |] b.Shape[2..]) b))
            a

    /// Entry by entry: the op as often as the batch is long. For ops that have no better way.
    let unrolled (op: Op) (args: Tensor[]) =
        let entry i (t: Tensor) =
            Structure.reshape t.Shape[1..] (Slice.slice 0 i 1 t)

        match args[0].Shape[0] with
        | 0 ->
            let entries =
                args |> Array.map (fun arg -> Expression.zeros arg.DType arg.Shape[1..])

            let struct (dtype, shape) = op.Infer entries
            Expression.constant dtype (Array.append [| 0 |] shape) 0.0
        | extent ->
            Array.init extent (fun i -> Expression.apply op (Array.map (entry i) args))
            |> Concat.stack 0
