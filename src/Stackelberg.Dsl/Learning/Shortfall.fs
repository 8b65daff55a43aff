namespace Stackelberg

/// The evaluation of a run whose inner solve fell short the most, and what that did to the update.
[<Sealed>]
type internal Shortfall(game: Game, field: Direction, seed: uint64) =

    let point: float[] = Array.zeroCreate game.Dimension
    let value: float[] = Array.zeroCreate game.Dimension
    let mutable isKept = false
    let mutable draw = 0L

    /// Up to this many unknowns the better solve eliminates.
    let eliminatesUpTo = 64

    /// The better solves go to this share of the run's worst residual, so that two digits of the error are true where the
    /// systems are not ill conditioned, ...
    let share = 0.01

    /// ... with at most this many times the run's products.
    let patience = 20

    /// The entries of the players above the lowest level, whose gradients hold a solve's answer.
    let leading = game.Offsets[Array.sum game.Levels[.. game.Levels.Length - 2]]

    let better (summary: SolveSummary) =
        if game.Dimension - game.Offsets[game.Levels[0]] <= eliminatesUpTo then
            Solver.dense
        else
            Solver.gmres
            |> Solver.withTolerance (max 1e-12 (share * summary.WorstShortfall))
            |> Solver.withMaxIterations (patience * max 1 summary.MostIterations)

    /// Keeps an evaluation, the worst so far.
    member _.Keep(number: int64, at: float[], into: float[]) =
        isKept <- true
        draw <- number
        at.CopyTo(point, 0)
        into.CopyTo(value, 0)

    /// The evaluation kept, for a saved run; empty if none is.
    member _.Saved
        with get () =
            if isKept then
                Array.concat [ [| float draw |]; point; value ]
            else
                [||]
        and set (saved: float[]) =
            isKept <- true
            draw <- int64 saved[0]
            Array.blit saved 1 point 0 point.Length
            Array.blit saved (1 + point.Length) value 0 value.Length

    /// ‖g − g*‖ / ‖g*‖ over the leading players at the evaluation kept; NaN if it cannot be known, 0 if none was kept
    /// because no solve fell short.
    member _.Measure(summary: SolveSummary) : float =
        if not isKept then
            if summary.FellShort > 0L then nan else 0.0
        elif not (System.Double.IsFinite summary.WorstShortfall) then
            nan
        else
            match Direction.solvedBy (better summary) field with
            | ValueNone -> nan
            | ValueSome direction ->
                let run = FieldRun(FieldProgram.Of direction game)
                run.Seed <- seed

                if game.Batches.Length > 0 then
                    run.Draw draw

                let right: float[] = Array.zeroCreate game.Dimension
                run.Evaluate(point, right)

                let isBetter = run.Solves |> Array.forall _.IsSuccess

                if not isBetter then
                    nan
                else
                    let mutable error, size = 0.0, 0.0

                    for i in 0 .. leading - 1 do
                        error <- error + (value[i] - right[i]) ** 2.0
                        size <- size + right[i] ** 2.0

                    sqrt (error / size)
