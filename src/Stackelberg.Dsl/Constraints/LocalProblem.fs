namespace Stackelberg

open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.LinearAlgebra.Double

/// A minimisation at a point at which it is feasible, linearised, with the constraints that are active.
type internal LocalProblem = {
    Gradient: float[]
    /// Rows that are 0.
    Equalities: float[,]
    /// Active rows that are at most 0.
    Active: float[,]
    /// The Hessian of the Lagrangian for multipliers of the active rows and of the equalities.
    Hessian: float[] -> float[] -> float[,]
    /// What the entries of the variables that count are measured by; infinite for those that do not.
    Scales: float[]
    /// Along how many of the first variables directions are measured: all, but those of followers, who answer.
    Measured: int
    /// How much the gradient changes where all strategies move by their own lengths: less than a small share of it is nothing.
    Typical: float
    /// What the doubts call the curvature.
    Words: string
}

/// What a linearised minimisation says.
type internal LocalVerdict = {
    /// Of the active rows, at least 0, and of the equalities.
    Multipliers: float[]
    EqualityMultipliers: float[]
    /// Of the active rows, those whose multiplier is zero for all that can be told.
    Weak: int[]
    /// Whether the rows are linearly independent.
    IsQualified: bool
    /// ‖gradient of the Lagrangian‖₂.
    Residual: float
    /// The Newton step that is left in the variables.
    Step: float[]
    /// Whether that step balances the gradient: not where the curvature along the gradient is zero.
    IsStepWhole: bool
    IsCritical: Judgement
    /// Whether the Lagrangian's curvature is positive along all critical directions.
    SecondOrder: Judgement
    /// The curvature's eigenvalues along the directions in which all rows that press stay at 0.
    Curvatures: float[]
}

module internal LocalProblems =

    /// Rows count as dependent below this singular value of unit rows; a multiplier is zero below this share of the forces
    /// at work; a gradient below this share of them is balanced.
    let private dependentBelow, weakBelow, balanced = 1e-9, 1e-7, 1e-10

    let length (v: float[]) =
        sqrt (v |> Array.sumBy (fun entry -> entry * entry))

    let private row (a: float[,]) i =
        Array.init (a.GetLength 1) (fun j -> a[i, j])

    let rows (a: float[,]) = Array.init (a.GetLength 0) (row a)

    /// Unit rows and their lengths.
    let private unit (a: float[][]) =
        let lengths = a |> Array.map length

        struct (Array.map2
                    (fun row size ->
                        if size = 0.0 then
                            row
                        else
                            row |> Array.map (fun entry -> entry / size))
                    a
                    lengths,
                lengths)

    /// An orthonormal basis, by columns, of the directions that unit rows take to zero, and whether these are independent.
    let nullSpace (n: int) (unitRows: float[][]) : struct (Matrix<float> * bool) =
        if unitRows.Length = 0 then
            struct (DenseMatrix.CreateIdentity n, true)
        else
            // Rows of zeros make the matrix square, so that the decomposition gives all of V.
            let padded =
                Array.append unitRows (Array.init (max 0 (n - unitRows.Length)) (fun _ -> Array.zeroCreate n))

            match Dense.singularValues true (array2D padded) with
            | ValueNone -> struct (DenseMatrix.CreateIdentity n, false)
            | ValueSome svd ->
                let rank = svd.S |> Seq.filter (fun value -> value > dependentBelow) |> Seq.length

                let basis = DenseMatrix.Create(n, n - rank, (fun i j -> svd.VT[rank + j, i]))
                struct (basis, rank = unitRows.Length)

    /// The y ≥ 0 with the least ‖b − A y‖ (Lawson and Hanson 1974, chapter 23).
    let nonNegative (a: Matrix<float>) (b: Vector<float>) : float[] =
        let m = a.ColumnCount
        let y = Array.zeroCreate<float> m
        let inside = Array.create m false
        let slack = 1e-12 * max 1e-300 (b.L2Norm())

        let solveInside () =
            let kept = [| 0 .. m - 1 |] |> Array.filter (fun j -> inside[j])

            let matrix =
                DenseMatrix.OfColumns(kept |> Seq.map (fun j -> a.Column j :> seq<float>))

            match Dense.leastNorm 1e-12 (matrix.ToArray()) with
            | ValueNone -> struct (kept, Array.zeroCreate kept.Length)
            | ValueSome solve ->
                let struct (found, _) = solve (b.ToArray())
                struct (kept, found)

        let rec settle count =
            let struct (kept, found) = solveInside ()

            if Array.forall (fun value -> value > 0.0) found || count > 3 * m then
                Array.fill y 0 m 0.0
                kept |> Array.iteri (fun k j -> y[j] <- max 0.0 found[k])
            else
                // As far towards it as all stay at least 0.
                let mutable α = 1.0

                kept
                |> Array.iteri (fun k j ->
                    if found[k] <= 0.0 then
                        α <- min α (y[j] / (y[j] - found[k])))

                kept |> Array.iteri (fun k j -> y[j] <- y[j] + α * (found[k] - y[j]))

                for j in kept do
                    if y[j] <= 1e-14 * max 1e-300 (Array.max y) then
                        y[j] <- 0.0
                        inside[j] <- false

                if Array.contains true inside then
                    settle (count + 1)

        let rec go count =
            let pull = a.TransposeThisAndMultiply(b - a * DenseVector.OfArray y)

            let best =
                [| 0 .. m - 1 |] |> Array.filter (fun j -> not inside[j] && pull[j] > slack)

            if best.Length > 0 && count < 3 * m + 3 then
                inside[best |> Array.maxBy (fun j -> pull[j])] <- true
                settle 0
                go (count + 1)

        if m > 0 then
            go 0

        y

    /// The Hessian along the columns of a basis, made orthonormal in the first variables where they are independent there, and
    /// what rounding of the Hessian makes of it.
    let private along (measured: int) (H: Matrix<float>) (basis: Matrix<float>) : struct (float[,] * float) =
        let scaled =
            if measured = basis.RowCount then
                basis
            else
                let top = basis.SubMatrix(0, measured, 0, basis.ColumnCount)

                match Dense.singularValues true (top.ToArray()) with
                | ValueSome svd when
                    basis.ColumnCount <= measured
                    && svd.S.Minimum() > dependentBelow * svd.S.Maximum()
                    ->
                    let back = svd.VT.Transpose()

                    basis * back |> _.MapIndexed(fun _ j value -> value / svd.S[j])
                | _ -> basis

        let longest = scaled.L2Norm()

        struct (scaled.TransposeThisAndMultiply(H * scaled).ToArray() |> Dense.symmetricPart,
                H.FrobeniusNorm() * longest * longest)

    let private isPositive tolerances rounding words (struct (curvature: float[,], whole: float)) =
        Judgement.isPositiveDefinite
            words
            (tolerances.Axis * Dense.norm curvature + rounding * whole)
            curvature

    /// Whether the Lagrangian's curvature is positive along all directions in which the pressing rows stay at 0.
    let curvature
        tolerances
        rounding
        (problem: LocalProblem)
        (pressing: int[])
        (λ: float[])
        (ν: float[])
        : Judgement =
        let n = problem.Gradient.Length
        let struct (E, _) = unit (rows problem.Equalities)
        let struct (G, _) = unit (rows problem.Active)

        let struct (basis, _) =
            nullSpace n (Array.append E (pressing |> Array.map (fun i -> G[i])))

        let hessian = problem.Hessian λ ν

        if basis.ColumnCount = 0 then
            Judgement.plain Verdict.Yes
        elif not (Finite.matrix hessian) then
            Judgement.because (invariant $"{problem.Words}: not finite")
        else
            let H = DenseMatrix.OfArray hessian

            along problem.Measured H basis |> isPositive tolerances rounding problem.Words

    /// Whether rows that are at most 0 leave no direction of a basis but zero (Stiemke 1915: positive weights combine them to
    /// zero, and they are of full rank).
    let private isPinned (basis: Matrix<float>) (some: float[][]) =
        some.Length > basis.ColumnCount
        && (let rows = (DenseMatrix.OfRowArrays some: Matrix<float>) * basis

            match Dense.singularValues false (rows.ToArray()) with
            | ValueSome svd when svd.S[basis.ColumnCount - 1] > dependentBelow ->
                let a = rows.Transpose()
                let b = -(a * DenseVector.Create(some.Length, 1.0))
                let left = b - a * DenseVector.OfArray(nonNegative a b)
                left.L2Norm() <= dependentBelow * float some.Length
            | _ -> false)

    /// The multipliers, the step that is left and the curvature of a minimisation.
    let judge tolerances rounding (problem: LocalProblem) : LocalVerdict =
        let n = problem.Gradient.Length
        let struct (E, equalityLengths) = unit (rows problem.Equalities)
        let struct (G, lengths) = unit (rows problem.Active)
        let struct (_, isQualified) = nullSpace n (Array.append E G)
        let struct (within, _) = nullSpace n E
        let gradient: Vector<float> = DenseVector.OfArray problem.Gradient

        let λ =
            if G.Length = 0 then
                [||]
            else
                let columns =
                    within.TransposeThisAndMultiply(DenseMatrix.OfColumnArrays G: Matrix<float>)

                nonNegative columns (-(within.TransposeThisAndMultiply gradient))

        let pushed =
            Array.fold2
                (fun (sum: Vector<float>) (force: float) (row: float[]) ->
                    sum + force * (DenseVector.OfArray row))
                gradient
                λ
                G

        let ν =
            if E.Length = 0 then
                [||]
            else
                match Dense.leastNorm 1e-12 ((DenseMatrix.OfColumnArrays E: Matrix<float>).ToArray()) with
                | ValueNone -> Array.create E.Length nan
                | ValueSome solve ->
                    let struct (found, _) = solve ((-pushed).ToArray())
                    found

        let residual =
            Array.fold2
                (fun (sum: Vector<float>) (force: float) (row: float[]) ->
                    sum + force * (DenseVector.OfArray row))
                pushed
                ν
                E

        let forces =
            Seq.concat [
                Seq.singleton (gradient.L2Norm())
                Seq.singleton problem.Typical
                Seq.map abs λ
                Seq.map abs ν
            ]
            |> Seq.max

        let weak =
            [| 0 .. λ.Length - 1 |]
            |> Array.filter (fun i -> forces = 0.0 || λ[i] <= weakBelow * forces)

        let over (lengths: float[]) (values: float[]) =
            Array.map2 (fun value size -> if size = 0.0 then 0.0 else value / size) values lengths

        let multipliers, equalityMultipliers = over lengths λ, over equalityLengths ν
        let hessian = problem.Hessian multipliers equalityMultipliers
        let H = DenseMatrix.OfArray hessian

        let pressing =
            G
            |> Array.indexed
            |> Array.filter (fun (i, _) -> not (Array.contains i weak))
            |> Array.map snd

        let struct (critical, _) = nullSpace n (Array.append E pressing)
        let struct (inner, _) = nullSpace n (Array.append E G)

        let judgeOn basis =
            along problem.Measured H basis |> isPositive tolerances rounding problem.Words

        let secondOrder =
            if not (Finite.matrix hessian) then
                Judgement.because (invariant $"{problem.Words}: not finite")
            elif critical.ColumnCount = 0 then
                Judgement.plain Verdict.Yes
            else
                match judgeOn critical with
                | { Verdict = Verdict.Yes } as yes -> yes
                | other when weak.Length = 0 -> other
                | _ when isPinned critical (weak |> Array.map (fun i -> G[i])) -> Judgement.plain Verdict.Yes
                | _ when inner.ColumnCount > 0 && (judgeOn inner).Verdict = Verdict.No ->
                    Judgement.plain Verdict.No
                | _ ->
                    Judgement.because (
                        (invariant
                            $"{problem.Words} is not positive in all directions that {weak.Length} constraints without pressure leave half open")
                    )

        let left = residual.L2Norm()

        let struct (step, unexplained) =
            let reduced = critical.TransposeThisAndMultiply residual
            let apart = (residual - critical * reduced).L2Norm()

            if critical.ColumnCount = 0 then
                struct (Array.zeroCreate n, apart)
            else
                match Dense.leastNorm 1e-12 (critical.TransposeThisAndMultiply(H * critical).ToArray()) with
                | ValueNone -> struct (Array.create n infinity, apart)
                | ValueSome solve ->
                    let struct (found, rest) = solve ((-reduced).ToArray())
                    struct ((critical * DenseVector.OfArray found).ToArray(), apart + length rest)

        let relative =
            Array.map2 (fun step scale -> abs step / scale) step problem.Scales
            |> Array.fold max 0.0

        let isCritical =
            if not (Finite.all problem.Gradient) then
                Judgement.because "the gradient: not finite"
            elif
                left <= balanced * forces
                || (unexplained <= balanced * forces && relative <= tolerances.Critical)
            then
                Judgement.plain Verdict.Yes
            else
                Judgement.plain Verdict.No

        {
            Multipliers = multipliers
            EqualityMultipliers = equalityMultipliers
            Weak = weak
            IsQualified = isQualified
            Residual = left
            Step = step
            IsStepWhole = unexplained <= balanced * forces
            IsCritical = isCritical
            SecondOrder = secondOrder
            Curvatures =
                if critical.ColumnCount = 0 then
                    [||]
                else
                    let struct (curvature, _) = along problem.Measured H critical
                    Dense.eigenvalues curvature |> Array.map _.Real
        }
