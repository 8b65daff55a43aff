namespace Stackelberg

open System

/// <summary>Where a point stands to the critical point that Newton's method makes for.</summary>
type Approach =
    /// <summary>There: the step that is left is within tolerance of every player's own scale, or nothing but rounding.</summary>
    | Arrived = 0
    /// <summary>Not there yet: a critical point lies near, to which the steps shorten.</summary>
    | Near = 1
    /// <summary>Not there: the next step does not lead to a critical point.</summary>
    | Far = 2
    /// <summary>The numbers do not tell.</summary>
    | Unresolved = 3

/// <summary>The step that Newton's method would still make at a point, −A⁻¹ g for a field g with the Jacobian A: how far the
/// point is from a critical one. It does not change with the unit of a player's cost, and goes with the units of its
/// coordinates.</summary>
[<StructuredFormatDisplay("{Shown}")>]
type NewtonStep = {
    /// Where the point stands.
    Approach: Approach
    /// For every player the length of its part of the step, in its own coordinates; infinite where no step leads to zero.
    Distances: float[]
    /// The greatest of the distances as a share of ‖x_i‖, of π for an angle: what has to be within Tolerances.Critical.
    Relative: float
    /// How long the next step would be as a share of this one, with the same Jacobian; NaN if that was not asked. Near a
    /// regular critical point it is at most 1/4 (Deuflhard 2004, section 2.1).
    Contraction: float
    /// Why nothing is resolved, or which op has no derivative there; "" otherwise.
    Reason: string
} with

    /// What F# Interactive prints.
    member internal step.Shown = step.ToString()

    /// <summary>What a report says of it in a few words.</summary>
    override step.ToString() =
        let distance = step.Distances |> Array.fold max 0.0

        match step.Approach with
        | Approach.Arrived -> "there"
        | Approach.Near ->
            (invariant
                $"not there yet: a critical point lies about {distance:G3} away, the next Newton step; Equilibrium.find goes there")
        | Approach.Far when step.Reason <> "" -> step.Reason
        | Approach.Far when Double.IsInfinity distance ->
            "no critical point near: no Newton step makes the field zero"
        | Approach.Far ->
            (invariant
                $"no critical point near: the next Newton step, of length {distance:G3}, does not lead to one")
        | _ -> step.Reason

/// How a residual leads to a step, and what of it no step explains, in the coordinates' units.
type internal NewtonSolution = { Step: float[]; Unexplained: float[] }

module internal NewtonSteps =

    /// A strategy shorter than this is measured by it: squares of shorter distances are no numbers any more.
    let private leastLength = 1e-92

    /// A simplified Newton step that is this much shorter than the one before has a zero near: below the 1/4 of the affine
    /// covariant Newton–Mysovskikh theorem (Deuflhard 2004, section 2.1).
    let private contracts = 0.25

    /// Shares of the step that a field that is more than rounding follows its linear model along, and multiples of the step
    /// where the model holds better than that if it is nothing but rounding.
    let private within, beyond =
        [| 1.0; 0.37; 1.7; -0.61 |], [| 1e2; 1e4; 1e6; 1e8; 1e10 |]

    /// A deviation from the linear model within the step of this share is none of a resolved field, if beyond, over so many of
    /// the multiples in a row, it is so much less, and little at all.
    let private wavers, steadies, steady, decades = 1.0 / 32.0, 1.0 / 8.0, 0.05, 3

    /// Steps up to so many times what the rounding of the coordinates makes are rounding.
    let private ofCoordinates = 8.0

    /// How far aside, as a share of the players' scales, the field is longer than at a zero; or how many steps where those
    /// are rounding.
    let private aside, asideOfRounding = 1e-4, 1e6

    let step approach distances relative contraction reason = {
        Approach = approach
        Distances = distances
        Relative = relative
        Contraction = contraction
        Reason = reason
    }

    let unresolved (game: Game) reason =
        step Approach.Unresolved (Array.create game.Players.Length nan) nan nan reason

    /// The length that a player's coordinates are measured by: its own strategy's, for angles half a turn at least.
    let scales tolerances (game: Game) (x: float[]) =
        Scaling.lengths game x
        |> Array.mapi (fun index length ->
            let player = game.Players[index]

            match player.Domain with
            | Domain.Circle -> max length (Math.PI * sqrt (float player.Dimension))
            | Domain.Box _
            | Domain.Set _
            | Domain.Free -> max length (max tolerances.Length leastLength))

    /// Tolerances for the end of a run: it began so far away that a point near the origin is measured by that.
    let afterRun tolerances (game: Game) (start: float[]) =
        let lengths =
            Scaling.lengths game start |> Array.filter (fun length -> length > 0.0)

        {
            tolerances with
                Length =
                    if lengths.Length = 0 then
                        tolerances.Length
                    else
                        max tolerances.Length (Array.min lengths)
        }

    /// How far rounding moves every player's own answer, from that of the field's entries and the scales of its rows and
    /// columns.
    let ownRounding (game: Game) (rounding: float[]) (rows: float[]) (columns: float[]) =
        game.Players
        |> Array.mapi (fun index player ->
            let mutable most = 0.0

            for entry in game.Offsets[index] .. game.Offsets[index] + player.Dimension - 1 do
                most <- max most rounding[entry]

            most * rows[index] * columns[index])

    let private share (length: float) (unit: float) =
        if length = 0.0 then 0.0 else length / unit

    /// Where a point stands.
    /// <param name="g">The field there, 0 in the entries that a bound holds.</param>
    /// <param name="evaluate">The field at another point, 0 in the same entries.</param>
    /// <param name="rounding">How much of every entry may be rounding of the point's own coordinates.</param>
    /// <param name="own">For every player how far that moves its own answer to the others.</param>
    /// <param name="solve">A⁻¹ of a residual; none where that is not to be had.</param>
    let judge
        tolerances
        (game: Game)
        (x: float[])
        (g: float[])
        (evaluate: float[] -> float[])
        (rounding: float[])
        (own: float[])
        (solve: float[] -> NewtonSolution voption)
        : NewtonStep =
        let scale = scales tolerances game x
        let players = [| 0 .. game.Players.Length - 1 |]

        /// How long every player's part of a step is.
        let lengthsOf (solution: NewtonSolution) =
            Array.map2 (+) (Scaling.lengths game solution.Step) (Scaling.lengths game solution.Unexplained)

        /// The same of the step that a residual leads to.
        let lengths residual =
            ValueOption.map lengthsOf (solve residual)

        if g |> Array.exists (Double.IsFinite >> not) then
            unresolved game "not finite"
        elif g |> Array.forall (fun value -> value = 0.0) then
            step Approach.Arrived (Array.zeroCreate game.Players.Length) 0.0 nan ""
        else
            match
                solve g
                |> ValueOption.map (fun solution -> struct (solution, lengthsOf solution))
            with
            | ValueSome(struct (solution, distances)) when not (Array.exists Double.IsNaN distances) ->
                let relative = Array.map2 share distances scale |> Array.fold max 0.0
                /// In these units the steps of different players compare.
                let unit = Array.map2 max scale distances

                let along factor =
                    let point = Array.map2 (fun value δ -> value - factor * δ) x solution.Step
                    game.Project point
                    evaluate point

                /// For every player how far the field is from its linear model so many steps on, as a share of the way.
                let deviations factor =
                    Array.map2 (fun there here -> there - (1.0 - factor) * here) (along factor) g
                    |> lengths
                    |> ValueOption.map (
                        Array.mapi (fun index length -> length / (abs factor * distances[index]))
                    )
                    |> ValueOption.defaultValue (Array.create players.Length nan)

                /// Whether the players' steps are nothing but rounding: a smooth field is the straighter the shorter the way.
                let isRounding () =
                    let small, large = Array.map deviations within, Array.map deviations beyond

                    players
                    |> Array.map (fun index ->
                        let wavering = small |> Array.fold (fun least row -> min least row[index]) infinity

                        let isSteady (row: float[]) =
                            row[index] <= min steady (wavering * steadies)

                        wavering >= wavers
                        && large |> Array.windowed decades |> Array.exists (Array.forall isSteady))

                /// The steps that rounding of the point's coordinates leads to, with two patterns of signs.
                let ofRounding () =
                    let signed parity =
                        rounding
                        |> Array.mapi (fun entry value ->
                            if (entry ^^^ parity) &&& 1 = 0 then value else -value)
                        |> lengths
                        |> ValueOption.defaultValue (Array.zeroCreate players.Length)

                    Array.map2 max (signed 0) (signed 1)

                let isWithin =
                    Array.map2
                        (fun distance scale -> share distance scale <= tolerances.Critical)
                        distances
                        scale

                let isThere, isPlain =
                    if Array.forall id isWithin then
                        true, true
                    else
                        let unknown = ofRounding ()

                        let isWithin =
                            players
                            |> Array.map (fun index ->
                                isWithin[index]
                                || distances[index] <= ofCoordinates * max own[index] unknown[index])

                        if Array.forall id isWithin then
                            true, false
                        else
                            Array.forall2 (||) isWithin (isRounding ()), false

                let greatest lengths =
                    Array.map2 share lengths unit |> Array.fold max 0.0

                let size residual =
                    lengths residual |> ValueOption.map greatest |> ValueOption.defaultValue nan

                let here = greatest distances

                /// Around a zero the field is longer; around a pole it is shorter.
                let growsAround () =
                    let factor =
                        if isPlain then
                            min asideOfRounding (max 10.0 (aside / relative))
                        else
                            asideOfRounding

                    let grows sign =
                        let there = size (along (sign * factor))
                        Double.IsNaN there || there >= 2.0 * here

                    grows 1.0 && grows -1.0

                if isThere && growsAround () then
                    step Approach.Arrived distances relative nan ""
                elif isThere then
                    unresolved
                        game
                        "the field is not smaller there than around: it has a pole, or it is known to no digit"
                elif distances |> Array.exists Double.IsInfinity then
                    step Approach.Far distances relative nan ""
                else
                    let contraction = size (along 1.0) / here

                    let approach =
                        if contraction <= contracts then
                            Approach.Near
                        else
                            Approach.Far

                    step approach distances relative contraction ""
            | _ -> unresolved game "the next Newton step could not be computed"

    /// The verdict on whether the field vanishes.
    let verdict (step: NewtonStep) =
        match step.Approach with
        | Approach.Arrived -> Verdict.Yes
        | Approach.Unresolved -> Verdict.Undecided
        | _ -> Verdict.No
