namespace Stackelberg


/// <summary>Why a run's steps are short, or its field small, where it has not arrived. ToString says it in words that a
/// colon can precede; Remedy says what to try.</summary>
[<RequireQualifiedAccess; StructuredFormatDisplay("{Shown}")>]
type Standstill =
    /// A player's rate is 0.
    | RateZero of player: string
    /// A player's rate is far below its first one.
    | RatesFaded of player: string * first: float * last: float
    /// A player's rate is that small for its cost: the step is its rate times its field.
    | RateSmall of player: string * rate: float
    /// What a preconditioner remembers has overflowed, so that it gives no direction any more.
    | MemoryNotFinite of player: string * preconditioner: string
    /// A preconditioner makes a player's direction short, as after one huge gradient.
    | Preconditioned of player: string * preconditioner: string
    /// A player's step is shorter than the spacing of the floating-point numbers where it is.
    | Rounding of player: string
    /// The field is noisy, or the costs are sampled: one short step says nothing.
    | Noise
    /// The field is no smaller than elsewhere: a player's cost hardly varies, or is in small units. How far Newton's step
    /// would take the player: infinite where there is none.
    | Flat of player: string * distance: float
    /// The rule rests where its field is not zero.
    | OwnRest

    /// What F# Interactive prints.
    member internal this.Shown = this.ToString()

    /// <summary>The cause in words.</summary>
    override cause.ToString() =
        match cause with
        | RateZero player -> (invariant $"the rate of {player} is 0")
        | RatesFaded(player, first, last) ->
            (invariant $"the rate of {player} has faded from {first:G4} to {last:G4}")
        | RateSmall(player, rate) -> (invariant $"the rate of {player}, {rate:G4}, is small for its cost")
        | MemoryNotFinite(player, preconditioner) ->
            (invariant $"what {preconditioner} remembers of {player} has overflowed, so it moves no more")
        | Preconditioned(player, preconditioner) ->
            (invariant $"{preconditioner} shortens the steps of {player}")
        | Rounding player -> (invariant $"the steps of {player} are lost to rounding")
        | Noise -> "the field is noisy, and one step was short by chance"
        | Flat(player, distance) ->
            (invariant
                $"that is not small for {player}, whose Newton step from there has length {distance:G4}")
        | OwnRest -> "the rule rests where its field is not zero"

    /// <summary>What to try.</summary>
    member cause.Remedy =
        match cause with
        | RateZero _ -> "give every player a rate above 0"
        | RatesFaded _ -> "let Rates fall more slowly, or stop by Stop.FieldBelow"
        | RateSmall _ -> "raise Rates, or stop at a smaller tolerance"
        | MemoryNotFinite _ -> "begin anew with smaller Rates or another start"
        | Preconditioned _ -> "begin anew from the end point, or stop by Stop.FieldBelow"
        | Rounding _ -> "raise Rates"
        | Noise -> "stop by Stop.FieldBelow, which looks at the field without noise, or never"
        | Flat _ -> "stop at a smaller tolerance"
        | OwnRest -> "try another rule or other parameters of this one"
