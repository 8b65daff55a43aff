namespace Stackelberg

open System
open System.Numerics
open Stackelberg.Kernels

/// Lanczos' and Arnoldi's searches for eigenvalues, restarted as by Krylov and Schur.
[<Sealed>]
type internal Krylov
    (settings: EigenSettings, isSymmetric: bool, n: int, size: int, apply: Action<float[], float[]>) =

    let basis = KrylovBasis(n, size + 1)
    let random = Philox(settings.Seed, 0UL)
    let w: float[] = Array.zeroCreate n
    let coefficients: float[] = Array.zeroCreate (size + 1)

    /// Row i, column j: the part of A v_j along v_i. One row more than columns.
    let h = Array2D.zeroCreate<float> (size + 1) size
    let mutable products = 0
    let mutable restarts = 0
    let mutable scale = 0.0
    let mutable isFinite = true

    /// What of a product counts as rounding.
    let rounding = 1e-14

    let multiply (v: float[]) =
        apply.Invoke(v, w)
        products <- products + 1

        let mutable square = 0.0

        for entry in w do
            square <- square + entry * entry

        isFinite <- isFinite && Double.IsFinite square
        scale <- max scale (sqrt square)

    /// Makes v_j a random unit vector orthogonal to those before.
    let drawVector j =
        random.FillNormal(w, 0, n)
        let length = basis.Orthogonalise(w, j, coefficients)
        basis.Set(j, w, 1.0 / length)

    let expand from =
        let mutable j = from

        while j < size && isFinite do
            multiply basis[j]

            if isFinite then
                let length = basis.Orthogonalise(w, j + 1, coefficients)

                for i in 0..j do
                    h[i, j] <- coefficients[i]

                // An invariant subspace: what is left is rounding, and the search goes on beside it.
                if length > rounding * scale then
                    h[j + 1, j] <- length
                    basis.Set(j + 1, w, 1.0 / length)
                else
                    h[j + 1, j] <- 0.0

                    if j + 1 < n then
                        drawVector (j + 1)

            j <- j + 1

    let project () =
        let matrix = Array.init (size * size) (fun at -> h[at / size, at % size])
        Projection.decompose isSymmetric size matrix (Array.init size (fun j -> h[size, j]))

    /// The subspace of the projection's first columns, with A's part in it and, if it is to go on, the row that leaves.
    let restart (p: Projection) kept goesOn =
        basis.Rotate(p.Z, size, kept)
        Array.Clear(h :> Array)

        for i in 0 .. kept - 1 do
            for j in 0 .. kept - 1 do
                h[i, j] <- p.T[i * size + j]

        if goesOn then
            // v_size leaves the subspace, and now stands behind those that are kept.
            basis.Set(kept, basis[size], 1.0)

            for j in 0 .. kept - 1 do
                h[kept, j] <- p.Leaving[j]
        else
            drawVector kept

        restarts <- restarts + 1

    /// Blocks in the order in which they are wanted; where both ends are, from the ends inwards.
    let inOrder (p: Projection) =
        let byReal =
            Projection.blocks p
            |> Array.sortBy (fun k ->
                let value = RealSchur.EigenvalueAt(p.T, size, k)
                struct (value.Real, value.Imaginary))

        match settings.Which with
        | Which.SmallestReal -> byReal
        | Which.LargestReal -> Array.rev byReal
        | Which.BothEnds ->
            let last = byReal.Length - 1

            Array.init byReal.Length (fun i -> if i % 2 = 0 then byReal[i / 2] else byReal[last - i / 2])

    let sizeAt (p: Projection) k = RealSchur.SizeAt(p.T, size, k)

    /// So many of the blocks, from the front, that each end has as many rows as it takes.
    let take (p: Projection) count (ordered: int[]) =
        let ends = if settings.Which = Which.BothEnds then 2 else 1
        let rows = Array.zeroCreate ends

        ordered
        |> Array.indexed
        |> Array.filter (fun (i, k) ->
            let side = i % ends
            let isNeeded = rows[side] < count
            rows[side] <- rows[side] + sizeAt p k
            isNeeded)
        |> Array.map snd

    /// Whether a block that was not asked for, with its uncertainty, lies inwards of those that were.
    let isInside (p: Projection) (wanted: int[]) k leaving =
        let value (k: int) = p.T[k * size + k]
        let least = wanted |> Array.map value |> Array.min
        let most = wanted |> Array.map value |> Array.max

        match settings.Which with
        | Which.SmallestReal -> value k - leaving > most
        | Which.LargestReal -> value k + leaving < least
        | Which.BothEnds ->
            let ordered = wanted |> Array.map value |> Array.sort

            // The gap between the two ends is the widest one.
            let low, high =
                Array.pairwise ordered |> Array.maxBy (fun (low, high) -> high - low)

            value k - leaving > low && value k + leaving < high

    let leavingOf (p: Projection) k =
        let struct (_, leaving) = Projection.vector p k
        leaving

    let values (p: Projection) (wanted: int[]) =
        wanted
        |> Array.map (fun k -> RealSchur.EigenvalueAt(p.T, size, k))
        |> Array.sortBy (fun value -> struct (value.Real, value.Imaginary))

    let isWithin tolerance (a: Complex[]) (b: Complex[]) =
        a.Length = b.Length
        && Array.forall2 (fun (a: Complex) (b: Complex) -> Complex.Abs(a - b) <= tolerance) a b

    /// How many values moved counts as the same: residuals of a defective matrix say little of the values.
    let sameBelow () = sqrt settings.Tolerance * scale

    /// Searches until the wanted ones are converged, and then beside them, until that finds no others: a subspace
    /// from one vector holds one copy only of a multiple eigenvalue.
    let rec search before from : struct (Projection * int[] * bool) =
        expand from
        let p = project ()
        let ordered = inOrder p
        let wanted = take p settings.Count ordered

        let tolerance = settings.Tolerance * scale
        let rest = Array.except wanted ordered

        let isConverged =
            isFinite && wanted |> Array.forall (fun k -> leavingOf p k <= tolerance)

        let isConfirmed () =
            match before with
            | None -> false
            | Some earlier ->
                isWithin (sameBelow ()) earlier (values p wanted)
                && rest
                   |> Array.truncate (if settings.Which = Which.BothEnds then 2 else 1)
                   |> Array.forall (fun k ->
                       let leaving = leavingOf p k
                       leaving <= tolerance || isInside p wanted k leaving)

        if not isFinite then
            struct (p, [||], false)
        elif size = n || (isConverged && isConfirmed ()) then
            struct (p, wanted, true)
        elif restarts >= settings.MaxRestarts then
            struct (p, wanted, false)
        else
            let isNew =
                match before with
                | Some earlier -> not (isWithin (sameBelow ()) earlier (values p wanted))
                | None -> true

            if isConverged && isNew then
                let struct (p, kept) = Projection.select isSymmetric wanted p
                restart p kept false
                search (Some(values p (Projection.blocks p |> Array.filter (fun k -> k < kept)))) kept
            else
                // Half of what else there is in the subspace goes with the wanted ones.
                let rowsOf = Array.sumBy (sizeAt p)
                let room = (size - rowsOf wanted) / 2
                let mutable used = 0

                let more =
                    rest
                    |> Array.filter (fun k ->
                        used <- used + sizeAt p k
                        used <= room)

                let struct (p, kept) = Projection.select isSymmetric (Array.append wanted more) p

                restart p kept true
                search before kept

    /// The pairs of the blocks at the rows given, with residuals by products.
    let pairs (p: Projection) (rows: int[]) =
        let real, imaginary = Array.zeroCreate n, Array.zeroCreate n

        rows
        |> Array.collect (fun k ->
            let struct (y, _) = Projection.vector p k
            let value = RealSchur.EigenvalueAt(p.T, size, k)
            let isPair = sizeAt p k = 2
            basis.Combine(ReadOnlySpan(y |> Array.map _.Real), real)
            basis.Combine(ReadOnlySpan(y |> Array.map _.Imaginary), imaginary)

            let norm =
                sqrt (Seq.sumBy (fun v -> v * v) real + Seq.sumBy (fun v -> v * v) imaginary)

            let mutable square = 0.0
            multiply real

            for i in 0 .. n - 1 do
                let error = w[i] - (value.Real * real[i] - value.Imaginary * imaginary[i])
                square <- square + error * error

            if isPair then
                multiply imaginary

                for i in 0 .. n - 1 do
                    let error = w[i] - (value.Real * imaginary[i] + value.Imaginary * real[i])
                    square <- square + error * error

            let residual = sqrt square / norm

            // Of the whole matrix the eigenvalues are found without their vectors, whose residuals say nothing of them.
            let struct (condition, error) =
                Projection.sensitivity isSymmetric p k (if size = n then 0.0 else residual)

            let pair isConjugate = {
                Value = if isConjugate then Complex.Conjugate value else value
                Residual = residual
                IsConverged = residual <= settings.Tolerance * scale
                Vector =
                    if settings.WantsVectors then
                        Array.map2
                            (fun (real: float) imaginary ->
                                Complex(real, (if isConjugate then -imaginary else imaginary)) / norm)
                            real
                            imaginary
                    else
                        [||]
                Condition = condition
                Error = error
            }

            if isPair then
                [| pair true; pair false |]
            else
                [| pair false |])
        |> Array.sortBy (fun pair -> struct (pair.Value.Real, pair.Value.Imaginary))

    let result (p: Projection) wanted isDone =
        let found = if isFinite then pairs p wanted else [||]

        {
            Pairs = if isFinite then found else [||]
            Ending =
                if not isFinite then
                    EigenEnding.NotFinite
                elif isDone && found |> Array.forall _.IsConverged then
                    EigenEnding.Converged
                else
                    EigenEnding.OutOfRestarts
            Products = products
            Restarts = restarts
            Scale = scale
        }

    /// By a subspace that grows and is cut back.
    member _.Search() =
        drawVector 0
        let struct (p, wanted, isDone) = search None 0
        result p wanted isDone

    /// By the whole matrix, for size = n.
    member _.Decompose() =
        for j in 0 .. n - 1 do
            Array.Clear w
            w[j] <- 1.0
            basis.Set(j, w, 1.0)
            multiply basis[j]

            for i in 0 .. n - 1 do
                h[i, j] <- w[i]

        let nothing () = {
            Size = 0
            T = [||]
            Z = [||]
            Leaving = [||]
            Starts = [| 0 |]
        }

        if isFinite then
            let matrix = Array.init (n * n) (fun at -> h[at / n, at % n])

            match Projection.ofWhole isSymmetric n matrix with
            | Some p -> result p (take p settings.Count (inOrder p)) true
            | None -> result (nothing ()) [||] false
        else
            result (nothing ()) [||] false
