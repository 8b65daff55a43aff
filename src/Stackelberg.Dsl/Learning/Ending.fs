namespace Stackelberg

open System

/// All that decides how a run came to rest, or did not.
type internal Ending = {
    Game: Game
    Stop: Stop
    Steps: int
    Limit: int
    X: float[]
    /// The field at X, without noise, finite.
    Field: float[]
    /// The same field beside X; false where it is not finite.
    Evaluate: float[] -> float[] -> bool
    /// For each entry the size of the numbers that the run went through.
    Reach: float[]
    /// ‖x⁺ − x‖₂ of the last step.
    Update: float
    /// The last step over its rate against that halfway; NaN if it is not known.
    Trend: float
    IsNoisy: bool
    FirstRate: int -> float
    LastRate: int -> float
    /// The name of a player's preconditioner, or null.
    Preconditioner: int -> string
    /// Whether all that a player's preconditioner remembers is finite.
    IsSound: int -> bool
}

module internal Ending =

    /// Which stopping test held at an update, or at a value of the field, and how large the field is where the run is.
    let private metWords (ending: Ending) (value: float) residual =
        match ending.Stop with
        | Stop.UpdateBelow tolerance ->
            (invariant
                $"the update is {value:G4}, below {tolerance:G4}, and the field's norm is {residual:G4}")
        | Stop.FieldBelow tolerance -> (invariant $"the field's norm is {value:G4}, below {tolerance:G4}")
        | Stop.Never -> ""

    /// Of the update and of the field; 0 for none.
    let tolerances stop =
        match stop with
        | Stop.Never -> 0.0, 0.0
        | Stop.UpdateBelow tolerance -> tolerance, 0.0
        | Stop.FieldBelow tolerance -> 0.0, tolerance

    /// A run stopped by its update may be so many times the tolerance from the zero: at a rate of a hundredth of what the
    /// curvature would allow, it is a hundred updates away.
    let private updatesLeft = 100.0

    /// A field that a run stopped at is small if it is so small against what it changes by over the strategies' sizes.
    let private smallField = 1e-3

    /// A rate below this share of the first has faded.
    let private faded = 0.1

    /// How far a player may be from the zero where the run counts as converged.
    let private allowed (ending: Ending) index =
        let size = RestPoint.norm (RestPoint.part ending.Game index ending.Reach)
        let known = RestPoint.relativeTolerance ending.Game * size

        match ending.Stop with
        | Stop.UpdateBelow tolerance when ending.Update < tolerance -> max known (updatesLeft * tolerance)
        | _ -> known

    let private hasArrived (ending: Ending) (nearness: Nearness) stoppedByField index =
        nearness.Distances[index] <= allowed ending index
        || stoppedByField && nearness.Relative[index] <= smallField

    /// Why the player that is farthest from the zero does not move on.
    let private causeOf (ending: Ending) (nearness: Nearness) stoppedByField index =
        let name = ending.Game.Players[index].Name
        let first, last = ending.FirstRate index, ending.LastRate index
        let field = nearness.Residuals[index]
        let size = RestPoint.norm (RestPoint.part ending.Game index ending.Reach)
        let preconditioner = ending.Preconditioner index

        let shortStep =
            match ending.Stop with
            | Stop.UpdateBelow tolerance -> tolerance
            | _ -> Math.BitIncrement size - size

        if stoppedByField then
            Standstill.Flat(name, nearness.Distances[index])
        elif last = 0.0 then
            Standstill.RateZero name
        elif not (ending.IsSound index) then
            Standstill.MemoryNotFinite(name, preconditioner)
        elif abs last < faded * abs first then
            Standstill.RatesFaded(name, first, last)
        elif ending.IsNoisy then
            Standstill.Noise
        elif not (isNull preconditioner) && abs last * field >= shortStep then
            Standstill.Preconditioned(name, preconditioner)
        elif ending.Update = 0.0 && abs last * field < Math.BitIncrement size - size then
            Standstill.Rounding name
        elif abs last * field < shortStep then
            Standstill.RateSmall(name, last)
        else
            Standstill.OwnRest

    /// The last step of a run at rest is about as short as Newton's.
    let private mayRest (ending: Ending) =
        not ending.IsNoisy
        && ending.Update
           <= 10.0 * RestPoint.relativeTolerance ending.Game * RestPoint.norm ending.Reach

    /// The outcome of a run that did not fail.
    /// <param name="ending">Where it is.</param>
    /// <param name="met">What the stopping test that held looked at; none if all steps were made.</param>
    let decide (ending: Ending) (met: float voption) : Outcome =
        if met.IsNone && not (mayRest ending) then
            Outcome.OutOfSteps(
                ending.Limit,
                RestPoint.residual ending.Game ending.X ending.Field,
                ending.Trend
            )
        else
            let nearness =
                RestPoint.measure ending.Game ending.Evaluate ending.X ending.Field ending.Reach

            let stoppedByField = ending.Stop.IsFieldBelow && met.IsSome
            let players = [| 0 .. ending.Game.Players.Length - 1 |]
            let residual = nearness.Residual

            if players |> Array.forall (hasArrived ending nearness stoppedByField) then
                let met =
                    met
                    |> ValueOption.map (fun value -> metWords ending value residual)
                    |> ValueOption.defaultValue ""

                Outcome.Converged(ending.Steps, residual, met)
            else
                // A player whose distance is not known is farther than all.
                let shortfall index =
                    let distance = nearness.Distances[index]

                    if Double.IsNaN distance then
                        infinity
                    else
                        distance / allowed ending index

                let cause =
                    players |> Array.maxBy shortfall |> causeOf ending nearness stoppedByField

                match met with
                | ValueSome value ->
                    Outcome.Stopped(ending.Steps, residual, metWords ending value residual, cause)
                | ValueNone when ending.Update = 0.0 && ending.Steps > 0 ->
                    let words =
                        (invariant $"the last step did not move it, and the field's norm is {residual:G4}")

                    Outcome.Stopped(ending.Steps, residual, words, cause)
                | ValueNone -> Outcome.OutOfSteps(ending.Limit, residual, ending.Trend)
