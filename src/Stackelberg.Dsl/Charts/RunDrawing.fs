namespace Stackelberg

open System
open Stackelberg.Figures

/// Runs over their steps.
module internal RunDrawing =

    // More lines than this in one panel cannot be told apart.
    let private mostLines = 8

    let single (panel: Panel) = Figure(panel)

    /// The names of a joint strategy's entries: the player's name, with a number where it has several.
    let entryNames (game: Game) =
        game.Players
        |> Array.collect (fun player ->
            let name = Markup.Indexed player.Name

            if player.Dimension = 1 then
                [| name |]
            else
                Array.init player.Dimension (fun k -> invariant $"{name} {k + 1}"))

    /// A panel for each run, with its first lines of a quantity.
    let private history quantity (names: string[]) (values: PlayedRun -> int -> float[]) (runs: PlayedRun[]) =
        let panel (run: PlayedRun) =
            let x = run.Steps |> Array.map float

            let lines =
                Array.init (min names.Length mostLines) (fun k ->
                    Line(x, values run k, Label = names[k]) :> Series)

            Panel(lines, Title = Markup.Escape run.Name, X = Axis "step", Y = Axis quantity)

        let caption =
            if names.Length > mostLines then
                (invariant $"The first {mostLines} of {names.Length}.")
            else
                ""

        Figure(
            runs |> Array.map panel,
            PanelsPerRow = Nullable(min runs.Length 2),
            SharedLegend = true,
            Caption = caption
        )

    /// Every entry of the joint strategy.
    let strategies (game: Game) (runs: PlayedRun[]) =
        history "strategy" (entryNames game) (fun run k -> run.Entry k) runs

    /// Every player's cost.
    let costs (game: Game) (runs: PlayedRun[]) =
        history "cost" (game.Players |> Array.map (_.Name >> Markup.Indexed)) (fun run k -> run.Cost k) runs

    /// Eigenvalues in the complex plane.
    let spectrum title (report: Report) =
        let points label marker (values: Numerics.Complex[]) =
            Points(
                values |> Array.map _.Real,
                values |> Array.map _.Imaginary,
                Label = label,
                Marker = marker
            )
            :> Series

        Panel(
            [|
                VerticalLine(0.0, Colour = Palette.Grey) :> Series
                points "eigenvalues of /{J}" Marker.Circle report.EigenvaluesJ
                points "eigenvalues of /{J_{S}}" Marker.Triangle report.EigenvaluesJS
            |],
            Title = Markup.Escape title,
            X = Axis "real part",
            Y = Axis "imaginary part"
        )

    /// The runs of Learn.run, each under a name of its own; with costs where they are asked for.
    let played withCosts (runs: Run[]) : PlayedRun[] =
        let plain (run: Run) = run.Rule

        let seeded (run: Run) =
            (invariant $"{run.Rule}, seed {run.Seed}")

        let areDifferent (names: string[]) =
            (Array.distinct names).Length = names.Length

        let names =
            [| plain; seeded |]
            |> Array.map (fun name -> runs |> Array.map name)
            |> Array.tryFind areDifferent
            |> Option.defaultWith (fun () ->
                runs |> Array.mapi (fun k run -> (invariant $"{run.Rule}, run {k + 1}")))

        let costsAlong (run: Run) =
            let costs = CostRun run.Played
            costs.Seed <- run.Seed

            run.Trajectory
            |> Array.map (fun x ->
                costs.Evaluate x
                Array.copy costs.Costs)

        Array.map2
            (fun name (run: Run) -> {
                PlayedRun.Name = name
                Rule = run.Rule
                Steps = run.RecordedSteps
                Path = run.Trajectory
                Costs = if withCosts then costsAlong run else [||]
            })
            names
            runs
