namespace Stackelberg

open Stackelberg.Kernels

/// Triangular systems and the Cholesky factor, for one matrix or a batch of them.
module internal Cholesky =

    /// A constant [n; n]: below, on and above the diagonal.
    let private mask (like: Tensor) below on : Tensor =
        let n = like.Shape[like.Shape.Length - 1]

        let entries =
            Array.init (n * n) (fun k ->
                match compare (k / n) (k % n) with
                | 0 -> on
                | 1 -> below
                | _ -> 0.0)

        Cast.cast like.DType (Expression.dense DType.Float64 [| n; n |] entries 0)

    let private lower (t: Tensor) : Tensor =
        Elementwise.Selection.keep (mask t 1.0 1.0) t

    /// What the derivative of L Lᵀ = A asks for: the lower triangle with half the diagonal.
    let private half (t: Tensor) : Tensor = lower (t * mask t 1.0 0.5)

    /// X of L X = B, or of Lᵀ X = B; of L only the lower triangle counts.
    let rec lowerSolve (transposed: bool) (l: Tensor) (b: Tensor) : Tensor =
        let rank = l.Shape.Length

        let emit _ (operands: Operand[]) (target: Operand) =
            let l, b = operands[0], operands[1]

            Steps.LowerSolve(
                target.Type,
                Shape.count l.Extents[.. rank - 3],
                l.Extents[rank - 1],
                b.Extents[rank - 1],
                transposed,
                l.Place,
                b.Place,
                target.Place
            )

        // L X = B gives L dX = dB − dL X; with the cotangent C of X: of B it is W = L⁻ᵀ C, of L it is −W Xᵀ.
        let forward (op: Op) (args: Tensor[]) x (tangents: Tensor[]) : Tensor =
            let moved () =
                let dl = lower tangents[0]
                MatMul.matmul (if transposed then Permute.transpose dl else dl) x

            if isNull tangents[0] then
                Expression.apply op [| args[0]; tangents[1] |]
            elif isNull tangents[1] then
                Expression.apply op [| args[0]; -(moved ()) |]
            else
                Expression.apply op [| args[0]; tangents[1] - moved () |]

        let reverse _ (args: Tensor[]) x ct (wanted: bool[]) : Tensor[] =
            let w: Tensor = lowerSolve (not transposed) args[0] ct

            let ofL () =
                if transposed then
                    MatMul.matmul x (Permute.transpose w)
                else
                    MatMul.matmul w (Permute.transpose x)

            [| (if wanted[0] then -(lower (ofL ())) else null); w |]

        let op simplify = {
            Name = "lowerSolve"
            Attributes = [| (if transposed then 1 else 0) |]
            Template = null
            Kind = Implicit(forward, reverse)
            Infer = fun args -> struct (args[1].DType, args[1].Shape)
            Simplify = simplify
            Kernel = Loop(false, emit)
            Batch = fun _ args -> lowerSolve transposed args[0] args[1]
        }

        let simplify (args: Tensor[]) =
            if args[1].IsStructuralZero then
                args[1]
            elif args[1].LeavesOut then
                ofChosen transposed (Expression.apply (op (fun _ -> null))) args[0] args[1]
            else
                null

        Expression.apply (op simplify) [| l; b |]

    /// The solve where B has zeros by selection. An entry of X depends on those of B above it in its column (below it for
    /// Lᵀ), and where a row of X depends on nothing chosen in any column, the same row and column of L have no part.
    and private ofChosen transposed (solve: Tensor[] -> Tensor) (l: Tensor) (b: Tensor) : Tensor =
        let rank = l.Shape.Length

        let nonZero t =
            Elementwise.notEqual t (Elementwise.number t 0.0)

        let chosen =
            nonZero (CumulativeSum.cumulativeSum (rank - 2) transposed (Elementwise.Selection.mask b))

        let rows =
            nonZero (Structure.sum [| rank - 1 |] chosen)
            |> Structure.reshape (Shape.flattened [| rank - 1 |] b.Shape)

        let part =
            Elementwise.where rows (Permute.transpose rows) (Elementwise.number l 0.0)

        let safe = Elementwise.where part l (mask l 0.0 1.0)
        Elementwise.Selection.keep chosen (solve [| safe; b |])

    /// L of a symmetric matrix.
    let rec private factor (a: Tensor) : Tensor =
        let rank = a.Shape.Length

        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            Steps.Cholesky(
                target.Type,
                Shape.count target.Extents[.. rank - 3],
                target.Extents[rank - 1],
                operands[0].Place,
                target.Place,
                emitter.Report()
            )

        // I. Murray, Differentiation of the Cholesky decomposition (2016), equations 8 and 10; the symmetric part of
        // the cotangent is taken where the argument was made symmetric.
        let forward _ _ (l: Tensor) (tangents: Tensor[]) : Tensor =
            let left = lowerSolve false l tangents[0]
            MatMul.matmul (lower l) (half (lowerSolve false l (Permute.transpose left)))

        let reverse _ _ (l: Tensor) (ct: Tensor) _ : Tensor[] =
            // Of what was left out, the zeros above L's diagonal tell how far it reaches.
            let left = Permute.transpose (if ct.LeavesOut then lower l else l)
            let inner = half (MatMul.matmul left (lower ct))
            let right = Permute.transpose (lowerSolve true l (Permute.transpose inner))
            [| lowerSolve true l right |]

        Expression.apply
            {
                Name = "cholesky"
                Attributes = [||]
                Template = null
                Kind = Implicit(forward, reverse)
                Infer = fun args -> struct (args[0].DType, args[0].Shape)
                Simplify = fun _ -> null
                Kernel = Loop(false, emit)
                Batch = fun _ args -> factor args[0]
            }
            [| a |]

    let cholesky func (a: Tensor) =
        let rank = a.Shape.Length

        if rank < 2 || a.Shape[rank - 1] <> a.Shape[rank - 2] then
            Shape.wrong
                func
                (invariant
                    $"the matrix has shape {Shape.show a.Shape}, but [n; n] is needed (or [batch; n; n]).")

        factor ((a + Permute.transpose a) * Elementwise.number a 0.5)

    /// The columns that a right-hand side [n] or [n; k] (or [batch; n] or [batch; n; k]) stands for, solved, and its shape again.
    let withColumns func (a: Tensor) (b: Tensor) (solve: Tensor -> Tensor) =
        let rank = a.Shape.Length
        let asVector = rank >= 2 && b.Shape.Length = rank - 1

        let right =
            if asVector then
                Structure.reshape (Array.append b.Shape [| 1 |]) b
            else
                b

        if
            rank < 2
            || a.Shape[rank - 1] <> a.Shape[rank - 2]
            || a.DType <> b.DType
            || right.Shape.Length <> rank
            || not (Shape.same a.Shape[.. rank - 2] right.Shape[.. rank - 2])
        then
            Shape.wrong
                func
                (invariant
                    $"the matrix has shape {Shape.show a.Shape} ({a.DType}) and the right side {Shape.show b.Shape} ({b.DType}), but [n; n] with [n] or [n; k] is needed (or [batch; n; n] with [batch; n] or [batch; n; k]), of one number type.")

        let x = solve right
        if asVector then Structure.reshape b.Shape x else x

    /// Σ log of the squared diagonal, for each matrix of the batch.
    let logDeterminant (l: Tensor) =
        let rank = l.Shape.Length
        let n = l.Shape[rank - 1]
        let batch = l.Shape[.. rank - 3]
        let rows = Structure.reshape (Array.append batch [| n * n |]) l
        let diagonal = Gather.gather (rank - 2) (Array.init n (fun i -> i * (n + 1))) rows
        Structure.sum [| rank - 2 |] (log diagonal) * Elementwise.number l 2.0
