namespace Stackelberg

open System

/// The linear systems of Newton steps, solved in units in which no player's cost or coordinates count more than another's.
module internal NewtonSystem =

    /// A scaled row shorter than this may be all rounding; if its entry of the field is resolved, it is not.
    let private tinyRow = 1e-8

    /// In units of rounding: the reciprocal condition of the scaled matrix above which its inverse is used, and the share
    /// of the greatest singular value up to which others count as zero.
    let private regularAbove, nullBelow = 10.0, 1e3

    /// Up to this size a singular matrix is decomposed.
    let private decomposedUpTo = 200

    /// Damping, relative to ‖A‖², of the least-squares step for larger ones, which keeps the normal equations regular; and how
    /// often the step is corrected for it.
    let private damping, corrections = 1e-14, 3

    let private norm (t: Tensor) =
        let values = t.ToArray()
        Scaling.length values 0 values.Length

    /// b ↦ the least ŷ with Âŷ = b, and b − Âŷ.
    let private scaledSolve rounding (a: float[,]) : float[] -> struct (float[] * float[]) =
        let n = a.GetLength 0
        let matrix = Tensor.ofArray2D a
        let inverse = Tensor.inverse matrix
        let condition = 1.0 / (norm matrix * norm inverse)

        if condition >= regularAbove * rounding then
            fun b -> struct ((Tensor.matmul inverse (Tensor.ofArray b)).ToArray(), Array.zeroCreate n)
        else
            let byNormalEquations () =
                let left (y: float[]) (b: float[]) =
                    let product = (Tensor.matmul matrix (Tensor.ofArray y)).ToArray()
                    Array.map2 (-) b product

                // The damped least-squares step, corrected for its damping.
                let size = norm matrix
                let gram = Tensor.matmul matrix.T matrix + damping * size * size * Tensor.eye n
                let damped = Tensor.solve gram matrix.T

                fun b ->
                    let correct (y: float[]) _ =
                        let step = (Tensor.matmul damped (Tensor.ofArray (left y b))).ToArray()
                        Array.map2 (+) y step

                    let y = Seq.fold correct (Array.zeroCreate n) (seq { 0..corrections })
                    struct (y, left y b)

            if n <= decomposedUpTo then
                Dense.leastNorm (nullBelow * rounding) a
                |> ValueOption.defaultWith byNormalEquations
            else
                byNormalEquations ()

    /// A⁻¹ on the entries named, 0 in all others.
    /// <param name="isResolved">Whether an entry of the field is more than rounding; asked of rows that are tiny beside
    /// the others of their player.</param>
    let dense (game: Game) (free: int[]) (jacobian: float[,]) (isResolved: int -> bool) =
        if free.Length = 0 then
            fun (_: float[]) ->
                ValueSome {
                    Step = Array.zeroCreate game.Dimension
                    Unexplained = Array.zeroCreate game.Dimension
                }
        elif not (Finite.matrix jacobian) then
            fun _ -> ValueNone
        else
            let struct (rows, columns) = Scaling.equilibrate (Scaling.blocks game free jacobian)

            let owners = free |> Array.map game.OwnerOf
            let column k = columns[owners[k]]

            let entry i j =
                rows[owners[i]] * jacobian[free[i], free[j]] * column j

            let greatest =
                Array.init free.Length (fun i ->
                    Seq.fold (fun most j -> max most (abs (entry i j))) 0.0 (seq { 0 .. free.Length - 1 }))

            let raised =
                greatest
                |> Array.mapi (fun i most ->
                    if most > 0.0 && most < tinyRow && isResolved free[i] then
                        1.0 / most
                    else
                        1.0)

            let scaled = Array2D.init free.Length free.Length (fun i j -> raised[i] * entry i j)

            let solve = scaledSolve (Rounding.share game) scaled

            fun (b: float[]) ->
                let right =
                    Array.init free.Length (fun i -> raised[i] * rows[owners[i]] * b[free[i]])

                let struct (y, left) = solve right

                let step, unexplained =
                    Array.zeroCreate game.Dimension, Array.zeroCreate game.Dimension

                for k in 0 .. free.Length - 1 do
                    step[free[k]] <- column k * y[k]

                    unexplained[free[k]] <-
                        // No step whatever changes this entry.
                        if greatest[k] = 0.0 && b[free[k]] <> 0.0 then
                            infinity
                        else
                            column k * left[k]

                ValueSome {
                    Step = step
                    Unexplained = unexplained
                }
