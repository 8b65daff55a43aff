// Long, because it is the one loop of learning: what a step reads, writes, saves and is judged by is one state.
namespace Stackelberg

open System
open System.Collections.Generic

/// Makes a run's steps: schedules, noise, domains, recording, stopping and divergence are its work, so that a rule is
/// only its step. A network's joint strategy is large, so the driver has few arrays of its length; it keeps the start,
/// which nobody may write any more, as the trajectory's first point.
[<Sealed>]
type internal Driver(rule: Rule, settings: LearnSettings, game: Game, start: float[]) =

    let dimension = game.Dimension
    let updateTolerance, fieldTolerance = Ending.tolerances settings.Stop
    let rates = Array.ofList settings.Rates
    let speed = rule.Definition.Speed

    let isRateEach = LearnProgram.isRateEach rule settings game
    let isSampled = game.Batches.Length > 0

    let program = LearnProgram.ofRun rule settings game

    let rateOf index =
        rates[if rates.Length = 1 then 0 else index]

    /// Rates that are the same at every step are set once.
    let areConstant = rates |> Array.forall _.IsConstant

    let run = StepRun(program, areConstant, settings.Noise, settings.Seed)
    let fields = program.Layout.Fields

    let shortfall = Shortfall(game, program.Layout.Field, settings.Seed)

    let isNoisy =
        isSampled
        || match settings.Noise with
           | Noise.Silent -> false
           | Noise.Gaussian deviations
           | Noise.Growing deviations -> deviations |> Array.exists (fun deviation -> deviation > 0.0)
           | Noise.Given _ -> true

    let mutable areSet = false

    let setRates k =
        if not (areConstant && areSet) then
            areSet <- true

            for index in 0 .. run.Rates.Length - 1 do
                run.Rates[index].[0] <- (rateOf index).At k

    /// Made once, since a step allocates nothing.
    let rateSetter = Action<int>(setRates)

    let factorOf index =
        if isRateEach then speed game.Seats[index].Level else 1.0

    /// The greatest of the last step's rates.
    let greatestRate () =
        let mutable most = 0.0

        for index in 0 .. run.Rates.Length - 1 do
            most <- max most (abs (factorOf index * run.Rates[index].[0]))

        most

    let trajectory, recorded = ResizeArray<float[]>(), ResizeArray<int>()
    let trace = Trace(game, settings.Steps)

    let squaredTolerance =
        if updateTolerance > 0.0 then
            max Double.Epsilon (updateTolerance * updateTolerance)
        else
            0.0

    let hasSolves = run.HasSolves
    let mayBeIndefinite = run.MayBeIndefinite
    let mutable squareOfUpdate = 0.0

    /// How many reports of progress a run makes.
    let reports = 100

    let reportEvery = max 1 (settings.Steps / reports)

    /// Whether nothing but the update is asked of most steps.
    let isPlain =
        not isSampled && not hasSolves && not mayBeIndefinite && fieldTolerance = 0.0

    /// The next step that is recorded, reported or looked at, or the last one.
    let nextCareful steps last =
        let multiple every = (steps / every + 1) * every
        let mutable next = last

        if settings.RecordEvery > 0 then
            next <- min next (multiple settings.RecordEvery)

        if not (isNull settings.Progress) then
            next <- min next (multiple reportEvery)

        for mark in trace.Marks do
            if mark > steps then
                next <- min next mark

        next

    let record steps =
        if recorded.Count = 0 || recorded[recorded.Count - 1] <> steps then
            trajectory.Add(Array.copy run.X)
            recorded.Add steps

    do
        start.CopyTo(run.X, 0)

        for struct (name, values) in StepExpression.memory rule game start do
            values.CopyTo(run.Memory[Array.IndexOf(run.Names, name)], 0)

        setRates 1

    /// Whose number is not finite: the rate's, if it is, for it spoils the strategy.
    let notFinite () =
        let badRate =
            game.Players
            |> Array.indexed
            |> Array.tryFind (fun (index, _) ->
                not (Double.IsFinite((run.Rates[if isRateEach then index else 0])[0])))

        match badRate with
        | Some(_, player) -> (invariant $"the rate of {player.Name}")
        | None ->
            match run.Next |> Array.tryFindIndex (Double.IsFinite >> not) with
            | Some entry -> (invariant $"the strategy of {game.Players[game.OwnerOf entry].Name}")
            | None -> "the length of the update"

    /// Why a field is not finite at a point.
    let explainField number (field: Direction) (at: float[]) : Outcome =
        let onDraw (field: Direction) =
            let found = FieldRun(FieldProgram.Of field game)
            found.Seed <- settings.Seed

            if isSampled then
                found.Draw run.Draw

            found

        let breakdown =
            Breakdown.ofField
                game
                (if isNull (box field) || field.IsOpen then
                     ValueNone
                 else
                     ValueSome(onDraw field))
                (if isNull (box field) then rule.Name else field.Name)
                (onDraw (Direction.ofConjecture Conjecture.none))
                at

        match breakdown with
        | Breakdown.Singular condition -> Outcome.SingularFollower(number, condition)
        | Breakdown.NotFinite quantity -> Outcome.NotFinite(number, quantity)

    /// Why a step gave numbers that are not finite.
    let explain (number: int) : Outcome =
        let isBad (value: Tensor) = not (Finite.all (value.ToArray()))

        let badRate = run.Rates |> Array.exists (fun rate -> not (Double.IsFinite rate[0]))

        match
            (if badRate then
                 None
             else
                 run.Replay() |> Array.tryFind (fun found -> isBad found.Exact))
        with
        | None -> Outcome.NotFinite(number, notFinite ())
        | Some found when isBad found.At ->
            Outcome.NotFinite(
                number,
                (invariant $"a point at which the rule evaluates \"{found.Field.Name}\"")
            )
        | Some found -> explainField number found.Field (found.At.ToArray())

    let counterNames = [| "evaluations"; "random position"; "update" |]
    let uses = "preconditioned"

    /// Up to this many dimensions a run can say what kind of point it ended at.
    let classifiedUpTo = 50

    let worst, way = "worst shortfall", "way"
    let indefinite = "steps of indefinite curvature"
    let warm = "warm start"

    /// Steps made.
    member val Steps = 0 with get, set

    /// ‖x⁺ − x‖₂ of the last step.
    member _.Update
        with get () = sqrt squareOfUpdate
        and set (update: float) = squareOfUpdate <- update * update

    /// How the run ended before its last step.
    member val Ended: Outcome voption = ValueNone with get, set

    /// How the inner solves went.
    member val Solves = SolveSummary() with get, set

    /// The joint strategy; not to be written.
    member _.X = run.X

    /// The last value of the first field that a step asks for, noise included; not to be written.
    member _.Gradient = run.Value

    /// How many evaluations of fields there were.
    member _.Evaluations: int64 =
        let struct (evaluations, _) = run.Counters
        evaluations

    member private this.End outcome = this.Ended <- ValueSome outcome

    /// Numbers that are not finite, of a run that had gone far away before.
    member private _.Leaving(outcome: Outcome) : Outcome =
        match outcome with
        | Outcome.NotFinite(number, quantity) when trace.HasLeft run.X ->
            let grown =
                (invariant
                    $"it diverges, the joint strategy's norm having grown from {trace.Start:G4} to {RestPoint.norm run.X:G4}")

            Outcome.NotFinite(number, (invariant $"{quantity}; {grown}"))
        | outcome -> outcome

    /// How a run ends whose stopping test held at some value, or which made all its steps.
    member private this.Settle(met: float voption) : Outcome =
        trace.Look run.X
        let field: float[] = Array.zeroCreate dimension

        if not (run.Probe(run.X, field)) then
            explainField this.Steps program.Layout.Field run.X
        else
            let isSound index =
                Array.forall2
                    (fun (name: string) (values: float[]) ->
                        not (
                            name.StartsWith(
                                (invariant $"preconditioner: {game.Players[index].Name}: "),
                                StringComparison.Ordinal
                            )
                        )
                        || Finite.all values)
                    run.Names
                    run.Memory

            Ending.decide
                {
                    Game = game
                    Stop = settings.Stop
                    Steps = this.Steps
                    Limit = settings.Steps
                    X = run.X
                    Field = field
                    Evaluate = fun at into -> run.Probe(at, into)
                    Reach = trace.Reach
                    Update = this.Update
                    Trend =
                        if isNoisy then
                            nan
                        else
                            trace.Trend(this.Update, greatestRate ())
                    IsNoisy = isNoisy
                    FirstRate = fun index -> (rateOf index).At 1
                    LastRate = fun index -> (rateOf index).At(max 1 this.Steps)
                    Preconditioner =
                        fun index ->
                            if rule.Preconditioners.Length = 0 then
                                null
                            else
                                (rule.PreconditionerOf index).Name
                    IsSound = isSound
                }
                met

    member this.Cancel() = this.End(Outcome.Cancelled this.Steps)

    /// Keeps the start as the trajectory's first point. The run must be there, as it is after Restore.
    member this.Begin() =
        if this.Steps = 0 then
            trace.Begin start

        trajectory.Add start
        recorded.Add this.Steps

    /// What the solves of a step say, at the point before it.
    member private this.CountSolves() =
        if this.Solves.Add run.Solves && run.Exact.Length > 0 then
            shortfall.Keep(run.Draw, run.X, run.Exact)

    /// One step; where it fails, the strategy stays.
    member this.Advance() =
        let number = this.Steps + 1

        setRates number

        run.Execute number

        if hasSolves then
            this.CountSolves()

        let square = run.SquareOfUpdate

        if not (Double.IsFinite square) && run.IsBroken then
            this.End(this.Leaving(explain number))
        elif hasSolves && run.FailedRoot.IsSome then
            let report = run.FailedRoot.Value

            this.End(Outcome.InnerFailed(number, rule.Definition.Sought, report.Iterations, report.Residual))
        elif fieldTolerance > 0.0 && run.FieldNorm < fieldTolerance then
            this.End(this.Settle(ValueSome run.FieldNorm))
        else
            if mayBeIndefinite && run.IsIndefinite then
                this.Solves.AddIndefiniteStep()

            run.Accept()
            this.Steps <- number
            squareOfUpdate <- square

            if settings.RecordEvery > 0 && number % settings.RecordEvery = 0 then
                record number

            if trace.IsMark number then
                trace.Step(number, run.X, this.Update, greatestRate ())

            if square < squaredTolerance then
                this.End(this.Settle(ValueSome this.Update))

    /// Steps until so many are made or the run ends.
    member this.AdvanceTo(last: int) =
        while this.Ended.IsNone && this.Steps < last do
            if settings.Cancellation.IsCancellationRequested then
                this.Cancel()
            else
                let careful = nextCareful this.Steps last

                if isPlain && careful > this.Steps + 1 then
                    this.Steps <-
                        this.Steps
                        + run.Plain(
                            this.Steps,
                            careful - 1,
                            squaredTolerance,
                            rateSetter,
                            &squareOfUpdate,
                            settings.Cancellation
                        )

                if this.Steps < last && not settings.Cancellation.IsCancellationRequested then
                    this.Advance()

                if not (isNull settings.Progress) && this.Steps % reportEvery = 0 then
                    settings.Progress.Report(LearnProgress(this.Steps, settings.Steps, this.Update))

    /// All that the run needs to go on, copied.
    member this.Save() : LearnState =
        let struct (evaluations, position) = run.Counters

        let counters = [| float evaluations; float position; this.Update |]
        trace.Look run.X

        let arrays = [|
            KeyValuePair("strategy", Array.copy run.X)

            for i in 0 .. counters.Length - 1 do
                KeyValuePair(counterNames[i], [| counters[i] |])

            KeyValuePair("solves", this.Solves.Save())
            KeyValuePair(indefinite, [| float this.Solves.IndefiniteSteps |])

            if this.Solves.FellShort > 0L then
                KeyValuePair(worst, shortfall.Saved)

            KeyValuePair(uses, run.Uses |> Array.map (fun uses -> uses[0]))
            KeyValuePair(way, trace.Saved)

            for k in 0 .. run.Names.Length - 1 do
                KeyValuePair(run.Names[k], Array.copy run.Memory[k])

            if run.WarmStart.Length > 0 then
                KeyValuePair(warm, run.WarmStart)
        |]

        LearnState(game.Name, rule.Name, settings.Seed, this.Steps, arrays)

    /// Goes on where a state was saved.
    member this.Restore(state: LearnState) =
        let counter i = state.Get(counterNames[i], 1)[0]
        state.Get("strategy", dimension).CopyTo(run.X, 0)
        run.Counters <- struct (int64 (counter 0), uint64 (counter 1))

        state.Get(uses, run.Uses.Length)
        |> Array.iteri (fun index used -> run.Uses[index].[0] <- used)

        this.Update <- counter 2
        this.Steps <- state.Steps
        run.Number <- max 1 state.Steps
        setRates (max 1 state.Steps)
        state.TryGet way |> ValueOption.iter (fun saved -> trace.Saved <- saved)

        this.Solves <-
            SolveSummary.Restore(state.Get("solves", SolveSummary.SavedLength), (state.Get(indefinite, 1))[0])

        if this.Solves.FellShort > 0L then
            match state.TryGet worst with
            | ValueSome saved when saved.Length > 0 -> shortfall.Saved <- saved
            | _ -> ()

        for k in 0 .. run.Names.Length - 1 do
            state.Get(run.Names[k], run.Memory[k].Length).CopyTo(run.Memory[k], 0)

        if run.WarmStart.Length > 0 then
            run.WarmStart <- state.Get(warm, run.WarmStart.Length)

    /// The outcome of a run that made all its steps.
    member private this.OutOfSteps() =
        if trace.HasDiverged(run.X, this.Update, greatestRate (), isNoisy) then
            Outcome.Diverged(this.Steps, trace.Start, RestPoint.norm run.X)
        else
            this.Settle ValueNone

    /// What the run did.
    member this.Finish() : Run =
        record this.Steps
        this.Solves.UpdateError <- shortfall.Measure this.Solves
        let costs = CostRun game
        costs.Seed <- settings.Seed
        costs.Draw run.Draw
        costs.Evaluate run.X

        let outcome = this.Ended |> ValueOption.defaultWith this.OutOfSteps
        let final = Array.copy run.X

        // A draw of sampled costs has other critical points than their mean.
        let report =
            if outcome.HasFailed || game.Batches.Length > 0 || game.Dimension > classifiedUpTo then
                null
            else
                Lazy<Report>(fun () ->
                    let tolerances = NewtonSteps.afterRun Tolerances.usual game start

                    if game.IsConstrained then
                        ConstrainedReport.at tolerances game final
                    else
                        Classification.report tolerances game final)

        Run(
            game,
            rule.Name,
            settings.Seed,
            outcome,
            this.Steps,
            trajectory.ToArray(),
            recorded.ToArray(),
            costs.Costs,
            this.Solves,
            RateWarnings.ofRun fields settings game,
            report
        )
