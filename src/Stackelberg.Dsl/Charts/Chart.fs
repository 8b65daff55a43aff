namespace Stackelberg

open System
open Stackelberg.Figures

[<RequireQualifiedAccess>]
module Chart =

    // The band of Chart.convergence.
    let private lowest = 0.1
    let private highest = 0.9

    // Places along each side of a density.
    let private densityPlaces = 120

    // Room around points whose density is drawn, as a part of what they span.
    let private densityMargin = 0.2

    let private one (run: Run) func draw : Figure =
        Require.notNull func (nameof run) run
        let played = RunDrawing.played (func = "Chart.costs") [| run |]

        draw run.Played [|
            {
                played[0] with
                    Name = run.Game + ", " + run.Rule
            }
        |]

    let private needSameGame func (runs: Run[]) =
        if runs.Length = 0 then
            Require.wrong func (nameof runs) "has no run, but at least one is needed."

        for run in runs do
            Require.notNull func (nameof runs) run

            if not (obj.ReferenceEquals(run.Played, runs[0].Played)) then
                Require.wrong
                    func
                    (nameof runs)
                    (invariant
                        $"are of different games, \"{runs[0].Game}\" and \"{run.Game}\"; draw each game's for itself.")

    [<CompiledName("Trajectory")>]
    let trajectory (run: Run) =
        one run "Chart.trajectory" RunDrawing.strategies

    [<CompiledName("Trajectories")>]
    let trajectories (runs: Run seq) =
        Require.notNull "Chart.trajectories" (nameof runs) runs
        let runs = Array.ofSeq runs
        needSameGame "Chart.trajectories" runs
        RunDrawing.strategies runs[0].Played (RunDrawing.played false runs)

    [<CompiledName("Costs")>]
    let costs (run: Run) = one run "Chart.costs" RunDrawing.costs

    /// The plane within limits, or within those that show the runs.
    let private plane func limits (field: Game -> Tensor -> Tensor) (runs: Run seq) (game: Game) =
        Require.notNull func (nameof game) game
        Require.notNull func (nameof runs) runs
        PlaneDrawing.need func game
        let runs = Array.ofSeq runs

        if game.Batches.Length > 0 then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"is \"{game.Name}\", whose field differs from draw to draw; Chart.trajectory draws its runs.")

        for run in runs do
            Require.notNull func (nameof runs) run

            if run.Trajectory[0].Length <> 2 then
                Require.wrong
                    func
                    (nameof runs)
                    (invariant $"holds a run of \"{run.Game}\", but runs of \"{game.Name}\" are needed.")

        let played = RunDrawing.played false runs

        let xs, ys =
            limits
            |> ValueOption.defaultWith (fun () ->
                if runs.Length = 0 then
                    Require.wrong
                        func
                        (nameof runs)
                        "has no run to say what to show; give one, or a rectangle to Chart.phasePlaneIn."

                PlaneDrawing.ranges game (played |> Array.collect _.Path))

        let rest k =
            Markup.Indexed game.Players[k].Name + " at rest"

        let field = field game

        [|
            PlaneDrawing.arrows xs ys field
            PlaneDrawing.curve xs ys field 0 (rest 0) Dash.Dotted
            PlaneDrawing.curve xs ys field 1 (rest 1) Dash.Solid
            yield! PlaneDrawing.paths game played
            yield! PlaneDrawing.rings (played |> Array.map (_.Path >> Array.last)) "end" Marker.Circle
        |]
        |> PlaneDrawing.panel game xs ys
        |> RunDrawing.single

    [<CompiledName("PhasePlane")>]
    let phasePlane field runs game =
        plane "Chart.phasePlane" ValueNone field runs game

    [<CompiledName("PhasePlaneIn")>]
    let phasePlaneIn (lower: Tensor, upper: Tensor) field runs game =
        let func = "Chart.phasePlaneIn"

        for name, corner in [ nameof lower, lower; nameof upper, upper ] do
            Require.notNull func name corner
            Require.shape func name corner.Shape [| 2 |] "one number for each player"

        let lower, upper = lower.ToArray(), upper.ToArray()

        for k in 0..1 do
            if not (Double.IsFinite(upper[k] - lower[k]) && lower[k] < upper[k]) then
                Require.wrong
                    func
                    (nameof upper)
                    (invariant
                        $"has {upper[k]} at entry {k}, but a finite number above the lower corner's {lower[k]} is needed.")

        plane func (ValueSome((lower[0], upper[0]), (lower[1], upper[1]))) field runs game

    [<CompiledName("Spectrum")>]
    let spectrum (report: Report) =
        if isNull (box report) then
            Require.wrong
                "Chart.spectrum"
                (nameof report)
                "is null, as that of a run that failed, of a game with a sampler, or above 50 dimensions; Equilibrium.classify gives one of a point."

        RunDrawing.spectrum (invariant $"{report.Game} at {report.Point}") report
        |> RunDrawing.single

    [<CompiledName("Basins")>]
    let basins (runs: EnsembleRun) =
        Require.notNull "Chart.basins" (nameof runs) runs
        PlaneDrawing.need "Chart.basins" runs.Game
        BasinDrawing.figure runs

    [<CompiledName("Convergence")>]
    let convergence (point: Tensor) (runs: EnsembleRun) =
        Require.notNull "Chart.convergence" (nameof point) point
        Require.notNull "Chart.convergence" (nameof runs) runs
        let game = runs.Game
        Require.shape "Chart.convergence" (nameof point) point.Shape [| game.Dimension |] (game.Describe())
        let goal = point.ToArray()

        let distances row =
            let points = runs.Points row

            Array.init runs.Count (fun run ->
                Distance.square game 0 (game.Players.Length - 1) points (run * game.Dimension) goal 0
                |> sqrt)

        let steps = runs.RecordedSteps |> Array.map float
        let rows = Array.init steps.Length distances
        let along (summary: float[] -> float) = rows |> Array.map summary

        let name =
            if runs.Count = 1 then
                "one run"
            else
                (invariant $"mean of {runs.Count} runs")

        Panel(
            [|
                if runs.Count > 1 then
                    Band(
                        steps,
                        along (Quantile.at lowest),
                        along (Quantile.at highest),
                        Label = "eight runs in ten",
                        Colour = Palette.Blue
                    )
                    :> Series
                Line(steps, along Quantile.mean, Label = name, Colour = Palette.Blue)
            |],
            Title = Markup.Escape(invariant $"{game.Name}, {runs.Rule}"),
            X = Axis "step",
            Y = Axis(Markup.Escape(invariant $"distance from {point}"), Log = true)
        )
        |> RunDrawing.single

    [<CompiledName("Compare")>]
    let compare (rows: ComparisonRow[]) =
        Require.notNull "Chart.compare" (nameof rows) rows

        if rows.Length = 0 then
            Require.wrong "Chart.compare" (nameof rows) "is empty, but at least one rule is needed."

        ComparisonDrawing.figure rows

    [<CompiledName("Density")>]
    let density (points: Tensor) =
        let func = "Chart.density"
        Require.notNull func (nameof points) points

        if points.Shape.Length <> 2 || points.Shape[1] <> 2 then
            Require.wrong
                func
                (nameof points)
                (invariant $"has shape {Shape.show points.Shape}, but [n; 2] is needed, points of the plane.")

        let entries = points.ToArray()

        match KernelDensity.TryFit(ReadOnlySpan entries) with
        | true, fit, _ ->
            let range k =
                let values = Array.init points.Shape[0] (fun row -> entries[2 * row + k])
                let least, most = Array.min values, Array.max values
                let room = densityMargin * (most - least)
                least - room, most + room

            let (x1, x2), (y1, y2) = range 0, range 1

            Panel(
                [|
                    Heat(fit.On(x1, x2, y1, y2, densityPlaces), Map = ColourMap.Blues, Label = "density")
                    :> Series
                |],
                X = Axis "/{x}_{1}",
                Y = Axis "/{x}_{2}"
            )
            |> RunDrawing.single
        | _, _, problem -> Require.wrong func (nameof points) (invariant $"have no density: {problem}.")

    [<CompiledName("Show")>]
    let show (figure: Figure) =
        Require.notNull "Chart.show" (nameof figure) figure
        printfn "%s" (figure.Show())

    [<CompiledName("Save")>]
    let save (path: string) (figure: Figure) =
        Require.notNull "Chart.save" (nameof figure) figure
        Require.notNull "Chart.save" (nameof path) path
        figure.SaveAs path
