namespace Stackelberg

open System.Numerics
open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.LinearAlgebra.Double
open Stackelberg.Kernels

/// A projection of a map on a subspace, decomposed: Vᵀ A V = Z T Z⁻¹, with T diagonal for a symmetric map and
/// quasi-triangular otherwise, and the row by which A V leaves the subspace, in the coordinates of Z. Z is orthogonal but
/// where the subspace is the whole space.
type internal Projection = {
    Size: int
    T: float[]
    Z: float[]
    Leaving: float[]
    /// Where the parts of T begin that a permutation alone separates, and Size.
    Starts: int[]
}

module internal Projection =

    let private decomposeSymmetric (size: int) (matrix: float[]) =
        let symmetric =
            DenseMatrix.OfArray(
                Array2D.init size size (fun i j -> 0.5 * (matrix[i * size + j] + matrix[j * size + i]))
            )

        let found = symmetric.Evd Symmetricity.Symmetric
        let t, z = Array.zeroCreate (size * size), Array.zeroCreate (size * size)

        for i in 0 .. size - 1 do
            t[i * size + i] <- found.EigenValues[i].Real

            for j in 0 .. size - 1 do
                z[i * size + j] <- found.EigenVectors[i, j]

        t, z

    /// The matrix [size, size] is destroyed; leaving is the row below it.
    let decompose isSymmetric (size: int) (matrix: float[]) (leaving: float[]) : Projection =
        let t, z =
            if isSymmetric then
                decomposeSymmetric size matrix
            else
                let z = Array.zeroCreate (size * size)
                let real, imaginary = Array.zeroCreate size, Array.zeroCreate size
                RealSchur.Decompose(matrix, z, size, real, imaginary) |> ignore
                matrix, z

        let turned =
            Array.init size (fun j ->
                Seq.sum (seq { for i in 0 .. size - 1 -> leaving[i] * z[i * size + j] }))

        {
            Size = size
            T = t
            Z = z
            Leaving = turned
            Starts = [| 0; size |]
        }

    /// The whole matrix, [size, size], by parts that are balanced; None where an eigenvalue was not found.
    let ofWhole isSymmetric (size: int) (matrix: float[]) : Projection option =
        if isSymmetric then
            Some(decompose true size matrix (Array.zeroCreate size))
        else
            let t, z = Array.zeroCreate (size * size), Array.zeroCreate (size * size)

            BalancedSchur.Decompose(matrix, t, z, size)
            |> Option.ofObj
            |> Option.map (fun starts -> {
                Size = size
                T = t
                Z = z
                Leaving = Array.zeroCreate size
                Starts = starts
            })

    let private rounding = 2.0 ** -52.0

    /// A decomposition is that of a matrix within so many roundings of the one given, in the Frobenius norm.
    let private roundings = 8.0

    /// The condition of the eigenvalue of the block at row k, and how far it may be off: by the rounding of the part's
    /// decomposition, and by a change of the map of the norm given.
    let sensitivity isSymmetric (p: Projection) k (change: float) : struct (float * float) =
        let part = Array.findIndexBack (fun start -> start <= k) p.Starts
        let from, size = p.Starts[part], p.Starts[part + 1] - p.Starts[part]

        let block =
            Array.init (size * size) (fun at -> p.T[(from + at / size) * p.Size + from + at % size])

        let norm = sqrt (block |> Array.sumBy (fun entry -> entry * entry))

        if size = 1 then
            struct (1.0, rounding * norm + change)
        elif isSymmetric then
            struct (1.0, roundings * rounding * norm + change)
        else
            let change = roundings * rounding * norm + change

            struct (EigenvalueCondition.At(block, size, k - from),
                    EigenvalueCondition.Movement(block, size, k - from, change))

    /// The first rows of T's blocks.
    let blocks (p: Projection) =
        0
        |> Array.unfold (fun k ->
            if k >= p.Size then
                None
            else
                Some(k, k + RealSchur.SizeAt(p.T, p.Size, k)))

    /// The eigenvector of the block at row k in the subspace, and how far A takes it out of there.
    let vector (p: Projection) k : struct (Complex[] * float) =
        let y = RealSchur.EigenvectorAt(p.T, p.Size, k)

        let leaving =
            Array.fold2
                (fun (sum: Complex) (weight: float) (entry: Complex) -> sum + weight * entry)
                Complex.Zero
                p.Leaving
                y

        let inBasis =
            Array.init p.Size (fun i ->
                let mutable sum = Complex.Zero

                for j in 0 .. p.Size - 1 do
                    sum <- sum + p.Z[i * p.Size + j] * y[j]

                sum)

        struct (inBasis, Complex.Abs leaving)

    /// Moves the blocks that begin at the rows given to the top; gives the projection and how many rows they have.
    let select isSymmetric (rows: int[]) (p: Projection) : struct (Projection * int) =
        let size = p.Size
        let t, z = Array.copy p.T, Array.copy p.Z

        let kept =
            if isSymmetric then
                let order = Array.append rows (Array.except rows [| 0 .. size - 1 |])

                order
                |> Array.iteri (fun into from ->
                    t[into * size + into] <- p.T[from * size + from]

                    for i in 0 .. size - 1 do
                        z[i * size + into] <- p.Z[i * size + from])

                rows.Length
            else
                let wanted = Array.create size false

                for row in rows do
                    wanted[row] <- true

                RealSchur.Select(t, z, size, wanted)

        // The leaving row is β times the last row of the old coordinates, and so turns as they do.
        let back =
            Array.init size (fun i ->
                Seq.sum (seq { for j in 0 .. size - 1 -> p.Z[i * size + j] * p.Leaving[j] }))

        let turned =
            Array.init size (fun j -> Seq.sum (seq { for i in 0 .. size - 1 -> back[i] * z[i * size + j] }))

        struct ({
                    Size = size
                    T = t
                    Z = z
                    Leaving = turned
                    Starts = p.Starts
                },
                kept)
