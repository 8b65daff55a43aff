namespace Stackelberg

/// The first-order conditions of some players together, solved by a semismooth Newton method on the function of Fischer (1992)
/// and Burmeister, √(λ² + g²) − λ + g, which is zero where λ ≥ 0, g ≤ 0 and λ g = 0; damped as by Levenberg and Marquardt (De
/// Luca, Facchinei and Kanzow 1996).
module internal AnswerNewton =

    let private limit, halvings, sufficient = 200, 40, 1e-4

    /// Of the residual, relative to the size of its parts at the start of the method.
    let private tolerance = 1e-13

    /// Values of stationarity, g and h at z, and their Jacobians.
    let private derivatives (game: Game) (system: ConstraintSystem) : Tensor[] -> Tensor[] =
        game.Once (struct ("first-order conditions", system.Players.Length, system.Players[0])) (fun () ->
            Diff.jitN (fun inputs ->
                let z = inputs[0]

                [|
                    system.Stationarity z
                    Diff.jacobian system.Stationarity z
                    if system.InequalityCount > 0 then
                        system.Inequality(system.Point z)
                        Diff.jacobian (system.Point >> system.Inequality) z
                    if system.EqualityCount > 0 then
                        system.Equality(system.Point z)
                        Diff.jacobian (system.Point >> system.Equality) z
                |]))

    /// <summary>Newton's method from z; the strategies of players outside of the system stay.</summary>
    /// <returns>The z reached, and whether it meets the conditions.</returns>
    let solve (game: Game) (system: ConstraintSystem) (start: float[]) : struct (float[] * bool) =
        let d, m = game.Dimension, system.InequalityCount
        let derive = derivatives game system

        let moving = [|
            for index in system.Players do
                yield! [| game.Offsets[index] .. game.Offsets[index + 1] - 1 |]
            yield! [| d .. system.Count - 1 |]
        |]

        let n = system.Count

        /// The residual, what it is measured by, and its Jacobian in what moves.
        let at (z: float[]) : struct (float[] * float * float[,]) =
            let found =
                derive [| Tensor.ofArray z |] |> Array.map (fun (t: Tensor) -> t.ToArray())

            let stationarity, slopes = found[0], found[1]
            let own = stationarity.Length
            let rows = own + m + system.EqualityCount
            let value = Array.zeroCreate<float> rows
            let jacobian = Array2D.zeroCreate rows moving.Length

            for i in 0 .. own - 1 do
                value[i] <- stationarity[i]
                moving |> Array.iteri (fun k j -> jacobian[i, k] <- slopes[i * n + j])

            for i in 0 .. m - 1 do
                let g, λ = found[2].[i], z[d + i]
                let r = sqrt (g * g + λ * λ)
                value[own + i] <- r - λ + g

                let ofG, ofλ =
                    if r = 0.0 then
                        1.0 - sqrt 0.5, -1.0 + sqrt 0.5
                    else
                        g / r + 1.0, λ / r - 1.0

                moving
                |> Array.iteri (fun k j ->
                    jacobian[own + i, k] <- ofG * found[3].[i * n + j] + (if j = d + i then ofλ else 0.0))

            let first = own + m

            for i in 0 .. system.EqualityCount - 1 do
                value[first + i] <- found[found.Length - 2].[i]

                moving
                |> Array.iteri (fun k j -> jacobian[first + i, k] <- found[found.Length - 1].[i * n + j])

            let size = Seq.fold (fun most entry -> max most (abs entry)) 1.0 z
            struct (value, max 1.0 (Dense.norm jacobian) * size, jacobian)

        let length (v: float[]) =
            sqrt (v |> Array.sumBy (fun entry -> entry * entry))

        let rec iterate k (z: float[]) =
            let struct (value, size, jacobian) = at z
            let residual = length value

            if not (Finite.all value && Finite.matrix jacobian) then
                struct (z, false)
            elif residual <= tolerance * size || k = limit then
                struct (z, residual <= 1e3 * tolerance * size)
            else
                let whole = Dense.norm jacobian ** 2.0

                let rec attempt μ =
                    let step = Dense.levenbergMarquardt μ jacobian value

                    let reached =
                        Seq.init halvings (fun k -> 0.5 ** float k)
                        |> Seq.tryPick (fun share ->
                            let next = Array.copy z
                            moving |> Array.iteri (fun i j -> next[j] <- next[j] + share * step[i])
                            let struct (there, _, _) = at next

                            if length there <= (1.0 - sufficient * share) * residual then
                                Some next
                            else
                                None)

                    match reached with
                    | None when μ < whole -> attempt (max (100.0 * μ) (1e-8 * whole))
                    | found -> found

                match attempt (min (1e-10 * whole) (residual * residual)) with
                | Some next -> iterate (k + 1) next
                | None -> struct (z, residual <= 1e3 * tolerance * size)

        iterate 0 start
