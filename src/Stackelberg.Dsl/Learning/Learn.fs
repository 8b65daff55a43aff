namespace Stackelberg

open System
open System.Threading

[<RequireQualifiedAccess>]
module Learn =

    let private func = "Learn.run"

    /// How many reports of progress a run makes.
    let private reports = 100

    let settings = {
        Steps = 1000
        Rates = [ Rate.constant 0.1 ]
        Noise = Noise.none
        Seed = 0UL
        RecordEvery = 1
        Stop = Stop.Never
        Progress = null
        Cancellation = CancellationToken.None
    }

    let private needNotNegative name (value: int) =
        if value < 0 then
            Require.wrong func name $"is {value}, but a number of at least 0 is needed."

    let private needTolerance (tolerance: float) =
        if not (Double.IsFinite tolerance && tolerance > 0.0) then
            Require.wrong func "Stop" $"has tolerance {tolerance}, but a finite number above 0 is needed."

    let private checkNoise (rule: Rule) (settings: LearnSettings) (game: Game) =
        let name = nameof settings.Noise

        match settings.Noise with
        | Noise.Silent
        | Noise.Gaussian [| _ |] -> ()
        | Noise.Gaussian deviations ->
            if deviations.Length <> game.Players.Length then
                Require.wrong
                    func
                    name
                    $"holds {deviations.Length} standard deviations, but 1 (for all) or {game.Players.Length} (one per player) are needed."
        | Noise.Given draws ->
            let needed = settings.Steps * rule.EvaluationsPerStep

            if draws.Length < needed then
                Require.wrong
                    func
                    name
                    $"holds {draws.Length} draws, but {needed} are needed ({rule.EvaluationsPerStep} for each of {settings.Steps} steps)."

            for row in 0 .. needed - 1 do
                if draws[row].Length <> game.Dimension then
                    Require.wrong
                        func
                        name
                        $"has {draws[row].Length} numbers in draw {row}, but {game.Dimension} are needed ({game.Describe()})."

    let private checkStart (game: Game) (x: float[]) =
        for index in 0 .. game.Players.Length - 1 do
            let player, offset = game.Players[index], game.Offsets[index]

            for entry in 0 .. player.Dimension - 1 do
                let value = x[offset + entry]

                if not (Double.IsFinite value) then
                    Require.wrong
                        func
                        (nameof x)
                        $"holds {value} at entry {offset + entry} ({player.Name}); every entry must be finite."

                match player.Domain with
                | Domain.Box(lower, upper) when value < lower[entry] || value > upper[entry] ->
                    Require.wrong
                        func
                        (nameof x)
                        $"holds {value} at entry {offset + entry}, outside the box [{lower[entry]}, {upper[entry]}] of {player.Name}."
                | _ -> ()

    let private check rule (settings: LearnSettings) (game: Game) (x: Tensor) =
        game.Need func x
        checkStart game (x.ToArray())
        needNotNegative (nameof settings.Steps) settings.Steps
        needNotNegative (nameof settings.RecordEvery) settings.RecordEvery

        if settings.Rates.Length <> 1 && settings.Rates.Length <> game.Players.Length then
            Require.wrong
                func
                (nameof settings.Rates)
                $"holds {settings.Rates.Length} schedules, but 1 (for all) or {game.Players.Length} (one per player) are needed."

        match settings.Stop with
        | Stop.Never -> ()
        | Stop.UpdateBelow tolerance
        | Stop.FieldBelow tolerance -> needTolerance tolerance

        checkNoise rule settings game

    /// This step's rate of every entry.
    let private fillRates (game: Game) (rates: Rate[]) k (into: float[]) =
        for index in 0 .. game.Players.Length - 1 do
            let rate = rates[if rates.Length = 1 then 0 else index].At k

            for i in game.Offsets[index] .. game.Offsets[index + 1] - 1 do
                into[i] <- rate

    /// Projects onto boxes, measures the update, then wraps angles: a full turn is no update.
    let private settle (game: Game) (x: float[]) (next: float[]) =
        game.Project next
        let mutable sum = 0.0

        for i in 0 .. next.Length - 1 do
            let change = next[i] - x[i]
            sum <- sum + change * change

        game.Wrap next
        sqrt sum

    let run (rule: Rule) (settings: LearnSettings) (x: Tensor) (game: Game) : Run =
        check rule settings game x
        let dimension = game.Dimension
        let field = NoisyField(game, rule.Conjecture, settings.Noise, settings.Seed)
        let memory = rule.Memory dimension |> Array.map _.Value
        let step = RuleStep(dimension, memory, (fun at into -> field.Evaluate(at, into)))
        x.ToArray().CopyTo(step.X, 0)
        let rates = Array.ofList settings.Rates
        let trajectory, recorded = ResizeArray [ Array.copy step.X ], ResizeArray [ 0 ]

        let record steps =
            if recorded[recorded.Count - 1] <> steps then
                trajectory.Add(Array.copy step.X)
                recorded.Add steps

        let updateTolerance, fieldTolerance =
            match settings.Stop with
            | Stop.Never -> 0.0, 0.0
            | Stop.UpdateBelow tolerance -> tolerance, 0.0
            | Stop.FieldBelow tolerance -> 0.0, tolerance

        field.WatchesResidual <- fieldTolerance > 0.0
        let reportEvery = max 1 (settings.Steps / reports)
        let mutable steps = 0
        let mutable ended: Outcome voption = ValueNone

        while ended.IsNone && steps < settings.Steps do
            if settings.Cancellation.IsCancellationRequested then
                ended <- ValueSome(Outcome.Cancelled steps)
            else
                step.Number <- steps + 1
                fillRates game rates step.Number step.Rates
                rule.Step step
                let update = settle game step.X step.Next

                if field.HasFailed then
                    ended <- ValueSome(field.Explain(step.Number, step.X))
                elif not (NoisyField.IsFinite step.Next) then
                    let entry = Array.findIndex (Double.IsFinite >> not) step.Next

                    ended <-
                        ValueSome(
                            Outcome.NotFinite(
                                step.Number,
                                $"the strategy of {game.Players[game.OwnerOf entry].Name}"
                            )
                        )
                elif field.Residual < fieldTolerance then
                    ended <- ValueSome(Outcome.Converged steps)
                else
                    Array.Copy(step.Next, step.X, dimension)
                    steps <- steps + 1

                    if settings.RecordEvery > 0 && steps % settings.RecordEvery = 0 then
                        record steps

                    if update < updateTolerance then
                        ended <- ValueSome(Outcome.Converged steps)

                    if not (isNull settings.Progress) && steps % reportEvery = 0 then
                        settings.Progress.Report(LearnProgress(steps, settings.Steps, update))

        record steps

        let outcome =
            match ended with
            | ValueSome outcome -> outcome
            | ValueNone ->
                field.Exact(step.X, step.Gradient)

                if field.HasFailed then
                    field.Explain(steps, step.X)
                else
                    Outcome.OutOfSteps(settings.Steps, game.Residual(step.X, step.Gradient))

        Run(
            game.Name,
            rule.Name,
            settings.Seed,
            outcome,
            steps,
            trajectory.ToArray(),
            recorded.ToArray(),
            (Game.costs game (Tensor.ofArray step.X)).ToArray(),
            field.Solves
        )
