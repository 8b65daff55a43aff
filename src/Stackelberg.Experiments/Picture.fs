namespace Stackelberg

open System
open Stackelberg.Figures

/// <summary>A figure that an experiment draws when its runs are over. Picture has those that every game can use.</summary>
[<RequireQualifiedAccess>]
type Picture = {
    /// The file's name without an ending.
    Name: string
    /// Draws it; nothing where there is nothing to show.
    Draw: ExperimentRun -> Figure voption
}

/// <summary>Figures of an experiment's runs.</summary>
/// <example><code lang="fsharp">
/// experiment "mine" {
///     game duopoly
///     rules [ Rule.simultaneous; Rule.stackelberg Conjecture.bestResponse ]
///     start [ 10.0; 10.0 ]
///     draw [ Picture.strategies; Picture.costs; Picture.phasePlane ]
/// }
/// </code></example>
[<RequireQualifiedAccess>]
module Picture =

    let private orNothing draw (all: ExperimentRun) =
        if all.Runs.Length = 0 then
            ValueNone
        else
            ValueSome(draw all.Game all.Runs)

    /// <summary>Each entry of the joint strategy over the steps, a panel for each run; of large games the first eight.</summary>
    let strategies: Picture = {
        Name = "strategies"
        Draw = orNothing RunDrawing.strategies
    }

    /// <summary>Every player's cost over the steps, a panel for each run.</summary>
    let costs: Picture = {
        Name = "costs"
        Draw = orNothing RunDrawing.costs
    }

    let private distance (game: Game) (x: float[]) (y: float[]) =
        sqrt (Distance.square game 0 (game.Players.Length - 1) x 0 y 0)

    /// <summary>The distance of each run from the critical point nearest to its end, over the steps, on a logarithmic axis. It needs
    /// <c>find</c>.</summary>
    let distances: Picture = {
        Name = "distances"
        Draw =
            fun all ->
                let apart = distance all.Game

                let points =
                    Array.append (all.Points Concept.Nash) (all.Points Concept.Stackelberg)
                    |> Array.map _.Point.ToArray()

                let lines =
                    all.Runs
                    |> Array.filter (fun _ -> points.Length > 0)
                    |> Array.map (fun run ->
                        let nearest = points |> Array.minBy (apart (Array.last run.Path))

                        Line(
                            run.Steps |> Array.map float,
                            run.Path |> Array.map (apart nearest),
                            Label = Markup.Escape run.Name
                        )
                        :> Series)

                if lines.Length = 0 then
                    ValueNone
                else
                    Figure(
                        Panel(
                            lines,
                            X = Axis "step",
                            Y = Axis("distance from the critical point", Log = true)
                        )
                    )
                    |> ValueSome
    }

    /// <summary>The eigenvalues of J and J_S where each run ended, in the complex plane.</summary>
    let spectrum: Picture = {
        Name = "spectrum"
        Draw =
            orNothing (fun game runs ->
                let panel (run: PlayedRun) =
                    RunDrawing.spectrum run.Name (Equilibrium.classify game run.Final)

                Figure(
                    runs |> Array.map panel,
                    PanelsPerRow = Nullable(min runs.Length 2),
                    SharedLegend = true
                ))
    }

    /// <summary>The plane of two scalar players: where each player is at rest, the runs' paths, the critical points that were
    /// found. It shows what the runs and the points span, of angles the whole circle.</summary>
    /// <remarks>For a game of two players with one entry each; of another it draws nothing and says so.</remarks>
    let phasePlane: Picture = {
        Name = "phase-plane"
        Draw =
            fun all ->
                let game = all.Game

                if not (PlaneDrawing.isPlane game) then
                    all.Context.Note(
                        (invariant
                            $"The phase plane is drawn of two players with one entry each; {game.Name} has {game.Players.Length} players and {game.Dimension} entries.")
                    )

                    ValueNone
                else
                    let found concept =
                        all.Points concept |> Array.map _.Point.ToArray()

                    let shown =
                        Array.concat [
                            all.Runs |> Array.collect _.Path
                            found Concept.Nash
                            found Concept.Stackelberg
                        ]

                    if shown.Length = 0 then
                        ValueNone
                    else
                        let xs, ys = PlaneDrawing.ranges game shown
                        let curve = PlaneDrawing.curve xs ys

                        let rest k =
                            Markup.Indexed game.Players[k].Name + " at rest"

                        [|
                            curve (Game.omega game) 0 (rest 0) Dash.Dotted
                            curve (Game.omegaS game) 0 (rest 0 + ", leading") Dash.Dashed
                            curve (Game.omega game) 1 (rest 1) Dash.Solid
                            yield! PlaneDrawing.paths game all.Runs
                            yield! PlaneDrawing.rings (found Concept.Nash) "critical for /{ω}" Marker.Circle
                            yield!
                                PlaneDrawing.rings
                                    (found Concept.Stackelberg)
                                    "critical for /{ω_{S}}"
                                    Marker.Triangle
                        |]
                        |> PlaneDrawing.panel game xs ys
                        |> RunDrawing.single
                        |> ValueSome
    }

    /// <summary>A figure of your own.</summary>
    /// <param name="name">The file's name without an ending.</param>
    /// <param name="draw">Takes the experiment with its runs and points.</param>
    let create name (draw: ExperimentRun -> Figure) : Picture = {
        Name = name
        Draw = fun run -> ValueSome(draw run)
    }
