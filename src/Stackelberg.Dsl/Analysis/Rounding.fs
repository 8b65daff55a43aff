namespace Stackelberg

/// How much of a number is rounding.
module internal Rounding =

    /// The share of a number that rounding leaves after a few operations in the game's precision.
    let share (game: Game) =
        match game.Precision with
        | DType.Float32 -> 1e-5
        | _ -> 1e-13

    /// The spacing of numbers near 1 in the game's precision.
    let epsilon (game: Game) =
        match game.Precision with
        | DType.Float32 -> 1.1920929e-7
        | _ -> 2.220446049250313e-16
