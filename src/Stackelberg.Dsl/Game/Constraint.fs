namespace Stackelberg

open System

/// <summary>What a player must heed: a function of all players' strategies whose entries are to be at most 0, or 0.</summary>
/// <param name="player">Who heeds it, by a strategy that the function depends on.</param>
/// <param name="name">What messages and reports call it; a player's constraints have different names.</param>
/// <param name="isEquality">Whether the entries are to be 0; otherwise at most 0.</param>
/// <param name="value">The function, a scalar or a vector.</param>
/// <exception cref="T:System.ArgumentException">The player, the name or the function is null.</exception>
[<Sealed>]
type Constraint(player: Player, name: string, isEquality: bool, value: Func<Strategies, Tensor>) =
    do
        Require.notNull "Constraint" (nameof player) player
        Require.notNull "Constraint" (nameof name) name
        Require.notNull "Constraint" (nameof value) value

    /// <summary>Who heeds it.</summary>
    member _.Player = player

    /// <summary>What messages and reports call it.</summary>
    member _.Name = name

    /// <summary>Whether the entries are to be 0; otherwise at most 0.</summary>
    member _.IsEquality = isEquality

    /// <summary>The function of the strategies, a scalar or a vector.</summary>
    member _.Value = value

    /// The function's entries as a vector.
    member internal _.Rows(strategies: Strategies) : Tensor =
        value.Invoke strategies |> Tensor.flatten
