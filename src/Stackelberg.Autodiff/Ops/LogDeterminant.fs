namespace Stackelberg

open Stackelberg.Kernels

/// log |det A| and the determinant's sign by LU, for one matrix or a batch of them.
module internal LogDeterminant =

    let needSquare func (a: Tensor) =
        let rank = a.Shape.Length

        if rank < 2 || a.Shape[rank - 1] <> a.Shape[rank - 2] then
            Shape.wrong
                func
                (invariant
                    $"the matrix has shape {Shape.show a.Shape}, but [n; n] is needed (or [batch; n; n]).")

    /// The identity, once for each matrix of a's batch.
    let private identity (a: Tensor) =
        let n = a.Shape[a.Shape.Length - 1]
        let entries = Array.init (n * n) (fun k -> if k / n = k % n then 1.0 else 0.0)

        Cast.cast a.DType (Expression.dense DType.Float64 [| n; n |] entries 0)
        |> Structure.broadcastTo a.Shape

    let inverse (a: Tensor) =
        if Shape.count a.Shape = 0 then
            a
        else
            Solve.solve a (identity a)

    let private emit sign (emitter: Emitter) (operands: Operand[]) (target: Operand) =
        let a = operands[0]
        let rank = a.Extents.Length
        let n = a.Extents[rank - 1]

        Steps.LogDeterminant(
            target.Type,
            Shape.count a.Extents[.. rank - 3],
            n,
            a.Place,
            target.Place,
            sign,
            emitter.Work(target.Type, n * n + n)
        )

    let private ofMatrix name sign kind (a: Tensor) : Tensor =
        Expression.apply
            {
                Name = name
                Attributes = [||]
                Template = null
                Kind = kind
                Infer = fun args -> struct (args[0].DType, args[0].Shape[.. args[0].Shape.Length - 3])
                Simplify = fun _ -> null
                Kernel = Loop(false, emit sign)
                Batch = Expression.apply
            }
            [| a |]

    let sign (a: Tensor) =
        ofMatrix "signOfDeterminant" true Fixed a

    let logDeterminant (a: Tensor) =
        let last (a: Tensor) = a.Shape.Length - 1

        // d log |det A| = trace(A⁻¹ dA).
        let forward _ (args: Tensor[]) _ (tangents: Tensor[]) : Tensor =
            let weights = Permute.transpose (inverse args[0])
            Structure.sum [| last args[0] - 1; last args[0] |] (weights * tangents[0])

        let reverse _ (args: Tensor[]) _ (ct: Tensor) _ : Tensor[] =
            let weights = Permute.transpose (inverse args[0])
            [| weights * Structure.reshape (Array.append ct.Shape [| 1; 1 |]) ct |]

        ofMatrix "logDeterminant" false (Implicit(forward, reverse)) a
