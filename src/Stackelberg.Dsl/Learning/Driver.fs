namespace Stackelberg

open System
open System.Collections.Generic

/// Preconditioners of a run, with what they remember.
[<Sealed>]
type internal PreconditionerRun(preconditioners: Preconditioner[], game: Game) =

    let ofPlayer index =
        preconditioners[if preconditioners.Length = 1 then 0 else index]

    let memory =
        if preconditioners.Length = 0 then
            [||]
        else
            game.Players
            |> Array.mapi (fun index player -> (ofPlayer index).Memory player.Dimension)

    let values = memory |> Array.map (Array.map _.Value)

    /// How often each player's direction was preconditioned.
    member val Uses: float[] = Array.zeroCreate game.Players.Length

    member _.Memory = [|
        for index in 0 .. memory.Length - 1 do
            for pair in memory[index] do
                KeyValuePair($"{game.Players[index].Name}: {pair.Key}", pair.Value)
    |]

    /// The name of a player's preconditioner.
    member _.NameOf(player: int) = (ofPlayer player).Name

    /// Whether all that is remembered of a player is finite.
    member _.IsSound(player: int) =
        memory.Length = 0
        || values[player] |> Array.forall (Array.forall Double.IsFinite)

    /// Whether P(g) = g.
    member _.IsNone = preconditioners.Length = 0

    /// P(g) of one player's entries.
    member this.Apply(player: int, g: float[], into: float[]) =
        let uses = this.Uses[player] + 1.0
        this.Uses[player] <- uses
        let first = game.Offsets[player]
        (ofPlayer player).Apply(int uses, values[player], g, into, first, game.Offsets[player + 1] - first)

/// Makes a run's steps: schedules, noise, domains, recording, stopping and divergence are its work, so that a rule is
/// only its step. A network's joint strategy is large, so the driver has few arrays of its length; it keeps the start,
/// which nobody may write any more, as the trajectory's first point.
[<Sealed>]
type internal Driver(rule: Rule, settings: LearnSettings, game: Game, start: float[]) =

    let dimension = game.Dimension
    let field = NoisyField(game, rule.Directions game, settings.Noise, settings.Seed)
    let memory = rule.Memory dimension
    let preconditioners = PreconditionerRun(rule.Preconditioners, game)

    /// Room for P(g), for moves whose result lies where they begin.
    let room = lazy (Array.zeroCreate<float> dimension)

    let isOneOf (a: float[]) (b: float[]) (array: float[]) =
        Object.ReferenceEquals(array, a) || Object.ReferenceEquals(array, b)

    let step =
        RuleStep(
            game,
            memory |> Array.map _.Value,
            rule.WorkArrays,
            {
                new IRuleField with
                    member _.Evaluate(direction, at, into) = field.Evaluate(direction, at, into)
                    member _.Exact(direction, at, into) = field.Inner(direction, at, into)

                    member _.Further(direction, input, values) = field.Further(direction, input, values)

                    member _.Move(step, player, from, g, into) =
                        let direction =
                            if preconditioners.IsNone then g
                            elif isOneOf from g into then room.Value
                            else into

                        let firstPlayer = max player 0
                        let lastPlayer = if player < 0 then game.Players.Length - 1 else player

                        for index in firstPlayer..lastPlayer do
                            if not preconditioners.IsNone then
                                preconditioners.Apply(index, g, direction)

                            let rate = step.RateOf index

                            for i in game.Offsets[index] .. game.Offsets[index + 1] - 1 do
                                into[i] <- from[i] - rate * direction[i]

                        game.Project into
            }
        )

    let rates = Array.ofList settings.Rates

    let rateOf index =
        rates[if rates.Length = 1 then 0 else index]

    let trajectory, recorded = ResizeArray<float[]>(), ResizeArray<int>()
    let trace = Trace(game, settings.Steps)

    let updateTolerance, fieldTolerance = Ending.tolerances settings.Stop

    let record steps =
        if recorded.Count = 0 || recorded[recorded.Count - 1] <> steps then
            trajectory.Add(Array.copy step.X)
            recorded.Add steps

    do
        start.CopyTo(step.X, 0)
        field.WatchesResidual <- fieldTolerance > 0.0

    /// This step's rates.
    let setRates k =
        for index in 0 .. game.Players.Length - 1 do
            step.SetRate(index, (rateOf index).At k)

    /// The greatest of the last step's rates.
    let greatestRate () =
        let mutable most = 0.0

        for index in 0 .. game.Players.Length - 1 do
            most <- max most (abs (step.RateOf index))

        most

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

    let counterNames = [| "evaluations"; "random position"; "update" |]
    let uses = "preconditioned"

    /// What the rule and the preconditioners remember, by the names that a saved state has for it.
    let remembered () = [|
        for pair in memory do
            KeyValuePair($"rule: {pair.Key}", pair.Value)

        for pair in preconditioners.Memory do
            KeyValuePair($"preconditioner: {pair.Key}", pair.Value)
    |]

    /// Up to this many dimensions a run can say what kind of point it ended at.
    let classifiedUpTo = 50

    let shortfall, way = "worst shortfall", "way"
    let indefinite = "steps of indefinite curvature"
    let warmName index = $"warm start of direction {index}"

    /// Steps made.
    member val Steps = 0 with get, set

    /// ‖x⁺ − x‖₂ of the last step.
    member val Update = 0.0 with get, set

    /// How the run ended before its last step.
    member val Ended: Outcome voption = ValueNone with get, set

    /// The joint strategy; not to be written.
    member _.X = step.X

    /// The last value of the first direction, noise included, that the rule left in its place; not to be written.
    member _.Gradient = step.Gradient

    member _.Field = field

    member private this.End outcome = this.Ended <- ValueSome outcome

    /// Numbers that are not finite, of a run that had gone far away before.
    member private _.Leaving(outcome: Outcome) : Outcome =
        match outcome with
        | Outcome.NotFinite(number, quantity) when trace.HasLeft step.X ->
            let grown =
                $"it diverges, the joint strategy's norm having grown from {Ending.number trace.Start} to {Ending.number (RestPoint.norm step.X)}"

            Outcome.NotFinite(number, $"{quantity}; {grown}")
        | outcome -> outcome

    /// How a run ends whose stopping test held at some value, or which made all its steps.
    member private this.Settle(met: float voption) : Outcome =
        trace.Look step.X
        let warm = field.WarmStarts
        field.Exact(0, step.X, step.Gradient)

        if field.HasFailed then
            field.Explain this.Steps
        else
            let outcome =
                Ending.decide
                    {
                        Game = game
                        Stop = settings.Stop
                        Steps = this.Steps
                        Limit = settings.Steps
                        X = step.X
                        Field = Array.copy step.Gradient
                        Evaluate = fun at into -> field.Probe(at, into)
                        Reach = trace.Reach
                        Update = this.Update
                        Trend =
                            if field.IsNoisy then
                                nan
                            else
                                trace.Trend(this.Update, greatestRate ())
                        IsNoisy = field.IsNoisy
                        FirstRate = fun index -> (rateOf index).At 1
                        LastRate = fun index -> (rateOf index).At(max 1 this.Steps)
                        Preconditioner =
                            fun index ->
                                if preconditioners.IsNone then
                                    null
                                else
                                    preconditioners.NameOf index
                        IsSound = fun index -> preconditioners.IsSound index
                    }
                    met

            field.WarmStarts <- warm
            outcome

    member this.Cancel() = this.End(Outcome.Cancelled this.Steps)

    /// Keeps the start as the trajectory's first point. The run must be there, as it is after Restore.
    member this.Begin() =
        if this.Steps = 0 then
            trace.Begin start

        trajectory.Add start
        recorded.Add this.Steps

    /// One step; where it fails, the strategy stays.
    member this.Advance() =
        let number = this.Steps + 1
        step.Number <- number
        setRates number
        field.WasIndefinite <- false
        rule.Step step
        let update = settle ()

        if field.HasFailed then
            this.End(this.Leaving(field.Explain number))
        elif step.Failure.IsSome then
            this.End step.Failure.Value
        elif not (Double.IsFinite update || NoisyField.IsFinite step.Next) then
            this.End(this.Leaving(Outcome.NotFinite(number, notFinite ())))
        elif field.Residual < fieldTolerance then
            this.End(this.Settle(ValueSome field.Residual))
        else
            Array.Copy(step.Next, step.X, dimension)
            this.Steps <- number
            this.Update <- update

            if field.WasIndefinite then
                field.Solves.AddIndefiniteStep()

            if settings.RecordEvery > 0 && number % settings.RecordEvery = 0 then
                record number

            if trace.IsMark number then
                trace.Step(number, step.X, update, greatestRate ())

            if update < updateTolerance then
                this.End(this.Settle(ValueSome update))

    /// All that the run needs to go on, copied.
    member this.Save() : LearnState =
        let struct (evaluations, position) = field.Counters

        let counters = [| float evaluations; float position; this.Update |]
        trace.Look step.X

        let arrays = [|
            KeyValuePair("strategy", Array.copy step.X)

            for i in 0 .. counters.Length - 1 do
                KeyValuePair(counterNames[i], [| counters[i] |])

            KeyValuePair("solves", field.Solves.Save())
            KeyValuePair(indefinite, [| float field.Solves.IndefiniteSteps |])

            if field.Solves.FellShort > 0L then
                KeyValuePair(shortfall, field.Shortfall.Saved)

            KeyValuePair(uses, Array.copy preconditioners.Uses)
            KeyValuePair(way, trace.Saved)

            for pair in remembered () do
                KeyValuePair(pair.Key, Array.copy pair.Value)

            for index, warm in Array.indexed field.WarmStarts do
                if warm.Length > 0 then
                    KeyValuePair(warmName index, warm)
        |]

        LearnState(game.Name, rule.Name, settings.Seed, this.Steps, arrays)

    /// Goes on where a state was saved.
    member this.Restore(state: LearnState) =
        let counter i = state.Get(counterNames[i], 1)[0]
        state.Get("strategy", dimension).CopyTo(step.X, 0)
        field.Counters <- struct (int64 (counter 0), uint64 (counter 1))
        state.Get(uses, preconditioners.Uses.Length).CopyTo(preconditioners.Uses, 0)
        this.Update <- counter 2
        this.Steps <- state.Steps
        state.TryGet way |> ValueOption.iter (fun saved -> trace.Saved <- saved)

        field.Solves <-
            SolveSummary.Restore(state.Get("solves", SolveSummary.SavedLength), (state.Get(indefinite, 1))[0])

        if field.Solves.FellShort > 0L then
            field.Shortfall.Saved <- state.Get(shortfall, 2 + 2 * dimension)


        for pair in remembered () do
            state.Get(pair.Key, pair.Value.Length).CopyTo(pair.Value, 0)

        field.WarmStarts <-
            field.WarmStarts
            |> Array.mapi (fun index warm ->
                if warm.Length > 0 then
                    state.Get(warmName index, warm.Length)
                else
                    warm)

    /// The outcome of a run that made all its steps.
    member private this.OutOfSteps() =
        if trace.HasDiverged(step.X, this.Update, greatestRate (), field.IsNoisy) then
            Outcome.Diverged(this.Steps, trace.Start, RestPoint.norm step.X)
        else
            this.Settle ValueNone

    /// What the run did.
    member this.Finish() : Run =
        record this.Steps
        field.MeasureShortfall()
        let costs = CostRun game
        costs.Seed <- settings.Seed
        costs.Draw field.Draw
        costs.Evaluate step.X

        let outcome = this.Ended |> ValueOption.defaultWith this.OutOfSteps
        let final = Array.copy step.X

        // A draw of sampled costs has other critical points than their mean.
        let report =
            if outcome.HasFailed || game.Batches.Length > 0 || game.Dimension > classifiedUpTo then
                null
            else
                Lazy<Report>(fun () ->
                    Classification.report (NewtonSteps.afterRun Tolerances.usual game start) game final)

        Run(
            game.Name,
            rule.Name,
            settings.Seed,
            outcome,
            this.Steps,
            trajectory.ToArray(),
            recorded.ToArray(),
            costs.Costs,
            field.Solves,
            RateWarnings.ofRun (rule.Directions game) settings game,
            report
        )
