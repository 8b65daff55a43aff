namespace Stackelberg

open System
open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.LinearAlgebra.Double
open Stackelberg.Kernels

/// How far a point is from a zero of a field, for each player in the units of its own strategy.
type internal Nearness = {
    /// ‖x − Π(x − g)‖₂, without overflow or underflow of its squares.
    Residual: float
    /// Each player's ‖x − Π(x − g)‖₂.
    Residuals: float[]
    /// Each player's part of Newton's step: infinite where none is defined, NaN where the field beside the point is not finite.
    Distances: float[]
    /// Each player's residual against what its field changes by when all strategies change by their own size.
    Relative: float[]
}

/// Where a field is zero, by a few evaluations beside a point: nothing is compiled.
module internal RestPoint =

    /// Up to this many entries the whole Jacobian is taken by differences; above, its product with the field.
    let wholeUpTo = 64

    /// Differences, singular values that count as zero and steps that do, relative to the strategies' sizes.
    let private precisionOf dtype =
        match dtype with
        | DType.Float64 -> struct (6e-6, 1e-9, 1e-8)
        | _ -> struct (5e-3, 1e-3, 1e-3)

    /// What a step may be, relative to the strategies' size, where the point is a zero as well as can be told.
    let relativeTolerance (game: Game) =
        let struct (_, _, tolerance) = precisionOf game.Precision
        tolerance

    /// How often a difference is made shorter where the field beside the point is not finite, and by how much.
    let private shortenings, shorter = 2, 1e-3

    /// ‖v‖₂, without overflow or underflow of squares.
    let norm (v: float[]) =
        let greatest = v |> Array.fold (fun most entry -> max most (abs entry)) 0.0

        if greatest = 0.0 || not (Double.IsFinite greatest) then
            greatest
        else
            greatest * sqrt (v |> Array.sumBy (fun entry -> (entry / greatest) ** 2.0))

    /// A player's entries.
    let part (game: Game) index (v: float[]) =
        v[game.Offsets[index] .. game.Offsets[index + 1] - 1]

    let private domainOf (game: Game) entry =
        let index = game.OwnerOf entry
        struct (game.Players[index].Domain, entry - game.Offsets[index])

    let private isHeld (game: Game) (x: float[]) (g: float[]) entry =
        match domainOf game entry with
        | struct (Domain.Box(lower, upper), i) ->
            (x[entry] <= lower[i] && g[entry] >= 0.0)
            || (x[entry] >= upper[i] && g[entry] <= 0.0)
        | _ -> false

    let private hasSets (game: Game) =
        game.Players |> Array.exists _.Domain.IsSet

    /// The field with x − Π(x − g) in the place of the parts of players in convex sets, at whose points it need not vanish.
    let private withSets (game: Game) (x: float[]) (g: float[]) =
        let field = Array.copy g

        game.Players
        |> Array.iteri (fun index player ->
            if player.Domain.IsSet then
                let offset = game.Offsets[index]
                (DomainOps.residuals player.Domain x g offset player.Dimension).CopyTo(field, offset))

        field

    let private projectOntoBoxes (game: Game) (x: float[]) =
        game.Players
        |> Array.iteri (fun index player ->
            if not player.Domain.IsSet then
                DomainOps.project player.Domain x game.Offsets[index] player.Dimension)

    /// The slope of the field along a direction with lengths h, from within the boxes: central where both sides are.
    let private difference (game: Game) evaluate (x: float[]) (g: float[]) (h: float[]) =
        let at sign =
            let point = Array.map2 (fun x h -> x + sign * h) x h
            let inside = Array.copy point
            projectOntoBoxes game inside

            if inside = point then
                let value = Array.zeroCreate<float> x.Length
                if evaluate point value then ValueSome value else ValueNone
            else
                ValueSome g

        match at 1.0, at -1.0 with
        | ValueSome up, ValueSome down ->
            let isOneSided = obj.ReferenceEquals(up, g) <> obj.ReferenceEquals(down, g)
            let width = if isOneSided then 1.0 else 2.0
            ValueSome(Array.map2 (fun up down -> (up - down) / width) up down)
        // Costs need not be defined outside of a set.
        | ValueSome up, ValueNone when hasSets game -> ValueSome(Array.map2 (-) up g)
        | ValueNone, ValueSome down when hasSets game -> ValueSome(Array.map2 (-) g down)
        | _ -> ValueNone

    /// The difference, over the share of h that it was taken with.
    let private slope game evaluate x g (h: float[]) =
        Seq.init (shortenings + 1) (fun k -> shorter ** float k)
        |> Seq.tryPick (fun share ->
            match difference game evaluate x g (h |> Array.map (fun h -> share * h)) with
            | ValueSome change -> Some(change |> Array.map (fun change -> change / share))
            | ValueNone -> None)

    /// Newton's step by singular values, rows in units of their own size, columns in those of the strategies; with what it
    /// leaves of the field. Both relative to the strategies' sizes.
    let private newton cut (columns: float[][]) (g: float[]) =
        let n = g.Length

        let rows =
            Array.init n (fun row -> norm (columns |> Array.map (fun column -> column[row])))

        let unit row =
            if rows[row] = 0.0 then 1.0 else rows[row]

        let matrix = Array2D.init n n (fun row column -> columns[column][row] / unit row)
        // A row of zeros says nothing of where a value that is not zero could vanish.
        let right =
            g
            |> Array.mapi (fun row value ->
                if rows[row] > 0.0 then value / rows[row]
                elif value = 0.0 then 0.0
                else infinity)

        if Array.exists Double.IsInfinity right then
            Some(right, right)
        else
            match Dense.leastNorm cut matrix with
            | ValueNone -> None
            | ValueSome solve ->
                let struct (step, left) = solve right
                Some(step, left)

    let private parts (game: Game) (x: float[]) (g: float[]) =
        game.Players
        |> Array.mapi (fun index player ->
            DomainOps.residuals player.Domain x g game.Offsets[index] player.Dimension)
        |> Array.concat

    /// ‖x − Π(x − g)‖₂, without overflow or underflow of squares.
    let residual game x g = norm (parts game x g)

    /// <param name="game">The game.</param>
    /// <param name="evaluate">The field without noise; false where it is not finite.</param>
    /// <param name="x">The point.</param>
    /// <param name="g">The field there.</param>
    /// <param name="reach">For each entry the size of the numbers that the run went through, above 0.</param>
    let measure (game: Game) evaluate (x: float[]) (g: float[]) (reach: float[]) : Nearness =
        let struct (h, cut, _) = precisionOf game.Precision

        let residual = parts game x g

        let struct (g, evaluate) =
            if hasSets game then
                struct (withSets game x g,
                        (fun point (value: float[]) ->
                            evaluate point value
                            && (let field = withSets game point value
                                field.CopyTo(value, 0)
                                Array.forall Double.IsFinite field)))
            else
                struct (g, evaluate)

        let players = [| 0 .. game.Players.Length - 1 |]
        let residuals = players |> Array.map (fun index -> norm (part game index residual))

        let all value = {
            Residual = norm residual
            Residuals = residuals
            Distances = residuals |> Array.map (fun length -> if length = 0.0 then 0.0 else value)
            Relative = residuals |> Array.map (fun length -> if length = 0.0 then 0.0 else value)
        }

        let free = [| 0 .. x.Length - 1 |] |> Array.filter (isHeld game x g >> not)

        if Array.forall (fun value -> value = 0.0) residual then
            all 0.0
        elif free.Length <= wholeUpTo then
            let columns =
                free
                |> Array.map (fun entry ->
                    let along = Array.zeroCreate x.Length
                    along[entry] <- h * reach[entry]

                    slope game evaluate x g along
                    |> Option.map (fun change -> free |> Array.map (fun row -> change[row] / h)))

            if Array.contains None columns then
                all nan
            else
                match newton cut (Array.map Option.get columns) (free |> Array.map (fun row -> g[row])) with
                | None -> all nan
                | Some(step, left) ->
                    let moved, rest, relative =
                        Array.zeroCreate x.Length, Array.zeroCreate x.Length, Array.zeroCreate x.Length

                    free
                    |> Array.iteri (fun k entry ->
                        let struct (domain, i) = domainOf game entry
                        moved[entry] <- DomainOps.residual domain i x[entry] (step[k] * reach[entry])
                        rest[entry] <- left[k] * reach[entry])

                    // Relative to its own row, as the columns are to the strategies.
                    free
                    |> Array.iteri (fun k entry ->
                        let row = norm (columns |> Array.map (fun column -> column.Value[k]))
                        relative[entry] <- if g[entry] = 0.0 then 0.0 else abs g[entry] / row)

                    let lengths (v: float[]) =
                        players |> Array.map (fun index -> norm (part game index v))

                    {
                        Residual = norm residual
                        Residuals = residuals
                        Distances = Array.map2 max (lengths moved) (lengths rest)
                        Relative = lengths relative
                    }
        else
            // Every player along its own field, by its own size.
            let sizes = players |> Array.map (fun index -> norm (part game index reach))

            let along =
                Array.init x.Length (fun entry ->
                    let index = game.OwnerOf entry

                    if residuals[index] = 0.0 then
                        0.0
                    else
                        h * sizes[index] * residual[entry] / residuals[index])

            match slope game evaluate x g along with
            | None -> all nan
            | Some change ->
                let relative =
                    players
                    |> Array.map (fun index ->
                        if residuals[index] = 0.0 then
                            0.0
                        else
                            h * residuals[index] / norm (part game index change))

                {
                    Residual = norm residual
                    Residuals = residuals
                    Distances = Array.map2 (*) relative sizes
                    Relative = relative
                }
