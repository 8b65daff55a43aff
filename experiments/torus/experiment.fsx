// Location game on the torus: two players choose places on a circle.
#load "../Plane.fsx"
#load "../../games/torus.fsx"

open System
open Plane
open Stackelberg
open Stackelberg.Figures

// The published noise is so long.
let publishedSteps = 50

let noiseOfSeed seed =
    table __SOURCE_DIRECTORY__ "noise.csv"
    |> Array.filter (fun row -> int row[0] = seed)
    |> Array.map (fun row -> row[2..])

let isStable side (report: Report) =
    (if side = simultaneous then
         report.IsDifferentialNash
     else
         report.IsDifferentialStackelberg)
        =
        Verdict.Yes

/// The stable points of a rule, the one with the smaller angle of the leader first, as the paper prints them.
let equilibria (run: ExperimentRun) side =
    run.Points side.Concept |> Array.filter (isStable side)

let printed (run: ExperimentRun) =
    for side, name in [ simultaneous, "nash"; leading, "stackelberg" ] do
        equilibria run side
        |> Array.iteri (fun index report ->
            let point = report.Point.ToArray()

            for k in 0..1 do
                run.Found($"paper/{name}/{index}/x{k + 1}", point[k])
                run.Found($"paper/{name}/{index}/f{k + 1}", report.Costs[k]))

let playNoisy (run: ExperimentRun) side seed start =
    let name = $"{side.Key}/seed{seed}/noisy"

    let settings = {
        publishedOnTorus side with
            Steps = run.Settings.Int "steps"
            Noise = noiseOf run.Settings (fun () -> noiseOfSeed seed)
            Seed = run.Seed + uint64 seed
    }

    let path = run.Play(name, side.Rule, settings, start)
    foundAt run $"run/{name}" path [ 1; 2; 3; 10; 49; 50 ]
    foundCosts run $"run/{name}/cost49" path 49

let playNoiseless (run: ExperimentRun) side seed start =
    let name = $"{side.Key}/seed{seed}/noiseless"

    // The published code gives up after so many steps.
    let settings = {
        publishedOnTorus side with
            Steps = if side = simultaneous then 50_000 else 10_000
    }

    let path = run.Play(name, side.Rule, settings, start)
    let name, last = $"run/{name}", path.Path.Length - 1
    foundAt run name path [ 1; 2; 3; 10; 49; 50; 1000 ]
    run.Found($"{name}/updates", float last)
    foundPair run $"{name}/last" path.Path[last]
    foundCosts run $"{name}/cost49" path 49
    foundCosts run $"{name}/costLast" path last
    let distances = distancesToLimit run name side turned path
    run.Found($"{name}/distanceLast", distances[last])
    foundSettling run name distances [ "0.1"; "0.01"; "0.001" ]

let playConstant (run: ExperimentRun) side seed start =
    let name = $"{side.Key}/seed{seed}/constant"

    let settings = {
        Learn.settings with
            Rates = [ Rate.constant 0.05 ]
            Steps = 2000
    }

    let path = run.Play(name, side.Rule, settings, start)
    let name = $"run/{name}"
    foundAt run name path [ 10; 100 ]
    foundPair run $"{name}/end" (Array.last path.Path)
    foundSettling run name (distancesToLimit run name side turned path) [ "1e-6" ]

let play (run: ExperimentRun) =
    let starts = starts __SOURCE_DIRECTORY__

    for side in both do
        for seed, start in starts do
            playNoisy run side seed start

        for seed, start in starts do
            playNoiseless run side seed start
            playConstant run side seed start

let noisy (run: ExperimentRun) side =
    run.Runs
    |> Array.filter (fun path -> path.Name.StartsWith $"{side.Key}/" && path.Name.EndsWith "/noisy")

/// A path with not-a-number between points on different sides of the cut at ±π.
let cutAtPi (path: float[][]) = [|
    for k, x in Array.indexed path do
        if k > 0 && Array.forall2 (fun a b -> abs (a - b) <= Math.PI) x path[k - 1] |> not then
            [| nan; nan |]

        x
|]

let portrait (run: ExperimentRun) side =
    let field, paths = side.Field run.Game, noisy run side |> Array.map _.Path

    // Df1 has a pole where D22f2 = 0; times D22f2 it has none, and the same zeros.
    let leader x =
        if side = simultaneous then
            field x
        else
            (field x)[0] * curvature run.Game x

    let rest f entry label dash : Series =
        Contour(
            sample -Math.PI Math.PI 201 f (Array.item entry),
            Label = label,
            Colour = Palette.Grey,
            Dash = dash
        )

    let drawn k path : Series list =
        let colour = [ Palette.Blue; Palette.Green; Palette.Purple ][k % 3]

        let path = cutAtPi path

        [
            Points(column 0 path, column 1 path, Colour = colour, Size = 4.0, Label = $"run {k + 1}")
            through path colour 1.0 $"run {k + 1}"
        ]

    Panel(
        [|
            rest leader 0 "leader at rest" Dash.Solid
            rest field 1 "follower at rest" Dash.Dashed
            yield! paths |> Seq.mapi drawn |> Seq.concat
            marked (paths |> Array.map Array.head) Marker.Cross Palette.Black 11.0 "start"
            let points = equilibria run side |> Array.map _.Point.ToArray()

            let marker, label =
                if side = simultaneous then
                    Marker.Circle, "Nash equilibrium"
                else
                    Marker.Triangle, "Stackelberg equilibrium"

            ring points marker Palette.Vermilion 13.0 label
        |],
        Title = side.Title,
        X = Axis.Angle "/{θ}_{1}",
        Y = Axis.Angle "/{θ}_{2}",
        EqualAspect = true,
        ShowGrid = false,
        Width = 340.0
    )

/// Choices or costs over the steps of the first noisy run of each rule, with those where they lead.
let over quantity (of': PlayedRun -> float[][]) (at: Game -> float[] -> float[]) (run: ExperimentRun) =
    let first side = noisy run side |> Array.head

    let goal side =
        limit run.Game side.Concept (first side)
        |> Option.defaultValue (Array.last (first side).Path)
        |> at run.Game

    history
        (Axis quantity)
        "player"
        (goal simultaneous)
        (goal leading)
        (of' (first simultaneous))
        (of' (first leading))

let torus =
    experiment "torus" {

        source
            "Fiez, Chasnov, Ratliff, Convergence of Learning Dynamics in Stackelberg Games, the location game"

        version 1
        setting alpha
        setting phi
        setting "steps" 50 stepsType "updates of the noisy runs"
        setting noise
        seedIs SettingKind.Neutral
        seedUnused whyNoiseIsGiven
        validate (needNoise publishedSteps)
        gameOf (fun s -> Torus.create (s.Doubles "alpha") (s.Doubles "phi"))
        find Concept.Nash ([ -Math.PI ], [ Math.PI ])
        find Concept.Stackelberg ([ -Math.PI ], [ Math.PI ])
        compute printed
        compute play

        draw [
            Picture.create "paths" (fun run ->
                Figure(
                    [| for side in both -> portrait run side |],
                    SharedLegend = true,
                    Caption =
                        "A player is at rest where the derivative of its cost vanishes; in the right panel the leader's is the total one."
                ))
            Picture.create "choices" (over "Choice" _.Path (fun _ x -> x))
            Picture.create
                "costs"
                (over "Cost" _.Costs (fun game x -> (Game.costs game (Tensor.ofArray x)).ToArray()))
        ]
    }
