namespace Stackelberg


/// <summary>How a run ended. ToString says it in words that " at " and the end point can follow, with what to try.</summary>
/// <remarks>A run has converged where the rule's field is zero as far as can be told: where Newton's step from the end point,
/// or a bound of it, is short against the stopping tolerance or the numbers that the run went through. A short update
/// alone is none, for the rates may have faded. So the verdict does not change when a cost is multiplied by a positive
/// number, or a player's strategy is measured in other units. Above 64 dimensions one derivative along the field stands for
/// Newton's step.</remarks>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type Outcome =
    /// The run came to rest at a zero of the rule's field. residual is the field's norm there, without noise; in a box
    /// ‖x − Π(x − g)‖₂. met says with its numbers which stopping test held; empty if none did and all steps were made.
    | Converged of steps: int * residual: float * met: string
    /// The stopping test held, or steps no longer moved the run, where the field is not zero.
    | Stopped of steps: int * residual: float * met: string * cause: Standstill
    /// All steps were made, and the run went ever faster away: ‖x‖ of the start and of the end.
    | Diverged of steps: int * start: float * size: float
    /// All steps were made; residual is the norm of the field where the run ended, without noise. trend compares the last
    /// step with that halfway, each over its rate: below 1 the run still comes nearer; NaN if that is not known.
    | OutOfSteps of limit: int * residual: float * trend: float
    /// A number was not finite; the run's end point is the last one before it.
    | NotFinite of step: int * quantity: string
    /// The system that gives the followers' answer is singular to working precision.
    | SingularFollower of step: int * reciprocalCondition: float
    /// An inner iteration of the rule did not reach its tolerance, so that the step was not made.
    | InnerFailed of step: int * what: string * iterations: int * residual: float
    /// The caller cancelled the run.
    | Cancelled of steps: int
    /// Of a run that Learn did not make, what its maker says of it, and whether it came to nothing.
    | Told of words: string * failed: bool

    /// <summary>Whether the run came to nothing: it diverged, or a step could not be made.</summary>
    member outcome.HasFailed =
        match outcome with
        | Diverged _
        | NotFinite _
        | SingularFollower _
        | InnerFailed _
        | Told(_, true) -> true
        | Converged _
        | Stopped _
        | OutOfSteps _
        | Cancelled _
        | Told(_, false) -> false

    /// <summary>The outcome in words, with its numbers.</summary>
    member outcome.Words =
        let after (steps: int) =
            if steps = 1 then
                "after 1 step"
            else
                (invariant $"after {steps} steps")

        match outcome with
        | Converged(steps, residual, "") ->
            (invariant $"converged: made all {steps} steps, the field's norm is {residual:G4}")
        | Converged(steps, _, met) -> (invariant $"converged {after steps}: {met}")
        | Stopped(steps, _, met, cause) ->
            (invariant $"stopped {after steps} without convergence: {met}: {cause}")
        | Diverged(steps, start, size) ->
            (invariant
                $"diverges: {after steps} the joint strategy's norm has grown from {start:G4} to {size:G4}, and the steps still grow")
        | OutOfSteps(limit, residual, _) ->
            (invariant $"made all {limit} steps, the field's norm is {residual:G4}")
        | NotFinite(step, quantity) -> (invariant $"not finite in step {step}: {quantity}")
        | SingularFollower(step, condition) ->
            (invariant
                $"singular follower in step {step}: the followers' second derivatives have reciprocal condition {condition:G4}, so their answer is undefined")
        | InnerFailed(step, what, iterations, residual) ->
            (invariant
                $"{what} did not converge in step {step}: the residual is {residual:G4} after {iterations} iterations")
        | Cancelled steps -> (invariant $"cancelled {after steps}")
        | Told(words, _) -> words

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The outcome in words, with what to try.</summary>
    override outcome.ToString() =
        match outcome with
        | Converged _
        | Cancelled _
        | Told _ -> outcome.Words
        | Stopped(_, _, _, cause) -> (invariant $"{outcome.Words} ({cause.Remedy})")
        | Diverged _ -> (invariant $"{outcome.Words} (try smaller Rates or another rule)")
        | OutOfSteps(_, _, trend) when trend < 0.9 ->
            (invariant $"{outcome.Words} (it still comes nearer: raise Steps or Rates)")
        | OutOfSteps(_, _, trend) when trend <= 1.1 ->
            (invariant
                $"{outcome.Words} (it no longer comes nearer: it cycles, drifts, or Rates have faded; try another rule or other Rates)")
        | OutOfSteps(_, _, trend) when trend > 1.1 ->
            (invariant $"{outcome.Words} (its steps grow; try smaller Rates or another rule)")
        | OutOfSteps _ -> (invariant $"{outcome.Words} (if that is too much, raise Steps or change Rates)")
        | NotFinite _ ->
            (invariant
                $"{outcome.Words} (try smaller Rates or another start; look at the costs near the last finite point)")
        | InnerFailed _ ->
            (invariant
                $"{outcome.Words} (try smaller Rates, another start, or a greater limit or tolerance of the rule's inner iteration)")
        | SingularFollower _ ->
            (invariant $"{outcome.Words} (try a greater η of Conjecture.regularized, or another start)")
