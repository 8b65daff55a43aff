namespace Stackelberg

open System
open System.Threading

[<RequireQualifiedAccess>]
module Flow =

    /// Flows of one batch at most: the joint strategies of all, 16 kB, stay in the first-level cache beside others.
    let private widest (game: Game) =
        max 16 (min 256 (2048 / game.Dimension))

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

    let private check func (settings: FlowSettings) (direction: Direction) (game: Game) =
        Require.positive func (nameof settings.Until) settings.Until
        Require.positive func (nameof settings.Absolute) settings.Absolute
        Require.positive func (nameof settings.Relative) settings.Relative

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

        Array.iter (Require.positive func (nameof settings.TimeScales)) scales

        for k, time in Array.indexed settings.Times do
            let before = if k = 0 then 0.0 else settings.Times[k - 1]

            if not (time >= before && time <= settings.Until) then
                Require.wrong
                    func
                    (nameof settings.Times)
                    (invariant
                        $"holds {time} at place {k}, but rising times from 0 to Until, which is {settings.Until}, are needed.")

    let private needFinite func name (start: float[]) =
        match start |> Array.tryFindIndex (Double.IsFinite >> not) with
        | Some entry ->
            Require.wrong
                func
                name
                (invariant $"is not finite at entry {entry}, but every entry must be; start elsewhere.")
        | None -> ()

    /// The flows from some starts, all in one program of a width.
    let private follow
        (settings: FlowSettings)
        (direction: Direction)
        (game: Game)
        width
        (starts: float[][])
        =
        let field = FlowField(game, direction, settings.TimeScales, width)
        Array.iter game.Settle starts

        Integrations.run settings settings.Until settings.Times field.System starts
        |> Array.mapi (fun row found ->
            FlowRun(
                game.Name,
                direction.Name,
                found.Outcome.Value,
                found.Times,
                found.States,
                Array.copy found.Pair.X,
                found.Control.Time,
                found.Control.Accepted,
                found.Control.Rejected,
                field.Evaluations[row],
                field.Solves[row]
            ))

    let run (settings: FlowSettings) (direction: Direction) (x: Tensor) (game: Game) : FlowRun =
        let func = "Flow.run"
        game.Need func x
        check func settings direction game
        let start = x.ToArray()
        needFinite func (nameof x) start
        (follow settings direction game 1 [| start |])[0]

    let ensemble
        (settings: FlowSettings)
        (direction: Direction)
        (starts: Tensor)
        (game: Game)
        : FlowEnsemble =
        let func = "Flow.ensemble"
        let d = game.Dimension

        if starts.Shape.Length <> 2 || starts.Shape[1] <> d || starts.Shape[0] < 1 then
            Require.wrong
                func
                (nameof starts)
                (invariant
                    $"has shape {Shape.show starts.Shape}, but [flows; {d}] is needed, one row for each flow ({game.Describe()}).")

        check func settings direction game
        let rows = starts.ToArray() |> Array.chunkBySize d

        for k, row in Array.indexed rows do
            needFinite func (invariant $"{nameof starts}, row {k},") row

        let runs = Array.zeroCreate<FlowRun> rows.Length
        let width = Concurrently.width (widest game) rows.Length

        Concurrently.chunks width rows.Length ignore (fun () _ first size ->
            (follow settings direction game width (Array.sub rows first size)).CopyTo(runs, first))

        FlowEnsemble(game, direction.Name, runs)

    let singularlyPerturbed (ε: float) (game: Game) =
        if not (Double.IsFinite ε && ε > 0.0) then
            Require.wrong
                "Flow.singularlyPerturbed"
                (nameof ε)
                (invariant $"is {ε}, but a finite number above 0 is needed.")

        game.Seats |> Array.map (fun seat -> ε ** -(float seat.Level))
