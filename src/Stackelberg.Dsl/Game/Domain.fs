namespace Stackelberg

open System

/// What a domain does to a strategy in the flat array x, whose entries from offset on are the player's.
module internal DomainOps =

    let private turn = 2.0 * Math.PI

    /// As the published code does it: (angle + π) mod 2π − π, but exact for an angle that needs no turn.
    let wrapAngle angle =
        if angle >= -Math.PI && angle < Math.PI then
            angle
        else
            let shifted = angle + Math.PI
            shifted - turn * floor (shifted / turn) - Math.PI

    /// Projects a box player's entries, which begin at an offset, onto the box; nothing else changes.
    let project domain (x: float[]) offset =
        match domain with
        | Domain.Box(lower, upper) ->
            for i in 0 .. lower.Length - 1 do
                x[offset + i] <- min upper[i] (max lower[i] x[offset + i])
        | Domain.Free
        | Domain.Circle -> ()

    /// Wraps a circle player's angles; nothing else changes.
    let wrap domain (x: float[]) offset dimension =
        match domain with
        | Domain.Circle ->
            for i in offset .. offset + dimension - 1 do
                x[i] <- wrapAngle x[i]
        | Domain.Free
        | Domain.Box _ -> ()

    /// x − Π(x − g) at one entry: the gradient itself where the box does not stop the step.
    let residual domain entry (x: float) (g: float) =
        match domain with
        | Domain.Box(lower, upper) -> x - min upper[entry] (max lower[entry] (x - g))
        | Domain.Free
        | Domain.Circle -> g

    /// a − b at one entry, for angles the short way round.
    let difference domain (a: float) (b: float) =
        match domain with
        | Domain.Circle -> Math.IEEERemainder(a - b, turn)
        | Domain.Free
        | Domain.Box _ -> a - b
