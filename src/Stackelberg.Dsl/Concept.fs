namespace Stackelberg

/// What counts as an equilibrium of a game.
type Concept =
    /// Nobody gains by moving alone: ω = 0.
    | Nash = 0
    /// Players above others anticipate their answers: ω_S = 0.
    | Stackelberg = 1
