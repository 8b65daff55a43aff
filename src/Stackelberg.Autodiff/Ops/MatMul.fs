namespace Stackelberg

open Stackelberg.Kernels

/// The matrix product over the last two axes; axes before them are batches and broadcast.
module internal MatMul =

    let private infer (args: Tensor[]) =
        let a, b = args[0], args[1]

        if a.DType <> b.DType then
            Shape.wrong
                "Tensor.matmul"
                (invariant
                    $"the left operand is {a.DType}, the right one {b.DType}; convert one with Tensor.cast.")

        let rank = a.Shape.Length
        struct (a.DType, Array.append a.Shape[.. rank - 2] [| b.Shape[rank - 1] |])

    /// Products that are added up one after the other where that is all of them.
    let private longestSum = 1024

    /// A longer sum is a sum of partial sums of so many products,
    let private partialSum = 256

    /// of which so many at most are added up one after the other, and so on.
    let private radix = 32

    let private emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
        let a, b = operands[0], operands[1]
        let rank = a.Extents.Length
        let row, column = rank - 2, rank - 1
        let k = a.Extents[column]
        let count = Shape.count target.Extents

        let part first length (into: Place) =
            Steps.MatMul(
                target.Type,
                a.Extents[.. row - 1],
                a.Extents[row],
                length,
                b.Extents[column],
                a.Place.Plus(first * a.Strides[column]),
                a.Strides[.. row - 1],
                a.Strides[row],
                a.Strides[column],
                b.Place.Plus(first * b.Strides[row]),
                b.Strides[.. row - 1],
                b.Strides[row],
                b.Strides[column],
                into
            )

        /// The steps that compute the sum over a range into a place, by way of one place for each level below.
        let rec sum first length (into: Place) (below: Place list) : Step list =
            match below with
            | [] -> [ part first length into ]
            | next :: rest ->
                let each = partialSum * pown radix (below.Length - 1)

                [
                    yield! sum first (min each length) into rest

                    for start in each..each .. length - 1 do
                        yield! sum (first + start) (min each (length - start)) next rest
                        Steps.Add(target.Type, count, next, into)
                ]

        if k <= longestSum || count = 0 then
            part 0 k target.Place
        else
            let levels =
                Seq.initInfinite (fun level -> int64 partialSum * pown (int64 radix) (level + 1))
                |> Seq.takeWhile (fun length -> length < int64 k)
                |> Seq.length
                |> (+) 1

            let below = List.init levels (fun _ -> emitter.Work(target.Type, count))
            Steps.Sequence(target.Type, Array.ofList (sum 0 k target.Place below))

    /// Many left operands against one right one are one tall left operand.
    let private batch (op: Op) (args: Tensor[]) : Tensor =
        let a, b = args[0], args[1]

        match Batched.shared b with
        | null -> Expression.apply op args
        | b when b.Shape.Length = 2 ->
            let tall = Structure.reshape [| a.Shape[0] * a.Shape[1]; a.Shape[2] |] a
            Structure.reshape [| a.Shape[0]; a.Shape[1]; b.Shape[1] |] (Expression.apply op [| tall; b |])
        | _ -> Expression.apply op args

    let rec private product (a: Tensor) (b: Tensor) : Tensor =
        let transpose i (args: Tensor[]) ct =
            if i = 0 then
                product ct (Permute.transpose args[1])
            else
                product (Permute.transpose args[0]) ct

        Expression.apply
            {
                Name = "matmul"
                Attributes = [||]
                Template = masking ()
                Kind = Bilinear transpose
                Infer = infer
                Simplify =
                    fun args ->
                        if args[0].LeavesOut || args[1].LeavesOut then
                            let maskOf (t: Tensor) =
                                if t.LeavesOut then Elementwise.Selection.mask t else null

                            ofChosen args[0] (maskOf args[0]) args[1] (maskOf args[1])
                        else
                            null
                Kernel = Loop(true, emit)
                Batch = batch
            }
            [| a; b |]

    /// A mask of A: 1 in the rows of A B that a chosen entry of A has part in; of B alike. Of both, the product of the
    /// masks says which entries meet.
    and private masking () =
        Masking(fun args ->
            let a, b = args[0], args[1]
            let rank = a.Shape.Length

            let any axis (t: Tensor) =
                let mask = Elementwise.Selection.mask t
                Structure.reshape (Shape.flattened [| axis |] t.Shape) (Structure.sum [| axis |] mask)

            let found =
                match a.LeavesOut, b.LeavesOut with
                | true, true -> product (Elementwise.Selection.mask a) (Elementwise.Selection.mask b)
                | true, false -> any (rank - 1) a
                | false, _ -> any (rank - 2) b

            Elementwise.notEqual found (Elementwise.number found 0.0)
            |> Structure.broadcastTo (Array.append a.Shape[.. rank - 2] [| b.Shape[rank - 1] |]))

    /// The product where zeros by selection meet infinities and NaN: of A and B, and masks of those that have such
    /// zeros (null for the others). The masks never move.
    and private ofChosen (a: Tensor) (aMask: Tensor) (b: Tensor) (bMask: Tensor) : Tensor =
        let hasA, hasB = not (isNull aMask), not (isNull bMask)

        let masksOf (args: Tensor[]) =
            struct ((if hasA then args[2] else null), (if hasB then args[args.Length - 1] else null))

        let turned (t: Tensor) =
            if isNull t then null else Permute.transpose t

        let kept mask (t: Tensor) =
            if isNull mask then t else Elementwise.Selection.keep mask t

        let own (t: Tensor) =
            if t.LeavesOut then Elementwise.Selection.mask t else null

        let transpose i (args: Tensor[]) (ct: Tensor) =
            let struct (aMask, bMask) = masksOf args

            match i with
            | 0 -> kept aMask (ofChosen ct (own ct) (turned args[1]) (turned bMask))
            | 1 -> kept bMask (ofChosen (turned args[0]) (turned aMask) ct (own ct))
            | _ -> null

        let emitChosen emitter (operands: Operand[]) (target: Operand) =
            let rank = operands[0].Extents.Length
            let row, column = rank - 2, rank - 1

            let operand i at =
                let t = operands[i]

                let mask, strides =
                    if at < 0 then
                        System.Nullable(), null
                    else
                        System.Nullable operands[at].Place, operands[at].Strides

                ChosenOperand(
                    t.Place,
                    t.Strides[.. row - 1],
                    t.Strides[row],
                    t.Strides[column],
                    mask,
                    (if at < 0 then null else strides[.. row - 1]),
                    (if at < 0 then 0 else strides[row]),
                    (if at < 0 then 0 else strides[column])
                )

            Steps.Sequence(
                target.Type,
                [|
                    emit emitter operands target
                    Steps.ProductOfChosen(
                        target.Type,
                        operands[0].Extents[.. row - 1],
                        operands[0].Extents[row],
                        operands[0].Extents[column],
                        operands[1].Extents[column],
                        operand 0 (if hasA then 2 else -1),
                        operand 1 (if hasB then operands.Length - 1 else -1),
                        target.Place
                    )
                |]
            )

        if not (hasA || hasB) then
            product a b
        else
            Expression.apply
                {
                    Name = "matmulOfChosen"
                    Attributes = [| (if hasA then 1 else 0); (if hasB then 1 else 0) |]
                    Template = masking ()
                    Kind = Bilinear transpose
                    Infer = infer
                    Simplify = fun _ -> null
                    Kernel = Loop(true, emitChosen)
                    Batch = Expression.apply
                }
                (Array.filter (isNull >> not) [| a; b; aMask; bMask |])

    let matmul (a: Tensor) (b: Tensor) =
        let fail () =
            Shape.wrong
                "Tensor.matmul"
                (invariant
                    $"shapes {Shape.show a.Shape} and {Shape.show b.Shape} cannot be multiplied: the left one's last extent must equal the right one's last but one (or the only one of a vector).")

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
