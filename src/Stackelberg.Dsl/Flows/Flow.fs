namespace Stackelberg

open System
open System.Threading

[<RequireQualifiedAccess>]
module Flow =

    let private func = "Flow.run"

    let settings: FlowSettings = {
        Until = 100.0
        TimeScales = [||]
        Times = [||]
        FieldBelow = 0.0
        Absolute = 1e-9
        Relative = 1e-9
        MaxSteps = 100_000
        Cancellation = CancellationToken.None
    }

    let private needPositive name (value: float) =
        if not (Double.IsFinite value && value > 0.0) then
            Require.wrong func name (invariant $"is {value}, but a finite number above 0 is needed.")

    let private check (settings: FlowSettings) (direction: Direction) (game: Game) (x: Tensor) =
        game.Need func x
        needPositive (nameof settings.Until) settings.Until
        needPositive (nameof settings.Absolute) settings.Absolute
        needPositive (nameof settings.Relative) settings.Relative

        if not (settings.FieldBelow >= 0.0) then
            Require.wrong
                func
                (nameof settings.FieldBelow)
                (invariant $"is {settings.FieldBelow}, but a number of at least 0 is needed (0 for never).")

        if settings.MaxSteps < 1 then
            Require.wrong
                func
                (nameof settings.MaxSteps)
                (invariant $"is {settings.MaxSteps}, but a number of at least 1 is needed.")

        if direction.Inputs > 0 then
            Require.wrong
                func
                (nameof direction)
                (invariant
                    $"is {direction}, which takes {direction.Inputs} further vectors besides the joint strategy; a flow needs a field of the joint strategy alone.")

        let scales = settings.TimeScales

        if scales.Length > 0 && scales.Length <> game.Players.Length then
            let names = String.Join(", ", game.Players |> Array.map _.Name)

            Require.wrong
                func
                (nameof settings.TimeScales)
                (invariant
                    $"holds {scales.Length} numbers, but {game.Players.Length} are needed (one for each of {names}), or none.")

        Array.iter (needPositive (nameof settings.TimeScales)) scales

        for k, time in Array.indexed settings.Times do
            let before = if k = 0 then 0.0 else settings.Times[k - 1]

            if not (time >= before && time <= settings.Until) then
                Require.wrong
                    func
                    (nameof settings.Times)
                    (invariant
                        $"holds {time} at place {k}, but rising times from 0 to Until, which is {settings.Until}, are needed.")

        match x.ToArray() |> Array.tryFindIndex (Double.IsFinite >> not) with
        | Some entry ->
            Require.wrong
                func
                (nameof x)
                (invariant $"is not finite at entry {entry}, but every entry must be; start elsewhere.")
        | None -> ()

    /// The points at the wanted times, or at the end of every step.
    type private Record(settings: FlowSettings, game: Game) =
        let times, points = ResizeArray<float>(), ResizeArray<float[]>()
        let mutable next = 0

        let keep time (point: float[]) =
            game.Settle point
            times.Add time
            points.Add point

        member _.Start(x: float[]) =
            if settings.Times.Length = 0 then
                keep 0.0 (Array.copy x)

            while next < settings.Times.Length && settings.Times[next] = 0.0 do
                keep 0.0 (Array.copy x)
                next <- next + 1

        member _.Step(pair: DormandPrince, control: StepControl) =
            let length = control.Time - control.Began

            if settings.Times.Length = 0 then
                keep control.Time (Array.copy pair.Next)

            while next < settings.Times.Length && settings.Times[next] <= control.Time do
                let point = Array.zeroCreate game.Dimension
                pair.Interpolate((settings.Times[next] - control.Began) / length, point)
                keep settings.Times[next] point
                next <- next + 1

        member _.Times = times.ToArray()
        member _.Points = points.ToArray()

    let run (settings: FlowSettings) (direction: Direction) (x: Tensor) (game: Game) : FlowRun =
        check settings direction game x
        let field = FlowField(game, direction, settings.TimeScales)
        let slope = Action<float[], float[]>(fun x into -> field.Slope(x, into))
        let pair = DormandPrince(game.Dimension, slope)
        let control = StepControl(pair, settings.Absolute, settings.Relative)
        let record = Record(settings, game)
        let start = x.ToArray()
        game.Settle start
        pair.Start start
        let mutable residual = field.Residual

        /// Brings the step's end into the domains; says whether that changed it.
        let settle () =
            let before = Array.copy pair.Next
            game.Settle pair.Next
            before <> pair.Next

        let rec go () =
            if settings.Cancellation.IsCancellationRequested then
                FlowOutcome.Cancelled control.Time
            elif residual < settings.FieldBelow then
                FlowOutcome.Settled(control.Time, residual)
            elif control.Time >= settings.Until then
                FlowOutcome.ReachedTime(control.Time, residual)
            elif control.Accepted >= settings.MaxSteps then
                FlowOutcome.OutOfSteps(settings.MaxSteps, control.Time)
            elif not (control.Advance settings.Until) then
                FlowOutcome.Blocked(control.Time, residual)
            else
                // The last stage stands at the step's end.
                residual <- field.Residual

                if field.IsIndefinite then
                    field.Solves.AddIndefiniteStep()

                record.Step(pair, control)
                pair.Move(settle ())
                go ()

        let outcome =
            if Double.IsFinite residual then
                record.Start start
                control.Begin(slope, settings.Until)
                go ()
            else
                match field.Explain start with
                | Breakdown.Singular condition -> FlowOutcome.SingularFollower condition
                | Breakdown.NotFinite quantity -> FlowOutcome.NotFinite quantity

        FlowRun(
            game.Name,
            direction.Name,
            outcome,
            record.Times,
            record.Points,
            Array.copy pair.X,
            control.Time,
            control.Accepted,
            control.Rejected,
            field.Evaluations,
            field.Solves
        )

    let singularlyPerturbed (ε: float) (game: Game) =
        if not (Double.IsFinite ε && ε > 0.0) then
            Require.wrong
                "Flow.singularlyPerturbed"
                (nameof ε)
                (invariant $"is {ε}, but a finite number above 0 is needed.")

        game.Seats |> Array.map (fun seat -> ε ** -(float seat.Level))
