namespace Stackelberg

open System.Threading

/// Critical points of a field by damped Newton steps.
module internal Newton =

    /// Iterations at most; a start in the domain of attraction needs about ten.
    let private limit = 200

    /// A step must shorten the field by at least this share of what the linear model promises (Armijo).
    let private sufficient = 1e-4

    /// The shortest step tried, as a power of 1/2.
    let private halvings = 30

    /// The damping grows by this factor while no step helps, up to the Jacobian's own size.
    let private dampingFactor = 1e3

    /// The largest damping near a regular solution, relative to ‖J‖².
    let private leastDamping = 1e-6

    /// Newton steps damped as by Levenberg and Marquardt with μ = min(1e-6 ‖J‖², ‖g‖²): quadratic convergence to isolated
    /// points and, by the least-norm step, to manifolds of them (Yamashita and Fukushima 2001).
    let private solve
        tolerances
        (cancellation: CancellationToken)
        (program: FieldProgram)
        (start: float[])
        : Result<float[], FindFailure> =
        let game, field = program.Game, FieldRun program
        let g = Array.zeroCreate game.Dimension

        let residualAt x =
            field.Evaluate(x, g)
            game.Residual(x, g)

        let moved (x: float[]) (free: int[]) (δ: float[]) length =
            let next = Array.copy x
            free |> Array.iteri (fun k entry -> next[entry] <- next[entry] + length * δ[k])

            game.Project next
            next

        /// The first point along ever shorter steps at which the field is shorter enough.
        let search x (residual: float) free δ =
            Seq.init halvings (fun k -> 0.5 ** float k)
            |> Seq.tryPick (fun length ->
                let next = moved x free δ length
                let shortened = residualAt next

                if shortened <= (1.0 - sufficient * length) * residual then
                    Some struct (next, shortened)
                else
                    None)

        let rec iterate k (x: float[]) =
            cancellation.ThrowIfCancellationRequested()
            let local = Linearisation.at tolerances program x
            let residual = local.Residual
            let isCritical = local.IsCritical = Verdict.Yes

            let free =
                [| 0 .. game.Dimension - 1 |]
                |> Array.filter (fun entry -> not (Linearisation.pressure game x local.Value entry > 0.0))

            let gradient = free |> Array.map (fun entry -> local.Value[entry])
            let size = Dense.norm local.Jacobian ** 2.0

            let rec attempt μ =
                let δ = Dense.levenbergMarquardt μ (Dense.select free free local.Jacobian) gradient

                match search x residual free δ with
                | None when μ < size && not isCritical ->
                    attempt (max (dampingFactor * μ) (leastDamping * size))
                | found -> found

            if residual = 0.0 then
                Ok x
            elif k = limit then
                if isCritical then
                    Ok x
                else
                    Error(FindFailure.OutOfIterations(limit, residual, x))
            elif not (Dense.isFinite local.Jacobian) then
                Error(FindFailure.Stalled(k, residual, x))
            else
                match attempt (min (leastDamping * size) (residual * residual)) with
                | Some(next, shortened) when isCritical && shortened > 0.5 * residual -> Ok next
                | Some(next, _) -> iterate (k + 1) next
                | None when isCritical -> Ok x
                | None -> Error(FindFailure.Stalled(k, residual, x))

        if System.Double.IsFinite(residualAt start) then
            iterate 0 start
        else
            match Breakdown.explain game field start with
            | Breakdown.Singular condition -> Error(FindFailure.SingularFollower condition)
            | Breakdown.NotFinite quantity -> Error(FindFailure.NotFinite quantity)

    /// The first damping of the followers' answer in a continuation, relative to ‖J‖, and how often it is halved.
    let private continuation = 4.0, 16

    /// Newton steps from the start, and nothing else.
    let refine tolerances cancellation (game: Game) concept (start: float[]) =
        solve tolerances cancellation (Linearisation.field game concept) start

    /// Newton steps from the start. Where they fail for a Stackelberg point, because the field has poles between (the
    /// points where the followers' curvature vanishes), a continuation: with the curvature raised by a large η there are
    /// no poles, and the zeros of that field lead to those of η = 0.
    let find tolerances (game: Game) concept (start: float[]) : Result<float[], FindFailure> =
        let field = Linearisation.field game concept
        let solve = solve tolerances CancellationToken.None

        match solve field start with
        | Error failure when concept = Concept.Stackelberg ->
            let nash = Linearisation.at tolerances (Linearisation.field game Concept.Nash) start
            let first, halvings = continuation

            let follow x stage =
                let η = first * Dense.norm nash.Jacobian * 0.5 ** float stage
                let damped = Conjecture.regularized η |> Linearisation.exactly game

                match solve (FieldProgram(game, Direction.ofConjecture damped)) x with
                | Ok next -> next
                | Error _ -> x

            if Dense.isFinite nash.Jacobian then
                Seq.fold follow start (seq { 0..halvings })
                |> solve field
                |> Result.mapError (fun _ -> failure)
            else
                Error failure
        | result -> result
