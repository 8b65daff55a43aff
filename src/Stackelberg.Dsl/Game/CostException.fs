namespace Stackelberg

open System

/// <summary>A player's cost failed after its game had been made: it raised an exception, or gave something else than at
/// first.</summary>
/// <remarks>A cost is called once when the game is made, and once more for each derivative that is compiled; its numbers are
/// those of the compiled programs. What it does at its first call it has to do at every later one.</remarks>
/// <param name="game">The game's name.</param>
/// <param name="player">Whose cost it is.</param>
/// <param name="problem">What happened, as the end of a sentence.</param>
/// <param name="cause">What the cost raised; null if it raised nothing.</param>
[<Sealed>]
type CostException internal (game: string, player: string, problem: string, cause: exn) =
    inherit
        Exception(
            (invariant
                $"The cost of {player} in {game} {problem}; a cost is called anew for each derivative, and must do the same at every call."),
            cause
        )

    /// <summary>The game's name.</summary>
    member _.Game = game

    /// <summary>Whose cost it is.</summary>
    member _.Player = player

/// Checks what a cost does at a later call.
module internal LaterCost =

    let check (game: string) (player: string) (precision: DType) (call: unit -> Tensor) : Tensor =
        let wrong problem =
            raise (CostException(game, player, problem, null))

        let cost =
            try
                call ()
            with
            | :? OperationCanceledException
            | :? CostException -> reraise ()
            // What a user's function raises may be of any type; the game's own exception keeps it as its cause.
            | error ->
                raise (
                    CostException(game, player, (invariant $"raised an exception: {error.Message}"), error)
                )

        if isNull cost then
            wrong "is null"

        if cost.Shape.Length > 0 then
            wrong (invariant $"has shape {Shape.show cost.Shape}, but had [] at first")

        if cost.DType <> precision then
            wrong (invariant $"is {cost.DType}, but was {precision} at first")

        cost
