namespace Stackelberg

/// <summary>What is wrong with a game, as data. ToString says it in a sentence, with the remedy.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type GameFault =
    /// The game's name is empty.
    | NamelessGame
    /// Nobody plays.
    | NoPlayers
    /// A player's name is empty; position counts the players from 1.
    | NamelessPlayer of position: int
    /// One player has two costs.
    | PlayerTwice of player: string
    /// Two different players have one name.
    | NameTwice of name: string
    /// A name holds a character that no terminal shows, or that moves or hides others: shown is the name with all such
    /// characters written as \uXXXX.
    | UnprintableName of shown: string
    /// A player's strategy holds no number.
    | NoDimension of player: string * shape: int[]
    /// Nobody plays on a level, but somebody plays below it; levels count from 1.
    | EmptyLevel of level: int
    /// A cost gives something else than one number.
    | CostNotScalar of player: string * shape: int[]
    /// A cost computes in another number type than the game.
    | OtherPrecision of player: string * found: string * needed: string
    /// A cost asks for the strategy of somebody who is not in the game, or who has another shape in it.
    | ForeignPlayer of player: string * foreign: string * problem: string
    /// A cost raised an error when it was traced.
    | CostFailed of player: string * error: string
    /// A constraint names somebody who does not play.
    | ConstraintOfStranger of constraintName: string * player: string
    /// One player has two constraints of one name, or one without a name.
    | ConstraintName of constraintName: string * player: string
    /// A constraint has more than one axis, or no entry.
    | ConstraintShape of constraintName: string * player: string * shape: int[]
    /// A constraint does not depend on the strategy of the player who is to heed it, nor on those of players below.
    | ConstraintOfOthers of constraintName: string * player: string
    /// A constraint raised an error when it was traced.
    | ConstraintFailed of constraintName: string * player: string * error: string

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The fault in a sentence, with the remedy.</summary>
    override fault.ToString() =
        match fault with
        | NamelessGame -> "The game's name is empty; give it one, as in game \"duopoly\"."
        | NoPlayers -> "Nobody plays; add at least one line such as leader player cost."
        | NamelessPlayer position ->
            (invariant $"The name of player {position} is empty; give every player a name of its own.")
        | PlayerTwice player ->
            (invariant $"{player} appears twice; give each player one line with one cost.")
        | NameTwice name -> (invariant $"Two different players are called {name}; rename one.")
        | UnprintableName shown ->
            (invariant
                $"The name \"{shown}\" holds control characters; names are shown in terminals and written to files: leave them out.")
        | NoDimension(player, shape) ->
            (invariant
                $"{player} has shape {Shape.show shape}, which holds no number; every extent must be at least 1.")
        | EmptyLevel level ->
            (invariant
                $"Nobody plays on level {level}, but somebody plays below it; add a leader (level 1) or leave out a line level.")
        | CostNotScalar(player, shape) ->
            (invariant
                $"The cost of {player} has shape {Shape.show shape}, but [] is needed (one number); add up its entries with Tensor.sum.")
        | OtherPrecision(player, found, needed) ->
            (invariant
                $"The cost of {player} is {found}, but the game computes in {needed}; convert constant tensors with Tensor.cast, or change the game's precision.")
        | ForeignPlayer(player, _, problem) ->
            (invariant $"The cost of {player} cannot be computed: {problem}")
        | CostFailed(player, error) -> (invariant $"The cost of {player} cannot be computed: {error}")
        | ConstraintOfStranger(name, player) ->
            (invariant
                $"The constraint \"{name}\" is for {player}, who is not a player of this game; give {player} a line with a cost, or name one who plays.")
        | ConstraintName("", player) ->
            (invariant
                $"A constraint of {player} has no name; give it one, as in subjectTo firm \"capacity\".")
        | ConstraintName(name, player) ->
            (invariant $"{player} has two constraints called \"{name}\"; rename one.")
        | ConstraintShape(name, player, shape) ->
            (invariant
                $"The constraint \"{name}\" of {player} has shape {Shape.show shape}, but a scalar or a vector is needed; flatten it with Tensor.flatten.")
        | ConstraintOfOthers(name, player) ->
            (invariant
                $"The constraint \"{name}\" does not depend on the strategy of {player} or of anyone below, so that {player} can do nothing to heed it; give it to a player whose strategy is in it.")
        | ConstraintFailed(name, player, error) ->
            (invariant $"The constraint \"{name}\" of {player} cannot be computed: {error}")
