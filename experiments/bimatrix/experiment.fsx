// Bimatrix games with softmax policies: where both rules lead, and how straight.
#load "../Plane.fsx"
#load "../../games/bimatrix.fsx"

open System
open Stackelberg
open Stackelberg.Figures
open Plane

// The published runs end here; simultaneous play needs more until it has come to rest.
let publishedSteps = 9999

// The figures show this square, the critical points are looked for in the larger one.
let shown, searched = 2.0, 4.0

// The published grid has 1024 cells a side; a figure needs fewer.
let mostCells, drawnCells, drawnArrows = 8192, 256, 24

// The limits of the published colour scale.
let shortest, longest = 5e-4, 1.5

// Pale where updates are short, so that paths and arrows stand out on paper as well.
let lengths = ColourMap.Between("#FFFFFF", "#E8EDF4", "#C4D0E0", "#8FA3BF")

/// One of the games, with the place where each rule leads.
[<ReferenceEquality>]
type Scene = {
    Name: string
    Game: Game
    /// The probability of the first action.
    Policy: float -> float
    Nash: float[]
    Stackelberg: float[]
}

/// The first critical point of a field.
let only (run: ExperimentRun) name concept game =
    run.Context.Part name

    match foundIn run name concept searched game with
    | [||] ->
        UserInputException
            $"With these settings the game has no critical point in [−{searched}, {searched}]²; raise penalty."
        |> raise
    | reports -> reports[0].Point.ToArray()

let scene (run: ExperimentRun) shift =
    let name, temperature = $"shift{shift}", run.Settings.Double "temperature"
    let game = Bimatrix.create temperature (float shift) (run.Settings.Double "penalty")

    {
        Name = name
        Game = game
        Policy = fun x -> float (Bimatrix.policy temperature (float shift) (Tensor.scalar x))
        Nash = only run $"{name}/omega" Concept.Nash game
        Stackelberg = only run $"{name}/omegaS" Concept.Stackelberg game
    }

/// The middle of a cell along a side of the square.
let centre cells cell =
    shown * float (2 * cell + 1 - cells) / float cells

/// The length of an update.
let length rate ratio (g: float[]) =
    rate * sqrt (g[0] * g[0] + float (ratio * ratio) * g[1] * g[1])

/// The shortest and the longest update on the published grid, which holds the centres of even cells.
let measure (run: ExperimentRun) scene side =
    let rate, cells, ratios =
        run.Settings.Double "rate", run.Settings.Int "cells", run.Settings.Ints "ratio"

    let field = Pointwise.evaluate (side.Field scene.Game)

    let rows =
        Array.init cells (fun row ->
            run.Cancellation.ThrowIfCancellationRequested()
            run.Context.Report($"{scene.Name}, lengths, {side.Title}", float row / float cells)

            let fields =
                Array.init cells (fun k -> [| centre cells k; centre cells row |]) |> field

            ratios
            |> Array.map (fun ratio ->
                let lengths = fields |> Array.map (length rate ratio)
                Array.min lengths, Array.max lengths))

    for k, ratio in Array.indexed ratios do
        let name = $"{scene.Name}/grid/{side.Key}/ratio{ratio}"
        run.Context.Part name
        run.Found($"{name}/min", rows |> Array.map (Array.item k >> fst) |> Array.min)
        run.Found($"{name}/max", rows |> Array.map (Array.item k >> snd) |> Array.max)

/// Plays from every start; the published part of the paths.
let play (run: ExperimentRun) scene side ratio =
    let rate = run.Settings.Double "rate"

    let settings = {
        Learn.settings with
            Rates = [ Rate.constant rate; Rate.constant (float ratio * rate) ]
            Steps = run.Settings.Int "steps"
    }

    run.Context.Part $"{scene.Name}/run/{side.Key}/ratio{ratio}"
    run.Context.Part $"{scene.Name}/published/{side.Key}/ratio{ratio}"

    starts __SOURCE_DIRECTORY__
    |> Array.map (fun (start, x) ->
        let tail = $"{side.Key}/ratio{ratio}/start{start}"
        let name = $"{scene.Name}/run/{tail}"
        let path = run.Play($"{scene.Name}/{tail}", side.Rule, settings, x, scene.Game)
        foundAt run name path [ 1; 10; 100; 1000; publishedSteps ]

        if path.Path.Length > publishedSteps then
            let last = path.Path[publishedSteps]
            foundPair run $"{name}/policy9999" (Array.map scene.Policy last)
            foundPair run $"{scene.Name}/published/{tail}/end" last

        let goal =
            if side = simultaneous then
                scene.Nash
            else
                scene.Stackelberg

        foundSettling run name (distances (-) goal path) [ "1e-2"; "1e-4"; "1e-6" ]
        Array.truncate (publishedSteps + 1) path.Path)

/// The paths over the lengths and directions of the updates.
let portrait (run: ExperimentRun) scene side ratio isLast paths =
    let field = side.Field scene.Game

    let norms =
        let edge = centre drawnCells (drawnCells - 1)
        sample -edge edge drawnCells field (length (run.Settings.Double "rate") ratio)

    let at = Array.init drawnArrows (centre drawnArrows)

    let tails = [|
        for x2 in at do
            for x1 in at -> [| x1; x2 |]
    |]

    let fields = Pointwise.evaluate field tails

    let step k factor =
        column k fields |> Array.map (fun g -> -factor * g)

    let axis name =
        Axis(name, Min = Nullable -shown, Max = Nullable shown)

    Panel(
        [|
            Heat(
                norms,
                Map = lengths,
                ShowBar = isLast,
                Log = true,
                Min = Nullable shortest,
                Max = Nullable longest,
                Label = "length of the update"
            )
            :> Series
            Arrows(
                column 0 tails,
                column 1 tails,
                step 0 1.0,
                step 1 (float ratio),
                Colour = "#555555",
                Length = 9.0,
                Label = "direction of the update"
            )
            for path in paths do
                through path Palette.Vermilion 1.3 "path"

            for path in paths do
                Points(
                    path[0][0],
                    path[0][1],
                    Marker = Marker.Cross,
                    Colour = Palette.Black,
                    Size = 9.0,
                    Label = "start"
                )

            ring [| scene.Nash |] Marker.Circle Palette.Blue 11.0 "Nash point"
            ring [| scene.Stackelberg |] Marker.Triangle Palette.Green 11.0 "Stackelberg point"
        |],
        Title = $"{side.Title}, rates 1 : {ratio}",
        X = axis "Player 1's action",
        Y = axis "Player 2's action",
        EqualAspect = true,
        ShowGrid = false,
        Width = 330.0
    )

let study (run: ExperimentRun) =
    let ratios = run.Settings.Ints "ratio"

    for shift in run.Settings.Ints "shift" do
        let scene = scene run shift

        let portraits = [|
            for side in both do
                measure run scene side

                for ratio in ratios do
                    let isLast = ratio = Array.last ratios
                    play run scene side ratio |> portrait run scene side ratio isLast
        |]

        run.Context.Figure(
            scene.Name,
            Figure(
                portraits,
                PanelsPerRow = Nullable ratios.Length,
                SharedLegend = true,
                Caption =
                    "In Stackelberg play the dark streaks are poles of the leader's update, where the follower's curvature is 0."
            )
        )

let bimatrix =
    experiment "bimatrix" {

        source "Fiez, Chasnov, Ratliff, Implicit Learning Dynamics in Stackelberg Games, bimatrix-games.ipynb"

        version 1
        setting (selects "shift" "1,0" "the games: b in softmax(T x + b, −T x − b)")
        setting (selects "ratio" "1,10" "the follower's rate over the leader's")
        setting "temperature" 2.5 (SettingType.Above 0.0) "T"
        setting "penalty" 0.1 (SettingType.Above 0.0) "ℓ in the term ℓ/2 x_i² of each cost"
        setting "rate" 0.02 (SettingType.Above 0.0) "the leader's rate"
        setting "steps" 16500 stepsType "updates of each run; the published runs have 9999"

        setting
            "cells"
            1024
            (SettingType.Whole(1, mostCells))
            "cells on each side of the grid of update lengths"

        seedIs SettingKind.Neutral
        seedUnused nothingDrawn
        compute study
    }
