namespace Stackelberg

open System

/// The flows of a field in the players' domains, from so many starts at once, as a system to integrate.
[<Sealed>]
type internal FlowField(game: Game, direction: Direction, scales: float[], width: int) =

    let field = FieldRows(FieldProgram.Of direction game, width)

    let each () =
        Array.init width (fun _ -> Array.zeroCreate<float> game.Dimension)

    /// Where each row's field was last asked for, and the field there.
    let places, g = each (), each ()

    /// The places of the rows that ask; null for others.
    let asking: float[][] = Array.zeroCreate width

    let scaleOf =
        Array.init game.Dimension (fun entry ->
            if scales.Length = 0 then
                1.0
            else
                scales[game.OwnerOf entry])

    let evaluations = Array.zeroCreate<int> width
    let solves = Array.init width (fun _ -> SolveSummary())

    let hasDomains =
        game.Players |> Array.exists (fun player -> not player.Domain.IsFree)

    /// Whether a bound stops an entry's descent.
    let isStopped (x: float) (g: float) domain entry =
        match domain with
        | Domain.Box(lower, upper) -> (x <= lower[entry] && g > 0.0) || (x >= upper[entry] && g < 0.0)
        | Domain.Free
        | Domain.Set _
        | Domain.Circle -> false

    /// The velocity of a row at a point.
    let velocity (x: float[]) (g: float[]) (into: float[]) =
        for index in 0 .. game.Players.Length - 1 do
            let domain, offset = game.Players[index].Domain, game.Offsets[index]

            match domain with
            | Domain.Set set ->
                DomainOps.descent set x g offset game.Players[index].Dimension
                |> Array.iteri (fun i slope -> into[offset + i] <- scaleOf[offset + i] * slope)
            | _ ->
                for i in offset .. game.Offsets[index + 1] - 1 do
                    into[i] <-
                        if isStopped x[i] g[i] domain (i - offset) then
                            0.0
                        else
                            -scaleOf[i] * g[i]

    let slopes (points: float[][]) (into: float[][]) =
        for row in 0 .. points.Length - 1 do
            asking[row] <- null

            if not (isNull points[row]) then
                // A stage beyond a bound counts as at it.
                points[row].CopyTo(places[row], 0)
                game.Project places[row]
                asking[row] <- places[row]

        field.Evaluate(asking, g)

        for row in 0 .. points.Length - 1 do
            if not (isNull points[row]) then
                evaluations[row] <- evaluations[row] + 1
                let reports = field.SolvesOf row

                if reports.Length > 0 then
                    solves[row].Add reports |> ignore

                velocity points[row] g[row] into[row]

    let fault row =
        match Breakdown.explain game field.Alone places[row] with
        | Breakdown.Singular condition -> FlowOutcome.SingularFollower condition
        | Breakdown.NotFinite quantity -> FlowOutcome.NotFinite quantity

    let settle (x: float[]) =
        hasDomains
        && (let before = Array.copy x
            game.Settle x
            not (before.AsSpan().SequenceEqual(ReadOnlySpan x)))

    /// The system, of at most so many rows.
    member _.System: FlowSystem = {
        Slopes = slopes
        // In a box of x − Π(x − g).
        Residual = fun row _ -> game.Residual(places[row], g[row])
        Fault = fault
        Settle = settle
        Stepped =
            fun row ->
                if field.IsIndefinite row then
                    solves[row].AddIndefiniteStep()
    }

    /// How often a row's field was evaluated.
    member _.Evaluations = evaluations

    /// How the inner solves of all a row's evaluations went, and at the ends of how many of its steps the followers' curvature
    /// was not positive definite.
    member _.Solves = solves
