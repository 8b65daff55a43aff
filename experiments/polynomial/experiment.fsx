// Polynomial zero-sum game: four attractors, two of them no Nash points.
#load "../Plane.fsx"
#load "../../games/polynomial.fsx"

open System
open Plane
open Stackelberg
open Stackelberg.Figures

// The published runs end here; some need more until they have come to rest.
let publishedSteps = 9999

// The published figures show this square; the critical points are looked for in the larger one.
let shown, searched = 15.0, 16.0

let critical (run: ExperimentRun) name game =
    foundIn run $"{name}/omega" Concept.Nash searched game |> ignore
    foundIn run $"{name}/omegaS" Concept.Stackelberg searched game

/// The Stackelberg points that are Nash points too, or those that are not.
let equilibria isNash (critical: Report[]) =
    critical
    |> Array.filter (fun report ->
        report.IsDifferentialStackelberg = Verdict.Yes
        && (report.IsDifferentialNash = Verdict.Yes) = isNash)
    |> Array.map _.Point.ToArray()

// The notebook marks the Stackelberg points, in two colours.
let published (run: ExperimentRun) critical =
    for name, isNash in [ "dseNotDne", false; "dseAndDne", true ] do
        for index, point in Array.indexed (equilibria isNash critical) do
            run.Found($"published/{name}/{index}/x1", point[0])
            run.Found($"published/{name}/{index}/x2", point[1])

let play (run: ExperimentRun) (critical: Report[]) start x side =
    let s, name = run.Settings, $"{side.Key}/start{start}"

    let rates =
        if side = simultaneous then
            [| s.Double "rate" |]
        else
            s.Doubles "rates"

    let settings = {
        Learn.settings with
            Rates = rates |> Array.map Rate.constant |> Array.toList
            Steps = s.Int "steps"
    }

    let path = run.Play(name, side.Rule, settings, x)
    let name = $"run/{name}"
    foundAt run name path [ 10; 100; 1000; 5000; publishedSteps ]
    let distances = distancesToLimit run name side (-) path

    match limit run.Game side.Concept path with
    | Some goal ->
        let isThere (report: Report) =
            abs (report.Point.ToArray()[0] - goal[0]) < 1e-6

        let index = critical |> Array.tryFindIndex isThere |> Option.defaultValue -1
        run.Found($"{name}/attractor", float index)
    | None -> ()

    if path.Path.Length > publishedSteps then
        run.Found($"{name}/distance9999", distances[publishedSteps])

    foundSettling run name distances [ "1e-1"; "1e-2"; "1e-3"; "1e-6" ]

// Where the cost has contours.
let heights = [| -350; -300; -250; -200; -150; -100; -75; -50; -25; -10; -3; -1 |]

/// The published part of both rules' runs over the leader's cost.
let plane (run: ExperimentRun) critical =
    let paths side =
        run.Runs
        |> Array.filter (fun path -> path.Name.StartsWith $"{side.Key}/")
        |> Array.map (fun path -> Array.truncate (publishedSteps + 1) path.Path)

    let equal, first = paths simultaneous, paths leading
    let cost = sample -shown shown 241 (Game.costs run.Game) Array.head

    let lines paths colour label =
        paths
        |> Array.mapi (fun k path -> through path colour 1.5 (if k = 0 then label else null))

    let ends (paths: float[][][]) colour marker size label =
        ring (Array.map Array.last paths) marker colour size label

    let axis name =
        Axis(name, Min = Nullable -shown, Max = Nullable shown)

    Figure(
        Panel(
            [|
                // White is the highest value, so that dark paths stand out where most of them run.
                Heat(
                    cost,
                    Map = ColourMap.Between("#8C9BB5", "#C9D2E0", "#F4F6FA", "#FFFFFF"),
                    Label = "/{f}"
                )
                :> Series
                Contour(
                    cost,
                    Array.map float heights,
                    Colour = Palette.Grey,
                    Width = 0.7,
                    Label = "level of /{f}",
                    ShowValues = true
                )
                yield! lines equal Palette.Black "simultaneous play"
                yield! lines first Palette.Blue "Stackelberg play"
                marked (equal |> Array.map Array.head) Marker.Cross Palette.Grey 9.0 "start"
                ring (equilibria false critical) Marker.Diamond Palette.Vermilion 20.0 "Stackelberg, not Nash"
                ring (equilibria true critical) Marker.Hexagon Palette.Orange 19.0 "Stackelberg and Nash"
                ends equal Palette.Black Marker.Square 6.0 "end, simultaneous"
                ends first Palette.Blue Marker.Circle 10.0 "end, Stackelberg"
            |],
            X = axis "/{x}_{1}",
            Y = axis "/{x}_{2}",
            EqualAspect = true,
            ShowGrid = false,
            Width = 480.0
        )
    )

let study (run: ExperimentRun) =
    let points = critical run "a0.15" run.Game
    critical run "a0.3" (Polynomial.create 0.3 0.5) |> ignore
    published run points

    for start, x in starts __SOURCE_DIRECTORY__ do
        for side in both do
            play run points start x side

    run.Context.Figure("paths", plane run points)

let polynomial =
    experiment "polynomial" {

        source
            "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games (arXiv 1906.01217), Example 1"

        version 1
        setting "a" 0.15 "the coefficient of x1² in the first polynomial"
        setting "b" 0.25 "the coefficient of x2² in the second"
        setting "rate" 0.0025 (SettingType.Above 0.0) "both rates of simultaneous play"

        setting
            "rates"
            "0.00025,0.025"
            (SettingType.Pair(SettingType.Above 0.0))
            "the leader's and the follower's rate of Stackelberg play"

        setting "steps" 36000 stepsType "updates of each run; the published runs have 9999"
        seedIs SettingKind.Neutral
        seedUnused nothingDrawn
        gameOf (fun s -> Polynomial.create (s.Double "a") (s.Double "b"))
        compute study
    }
