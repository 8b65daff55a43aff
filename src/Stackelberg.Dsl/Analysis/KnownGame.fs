namespace Stackelberg

open System.Numerics

/// What can be said of a point; each is a verdict of Report.
type Trait =
    /// ω = 0.
    | CriticalOmega = 0
    /// ω_S = 0.
    | CriticalOmegaS = 1
    /// A differential Nash equilibrium.
    | DifferentialNash = 2
    /// A differential Stackelberg equilibrium.
    | DifferentialStackelberg = 3
    /// Simultaneous play ends here.
    | StableSimgrad = 4
    /// Stackelberg play ends here.
    | StableStackelberg = 5

/// <summary>A point of a game of which a source or a derivation says what it is. Known.point makes one.</summary>
type KnownPoint = {
    /// The joint strategy, of length d, to rounding error.
    Point: float[]
    /// What holds there.
    Holds: Trait[]
    /// What hangs on an eigenvalue that is zero, or on a field that is undefined there. What is named neither here nor
    /// in Holds does not hold.
    Undecided: Trait[]
    /// The players' costs; null where not given.
    Costs: float[]
    /// The eigenvalues of J in any order; null where not given.
    EigenvaluesJ: Complex[]
    /// The eigenvalues of J_S in any order; null where not given.
    EigenvaluesJS: Complex[]
    /// Who says so, where it is not the game's source; null otherwise.
    Source: string
}

/// <summary>A game with its known points, and where and how fast a learning rule may begin. Known.game makes one.</summary>
type KnownGame = {
    /// The game.
    Game: Game
    /// Author and year, and what was derived anew.
    Source: string
    /// What the source has wrong; null where nothing.
    Erratum: string
    /// Where a learning rule may begin: a joint strategy of length d.
    Start: float[]
    /// A constant learning rate for which plain gradient steps, with 1/rate the size of the field's Jacobian or above,
    /// neither crawl nor overshoot.
    Rate: float
    /// The points.
    Points: KnownPoint[]
}
