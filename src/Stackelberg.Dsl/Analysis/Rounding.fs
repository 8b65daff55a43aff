namespace Stackelberg

/// How much of a number is rounding.
module internal Rounding =

    /// The share of a number that rounding leaves after a few operations in the game's precision.
    let share (game: Game) =
        match game.Precision with
        | DType.Float32 -> 1e-5
        | _ -> 1e-13
