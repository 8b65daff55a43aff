namespace Stackelberg

open Stackelberg.Kernels

/// The matrix product over the last two axes; axes before them are batches and broadcast.
module internal MatMul =

    let private infer (args: Tensor[]) =
        let a, b = args[0], args[1]

        if a.DType <> b.DType then
            Shape.wrong
                "Tensor.matmul"
                $"the left operand is {a.DType}, the right one {b.DType}; convert one with Tensor.cast."

        let rank = a.Shape.Length
        struct (a.DType, Array.append a.Shape[.. rank - 2] [| b.Shape[rank - 1] |])

    let private emit _ (operands: Operand[]) (target: Operand) =
        let a, b = operands[0], operands[1]
        let rank = a.Extents.Length
        let row, column = rank - 2, rank - 1

        Steps.MatMul(
            target.Type,
            a.Extents[.. row - 1],
            a.Extents[row],
            a.Extents[column],
            b.Extents[column],
            a.Place,
            a.Strides[.. row - 1],
            a.Strides[row],
            a.Strides[column],
            b.Place,
            b.Strides[.. row - 1],
            b.Strides[row],
            b.Strides[column],
            target.Place
        )

    /// Many left operands against one right one are one tall left operand.
    let private batch (op: Op) (args: Tensor[]) : Tensor =
        let a, b = args[0], args[1]

        match Batched.shared b with
        | null -> Expression.apply op args
        | b when b.Shape.Length = 2 ->
            let tall = Structure.reshape [| a.Shape[0] * a.Shape[1]; a.Shape[2] |] a
            Structure.reshape [| a.Shape[0]; a.Shape[1]; b.Shape[1] |] (Expression.apply op [| tall; b |])
        | _ -> Expression.apply op args

    let rec private product a b =
        let transpose i (args: Tensor[]) ct =
            if i = 0 then
                product ct (Permute.transpose args[1])
            else
                product (Permute.transpose args[0]) ct

        Expression.apply
            {
                Name = "matmul"
                Attributes = [||]
                Template = null
                Kind = Bilinear transpose
                Infer = infer
                Simplify = fun _ -> null
                Kernel = Loop(true, emit)
                Batch = batch
            }
            [| a; b |]

    let matmul (a: Tensor) (b: Tensor) =
        let fail () =
            Shape.wrong
                "Tensor.matmul"
                $"shapes {Shape.show a.Shape} and {Shape.show b.Shape} cannot be multiplied: the left one's last extent must equal the right one's last but one (or the only one of a vector)."

        if a.Shape.Length = 0 || b.Shape.Length = 0 then
            fail ()

        // A vector is a row on the left and a column on the right; the extra axis disappears again.
        let left =
            if a.Shape.Length = 1 then
                Structure.reshape [| 1; a.Shape[0] |] a
            else
                a

        let right =
            if b.Shape.Length = 1 then
                Structure.reshape [| b.Shape[0]; 1 |] b
            else
                b

        let m, k = left.Shape[left.Shape.Length - 2], left.Shape[left.Shape.Length - 1]
        let n = right.Shape[right.Shape.Length - 1]

        if right.Shape[right.Shape.Length - 2] <> k then
            fail ()

        let batch =
            Shape.broadcast
                "Tensor.matmul"
                left.Shape[.. left.Shape.Length - 3]
                right.Shape[.. right.Shape.Length - 3]

        let spread rows columns t =
            Structure.broadcastTo (Array.append batch [| rows; columns |]) t

        let result = product (spread m k left) (spread k n right)

        let shape = [|
            yield! batch
            if a.Shape.Length > 1 then
                m
            if b.Shape.Length > 1 then
                n
        |]

        Structure.reshape shape result
