namespace Stackelberg

open Stackelberg.Kernels

open System

/// What the lines of a game block have said so far.
type GameDraft = internal {
    Seats: Seat list
    /// The level that the next line without a leader joins.
    Current: int
    Constraints: Constraint list
    Sampler: Sampler
    Precision: DType
}

/// <summary>The block game "name" { … }.</summary>
[<Sealed>]
type GameBuilder internal (name: string) =

    let seat (draft: GameDraft) level player (cost: Strategies -> Tensor) = {
        draft with
            Seats = draft.Seats @ [ Seat(player, level, Func<_, _> cost) ]
            Current = level
    }

    /// An empty block.
    member _.Yield(_: unit) : GameDraft = {
        Seats = []
        Current = 0
        Constraints = []
        Sampler = Sampler.none
        Precision = DType.Float64
    }

    /// A player of the top level, who anticipates the answers of all players below.
    [<CustomOperation "leader">]
    member _.Leader(draft: GameDraft, player: Player, cost: Strategies -> Tensor) = {
        seat draft 0 player cost with
            Current = draft.Current
    }

    /// A player who answers the leaders: on the level below them, or on the level that a line level has begun.
    [<CustomOperation "follower">]
    member _.Follower(draft: GameDraft, player: Player, cost: Strategies -> Tensor) =
        seat draft (max 1 draft.Current) player cost

    /// A player of the level that the block has reached: the top one until a line follower or level.
    [<CustomOperation "player">]
    member _.Player(draft: GameDraft, player: Player, cost: Strategies -> Tensor) =
        seat draft draft.Current player cost

    /// The lines from here on are for players one level below the ones before.
    [<CustomOperation "level">]
    member _.Level(draft: GameDraft) = {
        draft with
            Current = draft.Current + 1
    }

    /// <summary>A function of all strategies whose entries, one number or a vector of them, the player keeps at most 0.</summary>
    [<CustomOperation "subjectTo">]
    member _.SubjectTo(draft: GameDraft, player: Player, name: string, value: Strategies -> Tensor) = {
        draft with
            Constraints = draft.Constraints @ [ Constraint(player, name, false, Func<_, _> value) ]
    }

    /// <summary>A function of all strategies whose entries, one number or a vector of them, the player keeps at 0.</summary>
    [<CustomOperation "equality">]
    member _.Equality(draft: GameDraft, player: Player, name: string, value: Strategies -> Tensor) = {
        draft with
            Constraints = draft.Constraints @ [ Constraint(player, name, true, Func<_, _> value) ]
    }

    /// What draws the tensors that costs read as q.Sample "name", anew for each evaluation of a field.
    [<CustomOperation "samples">]
    member _.Samples(draft: GameDraft, sampler: Sampler) = { draft with Sampler = sampler }

    /// The number type of costs and derivatives: DType.Float64 unless said, DType.Float32 for networks.
    [<CustomOperation "precision">]
    member _.Precision(draft: GameDraft, precision: DType) = { draft with Precision = precision }

    /// Only here can a block fail, with every fault in one message.
    member _.Run(draft: GameDraft) : Game =
        GameCheck.createOrRaiseWith
            name
            (Array.ofList draft.Seats)
            (Array.ofList draft.Constraints)
            draft.Sampler
            draft.Precision

/// <summary>The word that begins a game.</summary>
[<AutoOpen>]
module GameBuilderValue =

    /// <summary>A game from lines leader, follower, player and level, and where wanted subjectTo, equality, samples and precision.</summary>
    /// <param name="name">What messages and plots call the game.</param>
    /// <exception cref="T:System.InvalidOperationException">The game has faults; the message lists them all.</exception>
    /// <remarks>The block's words are leader, follower, player, level, subjectTo, equality, samples and precision: a value of that name cannot be
    /// used inside of it ("This is a custom operation"); give it another name. A helper function of costs must say of each argument
    /// that it is a tensor, <c>let price (own: Tensor) (other: Tensor) = 60.0 - own - other</c>: F# takes 60.0 - own for a
    /// float's otherwise. Costs do not branch on strategies: Tensor.maximum for max, Tensor.where for if.</remarks>
    /// <example>
    /// <code lang="fsharp">
    /// let firm1 = Player.scalar "firm 1"
    /// let firm2 = Player.scalar "firm 2"
    ///
    /// let duopoly =
    ///     game "duopoly" {
    ///         leader firm1 (fun q -> -(100.0 - q[firm1] - q[firm2] - 5.0) * q[firm1])
    ///         follower firm2 (fun q -> -(100.0 - q[firm1] - q[firm2] - 2.0) * q[firm2])
    ///     }
    /// </code>
    /// </example>
    let game name = GameBuilder name
