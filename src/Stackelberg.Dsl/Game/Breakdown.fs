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

    let explain (game: Game) (field: FieldRun) (at: float[]) =
        let partial = FieldRun(FieldProgram.OfConjecture Conjecture.none game)
        let g = Array.zeroCreate game.Dimension

        let firstBad () =
            g |> Array.tryFindIndex (System.Double.IsFinite >> not)

        let blame gradient entry (run: FieldRun) =
            let whose = $"the {gradient} of {game.Players[game.OwnerOf entry].Name}"

            match run.FirstNotFinite() with
            | null -> Breakdown.NotFinite whose
            | fault -> Breakdown.NotFinite $"{whose} ({fault})"

        partial.Evaluate(at, g)

        match firstBad () with
        | Some entry -> blame "gradient" entry partial
        | None ->
            field.Evaluate(at, g)
            let top = game.Offsets[game.Levels[0]]

            let answering =
                [| top .. game.Dimension - 1 |] |> Array.filter (field.IsHeld >> not)

            let condition =
                if game.Dimension > largestDecomposed then
                    nan
                else
                    partial.Jacobian at
                    |> Dense.select answering answering
                    |> Dense.reciprocalCondition

            match firstBad () with
            | Some entry when not (condition < singularBelow) -> blame "total gradient" entry field
            | _ -> Breakdown.Singular condition
