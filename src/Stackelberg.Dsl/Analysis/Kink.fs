namespace Stackelberg

open Stackelberg.Kernels

/// Where a cost has no derivative at a point.
type internal Kink = {
    /// The ops and their one-sided slopes in words.
    Text: string
    /// Whether some player's cost falls along one of its coordinates, on one side of the point.
    Descends: bool
}

module internal Kinks =

    /// How far to both sides the field is compared with its linear model, as a share of the players' scales.
    let private aside (game: Game) =
        match game.Precision with
        | DType.Float32 -> 1e-2
        | _ -> 1e-6

    /// A smooth field is as linear as this so near.
    let private smoothBelow = 0.05

    /// How many coordinates of a player are tried for a descent.
    let private tried = 32

    /// How many ops are named.
    let private named = 3

    /// A tensor for each of the cost program's inputs.
    let private inputs (game: Game) (x: float[]) =
        Array.append
            (game.Players
             |> Array.mapi (fun index player ->
                 Tensor.ofArray x[game.Offsets[index] .. game.Offsets[index + 1] - 1]
                 |> Tensor.reshape (List.ofArray player.Shape)
                 |> Tensor.cast game.Precision))
            game.Sample

    let private describe (crossings: Crossing[]) (slopes: string) =
        let one (crossing: Crossing) =
            if crossing.Function = "" then
                crossing.Op
            else
                (invariant $"{crossing.Op} in {crossing.Function}")

        let names = crossings |> Array.map one |> Array.distinct
        let shown = System.String.Join(", ", Array.truncate named names)
        let rest = if names.Length > named then ", …" else ""
        (invariant $"{shown}{rest} has no derivative there{slopes}")

    /// What has no derivative at a point, of a field, from products with its Jacobian, on the entries that no bound holds; the scales are the
    /// players' lengths.
    let find
        (game: Game)
        (x: float[])
        (product: float[] -> float[])
        (free: int[])
        (scales: float[])
        (evaluate: float[] -> float[])
        : Kink voption =
        let greatest = Array.max scales

        // A player at its origin moves as far as the others do.
        let length index =
            if scales[index] > 1e-90 then scales[index]
            elif greatest > 1e-90 then greatest
            else 1.0

        let move = Array.zeroCreate game.Dimension

        for entry in free do
            let golden = 0.6180339887498949 * float (entry + 1)
            let sign = if entry &&& 1 = 0 then 1.0 else -1.0
            move[entry] <- sign * aside game * (0.5 + golden - floor golden) * length (game.OwnerOf entry)

        let shifted factor =
            let point = Array.map2 (fun value δ -> value + factor * δ) x move
            game.Project point
            point

        let below, above = shifted -1.0, shifted 1.0
        let low, high = evaluate below, evaluate above

        let predicted = product (Array.map2 (-) above below)

        let isBent index =
            let own =
                free
                |> Array.filter (fun entry -> entry >= game.Offsets[index] && entry < game.Offsets[index + 1])

            let change = own |> Array.map (fun entry -> high[entry] - low[entry])

            let expected = own |> Array.map (fun entry -> predicted[entry])

            let length v = Scaling.length v 0 v.Length
            let off = length (Array.map2 (-) change expected)
            not (off <= smoothBelow * max (length change) (length expected))

        let crossings =
            if game.Players |> Seq.indexed |> Seq.exists (fst >> isBent) then
                game.CostProgram.Crossings(inputs game below, inputs game x, inputs game above)
            else
                [||]

        if crossings.Length = 0 then
            ValueNone
        else
            let mutable descends = false
            let mutable slopes = ""

            for index in 0 .. game.Players.Length - 1 do
                let own =
                    free
                    |> Array.filter (fun entry ->
                        entry >= game.Offsets[index] && entry < game.Offsets[index + 1])
                    |> Array.truncate tried

                for entry in own do
                    let side sign =
                        let point = Array.copy x
                        point[entry] <- point[entry] + sign * abs move[entry]
                        game.Project point

                        if point[entry] = x[entry] then
                            nan
                        else
                            (evaluate point)[entry]

                    let left, right = side -1.0, side 1.0

                    let size = max (abs left) (abs right)
                    descends <- descends || right < 0.0 || left > 0.0

                    if slopes = "" && abs (right - left) > smoothBelow * size then
                        slopes <-
                            (invariant
                                $"; along {game.Players[index].Name} the slope is {left:G3} on one side and {right:G3} on the other")

            ValueSome {
                Text = describe crossings slopes
                Descends = descends
            }

    /// Where a point stands, at which some op may have no derivative.
    let judge tolerances (game: Game) (x: float[]) free product evaluate (smooth: NewtonStep) =
        match find game x product free (NewtonSteps.scales tolerances game x) evaluate with
        | ValueNone -> smooth
        | ValueSome kink when kink.Descends -> {
            smooth with
                Approach = Approach.Far
                Reason = (invariant $"no equilibrium: {kink.Text}")
          }
        | ValueSome kink -> NewtonSteps.unresolved game kink.Text
