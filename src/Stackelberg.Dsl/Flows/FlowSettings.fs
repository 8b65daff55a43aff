namespace Stackelberg

open System.Threading

/// <summary>How a flow is integrated. Flow.settings has the defaults.</summary>
type FlowSettings = {
    /// The time to reach, above 0. Default 100.
    Until: float
    /// The speed of each player, ẋ_i = −τ_i g_i, above 0; empty for 1 each, which is the default.
    TimeScales: float[]
    /// The times at which the solution is wanted, rising, from 0 to Until; empty (the default) for every step that the
    /// integration makes.
    Times: float[]
    /// Ends the integration where the field's norm, without time scales, is below it; in a box ‖x − Π(x − g)‖₂. 0, the
    /// default, for never. Near an equilibrium the steps' errors leave a norm of the order of Absolute, so take ten times
    /// that or more.
    FieldBelow: float
    /// A step's error estimate is at most Absolute + Relative · |x|, in the root mean square over the entries.
    /// Default 1e-9.
    Absolute: float
    /// See Absolute. Default 1e-9.
    Relative: float
    /// At most this many steps. Default 100 000.
    MaxSteps: int
    /// Ends the integration between two steps.
    Cancellation: CancellationToken
}
