namespace Stackelberg

open System.Globalization

/// <summary>Why no critical point was found. ToString says it in a sentence, with what to try.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type FindFailure =
    /// The field was not finite at the start.
    | NotFinite of quantity: string
    /// The followers' second derivatives were singular at the start.
    | SingularFollower of reciprocalCondition: float
    /// No step made the field smaller; point is the joint strategy reached.
    | Stalled of iterations: int * residual: float * point: float[]
    /// The limit came first; point is the joint strategy reached.
    | OutOfIterations of limit: int * residual: float * point: float[]

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The failure in a sentence, with what to try.</summary>
    override failure.ToString() =
        let number (value: float) =
            value.ToString("G4", CultureInfo.InvariantCulture)

        match failure with
        | NotFinite quantity -> $"not finite at the start: {quantity}. Start elsewhere"
        | SingularFollower condition ->
            $"the followers' second derivatives are singular at the start (reciprocal condition {number condition}), so the Stackelberg field is undefined there. Start elsewhere"
        | Stalled(iterations, residual, _) ->
            $"stalled after {iterations} iterations with the field's norm at {number residual}, a minimum that is not zero. Start nearer to an equilibrium, for example where a run ended"
        | OutOfIterations(limit, residual, _) ->
            $"the field's norm is still {number residual} after {limit} iterations. Start nearer to an equilibrium, for example where a run ended"
