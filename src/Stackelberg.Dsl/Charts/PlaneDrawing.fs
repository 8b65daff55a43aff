namespace Stackelberg

open System
open Stackelberg.Figures

/// The plane of two players with one entry each.
module internal PlaneDrawing =

    // Places along each side at which curves are found.
    let private gridPoints = 101

    // Arrows along each side.
    let private arrowPoints = 21

    // Room around what is shown, as a part of its size.
    let private margin = 0.08

    let private arrowEvery = 90.0

    let private fieldColour = "#B8B8B8"

    let isPlane (game: Game) =
        game.Dimension = 2 && game.Players.Length = 2

    let need func (game: Game) =
        if not (isPlane game) then
            let players =
                if game.Players.Length = 1 then
                    "1 player"
                else
                    (invariant $"{game.Players.Length} players")

            let entries =
                if game.Dimension = 1 then
                    "1 entry"
                else
                    (invariant $"{game.Dimension} entries")

            Require.wrong
                func
                (nameof game)
                (invariant
                    $"is \"{game.Name}\" with {players} and {entries}, but a plane has two players with one entry each; Chart.trajectory draws every game.")

    let private isAngle (player: Player) = player.Domain = Domain.Circle

    /// The axis of a player within limits.
    let axis (player: Player) (least: float, most: float) =
        let name = Markup.Indexed player.Name

        if isAngle player then
            Axis.Angle name
        else
            Axis(name, Min = Nullable least, Max = Nullable most)

    /// The limits that show all values, of an angle the whole circle.
    let range (player: Player) (values: float[]) =
        if isAngle player then
            -Math.PI, Math.PI
        else
            let least, most = Array.min values, Array.max values
            let room = margin * (most - least) + (if most > least then 0.0 else 1.0)
            least - room, most + room

    /// The limits that show all points.
    let ranges (game: Game) (points: float[][]) =
        range game.Players[0] (points |> Array.map (Array.item 0)),
        range game.Players[1] (points |> Array.map (Array.item 1))

    /// A path for drawing where entries are angles: not-a-number stands where it crosses the cut at ±π.
    let private cut (game: Game) (xs: float[]) (ys: float[]) =
        if not (game.Players |> Array.exists isAngle) then
            xs, ys
        else
            let jumps =
                Array.init xs.Length (fun k ->
                    k > 0 && max (abs (xs[k] - xs[k - 1])) (abs (ys[k] - ys[k - 1])) > Math.PI)

            let broken (values: float[]) =
                Array.map2 (fun jump value -> if jump then [| nan; value |] else [| value |]) jumps values
                |> Array.concat

            broken xs, broken ys

    /// Where an entry of a field is zero.
    let curve xs ys field entry label dash =
        let grid = Pointwise.grid xs ys gridPoints field (Array.item entry)
        Contour(grid, Label = label, Colour = Palette.Grey, Dash = dash) :> Series

    /// The way of play: against a field.
    let arrows (x1: float, x2: float) (y1: float, y2: float) field =
        let place least most index =
            least + (most - least) * (float index + 0.5) / float arrowPoints

        let points =
            Array.init (arrowPoints * arrowPoints) (fun k -> [|
                place x1 x2 (k % arrowPoints)
                place y1 y2 (k / arrowPoints)
            |])

        let values = Pointwise.evaluate field points

        Arrows(
            points |> Array.map (Array.item 0),
            points |> Array.map (Array.item 1),
            values |> Array.map (fun value -> -value[0]),
            values |> Array.map (fun value -> -value[1]),
            Colour = fieldColour,
            Length = 12.0
        )
        :> Series

    /// A line for each run.
    let paths (game: Game) (runs: PlayedRun[]) =
        runs
        |> Array.mapi (fun k run ->
            let xs, ys = cut game (run.Entry 0) (run.Entry 1)

            Line(
                xs,
                ys,
                Label = Markup.Escape run.Name,
                Colour = Palette.At k,
                Width = 1.2,
                ArrowEvery = arrowEvery
            )
            :> Series)

    /// Rings around points; nothing without points.
    let rings (points: float[][]) label marker : Series[] =
        if points.Length = 0 then
            [||]
        else
            [|
                Points(
                    points |> Array.map (Array.item 0),
                    points |> Array.map (Array.item 1),
                    Label = label,
                    Marker = marker,
                    Colour = Palette.Black,
                    Size = 9.0,
                    Filled = false
                )
            |]

    let panel (game: Game) xs ys (series: Series[]) =
        Panel(series, X = axis game.Players[0] xs, Y = axis game.Players[1] ys, ShowGrid = false)
