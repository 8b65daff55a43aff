namespace Stackelberg

/// <summary>How a run ended. ToString says it in words that " at " and the end point can follow, with what to try.</summary>
[<RequireQualifiedAccess>]
type Outcome =
    /// The stopping test held after this many steps.
    | Converged of steps: int
    /// All steps were made; residual is the norm of the field where the run ended, without noise.
    | OutOfSteps of limit: int * residual: float
    /// A number was not finite; the run's end point is the last one before it.
    | NotFinite of step: int * quantity: string
    /// The system that gives the followers' answer is singular to working precision.
    | SingularFollower of step: int * reciprocalCondition: float
    /// An inner iteration of the rule did not reach its tolerance, so that the step was not made.
    | InnerFailed of step: int * what: string * iterations: int * residual: float
    /// The caller cancelled the run.
    | Cancelled of steps: int

    /// <summary>The outcome in words, with its numbers.</summary>
    member outcome.Words =
        let number (value: float) =
            value.ToString("G4", System.Globalization.CultureInfo.InvariantCulture)

        match outcome with
        | Converged steps -> $"converged after {steps} steps"
        | OutOfSteps(limit, residual) -> $"made all {limit} steps, the field's norm is {number residual}"
        | NotFinite(step, quantity) -> $"not finite in step {step}: {quantity}"
        | SingularFollower(step, condition) ->
            $"singular follower in step {step}: the followers' second derivatives have reciprocal condition {number condition}, so their answer is undefined"
        | InnerFailed(step, what, iterations, residual) ->
            $"{what} did not converge in step {step}: the residual is {number residual} after {iterations} iterations"
        | Cancelled steps -> $"cancelled after {steps} steps"

    /// <summary>The outcome in words, with what to try.</summary>
    override outcome.ToString() =
        match outcome with
        | Converged _
        | Cancelled _ -> outcome.Words
        | OutOfSteps _ ->
            $"{outcome.Words} (if that is too much, raise Steps, change Rates, or refine the end point with Equilibrium.find)"
        | NotFinite _ ->
            $"{outcome.Words} (try smaller Rates or another start; look at the costs near the last finite point)"
        | InnerFailed _ ->
            $"{outcome.Words} (try smaller Rates, another start, or a greater limit or tolerance of the rule's inner iteration)"
        | SingularFollower _ -> $"{outcome.Words} (try Conjecture.regularized or another start)"
