namespace Stackelberg

/// <summary>What the analysis counts as zero. Equilibrium.tolerances has the defaults.</summary>
type Tolerances = {
    /// A point is critical where the Newton step that is left moves no player by more than this share of its own scale:
    /// of the length of its strategy, ‖x_i‖₂, or of half a turn for an angle; or where all of the step is rounding.
    /// Default 1e-8.
    Critical: float
    /// An eigenvalue is on the imaginary axis where |Re λ| ≤ Axis · ‖M‖_F of its matrix; a player's own second derivative is
    /// held against its own size, so that other players' units do not matter. Default 1e-8.
    Axis: float
    /// The least length that a player's strategy is measured by, in its coordinates' own units. Default 0: a strategy
    /// near the origin is measured by nothing but itself, whatever its units. Take 1.0 to count distances below
    /// Critical from an equilibrium at the origin as none.
    Length: float
}
