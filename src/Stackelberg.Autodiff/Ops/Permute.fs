namespace Stackelberg

/// Axes in another order: result axis i is the argument's axis order[i].
module internal Permute =

    let rec permute (order: int[]) (t: Tensor) : Tensor =
        if order = [| 0 .. order.Length - 1 |] then
            t
        else
            let inverse =
                Array.init order.Length (fun axis -> System.Array.IndexOf(order, axis))

            let shape = order |> Array.map (fun axis -> t.Shape[axis])

            let view _ (operand: Operand) =
                ValueSome {
                    operand with
                        Extents = shape
                        Strides = order |> Array.map (fun axis -> operand.Strides[axis])
                }

            let simplify =
                LinearOp.moves shape (fun t ->
                    if t.IsSymbolic && t.Op.Name = "permute" then
                        let inner = t.Op.Attributes
                        permute (order |> Array.map (fun axis -> inner[axis])) t.Args[0]
                    else
                        null)

            LinearOp.apply "permute" order shape (fun _ ct -> permute inverse ct) simplify (View view) t

    /// The last two axes exchanged.
    let transpose (t: Tensor) =
        let rank = t.Shape.Length

        if rank < 2 then
            t
        else
            permute [| yield! [| 0 .. rank - 3 |]; rank - 1; rank - 2 |] t
