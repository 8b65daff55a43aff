namespace Stackelberg

open System
open System.Threading
open Stackelberg.Kernels

/// Where an entry of the field changes its sign along its own coordinate.
[<Struct>]
type internal SignChange = {
    /// The coordinate's value there.
    Value: float
    /// The entry just below and just above.
    Below: float
    Above: float
    /// Whether it jumps over zero.
    IsJump: bool
}

/// Looks along coordinates for sign changes of the field, which finds zeros whose basins are too narrow for random
/// starts, and jumps, which are no zeros.
[<Sealed>]
type internal LineProbe(program: FieldProgram, box: SearchBox, seed: uint64, cancellation: CancellationToken)
    =

    let game, field = program.Game, FieldRun program
    let d = game.Dimension
    let g = Array.zeroCreate<float> d

    /// How many values of a coordinate are looked at on the first lines, which have the start's other coordinates, and on
    /// those from crossings of other coordinates.
    let onFirst, onFurther =
        if d <= 4 then 2048, 512
        elif d <= 16 then 512, 128
        else 128, 64

    /// From how many crossings lines in the next coordinate go on.
    let width = if d <= 4 then 24 else 4

    let halvings = 64

    /// An entry that is as small as this share of what it was at the bracket's ends passes through zero; one that has
    /// grown so many times has a pole.
    let passing, growing = 1e-5, 1e3

    /// How near to an exact zero a jump is looked for, relative to the coordinate's size.
    let onKink = 1e-12

    /// Sweeps at most over the coordinates of a kink, and the change in one that ends them.
    let sweeps, settled = 60, 1e-11

    let at (x: float[]) entry value =
        let before = x[entry]
        x[entry] <- value
        field.Evaluate(x, g)
        x[entry] <- before
        g[entry]

    /// Halves a bracket with different signs; nothing for a pole.
    let halve (x: float[]) entry (low: float, atLow: float) (high: float, atHigh: float) =
        let mutable low, atLow, high, atHigh = low, atLow, high, atHigh
        let first = max (abs atLow) (abs atHigh)
        let mutable k = 0

        while k < halvings do
            let middle = 0.5 * (low + high)
            let value = at x entry middle

            if not (low < middle && middle < high) || not (Double.IsFinite value) then
                k <- halvings
            elif value = 0.0 then
                // A zero may be the middle of a jump.
                let beside = onKink * max (abs middle) (high - low)
                low <- middle
                high <- middle
                atLow <- at x entry (middle - beside)
                atHigh <- at x entry (middle + beside)
                k <- halvings
            else
                if (value < 0.0) = (atLow < 0.0) then
                    low <- middle
                    atLow <- value
                else
                    high <- middle
                    atHigh <- value

                k <- k + 1

        if max (abs atLow) (abs atHigh) > growing * first then
            ValueNone
        else
            ValueSome {
                Value = if abs atLow <= abs atHigh then low else high
                Below = atLow
                Above = atHigh
                IsJump = min (abs atLow) (abs atHigh) > passing * first
            }

    /// Every crossing of an entry between evenly spaced values of its coordinate.
    let crossings (x: float[]) entry count =
        cancellation.ThrowIfCancellationRequested()
        let struct (low, high) = box.Interval entry

        let value k =
            low + (high - low) * (float k + 0.5) / float count

        let values = Array.init count (fun k -> at x entry (value k))

        [|
            for k in 1 .. count - 1 do
                // The product of small numbers would be 0.
                if values[k - 1] < 0.0 && values[k] > 0.0 || values[k - 1] > 0.0 && values[k] < 0.0 then
                    match halve x entry (value (k - 1), values[k - 1]) (value k, values[k]) with
                    | ValueSome crossing -> crossing
                    | ValueNone -> ()
                elif values[k] = 0.0 && k + 1 < count && values[k - 1] * values[k + 1] < 0.0 then
                    match halve x entry (value (k - 1), values[k - 1]) (value (k + 1), values[k + 1]) with
                    | ValueSome crossing -> crossing
                    | ValueNone -> ()
        |]

    let replaced (x: float[]) entry value =
        let next = Array.copy x
        next[entry] <- value
        next

    /// Evenly chosen ones of many.
    let thinned (points: 'a[]) =
        if points.Length <= width then
            points
        else
            Array.init width (fun k -> points[k * points.Length / width])

    /// A point for every way through the crossings of one coordinate after the other; where an entry has none, it stays.
    let through (order: int[]) (start: float[]) =
        let further (points: struct (float[] * bool)[]) (k, entry) =
            points
            |> Array.collect (fun (struct (x, hasJump)) ->
                match crossings x entry (if k = 0 then onFirst else onFurther) with
                | [||] -> [| struct (x, hasJump) |]
                | some ->
                    some
                    |> Array.map (fun crossing ->
                        struct (replaced x entry crossing.Value, hasJump || crossing.IsJump)))
            |> thinned

        Seq.fold further [| struct (start, false) |] (Seq.indexed order)

    /// The crossing of an entry nearest to where its coordinate is.
    let nearby (x: float[]) entry =
        let struct (low, high) = box.Interval entry

        let rec widen (h: float) =
            let a, b = max low (x[entry] - h), min high (x[entry] + h)
            let atA, atB = at x entry a, at x entry b

            if atA < 0.0 && atB > 0.0 || atA > 0.0 && atB < 0.0 then
                halve x entry (a, atA) (b, atB)
            elif at x entry x[entry] = 0.0 then
                ValueSome {
                    Value = x[entry]
                    Below = 0.0
                    Above = 0.0
                    IsJump = false
                }
            elif h >= 0.25 * (high - low) then
                ValueNone
            else
                widen (8.0 * h)

        widen (1e-6 * (high - low))

    /// Points beside zeros of the field, and points beside kinks.
    member _.Candidates() : struct (float[][] * float[][]) =
        let random = Philox(seed, UInt64.MaxValue)
        let numbers = Array.zeroCreate<float> d
        random.FillUniform(numbers, 0, d)

        let start share =
            Array.init d (fun entry ->
                let struct (low, high) = box.Interval entry
                low + share entry * (high - low))

        let found =
            Array.append
                (through [| 0 .. d - 1 |] (start (fun _ -> 0.5)))
                (through [| d - 1 .. -1 .. 0 |] (start (fun entry -> numbers[entry])))

        let points hasJump =
            found
            |> Array.filter (fun (struct (_, jumps)) -> jumps = hasJump)
            |> Array.map (fun (struct (x, _)) -> x)

        struct (points false, points true)

    /// <summary>The kink beside a point: every entry of the field is zero there or jumps over it, and at least one
    /// jumps.</summary>
    /// <returns>The point, and the crossing of each entry; nothing if there is none.</returns>
    member _.Kink(near: float[]) : struct (float[] * SignChange[]) voption =
        let x = Array.copy near

        let rec sweep k =
            let before = Array.copy x

            let found =
                Array.init d (fun entry ->
                    let crossing = nearby x entry

                    match crossing with
                    | ValueSome crossing -> x[entry] <- crossing.Value
                    | ValueNone -> ()

                    crossing)

            if found |> Array.exists _.IsNone then
                ValueNone
            elif box.Share(x, before) <= settled then
                let found = found |> Array.map _.Value

                if found |> Array.exists _.IsJump then
                    ValueSome(struct (x, found))
                else
                    ValueNone
            elif k = sweeps then
                ValueNone
            else
                sweep (k + 1)

        sweep 1
