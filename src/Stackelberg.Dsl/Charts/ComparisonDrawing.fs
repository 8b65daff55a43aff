namespace Stackelberg

open System
open Stackelberg.Figures

/// What many rules came to on one game.
module internal ComparisonDrawing =

    let private heightOfRow = 20.0

    // Kinds of ending in the order of the legend, with their markers; others have none.
    let private markers = [|
        "Nash and Stackelberg", Marker.Diamond
        "Nash", Marker.Circle
        "Stackelberg", Marker.Triangle
        "critical", Marker.Square
        "undecided", Marker.Hexagon
    |]

    let private markerOf kind =
        markers
        |> Array.tryFind (fst >> (=) kind)
        |> Option.map snd
        |> Option.defaultValue Marker.Cross

    let figure (rows: ComparisonRow[]) =
        // The first rule stands at the top.
        let height index = float (rows.Length - 1 - index)
        let isMeasured (row: ComparisonRow) = not (Double.IsNaN row.Measured)

        let points label colour marker size filled (chosen: (int * float)[]) =
            Points(
                chosen |> Array.map snd,
                chosen |> Array.map (fst >> height),
                Label = label,
                Colour = colour,
                Marker = marker,
                Size = size,
                Filled = filled
            )
            :> Series

        let measured =
            rows
            |> Array.indexed
            |> Array.filter (snd >> isMeasured)
            |> Array.groupBy (fun (_, row) -> row.Kind)
            |> Array.sortBy (fun (kind, _) ->
                match markers |> Array.tryFindIndex (fst >> (=) kind) with
                | Some place -> place, ""
                | None -> markers.Length, kind)
            |> Array.mapi (fun colour (kind, chosen) ->
                chosen
                |> Array.map (fun (index, row) -> index, row.Measured)
                |> points (Markup.Escape kind) (Palette.At colour) (markerOf kind) 8.0 true)

        let predicted =
            rows
            |> Array.indexed
            |> Array.filter (fun (_, row) -> not (Double.IsNaN row.Predicted))
            |> Array.map (fun (index, row) -> index, row.Predicted)

        let largest =
            Array.append
                (rows |> Array.filter isMeasured |> Array.map _.Measured)
                (predicted |> Array.map snd)
            |> Array.fold max 1.0

        let words =
            rows
            |> Array.indexed
            |> Array.filter (fun (_, row) -> not (isMeasured row))
            |> Array.map (fun (index, row) ->
                let steps =
                    if row.Ending = RuleEnding.Converged then
                        (invariant $"{row.Kind}, {row.Steps} steps")
                    else
                        row.Kind

                Text(0.02, height index, Markup.Escape steps, Colour = Palette.Grey, Size = 11.0) :> Series)

        Panel(
            [|
                VerticalLine(1.0, Colour = Palette.Grey) :> Series
                yield! measured
                if predicted.Length > 0 then
                    points "predicted" Palette.Black Marker.Circle 12.0 false predicted
                yield! words
            |],
            X = Axis("contraction factor of a step", Min = Nullable 0.0, Max = Nullable(1.05 * largest)),
            Y =
                Axis(
                    "",
                    Min = Nullable -0.7,
                    Max = Nullable(float rows.Length - 0.3),
                    Ticks = [|
                        for index, row in Array.indexed rows -> struct (height index, Markup.Escape row.Rule)
                    |]
                ),
            Height = heightOfRow * float rows.Length + 20.0,
            Legend = LegendPlace.Below
        )
        |> RunDrawing.single
