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

    /// Steps in a row of the same direction, none of them much shorter than the one before, that lead away.
    let private leadingAway = 5

    /// How far to all sides the field's norm is compared, relative to the point's size, and in how many entries at most.
    let private compared, comparedEntries = 1e-4, 32

    /// A step left of this share of a player's scale leaves no doubt; a longer one is rounding if the player's field is below
    /// that share of what it is so far aside, relative to the point's size.
    let private surely, roundingBelow, aside = 1e-6, 1e-7, 1e-3

    /// Steps that shrink geometrically, by a ratio between these that changes by no more than a share, make for a zero at
    /// which the Jacobian is singular.
    let private leastRatio, greatestRatio, steadyRatio = 0.4, 0.97, 0.02

    /// A jump to where such steps would end must shorten the field to this share.
    let private jump = 0.1

    /// Steps as they were made: whether they lead away, where they would end, and the length of the last.
    [<Sealed>]
    type private Trail() =
        let mutable last: float[] = null
        let mutable inARow, ratio, before = 0, nan, nan

        member _.LeadsAway = inARow >= leadingAway

        member _.Step =
            if isNull last then
                0.0
            else
                sqrt (Array.sumBy (fun δ -> δ * δ) last)

        member trail.Add(from: float[], next: float[]) =
            let δ = Array.map2 (-) next from
            let dot = Array.fold2 (fun sum a b -> sum + a * b) 0.0
            let length = sqrt (dot δ δ)

            before <- ratio
            ratio <- if isNull last then nan else length / trail.Step

            inARow <-
                if
                    not (isNull last)
                    && length >= 0.75 * trail.Step
                    && dot δ last >= 0.9 * length * trail.Step
                then
                    inARow + 1
                else
                    0

            last <- δ

        /// Where steps from x on end that go on to shrink as the last ones did (Aitken); null if they do not.
        member trail.End(x: float[]) =
            if
                ratio >= leastRatio
                && ratio <= greatestRatio
                && abs (ratio - before) <= steadyRatio * ratio
            then
                Array.map2 (fun value δ -> value + ratio / (1.0 - ratio) * δ) x last
            else
                null

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
        let trail = Trail()

        let owners = Array.init game.Dimension game.OwnerOf

        let residualAt x =
            field.Evaluate(x, g)
            game.Residual(x, g)

        /// The same in units in which no player's cost or coordinates count more than another's.
        let scaledAt (local: Linearisation) (x: float[]) =
            field.Evaluate(x, g)
            let mutable sum = 0.0

            for entry in 0 .. game.Dimension - 1 do
                let owner = owners[entry]
                let row, column = local.Rows[owner], local.Columns[owner]
                let domain, i = game.Players[owner].Domain, entry - game.Offsets[owner]
                let part = DomainOps.residual domain i x[entry] (row * column * g[entry]) / column
                sum <- sum + part * part

            sqrt sum

        let moved (x: float[]) (free: int[]) (δ: float[]) length =
            let next = Array.copy x
            free |> Array.iteri (fun k entry -> next[entry] <- next[entry] + length * δ[k])

            game.Project next
            next

        /// The first point along ever shorter steps at which the field is shorter enough.
        let search local x (residual: float) free δ =
            Seq.init halvings (fun k -> 0.5 ** float k)
            |> Seq.tryPick (fun length ->
                let next = moved x free δ length
                let shortened = scaledAt local next

                if shortened <= (1.0 - sufficient * length) * residual then
                    Some struct (next, shortened)
                else
                    None)

        /// Whether Newton's method has arrived: the one place that decides what find and findAll call a critical point. Where
        /// the field jumps within the step that is left, its linear model errs as it does by rounding; but then the field
        /// is as long as around.
        let hasArrived (x: float[]) (local: Linearisation) =
            let lengths at =
                field.Evaluate(at, g)

                for entry in local.Held do
                    g[entry] <- 0.0

                Scaling.lengths game g

            let around () =
                [ -aside; aside ]
                |> List.collect (fun share ->
                    [ 1.0; -1.0 ]
                    |> List.map (fun sign ->
                        let beside =
                            x
                            |> Array.mapi (fun entry value ->
                                let turn = if entry &&& 1 = 0 then 1.0 else sign
                                value + turn * share * max 1.0 (abs value))

                        game.Project beside
                        lengths beside))
                |> List.reduce (Array.map2 max)

            local.IsCritical = Verdict.Yes
            && (local.Step.Value.Relative <= surely
                || Array.forall2 (fun here most -> here <= roundingBelow * most) (lengths x) (around ()))

        /// Whether the field is longer to all sides, and nowhere the same, as beside linear costs.
        let isMinimum (x: float[]) residual =
            let beside entry share =
                let next = Array.copy x
                next[entry] <- x[entry] + share * max 1.0 (abs x[entry])
                game.Project next
                residualAt next

            let isLonger (entry: int) =
                let low, high = beside entry -compared, beside entry compared
                let isLong value = value > (1.0 + 1e-12) * residual
                low >= residual && high >= residual && (isLong low || isLong high)

            let all = [| 0 .. game.Dimension - 1 |]
            residualAt x |> ignore
            let size = all |> Array.map (fun entry -> abs g[entry])

            all
            |> Array.filter (fun entry -> size[entry] >= 0.1 * Array.max size)
            |> Array.truncate comparedEntries
            |> Array.forall isLonger

        let failed k (x: float[]) residual =
            if trail.LeadsAway then
                FindFailure.RunsAway(k, residual, x, trail.Step)
            elif k = limit then
                FindFailure.OutOfIterations(limit, residual, x)
            elif isMinimum x residual then
                FindFailure.Stalled(k, residual, x)
            else
                FindFailure.Stuck(k, residual, x)

        let rec iterate k (x: float[]) =
            cancellation.ThrowIfCancellationRequested()
            let local = Linearisation.at tolerances program x
            let residual = local.Residual
            let isCritical = lazy (hasArrived x local)

            let free =
                [| 0 .. game.Dimension - 1 |]
                |> Array.filter (fun entry -> not (Linearisation.pressure game x local.Value entry > 0.0))

            let row entry = local.Rows[owners[entry]]
            let column entry = local.Columns[owners[entry]]
            let gradient = free |> Array.map (fun entry -> row entry * local.Value[entry])

            let jacobian =
                Array2D.init free.Length free.Length (fun i j ->
                    row free[i] * local.Jacobian[free[i], free[j]] * column free[j])

            let scaled = scaledAt local x
            let size = Dense.norm jacobian ** 2.0

            let rec attempt μ =
                let δ =
                    Dense.levenbergMarquardt μ jacobian gradient
                    |> Array.mapi (fun k value -> column free[k] * value)

                match search local x scaled free δ with
                | None when μ < size && not isCritical.Value ->
                    attempt (max (dampingFactor * μ) (leastDamping * size))
                | found -> found

            let ended () =
                match Vanishing.at program x local.Value local.Jacobian with
                | Vanishing.Lost -> Error(FindFailure.RunsAway(k, 0.0, x, trail.Step))
                | Vanishing.Jump entry -> Error(FindFailure.Kink(game.Players[game.OwnerOf entry].Name, x))
                | Vanishing.Flat when isCritical.Value -> Ok x
                | Vanishing.Flat -> Error(failed k x residual)

            if residual = 0.0 || k = limit then
                ended ()
            elif not (Finite.matrix local.Jacobian) then
                Error(FindFailure.Stuck(k, residual, x))
            else
                match attempt (min (leastDamping * size) (scaled * scaled)) with
                | Some(next, shortened) when
                    shortened > 0.5 * scaled
                    && isCritical.Value
                    && hasArrived next (Linearisation.at tolerances program next)
                    ->
                    Ok next
                | Some(next, shortened) ->
                    trail.Add(x, next)

                    match trail.End next with
                    | null -> iterate (k + 1) next
                    | ahead ->
                        game.Project ahead

                        iterate
                            (k + 1)
                            (if scaledAt local ahead <= jump * shortened then
                                 ahead
                             else
                                 next)
                | None -> ended ()

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

    /// A continuation for Stackelberg points beyond poles of the field (the points where the followers' curvature
    /// vanishes): with the curvature raised by a large η there are no poles, and the zeros of that field lead to those of
    /// η = 0.
    let private continued solve tolerances (game: Game) field (start: float[]) failure =
        let nash = Linearisation.at tolerances (Linearisation.field game Concept.Nash) start
        let first, halvings = continuation

        let follow x stage =
            let η = first * Dense.norm nash.Jacobian * 0.5 ** float stage
            let damped = Conjecture.regularized η |> Linearisation.exactly game

            match solve (FieldProgram(game, Direction.ofConjecture damped)) x with
            | Ok next -> next
            | Error _ -> x

        if Finite.matrix nash.Jacobian then
            Seq.fold follow start (seq { 0..halvings })
            |> solve field
            |> Result.mapError (fun _ -> failure)
        else
            Error failure

    /// Of two failures the one that says more.
    let private telling first second =
        match first, second with
        | _, FindFailure.Kink _ -> second
        | FindFailure.Stuck _, _
        | FindFailure.OutOfIterations _, FindFailure.RunsAway _ -> second
        | _ -> first

    /// Where the players' descent leads from a start; for Stackelberg points also by way of the followers' answer to it,
    /// at which their bounds hold what their costs alone do not settle.
    let descend tolerances cancellation (game: Game) concept (start: float[]) : Result<float[], FindFailure> =
        let field = Linearisation.field game concept
        let solve = solve tolerances cancellation field

        let relaxed from =
            match Relaxation.run cancellation field (fun _ -> false) from with
            | Relaxed.Settled near -> solve near
            | Relaxed.Failed failure -> Error failure

        let below = game.Offsets[game.Levels[0]]

        let answered failure =
            let simultaneous = Linearisation.field game Concept.Nash

            match Relaxation.run cancellation simultaneous (fun entry -> entry < below) start with
            | Relaxed.Failed _ -> Error failure
            | Relaxed.Settled near ->
                match solve near with
                | Error _ -> relaxed near
                | found -> found

        match relaxed start with
        | Error failure when concept = Concept.Stackelberg && below < game.Dimension -> answered failure
        | found -> found

    /// Newton steps from the start; where they fail, the continuation for a Stackelberg point, and the players' descent.
    let find tolerances (game: Game) concept (start: float[]) : Result<float[], FindFailure> =
        let field = Linearisation.field game concept
        let solve = solve tolerances CancellationToken.None

        let descend failure =
            descend tolerances CancellationToken.None game concept start
            |> Result.mapError (telling failure)

        match solve field start with
        | Error(FindFailure.NotFinite _ as failure) -> Error failure
        | Error failure when concept = Concept.Stackelberg ->
            match continued solve tolerances game field start failure with
            | Ok point -> Ok point
            | Error failure -> descend failure
        | Error failure -> descend failure
        | found -> found
