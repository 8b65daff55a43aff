namespace Stackelberg

/// <summary>What a rule requires of a game that it plays.</summary>
[<RequireQualifiedAccess>]
type Requirement =
    /// Two players.
    | TwoPlayers
    /// Leaders and followers on two levels.
    | TwoLevels
    /// Players below the leaders, on any number of levels.
    | Followers
    /// Rates that may differ between levels: more than one level.
    | SeveralLevels
    /// No player has bounds: the rule solves equations that know none.
    | Unbounded

/// Whether a game is as it is required to be.
module internal Requirements =

    /// Why the rule cannot play the game, in a sentence with the remedy; null if it can.
    let private refuses (rule: string) (game: Game) requirement : string =
        match requirement with
        | Requirement.TwoPlayers when game.Players.Length <> 2 ->
            invariant
                $"{rule} is defined for two players, but {game.Name} has {game.Players.Length}; take Rule.simultaneous or Rule.stackelberg, or merge players."
        | Requirement.TwoLevels when game.Levels.Length <> 2 ->
            invariant
                $"{rule} needs leaders and followers on two levels, but {game.Name} has {game.Levels.Length}; take Rule.simultaneous or Rule.stackelberg, or put the players on two levels."
        | Requirement.Followers when game.Levels.Length < 2 ->
            invariant
                $"{rule} needs followers, but all players of {game.Name} are on one level; take Rule.simultaneous, or put followers on a lower level."
        | Requirement.SeveralLevels when game.Levels.Length < 2 ->
            invariant
                $"{rule} makes lower levels faster, but all players of {game.Name} are on one level; give Rates one schedule for each player instead."
        | Requirement.Unbounded ->
            match game.Players |> Array.tryFind (fun player -> DomainOps.isBounded player.Domain) with
            | None -> null
            | Some player ->
                invariant
                    $"{rule} solves equations that know no bounds, but {player.Name} of {game.Name} is bounded; take Rule.stackelberg or Rule.extragradient, which heed bounds, or write the bound into the cost."
        | _ -> null

    /// The first requirement that the game does not meet, as a sentence with the remedy; null if it meets all.
    let refusal rule (game: Game) (requirements: Requirement list) : string =
        if game.Constraints.Length > 0 then
            invariant
                $"{rule} plays costs and sets, but {game.Name} has {game.Constraints.Length} constraints, the first \"{game.Constraints[0].Name}\" of {game.Constraints[0].Player.Name}; take Game.withMultipliers 1.0 {game.Name}, in which their multipliers play."
        else

            requirements
            |> List.map (refuses rule game)
            |> List.tryFind (isNull >> not)
            |> Option.toObj
