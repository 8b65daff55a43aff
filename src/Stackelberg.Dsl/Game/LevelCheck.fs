namespace Stackelberg

/// What the theory asks of a game's players and levels.
module internal LevelCheck =

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

    /// Whether the analysis knows the constraints of such games.
    let isKnownConstrained concept (game: Game) =
        concept = Concept.Nash
        || game.Levels.Length < 2
        || (game.Levels.Length = 2 && game.Levels[0] = 1)

    let constrained func concept (game: Game) =
        if not (isKnownConstrained concept game) then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"is {game.Name}, which has constraints and {game.Levels[0]} leaders on {game.Levels.Length} levels; Stackelberg points under constraints are found for one leader with followers on one level.")

    let noBounds func (game: Game) =
        if
            game.Constraints.Length > 0
            || game.Players |> Array.exists (fun player -> DomainOps.isBounded player.Domain)
        then
            Require.wrong
                func
                (nameof game)
                (invariant
                    $"is {game.Name}, which has bounded players or constraints, but the statement is of strategies without bounds; leave them out.")
