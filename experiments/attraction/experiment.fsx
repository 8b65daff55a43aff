// Regions of attraction on the torus: where each start of both players leads.
#load "../Plane.fsx"
#load "../../games/torus.fsx"

open System
open Stackelberg
open Stackelberg.Figures
open Stackelberg.Kernels
open Plane

// A run that has come so near an equilibrium stays there: the basins are wider by far.
let near = 0.1

// So many starts are played again, each alone.
let alone = 50

// Four million starts.
let mostCells = 2000

// Pale, so that the markers stand out; blue and orange stay apart for colour-blind readers.
let regions = [| "#A6CEE3"; "#FDD49E"; "#C7E9C0"; "#DADAEB" |]

/// Asked of the flow that the runs approximate, not of the order of play.
let isAttractor side (report: Report) =
    (if side = simultaneous then
         report.IsStableSimgrad
     else
         report.IsStableStackelberg)
        =
        Verdict.Yes

let learning (run: ExperimentRun) side =
    let s = run.Settings

    let settings =
        if s.Text "rate" = "published" then
            publishedOnTorus side
        else
            {
                Learn.settings with
                    Rates = [ Rate.constant (s.Double "rate") ]
                    Stop = Stop.UpdateBelow 1e-5
            }

    {
        settings with
            Steps = s.Int "steps"
            RecordEvery = 0
            Cancellation = run.Cancellation
    }

let angle cells index =
    (2.0 * (float index + 0.5) / float cells - 1.0) * Math.PI

/// The middles of even cells, the leader's angle first; row by row of the follower's angle.
let middles cells =
    Array.init (cells * cells) (fun k -> [| angle cells (k % cells); angle cells (k / cells) |])

// With φ1 = φ2 = φ the game is the same after θ → 2φ − θ, which exchanges the two equilibria. The cells are mapped to
// cells if 2φ is a whole number of them: cell j to turn − 1 − j.
let reflection (phi: float[]) cells =
    let turn = 2.0 * phi[0] * float cells / (2.0 * Math.PI)

    if phi[0] = phi[1] && abs (turn - Math.Round turn) < 1e-9 then
        Some(int (Math.Round turn))
    else
        None

/// How many starts do not lead to the mirror image of where their mirror image leads.
let asymmetric (basins: int[]) cells turn =
    let mirror index =
        ((turn - 1 - index) % cells + cells) % cells

    let isMirrored k basin =
        basins[mirror (k / cells) * cells + mirror (k % cells)] = (if basin < 0 then -1 else 1 - basin)

    basins |> Array.mapi isMirrored |> Array.filter not |> Array.length

let measure (run: ExperimentRun) key (attractors: float[][]) (basins: int[]) cells =
    let count index =
        basins |> Array.filter ((=) index) |> Array.length |> float

    run.Found($"{key}/equilibria", float attractors.Length)

    for index in 0 .. attractors.Length - 1 do
        run.Found($"{key}/basin/{index}/count", count index)
        run.Found($"{key}/basin/{index}/share", count index / float basins.Length)

    run.Found($"{key}/nowhere", count -1)

    match reflection (run.Settings.Doubles "phi") cells with
    | Some turn when attractors.Length = 2 ->
        run.Found($"{key}/asymmetric", float (asymmetric basins cells turn))
    | _ -> ()

/// How many of some starts drawn at random lead alone to where they lead together.
let playedAlone (run: ExperimentRun) side (starts: float[][]) attractors (basins: int[]) =
    let drawn = Array.zeroCreate<float> alone
    Philox(run.Seed, 0UL).FillUniform(drawn, 0, alone)

    let leadsThere part =
        let k = int (part * float basins.Length)

        let played =
            Learn.run side.Rule (learning run side) (Tensor.ofArray starts[k]) run.Game

        run.Cancellation.ThrowIfCancellationRequested()

        let isNear attractor =
            apart turned attractor (played.Final.ToArray()) <= near

        (attractors |> Array.tryFindIndex isNear |> Option.defaultValue -1) = basins[k]

    drawn |> Array.filter leadsThere |> Array.length

/// A rule's regions over both players' angles, with its critical points.
let portrait (run: ExperimentRun) side (attractors: float[][]) (others: float[][]) (basins: int[]) cells =
    let value k =
        if basins[k] < 0 then nan else float basins[k]

    let first, last = angle cells 0, angle cells (cells - 1)

    let map =
        Grid(Array2D.init cells cells (fun row k -> value (row * cells + k)), first, last, first, last)

    let count = max 1 attractors.Length

    Panel(
        [|
            Heat(
                map,
                Map = ColourMap.Steps(Array.init count (fun k -> regions[k % regions.Length])),
                Min = Nullable -0.5,
                Max = Nullable(float count - 0.5),
                ShowBar = false
            )
            :> Series
            if side = leading then
                Contour(
                    sample -Math.PI Math.PI 201 (curvature run.Game) Array.head,
                    Colour = Palette.Black,
                    Dash = Dash.Dashed,
                    Width = 1.0,
                    Label = "the follower's curvature is 0"
                )
            for k, point in Array.indexed attractors do
                let label = $"equilibrium {k + 1} and its region"
                marked [| point |] Marker.Hexagon regions[k % regions.Length] 12.0 label
            Points(
                column 0 others,
                column 1 others,
                Marker = Marker.Cross,
                Colour = Palette.Black,
                Size = 8.0,
                Label = "unstable critical point"
            )
        |],
        Title = side.Title,
        X = Axis.Angle "/{θ}_{1} at the start",
        Y = Axis.Angle "/{θ}_{2} at the start",
        EqualAspect = true,
        ShowGrid = false,
        Width = 360.0
    )

let map (run: ExperimentRun) side =
    let cells = run.Settings.Int "cells"
    let stable, others = run.Points side.Concept |> Array.partition (isAttractor side)
    let point (report: Report) = report.Point.ToArray()
    let attractors, starts = Array.map point stable, middles cells
    run.Context.Report($"runs, {side.Title}", 0.0)

    let batch =
        Tensor.ofArray (Array.concat starts) |> Tensor.reshape [ starts.Length; 2 ]

    let runs = run.Game |> Ensemble.run side.Rule (learning run side) batch
    run.Cancellation.ThrowIfCancellationRequested()
    let basins = runs.Nearest(attractors, near)
    run.Context.Series($"{side.Key}/basins", Array.map float basins, cells)
    measure run side.Key attractors basins cells
    run.Found($"{side.Key}/alone", float (playedAlone run side starts attractors basins))
    portrait run side attractors (Array.map point others) basins cells

let study (run: ExperimentRun) =
    run.Context.Figure(
        "basins",
        Figure(
            [| for side in both -> map run side |],
            SharedLegend = true,
            Caption =
                "On the dashed curve the leader's update in Stackelberg play has a pole. Beyond it runs jump across the curve, and where they land depends on the last digits."
        )
    )

let attraction =
    experiment "attraction" {

        source
            "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games, the location game; the map that its code can compute (compute_roa) and does not show"

        version 1
        setting alpha
        setting phi
        setting "cells" 200 (SettingType.Whole(2, mostCells)) "starts along each angle"

        setting
            "rate"
            0.05
            (SettingType.WordOr("published", SettingType.Above 0.0))
            "both players' rate, or published for the published rates"

        setting "steps" 5000 stepsType "updates of a run at most"
        seedIs SettingKind.Neutral
        seedUnused nothingDrawn
        gameOf (fun s -> Torus.create (s.Doubles "alpha") (s.Doubles "phi"))
        find Concept.Nash ([ -Math.PI ], [ Math.PI ])
        find Concept.Stackelberg ([ -Math.PI ], [ Math.PI ])
        compute study
    }
