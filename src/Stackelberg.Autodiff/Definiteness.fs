namespace Stackelberg

/// Whether a symmetric linear map is positive definite, where that costs little.
module internal Definiteness =

    /// <summary>A number that is above 0 if the map is positive definite, and only then.</summary>
    /// <param name="apply">v ↦ A v.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="shape">Of v and A v.</param>
    /// <returns>A scalar: the least entry of a map that is seen to act entry by entry, the least pivot of one of few unknowns;
    /// none for others.</returns>
    let least (apply: Tensor -> Tensor) dtype (shape: int[]) : Tensor voption =
        let argument = Expression.variable (Trace()) dtype shape
        let result = apply argument
        let n = Shape.count shape

        if n = 0 then
            ValueNone
        elif n = 1 then
            Substitution.one argument (Expression.constant dtype shape 1.0) result
            |> Structure.reshape [||]
            |> ValueSome
        else
            match LinearSolve.diagonal argument result with
            | null when n <= LinearSolve.writtenOut ->
                ValueSome(LeastPivot.ofMatrix (LinearSolve.matrix argument result))
            | null -> ValueNone
            | diagonal -> ValueSome(Extremum.minimum [| 0 .. shape.Length - 1 |] diagonal)
