namespace Stackelberg

/// Why a field is not finite at a finite point.
[<RequireQualifiedAccess>]
type internal Breakdown =
    /// The followers' second derivatives are singular to working precision.
    | Singular of reciprocalCondition: float
    /// Something else: whose gradient.
    | NotFinite of quantity: string

module internal Breakdown =

    /// A reciprocal condition that leaves a solve no correct digit.
    let private singularBelow = 1e-14

    /// Above this dimension the condition, which needs the whole Jacobian, is not looked at.
    let private largestDecomposed = 2000

    /// <param name="game">The game, which names its players.</param>
    /// <param name="field">The field; none for one that can be evaluated in its step alone.</param>
    /// <param name="name">The field's name.</param>
    /// <param name="partial">ω on the field's draw.</param>
    /// <param name="at">Where.</param>
    let ofField (game: Game) (field: FieldRun voption) (name: string) (partial: FieldRun) (at: float[]) =
        let g = Array.zeroCreate game.Dimension

        let firstBad () =
            g |> Array.tryFindIndex (System.Double.IsFinite >> not)

        let blame gradient entry (run: FieldRun) =
            let whose = (invariant $"the {gradient} of {game.Players[game.OwnerOf entry].Name}")

            match run.FirstNotFinite() with
            | null -> Breakdown.NotFinite whose
            | fault -> Breakdown.NotFinite(invariant $"{whose} ({fault})")

        partial.Evaluate(at, g)

        match firstBad () with
        | Some entry -> blame "gradient" entry partial
        | None ->
            let top = game.Offsets[game.Levels[0]]

            let isHeld entry =
                match field with
                | ValueSome field ->
                    field.Evaluate(at, g)
                    field.IsHeld entry
                | ValueNone -> false

            let answering = [| top .. game.Dimension - 1 |] |> Array.filter (isHeld >> not)

            let condition =
                if game.Dimension > largestDecomposed then
                    nan
                else
                    partial.Jacobian at
                    |> Dense.select answering answering
                    |> Dense.reciprocalCondition

            match field with
            | ValueNone when not (condition < singularBelow) ->
                Breakdown.NotFinite(invariant $"the field \"{name}\"")
            | ValueSome field when not (condition < singularBelow) ->
                field.Evaluate(at, g)

                match firstBad () with
                | Some entry -> blame "total gradient" entry field
                | None -> Breakdown.Singular condition
            | _ -> Breakdown.Singular condition

    /// On the first draw of seed 0, or on the draw that the field has been given, of which ω is then that of draw 0.
    let explain (game: Game) (field: FieldRun) (at: float[]) =
        let partial = FieldRun(FieldProgram.OfConjecture Conjecture.none game)
        ofField game (ValueSome field) "" partial at
