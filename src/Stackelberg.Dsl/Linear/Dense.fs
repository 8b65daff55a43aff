namespace Stackelberg

open System
open System.Numerics
open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.LinearAlgebra.Double
open Stackelberg.Kernels

/// An eigenvalue, and what rounding may have done to it.
type internal ConditionedEigenvalue = {
    Value: Complex
    /// 1 / |wᴴ x| for its unit left and right eigenvectors, in the balanced irreducible block of the matrix that it belongs
    /// to; 1 for symmetric matrices and for the diagonal of permuted triangular ones, infinite where it was not found.
    Condition: float
    /// How far the rounding of the decomposition may have moved it: about Condition · ε · ‖block‖, or ε^(1/m) for an m-fold
    /// defective one. An estimate, not a proof; infinite where it was not found.
    Error: float
}

/// Small dense matrices of the analysis; MathNet.Numerics does the decompositions.
module internal Dense =

    /// The Frobenius norm.
    let norm (a: float[,]) =
        a |> Seq.cast<float> |> Seq.sumBy (fun entry -> entry * entry) |> sqrt

    let select (rows: int[]) (columns: int[]) (a: float[,]) =
        Array2D.init rows.Length columns.Length (fun i j -> a[rows[i], columns[j]])

    let symmetricPart (a: float[,]) =
        Array2D.init (a.GetLength 0) (a.GetLength 1) (fun i j -> 0.5 * (a[i, j] + a[j, i]))

    let private isSymmetric (a: float[,]) =
        let n = a.GetLength 0

        Seq.forall
            (fun i -> Seq.forall (fun j -> a[i, j] = a[j, i]) (seq { 0 .. i - 1 }))
            (seq { 1 .. n - 1 })

    /// ‖A − Aᵀ‖ / ‖A‖ of a square matrix; 0 for a zero matrix.
    let asymmetry (a: float[,]) =
        let whole = norm a

        if whole = 0.0 then
            0.0
        else
            norm (Array2D.init (a.GetLength 0) (a.GetLength 1) (fun i j -> a[i, j] - a[j, i]))
            / whole

    /// All eigenvalues by real, then imaginary part; NaN where the matrix is not finite, and for those that the QR
    /// algorithm did not find.
    let eigenvalues (a: float[,]) : Complex[] =
        let n = a.GetLength 0

        if not (Finite.matrix a) then
            Array.create n (Complex(nan, nan))
        else
            let entries = Array.zeroCreate (n * n)
            Buffer.BlockCopy(a, 0, entries, 0, Buffer.ByteLength a)

            if isSymmetric a then
                DenseEigenvalues.Symmetric(entries, n) |> Array.map Complex.op_Implicit
            else
                let real, imaginary = Array.zeroCreate n, Array.zeroCreate n
                DenseEigenvalues.General(entries, n, real, imaginary) |> ignore

                Array.map2 (fun real imaginary -> Complex(real, imaginary)) real imaginary
                |> Array.sortBy (fun value -> struct (value.Real, value.Imaginary))

    let private rounding = 2.0 ** -52.0

    /// The decomposition of a symmetric matrix is that of one within so many roundings of it, in the Frobenius norm.
    let private symmetricRoundings = 8.0

    /// The eigenvalues by real, then imaginary part, each with its condition and its error.
    let conditionedEigenvalues (a: float[,]) : ConditionedEigenvalue[] =
        let n = a.GetLength 0

        if not (Finite.matrix a) then
            Array.create n {
                Value = Complex(nan, nan)
                Condition = infinity
                Error = infinity
            }
        elif isSymmetric a then
            let error = symmetricRoundings * rounding * norm a

            eigenvalues a
            |> Array.map (fun value -> {
                Value = value
                Condition = 1.0
                Error = error
            })
        else
            let entries = Array.zeroCreate (n * n)
            Buffer.BlockCopy(a, 0, entries, 0, Buffer.ByteLength a)
            let numbers () = Array.zeroCreate<float> n

            let real, imaginary, condition, error =
                numbers (), numbers (), numbers (), numbers ()

            DenseEigenvalues.General(entries, n, real, imaginary, condition, error)
            |> ignore

            Array.init n (fun k -> {
                Value = Complex(real[k], imaginary[k])
                Condition = condition[k]
                Error = error[k]
            })
            |> Array.sortBy (fun found -> struct (found.Value.Real, found.Value.Imaginary))

    /// A11 − A12 A22⁻¹ A21 for the rows and columns named; NaN or infinite where A22 is singular.
    let schur (kept: int[]) (removed: int[]) (a: float[,]) =
        if removed.Length = 0 then
            select kept kept a
        elif not (Finite.matrix a) then
            Array2D.create kept.Length kept.Length nan
        else
            let block rows columns : Matrix<float> =
                DenseMatrix.OfArray(select rows columns a)

            let reaction = (block removed removed).LU().Solve(block removed kept)
            (block kept kept - block kept removed * reaction).ToArray()

    /// U diag(S) VT.
    type SingularValues = {
        /// Of every column of U a left singular vector; null unless wanted.
        U: Matrix<float>
        /// Descending.
        S: Vector<float>
        /// Of every row a right singular vector; null unless wanted.
        VT: Matrix<float>
    }

    /// The one way to singular values: none for a matrix that is not finite, and for one on which the QR iteration of
    /// neither the matrix nor its transpose converges. Squares of entries far from 1 would overflow in it or vanish, so it
    /// sees the matrix with its greatest entry scaled to about 1, by a power of two.
    let singularValues wantsVectors (a: float[,]) : SingularValues voption =
        let greatest =
            a |> Seq.cast<float> |> Seq.fold (fun most entry -> max most (abs entry)) 0.0

        if a.Length = 0 || not (Finite.matrix a) then
            ValueNone
        else
            // In two factors, for 2^1074 is no number.
            let exponent = if greatest = 0.0 then 0 else Math.ILogB greatest

            let scale by matrix =
                matrix |> Array2D.map (fun entry -> Math.ScaleB(entry, by))

            let back (values: Vector<float>) =
                values.Map(fun value -> Math.ScaleB(value, exponent))

            let scaled = DenseMatrix.OfArray(scale -exponent a)

            try
                let found = scaled.Svd wantsVectors

                ValueSome {
                    U = found.U
                    S = back found.S
                    VT = found.VT
                }
            with :? MathNet.Numerics.NonConvergenceException ->
                try
                    let found = scaled.Transpose().Svd wantsVectors

                    ValueSome {
                        U = if wantsVectors then found.VT.Transpose() else null
                        S = back found.S
                        VT = if wantsVectors then found.U.Transpose() else null
                    }
                with :? MathNet.Numerics.NonConvergenceException ->
                    ValueNone

    /// Least over greatest singular value: 0 for a singular matrix, 1 for an empty one, NaN where there are none.
    let reciprocalCondition (a: float[,]) =
        if a.Length = 0 then
            1.0
        else
            match singularValues false a with
            | ValueNone -> nan
            | ValueSome found when found.S.Maximum() = 0.0 -> 0.0
            | ValueSome found -> found.S.Minimum() / found.S.Maximum()

    /// The least singular value: infinite for an empty matrix, NaN where there are none.
    let leastSingularValue (a: float[,]) =
        if a.Length = 0 then
            infinity
        else
            match singularValues false a with
            | ValueNone -> nan
            | ValueSome found -> found.S.Minimum()

    /// ‖A‖₂: 0 for an empty matrix, NaN where there are no singular values.
    let greatestSingularValue (a: float[,]) =
        if a.Length = 0 then
            0.0
        else
            match singularValues false a with
            | ValueNone -> nan
            | ValueSome found -> found.S.Maximum()

    /// Unit vectors that span what a square matrix takes to less than the threshold.
    let nullVectors (threshold: float) (a: float[,]) : float[][] =
        match singularValues true a with
        | ValueNone -> [||]
        | ValueSome svd -> [|
            for k in 0 .. svd.S.Count - 1 do
                if svd.S[k] <= threshold then
                    svd.VT.Row(k).ToArray()
          |]

    /// b ↦ the least y with A y = b, as far as the singular values above a share of the greatest go, and b − A y. None for a
    /// matrix without singular values.
    let leastNorm (share: float) (a: float[,]) : (float[] -> struct (float[] * float[])) voption =
        singularValues true a
        |> ValueOption.map (fun svd ->
            let matrix, least = DenseMatrix.OfArray a, share * svd.S.Maximum()

            fun b ->
                let right = DenseVector b
                let count = svd.S.Count
                let coefficients = svd.U.TransposeThisAndMultiply(right).SubVector(0, count)

                let y =
                    svd.VT
                        .SubMatrix(0, count, 0, svd.VT.ColumnCount)
                        .TransposeThisAndMultiply(
                            svd.S.Map2((fun s c -> if s > least then c / s else 0.0), coefficients)
                        )

                struct (y.ToArray(), (right - matrix * y).ToArray()))

    /// Up to this size Levenberg and Marquardt's step comes from a singular value decomposition, which takes a tenth of a
    /// second here and, at a thousand, minutes.
    let private decomposedUpTo = 200

    /// None where there are no singular values.
    let private bySingularValues (μ: float) (jacobian: float[,]) (f: float[]) : float[] voption =
        singularValues true jacobian
        |> ValueOption.map (fun svd ->
            let coefficients = svd.U.TransposeThisAndMultiply(DenseVector f)

            let scaled =
                svd.S.Map2((fun s c -> if s = 0.0 then 0.0 else -s / (s * s + μ) * c), coefficients)

            svd.VT.TransposeThisAndMultiply(scaled).ToArray())

    /// Below this share of ‖J‖², rounding makes the normal equations' small eigenvalues; they are regular above it.
    let private leastRegular = 1e-14

    /// How often the solution is corrected by its residual where the equations' damping had to be raised.
    let private corrections = 2

    /// (JᵀJ + μ I) δ = −Jᵀ f. Where μ is too small for these equations, their damping is raised and the step corrected
    /// for it, which leaves a singular value s the share (μ' / (s² + μ'))³ of its error.
    let private byNormalEquations (μ: float) (jacobian: float[,]) (f: float[]) : float[] =
        let J, f = Tensor.ofArray2D jacobian, Tensor.ofArray f
        let gram = Tensor.matmul J.T J
        let damping = max μ (leastRegular * float (Tensor.trace gram))
        let damped = gram + damping * Tensor.eye (jacobian.GetLength 1)

        let correct (δ: Tensor) =
            let slope = Tensor.matmul J.T (f + Tensor.matmul J δ) + μ * δ
            δ - Tensor.solve damped slope

        let first = correct (Tensor.zeros [ jacobian.GetLength 1 ])

        let step =
            if damping > μ then
                Seq.fold (fun δ _ -> correct δ) first (seq { 1..corrections })
            else
                first

        step.ToArray()

    /// The step of Levenberg and Marquardt, the least of |J δ + f|² + μ |δ|²; the least-norm Newton step as μ → 0.
    let levenbergMarquardt (μ: float) (jacobian: float[,]) (f: float[]) : float[] =
        // A power of two near the greatest entry: no product overflows or is lost.
        let greatest =
            jacobian
            |> Seq.cast<float>
            |> Seq.fold (fun most entry -> max most (abs entry)) 0.0

        if greatest = 0.0 then
            Array.zeroCreate (jacobian.GetLength 1)
        else
            let scale = Math.ScaleB(1.0, -(max -1000 (min 1000 (Math.ILogB greatest))))
            let jacobian = jacobian |> Array2D.map (fun entry -> scale * entry)
            let f = f |> Array.map (fun entry -> scale * entry)
            let μ = min Double.MaxValue (scale * μ * scale)

            if f.Length <= decomposedUpTo then
                bySingularValues μ jacobian f
                |> ValueOption.defaultWith (fun () -> byNormalEquations μ jacobian f)
            else
                byNormalEquations μ jacobian f
