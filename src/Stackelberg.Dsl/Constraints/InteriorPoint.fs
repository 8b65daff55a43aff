namespace Stackelberg

open System
open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.LinearAlgebra.Double

/// How a nonlinear programme's solution ended.
[<RequireQualifiedAccess>]
type internal ProgrammeEnding =
    | Solved
    /// A least violation of the constraints that is not zero.
    | Infeasible
    /// The cost falls without an end.
    | Unbounded
    | NotFinite
    | OutOfIterations

/// Where a nonlinear programme's solution ended.
type internal ProgrammeSolution = {
    Z: float[]
    Inequality: float[]
    Equality: float[]
    Cost: float
    /// The greatest violation of a constraint.
    Violation: float
    Iterations: int
    Ending: ProgrammeEnding
}

/// <summary>A primal–dual interior-point method with a line search on an ℓ₁ merit function (Nocedal and Wright 2006, chapter
/// 19, algorithm 19.2; Wächter and Biegler 2006 for scaling, the barrier's schedule and the multipliers' safeguard), dense.</summary>
module internal InteriorPoint =

    let private tolerance, limit = 1e-10, 300

    /// Beyond these a cost falls without an end.
    let private farAway, farDown = 1e14, -1e18

    /// Gradients longer than this are scaled to it.
    let private longest = 100.0

    /// The merit function falls by this share of its slope; how often a step is halved.
    let private sufficient, halvings = 1e-4, 30

    let private norm1 (v: Vector<float>) = v.L1Norm()

    let private greatest (v: Vector<float>) =
        if v.Count = 0 then 0.0 else v.InfinityNorm()

    let private vector (values: float[]) : Vector<float> = DenseVector.OfArray values
    let private matrix (values: float[,]) : Matrix<float> = DenseMatrix.OfArray values

    /// ‖A‖_F of a dense matrix. MathNet's own takes it from A Aᵀ, a product.
    let private frobenius (a: Matrix<float>) =
        (DenseVector(a.AsColumnMajorArray()): Vector<float>).L2Norm()

    /// What each row is multiplied by.
    let private scales (rows: float[,]) =
        Array.init (rows.GetLength 0) (fun i ->
            let most =
                Seq.fold (fun most j -> max most (abs rows[i, j])) 0.0 (seq { 0 .. rows.GetLength 1 - 1 })

            if most > longest then longest / most else 1.0)

    /// Gᵀ. Column after column of G is row after row of it.
    let private transposed (G: Matrix<float>) =
        Tensor.reshape [ G.ColumnCount; G.RowCount ] (Tensor.ofArray (G.ToColumnMajorArray()))

    /// Gᵀ diag(Σ) G.
    let private weightedSquare (transposed: Tensor) (Σ: Vector<float>) : Matrix<float> =
        let n = transposed.Shape[0]
        let half = transposed * sqrt (Tensor.ofArray (Σ.ToArray()))
        DenseMatrix(n, n, (Tensor.matmul half (Tensor.transpose half)).ToArray())

    let private choleskyOf (a: Matrix<float>) =
        try
            ValueSome(a.Cholesky())
        with :? ArgumentException ->
            // What MathNet raises for a matrix that is not positive definite.
            ValueNone

    /// Solves [M Eᵀ; E 0] (dz, ν) = (r, −h) with M raised until it is positive definite where E dz = 0.
    let private step
        (curvature: Matrix<float>)
        (E: Matrix<float>)
        (r: Vector<float>)
        (h: Vector<float>)
        (last: float)
        =
        let n, m = curvature.RowCount, E.RowCount
        let size = max 1e-300 (frobenius curvature)

        let pressed =
            if m = 0 then
                curvature
            else
                let weight = 10.0 * size / max 1e-300 ((frobenius E) ** 2.0)
                curvature + weight * E.TransposeThisAndMultiply E

        let rec attempt δ count =
            let raised =
                if δ = 0.0 then
                    pressed
                else
                    pressed + δ * DenseMatrix.CreateIdentity n

            match choleskyOf raised with
            | ValueNone when count > 60 -> ValueNone
            | ValueNone -> attempt (if δ = 0.0 then max (1e-8 * size) (last / 4.0) else 8.0 * δ) (count + 1)
            | ValueSome factor when m = 0 -> ValueSome(struct (factor.Solve r, vector [||], δ))
            | ValueSome factor ->
                let weight = 10.0 * size / max 1e-300 ((frobenius E) ** 2.0)
                let right = r - weight * E.TransposeThisAndMultiply h
                let back = factor.Solve(E.Transpose())
                let mutable between = E * back

                between <- between + 1e-14 * max 1e-300 (frobenius between) * DenseMatrix.CreateIdentity m

                let plain = factor.Solve right

                match choleskyOf between with
                | ValueNone when count > 60 -> ValueNone
                | ValueNone -> attempt (max (1e-8 * size) (8.0 * δ)) (count + 1)
                | ValueSome outer ->
                    let ν = outer.Solve(E * plain + h)
                    // Once more for what rounding left of E dz = −h.
                    let dz = plain - back * ν
                    let more = outer.Solve(E * dz + h)
                    ValueSome(struct (dz - back * more, ν + more, δ))

        attempt 0.0 0

    /// The longest step at most 1 that leaves a share of every entry.
    let private longestStep (share: float) (s: Vector<float>) (ds: Vector<float>) =
        let mutable α = 1.0

        for i in 0 .. s.Count - 1 do
            if ds[i] < 0.0 then
                α <- min α (-share * s[i] / ds[i])

        α

    /// <param name="programme">The programme.</param>
    /// <param name="p">Its parameters.</param>
    /// <param name="start">Where to begin, not necessarily inside.</param>
    let solve (programme: Programme) (p: float[]) (start: float[]) : ProgrammeSolution =
        let n, m = programme.Variables, programme.Inequalities

        let first =
            programme.Slopes start p 1.0 (Array.zeroCreate m) (Array.zeroCreate programme.Equalities)

        let ofCost = (scales (Array2D.init 1 n (fun _ j -> first.Gradient[j])))[0]

        let ofRows, ofEqualities =
            vector (scales first.InequalitySlopes), vector (scales first.EqualitySlopes)

        let at (z: Vector<float>) =
            let found = programme.Values (z.ToArray()) p

            struct (ofCost * found.Cost,
                    (vector found.Inequalities).PointwiseMultiply ofRows,
                    (vector found.Equalities).PointwiseMultiply ofEqualities)

        // A quadratic programme's matrices: G, its transpose, E and H.
        let mutable same = ValueNone

        let slopesAnew (z: Vector<float>) (λ: Vector<float>) (ν: Vector<float>) =
            let found =
                programme.Slopes
                    (z.ToArray())
                    p
                    ofCost
                    (λ.PointwiseMultiply(ofRows).ToArray())
                    (ν.PointwiseMultiply(ofEqualities).ToArray())

            let rows (scale: Vector<float>) (a: float[,]) =
                let scaled = matrix a

                for i in 0 .. scale.Count - 1 do
                    if scale[i] <> 1.0 then
                        scaled.SetRow(i, scale[i] * scaled.Row i)

                scaled

            let G = rows ofRows found.InequalitySlopes

            let matrices =
                struct (G, lazy (transposed G), rows ofEqualities found.EqualitySlopes, matrix found.Hessian)

            if programme.IsQuadratic then
                same <- ValueSome matrices

            struct (ofCost * vector found.Gradient, matrices)

        let slopes (z: Vector<float>) (λ: Vector<float>) (ν: Vector<float>) =
            match same with
            | ValueSome matrices -> struct (ofCost * vector (programme.Gradient (z.ToArray()) p), matrices)
            | ValueNone -> slopesAnew z λ ν

        let solution (z: Vector<float>) (λ: Vector<float>) (ν: Vector<float>) iterations ending =
            let found = programme.Values (z.ToArray()) p

            {
                Z = z.ToArray()
                Inequality = (λ.PointwiseMultiply ofRows / ofCost).ToArray()
                Equality = (ν.PointwiseMultiply ofEqualities / ofCost).ToArray()
                Cost = found.Cost
                Violation =
                    Seq.append (Seq.map (max 0.0) found.Inequalities) (Seq.map abs found.Equalities)
                    |> Seq.fold max 0.0
                Iterations = iterations
                Ending = ending
            }

        let mutable z = vector start
        let mutable μ, ρ, lastδ = 0.1, 1.0, 0.0
        let struct (_, g0, _) = at z
        let mutable s = g0.Map(fun value -> max 1e-2 -value)
        let mutable λ = s.Map(fun value -> μ / value)
        let mutable ν: Vector<float> = DenseVector.Create(programme.Equalities, 0.0)
        let mutable result = ValueNone
        let mutable k, idle = 0, 0

        while result.IsNone do
            let struct (φ, g, h) = at z

            if not (Double.IsFinite φ && Finite.all (g.ToArray()) && Finite.all (h.ToArray())) then
                result <- ValueSome(solution z λ ν k ProgrammeEnding.NotFinite)
            else
                let struct (slope, struct (G, transposedG: Lazy<Tensor>, E, H)) = slopes z λ ν

                if not (Finite.all (H.AsColumnMajorArray()) && Finite.all (slope.ToArray())) then
                    result <- ValueSome(solution z λ ν k ProgrammeEnding.NotFinite)
                else
                    let dual = slope + G.TransposeThisAndMultiply λ + E.TransposeThisAndMultiply ν
                    let inside = g + s
                    let multipliers = norm1 λ + norm1 ν
                    let few = max 1.0 (multipliers / float (max 1 (m + ν.Count)) / longest)

                    let error (μ: float) =
                        let products = s.PointwiseMultiply λ - μ

                        max
                            (max (greatest dual / few) (greatest products / few))
                            (max (greatest inside) (greatest h))

                    let violated = norm1 inside + norm1 h

                    if error 0.0 <= tolerance then
                        result <- ValueSome(solution z λ ν k ProgrammeEnding.Solved)
                    elif greatest z > farAway || (φ < farDown && violated <= 1e-6) then
                        result <- ValueSome(solution z λ ν k ProgrammeEnding.Unbounded)
                    elif k >= limit || idle >= 6 then
                        let found = solution z λ ν k ProgrammeEnding.OutOfIterations

                        let ending =
                            if error 0.0 <= 1e3 * tolerance then ProgrammeEnding.Solved
                            elif found.Violation > 1e-6 then ProgrammeEnding.Infeasible
                            else ProgrammeEnding.OutOfIterations

                        result <- ValueSome { found with Ending = ending }
                    else
                        while error μ <= 10.0 * μ && μ > tolerance / 10.0 do
                            μ <- max (tolerance / 10.0) (min (0.2 * μ) (μ ** 1.5))

                        let Σ = λ.PointwiseDivide s
                        let barrier = s.Map(fun value -> μ / value)

                        let curvature = if m = 0 then H else H + weightedSquare transposedG.Value Σ

                        let right =
                            -(slope + G.TransposeThisAndMultiply(barrier + Σ.PointwiseMultiply inside))

                        match step curvature E right h lastδ with
                        | ValueNone -> idle <- 6
                        | ValueSome(struct (dz, next, δ)) ->
                            lastδ <- δ
                            let ds = -inside - G * dz
                            let dλ = barrier - λ - Σ.PointwiseMultiply ds
                            let share = max 0.99 (1.0 - μ)
                            let αs, αλ = longestStep share s ds, longestStep share λ dλ

                            let falls = slope * dz - barrier * ds
                            let bend = max 0.0 (dz * (H * dz) + ds * Σ.PointwiseMultiply ds)

                            if violated > 0.0 then
                                let needed = (falls + 0.5 * bend) / (0.9 * violated)

                                if needed > ρ then
                                    ρ <- 2.0 * needed

                            let merit φ (s: Vector<float>) (g: Vector<float>) h =
                                φ - μ * Seq.sumBy log s + ρ * (norm1 (g + s) + norm1 h)

                            let here = merit φ s g h
                            let slopeOfMerit = falls - ρ * violated

                            let reaches α =
                                let nextZ, nextS = z + α * dz, s + α * ds
                                let struct (φ, g, h) = at nextZ
                                // A slack that is less than what the constraint leaves would only cost.
                                let nextS = nextS.PointwiseMaximum(-g)
                                let there = merit φ nextS g h

                                if there <= here + sufficient * α * slopeOfMerit + 1e-13 * abs here then
                                    ValueSome(struct (nextZ, nextS))
                                else
                                    ValueNone

                            let rec search α count =
                                match reaches α with
                                | ValueSome found -> ValueSome(struct (α, found))
                                | ValueNone when count >= halvings -> ValueNone
                                | ValueNone -> search (0.5 * α) (count + 1)

                            match search αs 0 with
                            | ValueSome(struct (α, struct (nextZ, nextS))) ->
                                idle <- (if α < 1e-8 then idle + 1 else 0)
                                z <- nextZ
                                s <- nextS
                                ν <- ν + α * (next - ν)
                                λ <- λ + αλ * dλ
                            | ValueNone ->
                                // The barrier's path is lost: multipliers begin anew.
                                idle <- idle + 1
                                ρ <- 1.0
                                s <- (-g).Map(fun value -> max (min 1e-2 (sqrt μ)) value)
                                λ <- s.Map(fun value -> μ / value)
                                ν <- next

                            λ <-
                                λ.MapIndexed(fun i value ->
                                    max (μ / (1e10 * s[i])) (min (1e10 * μ / s[i]) value))

                            k <- k + 1

        result.Value
