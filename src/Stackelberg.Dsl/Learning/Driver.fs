namespace Stackelberg

open System

/// Makes a run's steps: schedules, noise, domains, recording, stopping and divergence are its work, so that a rule is
/// only its step.
[<Sealed>]
type internal Driver(rule: Rule, settings: LearnSettings, game: Game, start: float[]) =

    let dimension = game.Dimension
    let field = NoisyField(game, rule.Conjecture, settings.Noise, settings.Seed)
    let memory = rule.Memory dimension |> Array.map _.Value
    let step = RuleStep(dimension, memory, (fun at into -> field.Evaluate(at, into)))
    let rates = Array.ofList settings.Rates
    let trajectory, recorded = ResizeArray<float[]>(), ResizeArray<int>()

    let updateTolerance, fieldTolerance =
        match settings.Stop with
        | Stop.Never -> 0.0, 0.0
        | Stop.UpdateBelow tolerance -> tolerance, 0.0
        | Stop.FieldBelow tolerance -> 0.0, tolerance

    let record steps =
        if recorded.Count = 0 || recorded[recorded.Count - 1] <> steps then
            trajectory.Add(Array.copy step.X)
            recorded.Add steps

    do
        start.CopyTo(step.X, 0)
        field.WatchesResidual <- fieldTolerance > 0.0
        record 0

    /// This step's rate of every entry.
    let fillRates k =
        let into, offsets = step.Rates, game.Offsets

        for index in 0 .. offsets.Length - 2 do
            let rate = rates[if rates.Length = 1 then 0 else index].At k

            for i in offsets[index] .. offsets[index + 1] - 1 do
                into[i] <- rate

    /// Projects onto boxes, measures the update, then wraps angles: a full turn is no update.
    let settle () =
        let x, next = step.X, step.Next
        game.Project next
        let mutable sum = 0.0

        for i in 0 .. next.Length - 1 do
            let change = next[i] - x[i]
            sum <- sum + change * change

        game.Wrap next
        sqrt sum

    /// Whose number is not finite: the rate's, if it is, for it spoils the strategy.
    let notFinite () =
        let owner (values: float[]) =
            values
            |> Array.tryFindIndex (Double.IsFinite >> not)
            |> Option.map (fun entry -> game.Players[game.OwnerOf entry].Name)

        match owner step.Rates, owner step.Next with
        | Some player, _ -> $"the rate of {player}"
        | None, Some player -> $"the strategy of {player}"
        | None, None -> "the length of the update"

    /// Steps made.
    member val Steps = 0 with get, set

    /// ‖x⁺ − x‖₂ of the last step.
    member val Update = 0.0 with get, set

    /// How the run ended before its last step.
    member val Ended: Outcome voption = ValueNone with get, set

    member private this.End outcome = this.Ended <- ValueSome outcome

    member this.Cancel() = this.End(Outcome.Cancelled this.Steps)

    /// One step; where it fails, the strategy stays.
    member this.Advance() =
        let number = this.Steps + 1
        step.Number <- number
        fillRates number
        rule.Step step
        let update = settle ()

        if field.HasFailed then
            this.End(field.Explain(number, step.X))
        elif not (Double.IsFinite update || NoisyField.IsFinite step.Next) then
            this.End(Outcome.NotFinite(number, notFinite ()))
        elif field.Residual < fieldTolerance then
            this.End(Outcome.Converged this.Steps)
        else
            Array.Copy(step.Next, step.X, dimension)
            this.Steps <- number
            this.Update <- update

            if settings.RecordEvery > 0 && number % settings.RecordEvery = 0 then
                record number

            if update < updateTolerance then
                this.End(Outcome.Converged number)

    /// The outcome of a run that made all its steps.
    member private this.OutOfSteps() =
        field.Exact(step.X, step.Gradient)

        if field.HasFailed then
            field.Explain(this.Steps, step.X)
        else
            Outcome.OutOfSteps(settings.Steps, game.Residual(step.X, step.Gradient))

    /// What the run did.
    member this.Finish() : Run =
        record this.Steps

        Run(
            game.Name,
            rule.Name,
            settings.Seed,
            this.Ended |> ValueOption.defaultWith this.OutOfSteps,
            this.Steps,
            trajectory.ToArray(),
            recorded.ToArray(),
            (Game.costs game (Tensor.ofArray step.X)).ToArray(),
            field.Solves
        )
