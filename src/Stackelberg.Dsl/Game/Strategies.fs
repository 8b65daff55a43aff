namespace Stackelberg

open Stackelberg.Kernels

open System

/// A cost asked for the strategy of somebody who does not play.
type internal ForeignPlayerException(foreign: string, message: string) =
    inherit ArgumentException(message)
    member _.Foreign = foreign

/// <summary>What a cost receives: every player's strategy, each a tensor of that player's shape, and, in a game with a
/// sampler, the tensors of one draw.</summary>
/// <example><code lang="fsharp">fun (q: Strategies) -> -(100.0 - q[firm1] - q[firm2] - 5.0) * q[firm1]</code></example>
[<Sealed>]
type Strategies internal (players: Player[], tensors: Tensor[], batches: Batch[], sample: Tensor[]) =

    /// <summary>A tensor that the game's sampler draws anew for each evaluation.</summary>
    /// <param name="name">The batch's name.</param>
    /// <exception cref="T:System.ArgumentException">The sampler has no such batch, or the game has no sampler.</exception>
    /// <example><code lang="fsharp">fun (q: Strategies) -> Tensor.mean (q.Sample "z" * q[player])</code></example>
    member _.Sample(name: string) : Tensor =
        match batches |> Array.tryFindIndex (fun batch -> batch.Name = name) with
        | Some index -> sample[index]
        | None when batches.Length = 0 ->
            Require.wrong
                "Strategies.Sample"
                (nameof name)
                (invariant
                    $"is {name}, but the game has no sampler; give it one, as in samples (Sampler.normal \"{name}\" [ 256; 16 ]).")
        | None ->
            let names = String.Join(", ", batches |> Array.map _.Name)

            Require.wrong
                "Strategies.Sample"
                (nameof name)
                (invariant $"is {name}, but the game's sampler draws {names}; ask for one of these.")

    /// <summary>The strategy of one player.</summary>
    /// <param name="player">A player of the game.</param>
    /// <exception cref="T:System.ArgumentException">The player is not in the game, or plays in it with another shape.</exception>
    member _.Item
        with get (player: Player): Tensor =
            match players |> Array.tryFindIndex (fun known -> known.Name = player.Name) with
            | Some index when players[index].Shape = player.Shape -> tensors[index]
            | Some index ->
                raise (
                    ForeignPlayerException(
                        player.Name,
                        (invariant
                            $"the game's player {player.Name} has shape {Shape.show players[index].Shape}, but the one asked for has shape {Shape.show player.Shape}; use the game's own player.")
                    )
                )
            | None ->
                let names = String.Join(", ", players |> Array.map _.Name)

                raise (
                    ForeignPlayerException(
                        player.Name,
                        (invariant
                            $"{player.Name} is not a player of this game, whose players are {names}; give {player.Name} a line of its own, or ask for one of these.")
                    )
                )

/// <summary>A player's place in a game: the level and what the player minimises.</summary>
/// <param name="player">Who sits here.</param>
/// <param name="level">0 for a leader; players of one level play simultaneously, and each anticipates all higher numbers.</param>
/// <param name="cost">What the player minimises, a scalar.</param>
/// <exception cref="T:System.ArgumentException">The level is negative, or the player or the cost is null.</exception>
[<Sealed>]
type Seat(player: Player, level: int, cost: Func<Strategies, Tensor>) =
    do
        Require.notNull "Seat" (nameof player) player
        Require.notNull "Seat" (nameof cost) cost

        if level < 0 then
            Require.wrong
                "Seat"
                (nameof level)
                (invariant $"is {level}, but a level of at least 0 is needed.")

    /// <summary>Who sits here.</summary>
    member _.Player = player

    /// <summary>0 for a leader; players of one level play simultaneously, and each anticipates all higher numbers.</summary>
    member _.Level = level

    /// <summary>What the player minimises, a scalar.</summary>
    member _.Cost = cost

    /// Whether a constraint's multiplier sits here: its cost has no curvature, and its owner's counts along the constraint.
    member val internal IsMultiplier = false with get, set
