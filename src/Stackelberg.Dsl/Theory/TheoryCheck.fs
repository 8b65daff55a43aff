namespace Stackelberg

open System

/// What the theory asks of a game and of a point.
module internal TheoryCheck =

    let leaderAndFollower func (game: Game) =
        if game.Players.Length <> 2 || game.Levels.Length <> 2 then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"has {game.Players.Length} players on {game.Levels.Length} levels, but one leader and one follower are needed.")

    let twoLevels func (game: Game) =
        if game.Levels.Length <> 2 then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"has {game.Levels.Length} levels ({game.Describe()}), but two are needed, leaders and followers.")

    let noBounds func (game: Game) =
        if game.Players |> Array.exists _.Domain.IsBox then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"is {game.Name}, which has bounded players, but the statement is of strategies without bounds; leave the bounds out.")

    /// A joint strategy's finite numbers.
    let point func name (game: Game) (x: Tensor) : float[] =
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

            point func name game bound

        let lower, upper = corner (nameof lower) lower, corner (nameof upper) upper

        for entry in 0 .. game.Dimension - 1 do
            if not (lower[entry] < upper[entry]) then
                Require.wrong
                    func
                    (nameof lower)
                    (invariant
                        $"is {lower[entry]} at entry {entry} ({game.Players[game.OwnerOf entry].Name}), but it must be below upper, {upper[entry]}.")

        lower, upper
