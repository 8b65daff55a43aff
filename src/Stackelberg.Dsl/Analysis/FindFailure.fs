namespace Stackelberg

open System

/// <summary>Why no critical point was found. ToString says it in a sentence, with what to try.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type FindFailure =
    /// The field was not finite at the start.
    | NotFinite of quantity: string
    /// The followers' second derivatives were singular at the start.
    | SingularFollower of reciprocalCondition: float
    /// The field's norm has a local minimum that is not zero; point is the joint strategy there.
    | Stalled of iterations: int * residual: float * point: float[]
    /// Neither Newton's steps nor the players' descent went on, at a point that is no minimum of the field's norm.
    | Stuck of iterations: int * residual: float * point: float[]
    /// The iterates moved away without an end, as where a cost goes on falling; step is the length of the last one.
    | RunsAway of iterations: int * residual: float * point: float[] * step: float
    /// The named player's gradient jumps through zero at the point: its cost has a kink there.
    | Kink of player: string * point: float[]
    /// No strategies were found that meet a constraint: which, in words, and the point that comes nearest.
    | Infeasible of violated: string * point: float[]
    /// The limit came first; point is the joint strategy reached.
    | OutOfIterations of limit: int * residual: float * point: float[]

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The failure in a sentence, with what to try.</summary>
    override failure.ToString() =
        let place (point: float[]) =
            let shown = point |> Array.truncate 6 |> Array.map (digits 4)
            let rest = if point.Length > shown.Length then ", …" else ""
            let entries = String.Join(", ", shown)
            (invariant $"({entries}{rest})")

        match failure with
        | NotFinite quantity -> (invariant $"not finite at the start: {quantity}. Start elsewhere")
        | SingularFollower condition ->
            (invariant
                $"the followers' second derivatives are singular at the start (reciprocal condition {condition:G4}), so the Stackelberg field is undefined there. Start elsewhere")
        | Stalled(iterations, residual, point) ->
            (invariant
                $"stalled after {iterations} iterations at {place point} with the field's norm at {residual:G4}, a minimum that is not zero. Start nearer to an equilibrium, for example where a run ended")
        | Stuck(iterations, residual, point) when Double.IsNaN residual ->
            (invariant
                $"stuck after {iterations} iterations at {place point}: no point that meets everybody's first-order conditions was found from there. Start elsewhere, or search with Equilibrium.findAll")
        | Stuck(iterations, residual, point) ->
            (invariant
                $"stuck after {iterations} iterations at {place point} with the field's norm at {residual:G4}: no step of Newton's method and no step down the players' own costs is short enough to follow the field there. Start elsewhere, for example where a run ended, or smooth the costs")
        | RunsAway(_, 0.0, point, _) ->
            (invariant
                $"no critical point was found: at {place point} the field is zero only because its numbers are too small to be held, as far out where a cost goes on falling towards infinity. Bound the player, or start elsewhere")
        | RunsAway(_, residual, point, _) when Double.IsNaN residual ->
            (invariant
                $"no critical point was found: within the constraints a cost goes on falling without an end, at {place point} and beyond. Bound the player, or start elsewhere")
        | RunsAway(iterations, residual, point, step) ->
            (invariant
                $"no critical point was found: the iterates run away, after {iterations} iterations at {place point} with steps of {step:G4} and the field's norm at {residual:G4}, as where a cost goes on falling towards infinity. Bound the player, or start elsewhere")
        | Kink(player, point) ->
            (invariant
                $"the gradient of {player} jumps through zero at {place point}: its cost has a kink there, which may be its minimum but is no zero of the field. Smooth the cost, or move the kink into a bound by a variable of its own")
        | Infeasible(violated, point) ->
            (invariant
                $"no feasible point was found: nearest, at {place point}, {violated}. Loosen that constraint, or start elsewhere")
        | OutOfIterations(limit, residual, point) ->
            (invariant
                $"the field's norm is still {residual:G4} after {limit} iterations, at {place point}. Start nearer to an equilibrium, for example where a run ended")
