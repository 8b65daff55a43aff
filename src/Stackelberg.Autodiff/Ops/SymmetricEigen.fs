namespace Stackelberg

open System
open Stackelberg.Kernels

/// Eigenvalues and eigenvectors of symmetric matrices, for one matrix or a batch of them. Both are ranges of one
/// decomposition, which itself has no derivative; theirs are made of the matrix and of themselves.
module internal SymmetricEigen =

    /// How far apart eigenvalues must be, in units of the last place of the largest for each row of the matrix, to count
    /// as different.
    let private resolution (dtype: DType) =
        match dtype with
        | DType.Float32 -> 1.1920929e-7
        | _ -> 2.220446049250313e-16

    /// t with a new axis of extent 1 at a place counted from the end, 1 for the last one.
    let private widened place (t: Tensor) =
        Structure.reshape (Array.insertAt (t.Shape.Length + 1 - place) 1 t.Shape) t

    let private constant (like: Tensor) rows columns entry =
        Expression.dense
            DType.Float64
            [| rows; columns |]
            (Array.init (rows * columns) (fun k -> entry (k / columns) (k % columns)))
            0
        |> Cast.cast like.DType

    /// [n + 1; n]: the eigenvalues, ascending, and below each its vector.
    let rec private decomposed (a: Tensor) : Tensor =
        let rank = a.Shape.Length
        let n = a.Shape[rank - 1]

        let emit (emitter: Emitter) (operands: Operand[]) (target: Operand) =
            Steps.SymmetricEigen(
                target.Type,
                Shape.count operands[0].Extents[.. rank - 3],
                n,
                operands[0].Place,
                target.Place,
                emitter.Work(DType.Float64, (2 * n + 1) * n)
            )

        Expression.apply
            {
                Name = "symmetricEigen"
                Attributes = [||]
                Template = null
                Kind = Fixed
                Infer = fun args -> struct (args[0].DType, Array.updateAt (rank - 2) (n + 1) args[0].Shape)
                Simplify = fun _ -> null
                Kernel = Loop(false, emit)
                Batch = fun _ args -> decomposed args[0]
            }
            [| a |]

    /// Whether an eigenvalue of the range stands apart from all others, […, count].
    let private isSimple start count (packed: Tensor) =
        let rank = packed.Shape.Length
        let n = packed.Shape[rank - 1]

        let all =
            Slice.slice (rank - 2) 0 1 packed
            |> Structure.reshape (Array.removeAt (rank - 2) packed.Shape)

        let own = Slice.slice (rank - 2) start count all
        let gaps = abs (widened 1 own - widened 2 all)

        let others =
            Elementwise.where
                (constant packed count n (fun i j -> if j = start + i then 1.0 else 0.0))
                (Elementwise.number packed Double.PositiveInfinity)
                gaps

        let nearest = Extremum.minimum [| rank - 1 |] others
        let largest = Extremum.keptMaximum [| rank - 2 |] (abs all)
        Elementwise.less (largest * (float n * resolution packed.DType)) nearest

    /// What has no derivative: NaN, but 0 for 0, of which a root has the derivative NaN as soon as it moves; and zero by
    /// selection for such a zero.
    let private undefined (t: Tensor) =
        let zero = Elementwise.number t 0.0

        let found =
            Elementwise.where
                (Elementwise.equal t zero)
                (Elementwise.pow (abs t) (Elementwise.number t 0.5))
                (Elementwise.number t nan)

        if t.LeavesOut then
            Elementwise.Selection.keep (Elementwise.Selection.mask t) found
        else
            found

    /// The range of the decomposition that is a view of its first argument; the second one is the matrix.
    let private ranged name start count shape view forward reverse batch (packed: Tensor) (a: Tensor) =
        Expression.apply
            {
                Name = name
                Attributes = [| start; count |]
                Template = null
                Kind = Implicit(forward, reverse)
                Infer = fun args -> struct (args[0].DType, shape)
                Simplify = fun _ -> null
                Kernel = View(fun _ operand -> ValueSome(view operand))
                Batch = fun _ args -> batch args[0] args[1]
            }
            [| packed; a |]

    /// The eigenvalues from the start-th on, […, count].
    let rec private values start count (packed: Tensor) (a: Tensor) : Tensor =
        let rank = a.Shape.Length
        let shape = Array.append a.Shape[.. rank - 3] [| count |]

        let view (operand: Operand) = {
            operand with
                Extents = shape
                Place = operand.Place.Plus(start * operand.Strides[rank - 1])
                Strides = Array.removeAt (rank - 2) operand.Strides
        }

        // dλᵢ = vᵢᵀ dA vᵢ.
        let forward _ (args: Tensor[]) _ (tangents: Tensor[]) : Tensor =
            let v = vectors start count args[0] args[1]
            Structure.sum [| rank - 2 |] (v * MatMul.matmul tangents[1] v)

        // Σ cᵢ vᵢ vᵢᵀ, in which a vector without derivative does no harm where nothing asks for its eigenvalue.
        let reverse _ (args: Tensor[]) _ (ct: Tensor) _ : Tensor[] =
            let c = widened 2 ct
            let simple = widened 2 (isSimple start count args[0])
            let isAsked = Elementwise.notEqual c (Elementwise.number c 0.0)
            let v = vectors start count args[0] args[1]
            let v = Elementwise.where (simple + isAsked) v (StopGradient.stopGradient v)

            let weighted =
                Elementwise.where
                    isAsked
                    (v * c)
                    (Elementwise.where simple (v * c) (undefined c |> Structure.broadcastTo v.Shape))

            [| null; MatMul.matmul weighted (Permute.transpose v) |]

        ranged "symmetricEigenvalues" start count shape view forward reverse (values start count) packed a

    /// Their vectors as columns, […, n, count].
    and private vectors start count (packed: Tensor) (a: Tensor) : Tensor =
        let rank = a.Shape.Length
        let shape = Array.updateAt (rank - 1) count a.Shape

        let view (operand: Operand) = {
            operand with
                Extents = shape
                Place = operand.Place.Plus(operand.Strides[rank - 2] + start * operand.Strides[rank - 1])
        }

        let forward _ (args: Tensor[]) _ (tangents: Tensor[]) : Tensor =
            let v = vectors start count args[0] args[1]
            resolved start count args[0] args[1] (MatMul.matmul tangents[1] v)

        let reverse _ (args: Tensor[]) _ (ct: Tensor) _ : Tensor[] =
            let v = vectors start count args[0] args[1]

            [|
                null
                MatMul.matmul (resolved start count args[0] args[1] ct) (Permute.transpose v)
            |]

        ranged "symmetricEigenvectors" start count shape view forward reverse (vectors start count) packed a

    /// The x ⟂ vᵢ with (λᵢ − A) x = bᵢ − (vᵢᵀ bᵢ) vᵢ for each column of the range, from [λᵢ − A, vᵢ; vᵢᵀ, 0]: a system that
    /// is regular where λᵢ is simple, whatever the other eigenvalues are.
    and private resolved start count (packed: Tensor) (a: Tensor) (b: Tensor) : Tensor =
        let rank = a.Shape.Length
        let n = a.Shape[rank - 1]
        let batch = a.Shape[.. rank - 3]

        let eye size =
            constant a size size (fun i j -> if i = j then 1.0 else 0.0)

        let perColumn (t: Tensor) = Permute.transpose t |> widened 1
        let simple = isSimple start count packed
        let λ = values start count packed a |> widened 1 |> widened 1
        let v = vectors start count packed a |> perColumn

        let corner = Expression.constant a.DType (Array.append batch [| count; 1; 1 |]) 0.0

        // A right side that is zero by selection is so as a whole.
        let rightCorner =
            if b.LeavesOut then
                Expression.zeros a.DType corner.Shape
            else
                corner

        let shifted =
            λ * eye n - widened 3 a
            |> Structure.broadcastTo (Array.append batch [| count; n; n |])

        let bordered =
            Concat.concat (rank - 1) [|
                Concat.concat rank [| shifted; v |]
                Concat.concat rank [| Permute.transpose v; corner |]
            |]

        let system =
            Elementwise.where (simple |> widened 1 |> widened 1) bordered (eye (n + 1))

        let x =
            Solve.solve system (Concat.concat (rank - 1) [| perColumn b; rightCorner |])
            |> Slice.slice (rank - 1) 0 n
            |> Structure.reshape (Array.append batch [| count; n |])
            |> Permute.transpose

        Elementwise.where (widened 2 simple) x (undefined b)

    /// Ascending eigenvalues […, n], and the eigenvectors as columns.
    let eigen func (a: Tensor) =
        LogDeterminant.needSquare func a
        let symmetric = (a + Permute.transpose a) * Elementwise.number a 0.5
        let packed = decomposed symmetric
        let n = a.Shape[a.Shape.Length - 1]
        values 0 n packed symmetric, vectors 0 n packed symmetric

    /// The singular values of an […, m, n], descending: the largest eigenvalues of [0 A; Aᵀ 0].
    let singularValues func (a: Tensor) =
        let rank = a.Shape.Length

        if rank < 2 then
            Shape.wrong
                func
                (invariant
                    $"the matrix has shape {Shape.show a.Shape}, but [m; n] is needed (or [batch; m; n]).")

        let m, n = a.Shape[rank - 2], a.Shape[rank - 1]
        let count = min m n

        let zeros k =
            Expression.constant a.DType (Array.append a.Shape[.. rank - 3] [| k; k |]) 0.0

        let upper = Concat.concat (rank - 1) [| zeros m; a |]
        let lower = Concat.concat (rank - 1) [| Permute.transpose a; zeros n |]
        let whole = Concat.concat (rank - 2) [| upper; lower |]

        values (m + n - count) count (decomposed whole) whole
        |> Gather.gather (rank - 2) (Array.init count (fun i -> count - 1 - i))
