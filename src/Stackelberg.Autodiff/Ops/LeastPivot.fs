namespace Stackelberg

open Stackelberg.Kernels

/// Whether symmetric matrices are positive definite, as numbers: the least pivot of each, above 0 for those that are.
module internal LeastPivot =

    let private emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
        let a = operands[0]
        let rank = a.Extents.Length
        let n = a.Extents[rank - 1]
        let batch = Shape.count a.Extents[.. rank - 3]
        Steps.LeastPivot(target.Type, batch, n, a.Place, target.Place, emitter.Work(target.Type, n * n))

    /// [batch…, n, n] to [batch…].
    let ofMatrix (a: Tensor) : Tensor =
        Expression.apply
            {
                Name = "leastPivot"
                Attributes = [||]
                Template = null
                Kind = Fixed
                Infer = fun args -> struct (args[0].DType, args[0].Shape[.. args[0].Shape.Length - 3])
                Simplify = fun _ -> null
                Kernel = Loop(false, emit)
                Batch = Expression.apply
            }
            [| a |]
