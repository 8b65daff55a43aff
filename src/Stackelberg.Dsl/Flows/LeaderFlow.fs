namespace Stackelberg

open System

/// The flow ξ̇ = −Df₁(ξ, r(ξ)) of the top level along the answer of the players below.
module internal LeaderFlow =

    /// Errors of the steps, against gaps of the size of the rates.
    let private tolerance = 1e-9

    /// Steps at most: a flow that needs more is stiff or near a fold of the answer.
    let private limit = 100_000

    /// ξ at rising times, from a joint strategy at the first of them, as far as it goes; and how it ended.
    let follow (game: Game) (start: float[]) (times: float[]) : float[][] * FlowOutcome =
        let top = game.Offsets[game.Levels[0]]
        let reaction = Reaction(game, 1)

        let total =
            FieldRun(FieldProgram.OfConjecture (Linearisation.exactly game Conjecture.bestResponse) game)

        let joint, g = Array.copy start, Array.zeroCreate game.Dimension
        // The answer at the last point where there was one, from which the next is sought.
        let answer = Array.copy start

        let slope =
            Action<float[], float[]>(fun ξ into ->
                Array.blit answer 0 joint 0 game.Dimension
                Array.blit ξ 0 joint 0 top
                reaction.Solve(joint, 0, 1)

                if Array.forall Double.IsFinite joint then
                    Array.blit joint top answer top (game.Dimension - top)
                    total.Evaluate(joint, g)
                    Array.iteri (fun i _ -> into[i] <- -g[i]) into
                else
                    Array.fill into 0 top nan)

        let pair = DormandPrince(top, slope)
        let control = StepControl(pair, tolerance, tolerance)
        let points = ResizeArray<float[]>()
        let begun, until = times[0], Array.last times - times[0]

        let norm () =
            Dense.norm (Array2D.init 1 top (fun _ i -> pair.First[i]))

        let keep () =
            while points.Count < times.Length && times[points.Count] - begun <= control.Time do
                let point = Array.zeroCreate top
                let time = times[points.Count] - begun

                if control.Accepted = 0 then
                    Array.blit pair.X 0 point 0 top
                else
                    pair.Interpolate((time - control.Began) / (control.Time - control.Began), point)

                points.Add point

        let rec go () =
            if control.Time >= until then
                FlowOutcome.ReachedTime(control.Time, norm ())
            elif control.Accepted >= limit then
                FlowOutcome.OutOfSteps(limit, control.Time)
            elif control.Advance until then
                keep ()
                pair.Move false
                go ()
            else
                FlowOutcome.Blocked(control.Time, norm ())

        pair.Start start[.. top - 1]

        if Array.forall Double.IsFinite pair.First then
            keep ()

            if until > 0.0 then
                control.Begin(slope, until)

            let outcome = go ()
            points.ToArray(), outcome
        else
            [||], FlowOutcome.NotFinite "the leaders' total gradient at the followers' answer"
