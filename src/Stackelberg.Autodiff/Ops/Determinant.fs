namespace Stackelberg

open Stackelberg.Kernels

/// det A, whose derivatives are cofactors: right for singular matrices too, to any order.
module internal Determinant =

    let private work (emitter: Emitter) n =
        emitter.Work(DType.Float64, (3 * n + 2) * n)

    let private op name kind infer simplify emit batch : Op = {
        Name = name
        Attributes = [||]
        Template = null
        Kind = kind
        Infer = fun args -> struct (args[0].DType, infer args[0].Shape)
        Simplify = fun args -> simplify args[0]
        Kernel = Loop(false, emit)
        Batch = batch
    }

    /// t with two more axes of extent 1.
    let private spread (t: Tensor) =
        Structure.reshape (Array.append t.Shape [| 1; 1 |]) t

    /// Where the entries of a matrix without row i and column j stand in it, for all i and j.
    let private minorEntries n =
        let without k = [| 0 .. n - 1 |] |> Array.removeAt k

        Array.init (n * n) (fun k ->
            Array.allPairs (without (k / n)) (without (k % n))
            |> Array.map (fun (row, column) -> row * n + column))
        |> Array.concat

    /// (−1)ⁱ⁺ʲ, [n; n].
    let private signs (like: Tensor) n =
        Cast.cast
            like.DType
            (Expression.dense
                DType.Float64
                [| n; n |]
                (Array.init (n * n) (fun k -> if (k / n + k % n) % 2 = 0 then 1.0 else -1.0))
                0)

    let rec cofactors (a: Tensor) : Tensor =
        let rank = a.Shape.Length

        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            let n = operands[0].Extents[operands[0].Extents.Length - 1]

            Steps.Cofactors(
                target.Type,
                Shape.count operands[0].Extents[.. rank - 3],
                n,
                operands[0].Place,
                target.Place,
                work emitter n
            )

        /// […; n; n; n − 1; n − 1]
        let minors (a: Tensor) =
            let n = a.Shape[rank - 1]

            Structure.reshape (Array.append a.Shape[.. rank - 3] [| n * n |]) a
            |> Gather.gather (rank - 2) (minorEntries n)
            |> Structure.reshape (Array.append a.Shape [| n - 1; n - 1 |])

        let transposedMinors (shape: int[]) (t: Tensor) =
            let n = shape[rank - 1]

            Structure.reshape (Array.append shape[.. rank - 3] [| Shape.count t.Shape[rank - 2 ..] |]) t
            |> Gather.scatter (rank - 2) (minorEntries n) (n * n)
            |> Structure.reshape shape

        let forward _ (args: Tensor[]) _ (tangents: Tensor[]) : Tensor =
            let a = args[0]

            Structure.sum [| rank; rank + 1 |] (cofactors (minors a) * minors tangents[0])
            * signs a a.Shape[rank - 1]

        let reverse _ (args: Tensor[]) _ (ct: Tensor) _ : Tensor[] =
            let a = args[0]

            [|
                spread (ct * signs a a.Shape[rank - 1]) * cofactors (minors a)
                |> transposedMinors a.Shape
            |]

        let simplify (a: Tensor) =
            if a.Shape[rank - 1] = 1 then
                Expression.constant a.DType a.Shape 1.0
            else
                null

        let batch _ (args: Tensor[]) = cofactors args[0]
        Expression.apply (op "cofactors" (Implicit(forward, reverse)) id simplify emit batch) [| a |]

    let determinant (a: Tensor) : Tensor =
        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            let n = operands[0].Extents[operands[0].Extents.Length - 1]

            Steps.Determinant(
                target.Type,
                Shape.count operands[0].Extents[.. operands[0].Extents.Length - 3],
                n,
                operands[0].Place,
                target.Place,
                work emitter n
            )

        let forward _ (args: Tensor[]) _ (tangents: Tensor[]) : Tensor =
            let last = args[0].Shape.Length - 1
            Structure.sum [| last - 1; last |] (cofactors args[0] * tangents[0])

        let reverse _ (args: Tensor[]) _ (ct: Tensor) _ : Tensor[] = [| cofactors args[0] * spread ct |]
        let infer (shape: int[]) = shape[.. shape.Length - 3]

        let simplify (a: Tensor) =
            match a.Shape[a.Shape.Length - 1] with
            | 0 -> Expression.constant a.DType (infer a.Shape) 1.0
            | 1 -> Structure.reshape (infer a.Shape) a
            | _ -> null


        Expression.apply (op "determinant" (Implicit(forward, reverse)) infer simplify emit Expression.apply) [|
            a
        |]
