namespace Stackelberg

open Stackelberg.Kernels

/// The solution X of A X = B by LU with partial pivoting, for one matrix or a batch of them.
module internal Solve =

    let private emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
        let a, b = operands[0], operands[1]
        let n = a.Extents[a.Extents.Length - 1]
        let batch = Shape.count a.Extents[.. a.Extents.Length - 3]
        let columns = b.Extents[b.Extents.Length - 1]
        let work = emitter.Work(target.Type, n * n + n)
        Steps.Solve(target.Type, batch, n, columns, a.Place, b.Place, target.Place, work, emitter.Report())

    /// A [batch…, n, n], B [batch…, n, k].
    let rec private system a b =
        // A X = B gives A dX = dB − dA X; with the cotangent C of X: of B it is W = A⁻ᵀ C, of A it is −W Xᵀ.
        let forward (op: Op) (args: Tensor[]) x (tangents: Tensor[]) =
            let moved: Tensor =
                if isNull tangents[0] then
                    null
                else
                    MatMul.matmul tangents[0] x

            match tangents[1], moved with
            | null, moved -> Expression.apply op [| args[0]; -moved |]
            | db, null -> Expression.apply op [| args[0]; db |]
            | db, moved -> Expression.apply op [| args[0]; db - moved |]

        let reverse _ (args: Tensor[]) x ct (wanted: bool[]) =
            let w: Tensor = system (Permute.transpose args[0]) ct

            [|
                (if wanted[0] then
                     -(MatMul.matmul w (Permute.transpose x))
                 else
                     null)
                w
            |]

        let op simplify = {
            Name = "solve"
            Attributes = [||]
            Template = null
            Kind = Implicit(forward, reverse)
            Infer = fun args -> struct (args[0].DType, args[1].Shape)
            Simplify = simplify
            Kernel = Loop(false, emit)
            Batch = Expression.apply
        }

        let simplify (args: Tensor[]) =
            if args[1].IsStructuralZero then
                args[1]
            elif args[1].LeavesOut then
                Selected.columns (Expression.apply (op (fun _ -> null))) args
            elif args[0].Shape[args[0].Shape.Length - 1] = 1 && args[0].Shape.Length = 2 then
                args[1] / args[0]
            else
                null

        Expression.apply (op simplify) [| a; b |]

    let solve (a: Tensor) (b: Tensor) =
        let fail () =
            Shape.wrong
                "Tensor.solve"
                (invariant
                    $"the matrix has shape {Shape.show a.Shape} and the right side {Shape.show b.Shape}, but [n; n] with [n] or [n; k] is needed (or [batch; n; n] with [batch; n] or [batch; n; k]).")

        let rank = a.Shape.Length

        if rank < 2 || a.Shape[rank - 1] <> a.Shape[rank - 2] then
            fail ()

        if a.DType <> b.DType then
            Shape.wrong
                "Tensor.solve"
                (invariant $"the matrix is {a.DType}, the right side {b.DType}; convert one with Tensor.cast.")

        let n = a.Shape[rank - 1]
        let asVector = b.Shape.Length = rank - 1

        let right =
            if asVector then
                Structure.reshape (Array.append b.Shape [| 1 |]) b
            else
                b

        if
            right.Shape.Length <> rank
            || right.Shape[rank - 2] <> n
            || not (Shape.same a.Shape[.. rank - 3] right.Shape[.. rank - 3])
        then
            fail ()

        let x = system a right
        if asVector then Structure.reshape b.Shape x else x
