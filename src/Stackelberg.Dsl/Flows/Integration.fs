namespace Stackelberg

open System

/// A system ẋ = f(x) as integrations from many starts ask for it, a row for each.
[<NoEquality; NoComparison>]
type internal FlowSystem = {
    /// f at points, into arrays of their lengths; null for the rows that are not asked for.
    Slopes: float[][] -> float[][] -> unit
    /// The norm of the field where a row's slope was last asked for, which it is given.
    Residual: int -> float[] -> float
    /// Why a row's residual is not finite at its start.
    Fault: int -> FlowOutcome
    /// Brings a state into the players' domains; says whether that changed it.
    Settle: float[] -> bool
    /// Told of every row's step, while its last slope is that at the step's end.
    Stepped: int -> unit
}

module internal FlowSystem =

    /// One integration of a system without domains.
    let ofSlope (fault: string) (slope: Action<float[], float[]>) : FlowSystem = {
        Slopes = fun points into -> slope.Invoke(points[0], into[0])
        Residual = fun _ slope -> sqrt (Array.sumBy (fun value -> value * value) slope)
        Fault = fun _ -> FlowOutcome.NotFinite fault
        Settle = fun _ -> false
        Stepped = ignore
    }

/// One integration: its steps, and its states at wanted times or at the ends of all steps.
[<Sealed>]
type internal Integration(settings: FlowSettings, wanted: float[], settle: float[] -> bool, start: float[]) =

    let pair = DormandPrince start.Length
    let control = StepControl(pair, settings.Absolute, settings.Relative)
    let times, states = ResizeArray<float>(), ResizeArray<float[]>()
    let mutable next = 0

    let keep time (state: float[]) =
        settle state |> ignore
        times.Add time
        states.Add state

    member _.Pair = pair
    member _.Control = control

    /// The norm of the field at the last step's end.
    member val Residual = nan with get, set

    /// How it ended; none while it goes on.
    member val Outcome: FlowOutcome voption = ValueNone with get, set

    /// The size of the step in hand, or of the probe for the first.
    member val Size = 0.0 with get, set

    /// Whether the slope at the step's end is to be found anew.
    member val IsChanged = false with get, set

    member row.IsOpen = row.Outcome.IsNone

    /// Keeps the start.
    member _.Begin() =
        if wanted.Length = 0 then
            keep 0.0 (Array.copy pair.X)

        while next < wanted.Length && wanted[next] = 0.0 do
            keep 0.0 (Array.copy pair.X)
            next <- next + 1

    /// Keeps what is wanted of the step in hand.
    member _.Keep() =
        if wanted.Length = 0 then
            keep control.Time (Array.copy pair.Next)

        while next < wanted.Length && wanted[next] <= control.Time do
            let state = Array.zeroCreate start.Length
            pair.Interpolate((wanted[next] - control.Began) / (control.Time - control.Began), state)
            keep wanted[next] state
            next <- next + 1

    member _.Times = times.ToArray()
    member _.States = states.ToArray()

module internal Integrations =

    /// <summary>Follows a system from many starts to a time, each with steps of its own; the slopes of all are found
    /// together.</summary>
    /// <param name="settings">Tolerances, limits and when to end; its own times are not read.</param>
    /// <param name="until">The time to reach, at least 0.</param>
    /// <param name="wanted">Rising times from 0 on; empty for the ends of all steps.</param>
    /// <param name="system">The system.</param>
    /// <param name="starts">In the players' domains.</param>
    let run (settings: FlowSettings) until wanted (system: FlowSystem) (starts: float[][]) : Integration[] =
        let rows =
            starts
            |> Array.map (fun start -> Integration(settings, wanted, system.Settle, start))

        let points, into =
            Array.zeroCreate<float[]> rows.Length, Array.zeroCreate<float[]> rows.Length

        /// The slopes at points of the rows that ask, into the slopes of a stage.
        let evaluate isAsked (point: DormandPrince -> float[]) stage =
            let mutable isAny = false

            for k in 0 .. rows.Length - 1 do
                if isAsked rows[k] then
                    isAny <- true
                    points[k] <- point rows[k].Pair
                    into[k] <- rows[k].Pair.Slope stage
                else
                    points[k] <- null

            if isAny then
                system.Slopes points into

        let isOpen (row: Integration) = row.IsOpen
        let isChanged (row: Integration) = row.IsOpen && row.IsChanged
        let atX (pair: DormandPrince) = pair.X
        let atNext (pair: DormandPrince) = pair.Next

        /// How a row ends before its next step, if it does.
        let ended (row: Integration) =
            let control = row.Control

            if settings.Cancellation.IsCancellationRequested then
                ValueSome(FlowOutcome.Cancelled control.Time)
            elif row.Residual < settings.FieldBelow then
                ValueSome(FlowOutcome.Settled(control.Time, row.Residual))
            elif control.Time >= until then
                ValueSome(FlowOutcome.ReachedTime(control.Time, row.Residual))
            elif control.Accepted >= settings.MaxSteps then
                ValueSome(FlowOutcome.OutOfSteps(settings.MaxSteps, control.Time))
            elif not control.IsPossible then
                ValueSome(FlowOutcome.Blocked(control.Time, row.Residual))
            else
                ValueNone

        let judge k (row: Integration) =
            row.IsChanged <- false

            if row.Control.Accept until then
                row.Residual <- system.Residual k row.Pair.Last
                system.Stepped k
                row.Keep()
                row.IsChanged <- system.Settle row.Pair.Next
                row.Pair.Move row.IsChanged

        let rec go () =
            let mutable isAny = false

            for row in rows do
                if row.IsOpen then
                    row.Outcome <- ended row

                    if row.IsOpen then
                        row.Size <- row.Control.Choose until
                        isAny <- true

            if isAny then
                for stage in 1 .. DormandPrince.LastStage do
                    for row in rows do
                        if row.IsOpen then
                            row.Pair.Aim(stage, row.Size)

                    evaluate isOpen atNext stage

                for k in 0 .. rows.Length - 1 do
                    if rows[k].IsOpen then
                        judge k rows[k]

                evaluate isChanged atX 0
                go ()

        Array.iter2 (fun (row: Integration) (start: float[]) -> row.Pair.Start start) rows starts
        evaluate isOpen atX 0

        for k in 0 .. rows.Length - 1 do
            rows[k].Residual <- system.Residual k rows[k].Pair.First

            if Double.IsFinite rows[k].Residual then
                rows[k].Begin()
            else
                rows[k].Outcome <- ValueSome(system.Fault k)

        if until > 0.0 then
            for row in rows do
                if row.IsOpen then
                    row.Size <- row.Control.Probe until

            evaluate isOpen atNext 1

            for row in rows do
                if row.IsOpen then
                    row.Control.Begin(row.Size, until)

        go ()
        rows
