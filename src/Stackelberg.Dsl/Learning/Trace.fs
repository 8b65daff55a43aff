namespace Stackelberg

open System

/// What a run was like on its way, in a few numbers: enough to tell rest, approach and divergence apart at its end.
[<Sealed>]
type internal Trace(game: Game, limit: int) =

    let first, second = limit / 4, limit / 2

    /// ‖x‖ at the start, and of two marks ‖x‖ and ‖x⁺ − x‖ over the rate.
    let marks = Array.create 5 nan

    /// Whether every entry's size is kept, or every player's, where entries are many.
    let isWhole = game.Dimension <= RestPoint.wholeUpTo

    /// The greatest |xᵢ| seen, or the greatest norm of each player's strategy.
    let reach: float[] =
        Array.zeroCreate (if isWhole then game.Dimension else game.Players.Length)

    /// A run goes away for good that is so much farther than at any mark before, its steps having grown so much since halfway.
    let farther, faster = 10.0, 2.0

    /// With noise, steps say nothing, and the first must be more.
    let fartherInNoise = 1e3

    /// Growth so great is divergence however long it took.
    let far = 1e6

    /// Takes the numbers at a point into account.
    member _.Look(x: float[]) =
        for i in 0 .. reach.Length - 1 do
            let size =
                if isWhole then
                    abs x[i]
                else
                    RestPoint.norm (RestPoint.part game i x)

            reach[i] <- max reach[i] size

    /// After so many steps Step wants to know of the run.
    member val Marks = [| first; second |]

    member trace.Begin(x: float[]) =
        trace.Look x
        marks[0] <- RestPoint.norm x

    /// Whether a run is at one of its two marks, where Step wants to know of it.
    member _.IsMark(steps: int) = steps = first || steps = second

    /// After a step: nothing but at the two marks.
    member trace.Step(steps: int, x: float[], update: float, rate: float) =
        if trace.IsMark steps then
            let at = if steps = second then 3 else 1
            trace.Look x
            marks[at] <- RestPoint.norm x
            marks[at + 1] <- update / abs rate

    /// For each entry the size of the numbers that the run went through: of entries that were always 0 that of their player's
    /// others, of angles a radian.
    member _.Reach = [|
        for index in 0 .. game.Players.Length - 1 do
            let player = game.Players[index]

            let own =
                if isWhole then
                    RestPoint.part game index reach
                else
                    Array.create player.Dimension (reach[index] / sqrt (float player.Dimension))

            let most = Array.max own

            for size in own do
                if player.Domain.IsCircle || most = 0.0 then 1.0
                elif size > 0.0 then size
                else most
    |]

    /// The last step over its rate against that halfway, over its own; NaN if it is not known.
    member _.Trend(update: float, rate: float) = update / abs rate / marks[4]

    /// ‖x‖ at the start.
    member _.Start = marks[0]

    /// Whether a run that ends at x goes away for good.
    member _.HasDiverged(x: float[], update: float, rate: float, isNoisy: bool) =
        let size, step = RestPoint.norm x, update / abs rate
        let before = max marks[0] (max marks[1] marks[3])

        if isNoisy then
            size > fartherInNoise * before
        else
            size > farther * before && step > faster * marks[4] && marks[4] > marks[2]
            || size > far * max 1.0 before

    /// Whether a run that could not go on from x had left before.
    member _.HasLeft(x: float[]) =
        RestPoint.norm x > far * max 1.0 marks[0]

    member _.Saved
        with get () = Array.append marks reach
        and set (saved: float[]) =
            Array.blit saved 0 marks 0 marks.Length
            Array.blit saved marks.Length reach 0 reach.Length
