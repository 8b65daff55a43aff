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

    /// Whether the strategy may not be just any numbers.
    let isBounded domain =
        match domain with
        | Domain.Box _
        | Domain.Set _ -> true
        | Domain.Free
        | Domain.Circle -> false

    let private projectSet set (x: float[]) =
        (ConvexSets.project set (Tensor.ofArray x)).ToArray()

    /// Projects a player's entries, which begin at an offset, onto the box or the set; nothing else changes.
    let project domain (x: float[]) offset dimension =
        match domain with
        | Domain.Set set -> (projectSet set (Array.sub x offset dimension)).CopyTo(x, (offset: int))
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
        | Domain.Box _
        | Domain.Set _ -> ()

    /// x − Π(x − g) at one entry of no convex set: the gradient itself where the box does not stop the step.
    let residual domain entry (x: float) (g: float) =
        match domain with
        | Domain.Box(lower, upper) -> x - min upper[entry] (max lower[entry] (x - g))
        | Domain.Free
        | Domain.Set _
        | Domain.Circle -> g

    /// What the projection onto a set leaves of zero, as a share of the numbers that go into it.
    let private rounding = 1e-15

    /// x − Π(x − g) of a player's entries, which begin at an offset.
    let residuals domain (x: float[]) (g: float[]) offset dimension : float[] =
        match domain with
        | Domain.Set set ->
            let from = Array.sub x offset dimension

            let moved = Array.init dimension (fun i -> from[i] - g[offset + i])

            let greatest =
                Seq.append from moved |> Seq.fold (fun most entry -> max most (abs entry)) 0.0

            projectSet set moved
            |> Array.map2 (-) from
            |> Array.map (fun part -> if abs part <= rounding * greatest then 0.0 else part)
        | domain -> Array.init dimension (fun i -> residual domain i x[offset + i] g[offset + i])

    /// Of a step along −g within a set, the share of ‖x‖ from which its direction is taken.
    let private short = 1e-8

    /// The direction of the projected descent, Π_T(−g) with the set's tangent cone T at x, of a player in a set.
    let descent set (x: float[]) (g: float[]) offset dimension : float[] =
        let norm (v: float[]) =
            sqrt (v |> Array.sumBy (fun entry -> entry * entry))

        let from, slope = Array.sub x offset dimension, Array.sub g offset dimension
        let steep = norm slope

        if steep = 0.0 then
            slope
        else
            let h = short * max 1.0 (norm from) / steep

            Array.map2 (fun x g -> x - h * g) from slope
            |> projectSet set
            |> fun next -> Array.map2 (fun next x -> (next - x) / h) next from

    /// a − b at one entry, for angles the short way round.
    let difference domain (a: float) (b: float) =
        match domain with
        | Domain.Circle -> Math.IEEERemainder(a - b, turn)
        | Domain.Free
        | Domain.Set _
        | Domain.Box _ -> a - b
