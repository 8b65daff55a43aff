namespace Stackelberg

open System

/// Joint strategies and boxes of them, as users give them.
module internal PointCheck =

    /// A joint strategy's finite numbers.
    let entries func name (game: Game) (x: Tensor) : float[] =
        Require.shape func name x.Shape [| game.Dimension |] (game.Describe())

        if x.IsSymbolic then
            Require.wrong func name "is a symbol, but numbers are needed."

        let values = x.ToArray()

        match Array.tryFindIndex (Double.IsFinite >> not) values with
        | Some entry ->
            Require.wrong
                func
                name
                (invariant
                    $"holds {values[entry]} at entry {entry} ({game.Players[game.OwnerOf entry].Name}), but every entry must be finite; give another point.")
        | None -> values

    /// A box's corners: one number for every entry, or one number for all.
    let box func (game: Game) (lower: Tensor, upper: Tensor) : float[] * float[] =
        let corner name (bound: Tensor) =
            let bound =
                if bound.Shape.Length = 0 then
                    Tensor.broadcastTo [ game.Dimension ] bound
                else
                    bound

            entries func name game bound

        let lower, upper = corner (nameof lower) lower, corner (nameof upper) upper

        for entry in 0 .. game.Dimension - 1 do
            if not (lower[entry] < upper[entry]) then
                Require.wrong
                    func
                    (nameof lower)
                    (invariant
                        $"is {lower[entry]} at entry {entry} ({game.Players[game.OwnerOf entry].Name}), but it must be below upper, {upper[entry]}.")

        lower, upper
