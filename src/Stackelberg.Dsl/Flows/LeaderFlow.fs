namespace Stackelberg

open System

/// The flow ξ̇ = −Df₁(ξ, r(ξ)) of the top level along the answer of the players below.
module internal LeaderFlow =

    /// Errors of the steps are small against gaps of the size of the rates; a flow that needs more steps is stiff or near a fold
    /// of the answer.
    let private limits = Flow.settings

    /// ξ at rising times, from joint strategies at the first of them, as far as each goes; and how it ended.
    let follow (game: Game) (times: float[]) (starts: float[][]) : struct (float[][] * FlowOutcome)[] =
        let d, top, width = game.Dimension, game.Offsets[game.Levels[0]], starts.Length
        let reaction = Reaction(game, width)

        let total =
            FieldRows(
                FieldProgram.OfConjecture (Linearisation.exactly game Conjecture.bestResponse) game,
                width
            )

        // The answers at the last points where there were any, from which the next are sought.
        let answers = starts |> Array.map Array.copy
        let g = starts |> Array.map (fun _ -> Array.zeroCreate<float> d)
        let joint = Array.zeroCreate<float>(width * d)
        let asking: float[][] = Array.zeroCreate width

        let slopes (points: float[][]) (into: float[][]) =
            let rows =
                [| 0 .. points.Length - 1 |]
                |> Array.filter (fun row -> not (isNull points[row]))

            for k, row in Array.indexed rows do
                Array.blit answers[row] 0 joint (k * d) d
                Array.blit points[row] 0 joint (k * d) top

            reaction.Solve(joint, 0, rows.Length)
            Array.Clear asking

            for k, row in Array.indexed rows do
                let found = Array.sub joint (k * d) d

                if Finite.all found then
                    answers[row] <- found
                    asking[row] <- found

            if Array.exists (isNull >> not) asking then
                total.Evaluate(asking, g)

            for row in rows do
                for i in 0 .. top - 1 do
                    into[row].[i] <- if isNull asking[row] then nan else -g[row].[i]

        let system = {
            FlowSystem.ofSlope "the leaders' total gradient at the followers' answer" null with
                Slopes = slopes
        }

        starts
        |> Array.map (Array.truncate top)
        |> FlowTimes.integrate limits (times |> Array.map (fun time -> time - times[0])) system
