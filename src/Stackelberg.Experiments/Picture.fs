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

    // More lines than this in one panel cannot be told apart.
    let private mostLines = 8

    let private gridPoints = 101

    // Room around what a phase plane shows, as a part of its size.
    let private margin = 0.08

    let private arrowEvery = 90.0

    let private isAngle (player: Player) = player.Domain = Domain.Circle

    let private history quantity (label: int -> string) (count: int) (values: int -> PlayedRun -> float[]) =
        fun (all: ExperimentRun) ->
            let panels =
                all.Runs
                |> Array.map (fun run ->
                    let x = run.Steps |> Array.map float

                    let lines =
                        Array.init (min count mostLines) (fun k ->
                            Line(x, values k run, Label = label k) :> Series)

                    Panel(lines, Title = Markup.Escape run.Name, X = Axis "step", Y = Axis quantity))

            if panels.Length = 0 then
                ValueNone
            else
                ValueSome(Figure(panels, PanelsPerRow = Nullable(min panels.Length 2), SharedLegend = true))

    /// The names of a joint strategy's entries: the player's name, with a number where it has several.
    let private entryNames (game: Game) =
        game.Players
        |> Array.collect (fun player ->
            let name = Markup.Indexed player.Name

            if player.Dimension = 1 then
                [| name |]
            else
                Array.init player.Dimension (fun k -> invariant $"{name} {k + 1}"))

    /// <summary>Each entry of the joint strategy over the steps, a panel for each run; of large games the first eight.</summary>
    let strategies: Picture = {
        Name = "strategies"
        Draw =
            fun all ->
                let names = entryNames all.Game
                history "strategy" (Array.get names) names.Length (fun k run -> run.Entry k) all
    }

    /// <summary>Every player's cost over the steps, a panel for each run.</summary>
    let costs: Picture = {
        Name = "costs"
        Draw =
            fun all ->
                let players = all.Game.Players

                history
                    "cost"
                    (fun k -> Markup.Indexed players[k].Name)
                    players.Length
                    (fun k run -> run.Cost k)
                    all
    }

    /// The shortest difference of two entries of a player's strategy.
    let private difference (player: Player) (a: float) (b: float) =
        if isAngle player then
            Math.IEEERemainder(a - b, 2.0 * Math.PI)
        else
            a - b

    let private distance (game: Game) =
        let owners =
            game.Players
            |> Array.collect (fun player -> Array.replicate player.Dimension player)

        fun (x: float[]) (y: float[]) ->
            Array.map3 difference owners x y |> Array.sumBy (fun d -> d * d) |> sqrt

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
            fun all ->
                let panel (run: PlayedRun) =
                    let report = Equilibrium.classify all.Game run.Final

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
                        Title = Markup.Escape run.Name,
                        X = Axis "real part",
                        Y = Axis "imaginary part"
                    )

                let panels = all.Runs |> Array.map panel

                if panels.Length = 0 then
                    ValueNone
                else
                    ValueSome(
                        Figure(panels, PanelsPerRow = Nullable(min panels.Length 2), SharedLegend = true)
                    )
    }

    /// A path for drawing where entries are angles: not-a-number stands where it crosses the cut at ±π.
    let private cut (xs: float[]) (ys: float[]) =
        let jumps =
            Array.init xs.Length (fun k ->
                k > 0 && max (abs (xs[k] - xs[k - 1])) (abs (ys[k] - ys[k - 1])) > Math.PI)

        let broken (values: float[]) =
            Array.map2 (fun jump value -> if jump then [| nan; value |] else [| value |]) jumps values
            |> Array.concat

        broken xs, broken ys

    let private range (player: Player) (values: float[]) =
        if isAngle player then
            -Math.PI, Math.PI
        else
            let least, most = Array.min values, Array.max values
            let room = margin * (most - least) + (if most > least then 0.0 else 1.0)
            least - room, most + room

    /// <summary>The plane of two scalar players: where each player is at rest, the runs' paths, the critical points that were
    /// found. It shows what the runs and the points span, of angles the whole circle.</summary>
    /// <remarks>For a game of two players with one entry each; of another it draws nothing and says so.</remarks>
    let phasePlane: Picture = {
        Name = "phase-plane"
        Draw =
            fun all ->
                let game = all.Game

                if game.Dimension <> 2 || game.Players.Length <> 2 then
                    all.Context.Note(
                        (invariant
                            $"The phase plane is drawn of two players with one entry each; {game.Name} has {game.Players.Length} players and {game.Dimension} entries.")
                    )

                    ValueNone
                else
                    let found =
                        [| Concept.Nash, "/{ω}"; Concept.Stackelberg, "/{ω_{S}}" |]
                        |> Array.collect (fun (concept, field) ->
                            all.Points concept |> Array.map (fun report -> field, report.Point.ToArray()))

                    let shown = Array.append (all.Runs |> Array.collect _.Path) (found |> Array.map snd)

                    if shown.Length = 0 then
                        ValueNone
                    else
                        let player1, player2 = game.Players[0], game.Players[1]
                        let x1, x2 = range player1 (shown |> Array.map (Array.item 0))
                        let y1, y2 = range player2 (shown |> Array.map (Array.item 1))

                        let curve field entry label dash =
                            let grid = Pointwise.grid (x1, x2) (y1, y2) gridPoints field (Array.item entry)
                            Contour(grid, Label = label, Colour = Palette.Grey, Dash = dash) :> Series

                        let paths =
                            all.Runs
                            |> Array.mapi (fun k run ->
                                let xs, ys =
                                    if isAngle player1 || isAngle player2 then
                                        cut (run.Entry 0) (run.Entry 1)
                                    else
                                        run.Entry 0, run.Entry 1

                                Line(
                                    xs,
                                    ys,
                                    Label = Markup.Escape run.Name,
                                    Colour = Palette.At k,
                                    Width = 1.2,
                                    ArrowEvery = arrowEvery
                                )
                                :> Series)

                        let points (field, marker) =
                            match found |> Array.filter (fst >> (=) field) |> Array.map snd with
                            | [||] -> [||]
                            | points -> [|
                                Points(
                                    points |> Array.map (Array.item 0),
                                    points |> Array.map (Array.item 1),
                                    Label = "critical for " + field,
                                    Marker = marker,
                                    Colour = Palette.Black,
                                    Size = 9.0,
                                    Filled = false
                                )
                                :> Series
                              |]

                        let axis (player: Player) least most =
                            let name = Markup.Indexed player.Name

                            if isAngle player then
                                Axis.Angle name
                            else
                                Axis(name, Min = Nullable least, Max = Nullable most)

                        let rest (player: Player) = Markup.Indexed player.Name + " at rest"

                        Figure(
                            Panel(
                                [|
                                    curve (Game.omega game) 0 (rest player1) Dash.Dotted
                                    curve (Game.omegaS game) 0 (rest player1 + ", leading") Dash.Dashed
                                    curve (Game.omega game) 1 (rest player2) Dash.Solid
                                    yield! paths
                                    yield! points ("/{ω}", Marker.Circle)
                                    yield! points ("/{ω_{S}}", Marker.Triangle)
                                |],
                                X = axis player1 x1 x2,
                                Y = axis player2 y1 y2,
                                ShowGrid = false
                            )
                        )
                        |> ValueSome
    }

    /// <summary>A figure of your own.</summary>
    /// <param name="name">The file's name without an ending.</param>
    /// <param name="draw">Takes the experiment with its runs and points.</param>
    let create name (draw: ExperimentRun -> Figure) : Picture = {
        Name = name
        Draw = fun run -> ValueSome(draw run)
    }
