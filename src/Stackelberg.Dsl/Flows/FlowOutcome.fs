namespace Stackelberg


/// <summary>How a flow's integration ended. ToString says it in words that " at " and the end point can follow, with what
/// to try.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type FlowOutcome =
    /// The wanted time was reached; residual is the norm of the field there, in a box ‖x − Π(x − g)‖₂.
    | ReachedTime of time: float * residual: float
    /// The field's norm fell below the tolerance.
    | Settled of time: float * residual: float
    /// No step longer than rounding keeps the error within tolerance: the field has a pole ahead, or a kink that the
    /// flow runs into from both sides.
    | Blocked of time: float * residual: float
    /// The field was not finite at the start.
    | NotFinite of quantity: string
    /// The system that gives the followers' answer is singular at the start.
    | SingularFollower of reciprocalCondition: float
    /// The limit of steps came first.
    | OutOfSteps of limit: int * time: float
    /// The caller cancelled the integration.
    | Cancelled of time: float

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The outcome in words, with what to try.</summary>
    override outcome.ToString() =
        match outcome with
        | ReachedTime(time, residual) ->
            (invariant $"reached time {time:G4}, where the field's norm is {residual:G4}")
        | Settled(time, residual) ->
            (invariant $"settled at time {time:G4}, where the field's norm is {residual:G4}")
        | Blocked(time, residual) ->
            (invariant
                $"blocked at time {time:G4}, where the field's norm is {residual:G4}: no step is short enough (a pole of the field, as where the followers' curvature vanishes; try a greater η of Conjecture.regularized, or another start)")
        | NotFinite quantity -> (invariant $"not finite at the start: {quantity} (start elsewhere)")
        | SingularFollower condition ->
            (invariant
                $"singular follower at the start: the followers' second derivatives have reciprocal condition {condition:G4}, so their answer is undefined (try a greater η of Conjecture.regularized, or another start)")
        | OutOfSteps(limit, time) ->
            (invariant
                $"made all {limit} steps and is at time {time:G4} (the flow is stiff if its steps are short: bring the time scales nearer to each other, raise the tolerances or MaxSteps)")
        | Cancelled time -> (invariant $"cancelled at time {time:G4}")
