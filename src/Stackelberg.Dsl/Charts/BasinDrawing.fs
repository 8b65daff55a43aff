namespace Stackelberg

open System
open Stackelberg.Figures

/// Which point each start leads to.
module internal BasinDrawing =

    // Runs that end nearer than this part of the plane that the starts span have ended at one point.
    let private near = 0.01

    // Pale, so that markers stand out, and apart for colour-blind readers.
    let private regions = [|
        "#A6CEE3"
        "#FDD49E"
        "#C7E9C0"
        "#DADAEB"
        "#F4B6C2"
        "#E8E0A8"
        "#B8E2DF"
        "#D9C7B8"
    |]

    // More points than this are a curve of them, of which each run counts as one that leads elsewhere.
    let private mostPoints = 256

    // Where runs lead to none of the points.
    let private nowhere = "#D9D9D9"

    /// The points at which runs have ended, those with most runs first, and for each run the number of its point; −1 for a run
    /// that has not converged, or to one of too many points.
    let private ends (runs: EnsembleRun) (starts: float[]) (final: float[]) =
        let d = runs.Game.Dimension
        let point (rows: float[]) run = Array.sub rows (run * d) d

        let span =
            Array.init d (fun k ->
                let values = Array.init runs.Count (fun run -> starts[run * d + k])
                Array.max values - Array.min values)
            |> Array.sumBy (fun side -> side * side)
            |> sqrt

        let radius = near * (if span > 0.0 then span else 1.0)
        let found = ResizeArray<float[]>()
        let owner = Array.create runs.Count -1

        for run in 0 .. runs.Count - 1 do
            if runs.Outcomes[run].IsConverged then
                let isHere (other: float[]) =
                    Distance.square runs.Game 0 (runs.Game.Players.Length - 1) final (run * d) other 0
                    <= radius * radius

                match found.FindIndex isHere with
                | -1 when found.Count < mostPoints ->
                    owner[run] <- found.Count
                    found.Add(point final run)
                | -1 -> ()
                | index -> owner[run] <- index

        let sizes = Array.zeroCreate<int> found.Count

        for index in owner do
            if index >= 0 then
                sizes[index] <- sizes[index] + 1

        let kept =
            [| 0 .. found.Count - 1 |]
            |> Array.sortBy (fun index -> -sizes[index], index)
            |> Array.truncate regions.Length

        kept |> Array.map (fun index -> found[index]),
        owner |> Array.map (fun index -> Array.IndexOf(kept, index))

    /// The sides of an even grid, if the starts are one, row by row with the first entry fastest.
    let private tryGrid (xs: float[]) (ys: float[]) =
        let columns = xs |> Array.distinct |> Array.length
        let rows = ys |> Array.distinct |> Array.length

        let isEven (values: float[]) =
            let step = (values[values.Length - 1] - values[0]) / float (values.Length - 1)

            values
            |> Array.mapi (fun k value -> abs (value - values[0] - float k * step) <= 1e-9 * abs step)
            |> Array.forall id
            && step > 0.0

        if
            columns > 1
            && rows > 1
            && columns * rows = xs.Length
            && isEven xs[.. columns - 1]
            && isEven (Array.init rows (fun row -> ys[row * columns]))
            && Array.forall id (Array.init xs.Length (fun k -> xs[k] = xs[k % columns]))
            && Array.forall id (Array.init xs.Length (fun k -> ys[k] = ys[k / columns * columns]))
        then
            ValueSome struct (columns, rows)
        else
            ValueNone

    let private labelOf (points: float[][]) (share: float) index =
        let point =
            points[index]
            |> Array.map (fun (value: float) -> Math.Round(value, 4))
            |> Tensor.ofArray

        Markup.Escape(invariant $"point {index + 1}, {point}: {share:G3} %%")

    let figure (runs: EnsembleRun) =
        let starts = runs.Points 0
        let final = runs.Points(runs.RecordedSteps.Length - 1)

        let column k =
            Array.init runs.Count (fun run -> starts[2 * run + k])

        let xs, ys = column 0, column 1
        let points, owner = ends runs starts final

        let those index =
            [| 0 .. runs.Count - 1 |] |> Array.filter (fun run -> owner[run] = index)

        let share (chosen: int[]) =
            100.0 * float chosen.Length / float runs.Count

        let marks (chosen: int[]) colour marker size label =
            Points(
                chosen |> Array.map (Array.get xs),
                chosen |> Array.map (Array.get ys),
                Colour = colour,
                Marker = marker,
                Size = size,
                Label = label
            )
            :> Series

        let others = those -1

        let othersLabel =
            let ending =
                if others |> Array.exists (fun run -> runs.Outcomes[run].IsConverged) then
                    "leads elsewhere or nowhere"
                else
                    "does not converge"

            (invariant $"{ending}: {share others:G3} %%")

        let grid = tryGrid xs ys

        let axis index values =
            let player = runs.Game.Players[index]

            // A filled plane ends where its cells end.
            match grid, player.Domain with
            | ValueSome _, domain when domain <> Domain.Circle -> Axis(Markup.Indexed player.Name)
            | _ -> PlaneDrawing.axis player (PlaneDrawing.range player values)

        let regionOf =
            match grid with
            | ValueSome(struct (columns, rows)) ->
                let values =
                    Array2D.init rows columns (fun row column -> float (owner[row * columns + column] + 1))

                [|
                    Heat(
                        Grid(values, xs[0], xs[columns - 1], ys[0], ys[(rows - 1) * columns]),
                        Map =
                            ColourMap.Steps(Array.append [| nowhere |] (Array.truncate points.Length regions)),
                        Min = Nullable -0.5,
                        Max = Nullable(float points.Length + 0.5),
                        ShowBar = false,
                        Label = "leads to point"
                    )
                    :> Series
                    if others.Length > 0 then
                        marks [||] nowhere Marker.Square 12.0 othersLabel
                |]
            | _ -> [|
                for index in 0 .. points.Length - 1 do
                    marks (those index) regions[index] Marker.Circle 6.0 null
                if others.Length > 0 then
                    marks others Palette.Grey Marker.Cross 4.0 othersLabel
              |]

        Panel(
            [|
                yield! regionOf
                for index in 0 .. points.Length - 1 do
                    Points(
                        points[index][0],
                        points[index][1],
                        Marker = Marker.Hexagon,
                        Colour = regions[index],
                        Edge = Palette.Black,
                        Size = 12.0,
                        Label = labelOf points (share (those index)) index
                    )
            |],
            Title = Markup.Escape(invariant $"{runs.Game.Name}, {runs.Rule}"),
            X = axis 0 xs,
            Y = axis 1 ys,
            Legend = LegendPlace.Below
        )
        |> RunDrawing.single
