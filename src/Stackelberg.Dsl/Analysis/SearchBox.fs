namespace Stackelberg

open System
open Stackelberg.Kernels

/// The box in which critical points are sought; angles count modulo 2π in it.
/// <param name="slack">What a point may lie outside by, relative to its size, for rounding.</param>
[<Sealed>]
type internal SearchBox(game: Game, lower: float[], upper: float[], slack: float) =

    let d = game.Dimension
    let turn = 2.0 * Math.PI
    let extent = Array.map2 (-) upper lower

    let isCircle =
        Array.init d (fun entry -> game.Players[game.OwnerOf entry].Domain.IsCircle)

    /// Whether a value of an entry is one of its player's bounds.
    let isBound entry (value: float) =
        let index = game.OwnerOf entry
        let i = entry - game.Offsets[index]

        match game.Players[index].Domain with
        | Domain.Box(lower, upper) -> value = lower[i] || value = upper[i]
        | Domain.Free
        | Domain.Set _
        | Domain.Circle -> false

    /// Where starts are drawn: the box's part inside the players' bounds, and beyond each bound half as much again, from
    /// where a start is brought back onto the bound. Newton's steps alone would not find points at bounds that descent
    /// leads to, for they go to saddles and peaks inside as well.
    let first, last =
        let first, last = Array.copy lower, Array.copy upper
        game.Project first
        game.Project last
        let wider = Array.map2 (fun low high -> 0.5 * (high - low)) first last

        let beyond sign (corner: float[]) =
            Array.init d (fun entry ->
                if isBound entry corner[entry] then
                    corner[entry] + sign * wider[entry]
                else
                    corner[entry])

        beyond -1.0 first, beyond 1.0 last

    member _.Dimension = d

    /// The width in every entry.
    member _.Extent = extent

    /// The interval of an entry that starts come from, inside its player's bounds.
    member _.Interval entry : struct (float * float) =
        let index = game.OwnerOf entry
        let i = entry - game.Offsets[index]

        match game.Players[index].Domain with
        | Domain.Box(least, greatest) ->
            // A box that misses the player's bounds altogether leaves one point of them.
            let into value = min greatest[i] (max least[i] value)
            struct (into lower[entry], into upper[entry])
        | Domain.Free
        | Domain.Set _
        | Domain.Circle -> struct (lower[entry], upper[entry])

    /// x − y at an entry; angles turned into [−π, π).
    member _.Difference (x: float[]) (y: float[]) entry =
        let difference = x[entry] - y[entry]

        if isCircle[entry] then
            DomainOps.wrapAngle difference
        else
            difference

    /// The greatest difference of two points' entries, relative to the first point's size or, where that is less, to the
    /// box's width in the entry.
    member box.Distance(x: float[], y) =
        let size = x |> Array.fold (fun most value -> max most (abs value)) 1.0
        let mutable greatest = 0.0

        for entry in 0 .. d - 1 do
            let difference = abs (box.Difference x y entry)
            greatest <- max greatest (difference / min size extent[entry])

        greatest

    /// The greatest difference of two points' entries as a share of the box's widths.
    member box.Share(x: float[], y) =
        let mutable greatest = 0.0

        for entry in 0 .. d - 1 do
            greatest <- max greatest (abs (box.Difference x y entry) / extent[entry])

        greatest

    /// Inside, to rounding; an angle if it is inside after some turns.
    member _.Contains(x: float[]) =
        Seq.forall
            (fun entry ->
                let allowed = slack * min (max 1.0 (abs x[entry])) extent[entry]
                let least = lower[entry] - allowed

                let value =
                    if isCircle[entry] then
                        x[entry] + turn * ceil ((least - x[entry]) / turn)
                    else
                        x[entry]

                value >= least && value <= upper[entry] + allowed)
            (seq { 0 .. d - 1 })

    /// So far outside, by the box's own width, that it is given up.
    member _.IsLost(x: float[]) =
        Seq.exists
            (fun entry ->
                not isCircle[entry]
                && (x[entry] < lower[entry] - extent[entry]
                    || x[entry] > upper[entry] + extent[entry]))
            (seq { 0 .. d - 1 })

    /// Random starts; each round is another stream, so that none depends on the others.
    member _.Starts(seed: uint64, round: int, count: int) : float[][] =
        let random = Philox(seed, uint64 round)
        let numbers = Array.zeroCreate<float>(count * d)
        random.FillUniform(numbers, 0, numbers.Length)

        Array.init count (fun i ->
            let x =
                Array.init d (fun entry ->
                    first[entry] + numbers[i * d + entry] * (last[entry] - first[entry]))

            game.Settle x
            x)
