namespace Stackelberg

/// What bounds and sets make of the players' gradients and moves, in expressions; without them nothing changes.
module internal Bounded =

    /// What a player keeps at zero whom its bounds may hold fast: see Game.Settled.
    let settled (game: Game) index (x: Tensor) (gradient: Tensor) : Tensor =
        if game.IsBounded index then
            game.Settled index x gradient
        else
            gradient

    /// What its bounds leave of a player's move, to first order.
    let moved (game: Game) index (x: Tensor) (gradient: Tensor) (move: Tensor) : Tensor =
        if game.IsBounded index then
            game.Moved index x gradient move
        else
            move

    /// A player's strategy after a move, within its bounds.
    let after (game: Game) index (x: Tensor) (move: Tensor) : Tensor =
        if game.IsBounded index then
            game.Projected index (x + move)
        else
            x + move

    /// x − Π(x − g), which is zero where no small step along −g is possible: a player's own natural map.
    let residual (game: Game) index (x: Tensor) (gradient: Tensor) : Tensor =
        if game.IsBounded index then
            x - game.Projected index (x - gradient)
        else
            gradient
