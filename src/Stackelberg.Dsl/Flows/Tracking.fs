namespace Stackelberg

open Stackelberg.Kernels

[<RequireQualifiedAccess>]
module Tracking =

    /// Flows of one batch.
    let private widest = 256

    let private checkGame func (game: Game) =
        let wrong problem =
            Require.wrong func (nameof game) (invariant $"is {game.Name}, {problem}")

        if game.Levels.Length < 2 then
            wrong "whose players are all on one level; tracking needs leaders and followers."

        if game.Players |> Array.exists (fun player -> DomainOps.isBounded player.Domain) then
            wrong "which has bounded players; the theory of two time scales is for strategies without bounds."

        if game.Batches.Length > 0 then
            wrong "which has a sampler; fix its draw with Game.withSampler."

    let private needRates func (rates: Rate[]) (game: Game) =
        if rates.Length <> 1 && rates.Length <> game.Players.Length then
            Require.wrong
                func
                (nameof rates)
                (invariant
                    $"holds {rates.Length} schedules, but 1 or {game.Players.Length} are needed (for all players or for each).")

    /// t_k = Σ γ₁ at the columns' steps.
    let private timesOf func (rates: Rate[]) (steps: int[]) (game: Game) =
        needRates func rates game
        let leaders = if rates.Length = 1 then 1 else game.Levels[0]
        let mutable time, step = 0.0, 0

        steps
        |> Array.map (fun until ->
            while step < until do
                step <- step + 1
                let rate = rates[0].At step

                for other in 1 .. leaders - 1 do
                    if rates[other].At step <> rate then
                        Require.wrong
                            func
                            (nameof rates)
                            (invariant
                                $"of {game.Players[0].Name} and {game.Players[other].Name} differ in step {step} ({rate} and {rates[other].At step}), but leaders share one time; give them one rate.")

                if not (rate >= 0.0) then
                    Require.wrong
                        func
                        (nameof rates)
                        (invariant
                            $"of {game.Players[0].Name} is {rate} in step {step}, but time does not run backwards; give rates of at least 0.")

                time <- time + rate

            time)

    let private distance game firstPlayer lastPlayer a aAt b bAt =
        sqrt (Distance.square game firstPlayer lastPlayer a aAt b bAt)

    /// From the answers at all points of all columns.
    let private followerGaps (game: Game) (columns: float[][]) count =
        let d = game.Dimension
        let points = Array.concat columns
        let answers = Reaction.Answers(game, points)
        let firstBelow, last = game.Levels[0], game.Players.Length - 1
        let gaps = Array2D.zeroCreate count columns.Length

        for column in 0 .. columns.Length - 1 do
            for run in 0 .. count - 1 do
                let at = (column * count + run) * d
                gaps[run, column] <- distance game firstBelow last points at answers at

        gaps

    let private leaderGaps (game: Game) (columns: float[][]) (times: float[]) count =
        let d = game.Dimension
        let last = game.Levels[0] - 1
        let starts = Array.init count (fun run -> columns[0][run * d .. run * d + d - 1])
        // Runs from one start share its flow.
        let distinct = Array.distinct starts
        let found = Array.zeroCreate<struct (float[][] * FlowOutcome)> distinct.Length

        Concurrently.chunks
            (Concurrently.width widest distinct.Length)
            distinct.Length
            ignore
            (fun () _ first size ->
                (LeaderFlow.follow game times (Array.sub distinct first size)).CopyTo(found, first))

        let flowFrom = Array.zip distinct found |> readOnlyDict
        let flows = starts |> Array.map (fun start -> flowFrom[start])

        let gaps =
            Array2D.init count times.Length (fun run column ->
                let struct (ξ, _) = flows[run]

                if column < ξ.Length then
                    distance game 0 last columns[column] (run * d) ξ[column] 0
                else
                    nan)

        gaps, flows

    let private track func fromStep (rates: Rate[]) (steps: int[]) (points: float[][]) count (game: Game) =
        checkGame func game

        // The theory's side is exact beside what a run in float32 rounds.
        let game =
            if game.Precision = DType.Float64 then
                game
            else
                Game.withPrecision DType.Float64 game

        let rows =
            [| 0 .. steps.Length - 1 |] |> Array.filter (fun row -> steps[row] >= fromStep)

        if rows.Length = 0 then
            Require.wrong
                func
                (nameof fromStep)
                (invariant
                    $"is {fromStep}, but the last recorded step is {Array.last steps}; give that or an earlier one.")

        let steps, columns =
            rows |> Array.map (Array.get steps), rows |> Array.map (Array.get points)

        let times = timesOf func rates steps game
        let times = times |> Array.map (fun time -> time - times[0])
        let gaps, flows = leaderGaps game columns times count

        TrackingRun(
            steps,
            times,
            followerGaps game columns count,
            gaps,
            flows |> Array.map (fun (struct (flow, _)) -> flow),
            flows |> Array.map (fun (struct (_, outcome)) -> outcome)
        )

    let ofRun (fromStep: int) (rates: Rate list) (run: Run) (game: Game) =
        let func = "Tracking.ofRun"

        if run.Game <> game.Name || run.Trajectory[0].Length <> game.Dimension then
            Require.wrong
                func
                (nameof game)
                (invariant $"is {game.Name}, but the run played {run.Game}; give the game that was played.")

        track func fromStep (Array.ofList rates) run.RecordedSteps run.Trajectory 1 game

    let ofEnsemble (fromStep: int) (runs: EnsembleRun) =
        let points = Array.init runs.RecordedSteps.Length runs.Points
        track "Tracking.ofEnsemble" fromStep runs.Rates runs.RecordedSteps points runs.Count runs.Game

    let warnings (rule: Rule) (rates: Rate list) (game: Game) =
        let rates = Array.ofList rates
        needRates "Tracking.warnings" rates game
        RateWarnings.ofRates (StepProgram.FieldsOf rule game |> Array.exists _.HoldsBounds) rates game
