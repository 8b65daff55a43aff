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

            let batch t =
                permute (Array.append [| 0 |] (Array.map ((+) 1) order)) t

            LinearOp.apply
                "permute"
                order
                shape
                (fun _ ct -> cotangent inverse ct)
                simplify
                (View view)
                batch
                t

    /// The transpose of a product is written as the product of the transposes, (A B)ᵀ = Bᵀ Aᵀ: what reverse mode makes
    /// of X Xᵀ is then C X + Cᵀ X, which is one product.
    and private cotangent (order: int[]) (ct: Tensor) : Tensor =
        let rank = order.Length

        let exchangesLastTwo =
            rank >= 2
            && order[rank - 1] = rank - 2
            && order[.. rank - 3] = [| 0 .. rank - 3 |]

        if exchangesLastTwo && ct.IsSymbolic && ct.Op.Name = "matmul" then
            Expression.apply ct.Op [| permute order ct.Args[1]; permute order ct.Args[0] |]
        else
            permute order ct

    /// The last two axes exchanged.
    let transpose (t: Tensor) =
        let rank = t.Shape.Length

        if rank < 2 then
            t
        else
            permute [| yield! [| 0 .. rank - 3 |]; rank - 1; rank - 2 |] t
